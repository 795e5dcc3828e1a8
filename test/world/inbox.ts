import type { Inbox, InboxRecord } from "../../src/bullmq/inbox.ts";
import { platformTag, storedUser } from "../../src/bullmq/job.ts";
import { jobWork } from "../../src/bullmq/job-work.ts";
import type { Oplead } from "../../src/index.ts";
import { readContent } from "../../src/reconcile/content.ts";
import type { SourceUser } from "../../src/sync/index.ts";
import type { WebhookQueue } from "../../src/webhook/index.ts";
import type { WorldProcess } from "./time.ts";
import type { World } from "./world.ts";

type Record = InboxRecord & { readonly user: NonNullable<InboxRecord["user"]> };

const LOCK_MS = 30_000;
const LOOK_MS = 1_000;
const ATTEMPTS = 12;

interface Job {
  readonly key: string;
  attempts: number;
  dueAt: number;
  // No other process may have it until `lockedUntil`.
  worker: WorldProcess | undefined;
  lockedUntil: number;
}

// The newest state of each user, until a worker has acknowledged it.
export class ModelInbox {
  readonly #world: World;
  readonly #records = new Map<string, Record>();
  readonly #kept = new Map<string, Record>();
  readonly #done = new Set<string>();
  readonly #jobs: Job[] = [];
  readonly #idle = new Set<() => void>();
  #sequence = 0;

  constructor(world: World) {
    this.#world = world;
  }

  queueOf(self: WorldProcess, oplead: Oplead): WebhookQueue {
    return {
      enqueue: (user, { retryHeld }) => this.#use(self, () => this.#put(oplead, user, retryHeld)),
    };
  }

  #put(oplead: Oplead, source: SourceUser, retryHeld: boolean): void {
    const content = readContent(source, {});
    if (!("userHash" in content)) throw new Error(`the user is not valid for ${String(oplead)}`);
    const { accountNumber, version } = content;
    const before = this.#records.get(accountNumber);
    // A running job also sends a state that arrives meanwhile.
    this.#world.noteTries(this.#world.nameOf(accountNumber));
    const isOlder = Number(version ?? 0) < Number(before?.user.version ?? 0);
    if (!isOlder) {
      this.#sequence += 1;
      this.#records.set(accountNumber, {
        accountNumber,
        user: storedUser(content),
        options: { retryHeld },
        sequence: String(this.#sequence),
        expectedRevision: undefined,
        isOwed: true,
      });
    }
    for (const wake of this.#idle) wake();
    this.#idle.clear();
    this.#jobs.push({
      key: accountNumber,
      attempts: 0,
      dueAt: this.#world.time.now,
      worker: undefined,
      lockedUntil: 0,
    });
  }

  async work(self: WorldProcess, oplead: Oplead): Promise<void> {
    const { store } = this.#world;
    const baseUrl = "https://oplead.example";
    const work = jobWork(oplead, this.#inboxOf(self), {
      ledger: store.open(self),
      onUser: this.#world.audit.file.onUser,
    });
    for (;;) {
      const taken = await this.#use(self, () => this.#take(self));
      if (!taken) {
        await this.#wait(self);
        continue;
      }
      const { job, wasKilled } = taken;
      // Two: the job sends again if another worker acknowledged a newer state.
      this.#world.noteTries(this.#world.nameOf(job.key), 2);
      const data = { key: job.key, testMode: false, platform: platformTag(baseUrl), id: "", wasKilled };
      const end = await work(data, new AbortController().signal).catch(() => "failed" as const);
      await this.#use(self, () => this.#end(job, self, typeof end === "object"));
    }
  }

  #wait(self: WorldProcess): Promise<void> {
    const { time } = this.#world;
    const due = Math.min(...this.#jobs.map((job) => Math.max(job.dueAt, job.lockedUntil)));
    return new Promise((resolve) => {
      const wake = (): void =>
        void time.wake(self, this.#world.chance.between(`look ${self.name}`, 1, LOOK_MS / 4), resolve);
      if (this.#jobs.length > 0) time.wake(self, Math.max(LOOK_MS, due - time.now), resolve);
      else this.#idle.add(wake);
    });
  }

  #take(self: WorldProcess): { readonly job: Job; readonly wasKilled: boolean } | undefined {
    const { now } = this.#world.time;
    // A worker renews its lock as long as it lives.
    for (const job of this.#jobs) if (job.worker && !job.worker.isDead) job.lockedUntil = now + LOCK_MS;
    const job = this.#jobs.find((each) => each.dueAt <= now && each.lockedUntil <= now);
    if (!job) return undefined;
    const wasKilled = job.worker !== undefined;
    job.attempts += 1;
    job.worker = self;
    job.lockedUntil = now + LOCK_MS;
    return { job, wasKilled };
  }

  #end(job: Job, self: WorldProcess, isDone: boolean): void {
    if (job.worker !== self) return;
    job.worker = undefined;
    job.lockedUntil = 0;
    job.dueAt = this.#world.time.now + 2_000 * 2 ** Math.min(job.attempts, 7);
    if (isDone || job.attempts >= ATTEMPTS) this.#jobs.splice(this.#jobs.indexOf(job), 1);
  }

  #inboxOf(self: WorldProcess): Inbox {
    const inbox: Pick<Inbox, "take" | "kept" | "note" | "acknowledge"> = {
      take: (key) => this.#use(self, () => this.#records.get(key) ?? (this.#done.has(key) ? "acknowledged" : "lost")),
      kept: (key) => this.#use(self, () => (this.#records.has(key) ? undefined : this.#kept.get(key))),
      note: (key, { sequence }, { revision } = {}) =>
        this.#use(self, () => {
          const record = this.#records.get(key);
          if (record?.sequence !== sequence) return record === undefined;
          if (record.expectedRevision !== undefined && revision !== undefined) {
            this.#records.set(key, { ...record, expectedRevision: revision });
          }
          return true;
        }),
      acknowledge: (key, { sequence }) =>
        this.#use(self, () => {
          const record = this.#records.get(key);
          if (record && record.sequence !== sequence) return "newer";
          if (!record) return "late";
          this.#records.delete(key);
          this.#kept.set(key, record);
          this.#done.add(key);
          return "acknowledged";
        }),
    };
    return inbox as Inbox;
  }

  #use<T>(self: WorldProcess, effect: () => T): Promise<T> {
    const hop = (): number => 1 + Math.floor(this.#world.chance.next(`inbox ${self.name}`) * 4);
    return this.#world.time.port(self, effect, hop(), hop());
  }
}
