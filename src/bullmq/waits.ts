import type { Job, Queue, QueueEvents } from "bullmq";
import { OpleadError } from "../core/errors.ts";
import type { OpleadLogger } from "../core/log.ts";
import { onAbort, systemClock, timer } from "../core/time.ts";
import { counted } from "../locales/en/words.ts";
import type { Inbox, Stored } from "./inbox.ts";
import { revivedError, type StoredJob, type StoredResult, stateLost } from "./job.ts";
import type { RedisAccess } from "./redis-access.ts";
import { connectionIn } from "./versions.ts";

// Events may be lost, as when Redis restarts, so jobs are looked up, too.
const LOOK_MS = 5_000;
const SILENCE_MS = 10_000;
const DRAIN_MS = 15_000;

// `handed_over`: the caller stopped waiting, and a worker has the user.
export type Ended = { readonly result: StoredResult | null } | "superseded" | "handed_over";

interface Wait {
  readonly key: string;
  readonly stored: Stored;
  jobId: string;
  readonly resolve: (result: Ended) => void;
  readonly reject: (error: unknown) => void;
}

interface Parts {
  readonly openEvents: () => QueueEvents;
  readonly queue: Queue<StoredJob, string>;
  readonly redis: RedisAccess;
  readonly inbox: Inbox;
  readonly logger: OpleadLogger | undefined;
}

interface Ends {
  readonly signal?: AbortSignal | undefined;
  readonly drain?: AbortSignal | undefined;
}

// All waits share one connection. BullMQ's `waitUntilFinished` never ends if Redis fails at the wrong moment.
export class Waits {
  readonly #parts: Parts;
  readonly #waits = new Set<Wait>();
  #events: QueueEvents | undefined;
  #looking: (() => void) | undefined;
  #movedAt = 0;
  #saidSilence = false;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  async ready(): Promise<void> {
    const events = this.#open();
    await this.#parts.redis.use(() => events.waitUntilReady());
  }

  async ended(key: string, stored: Stored, { signal, drain }: Ends): Promise<Ended> {
    const leaving: (() => void)[] = [];
    try {
      return await new Promise((resolve, reject) => {
        const wait: Wait = { key, stored, jobId: stored.jobId, resolve, reject };
        this.#add(wait);
        const leave = (patienceMs: number) => () => {
          this.#takeBack(wait).then((isStarted) => {
            const ms = isStarted ? patienceMs : 0;
            const handOver = () => resolve("handed_over");
            if (this.#waits.has(wait)) leaving.push(timer(ms, undefined, systemClock, handOver, () => {}));
          }, reject);
        };
        const ends = [
          [signal, leave(0)],
          [drain, leave(DRAIN_MS)],
        ] as const;
        for (const [end, leaveNow] of ends) {
          if (end?.aborted) leaveNow();
          leaving.push(onAbort(end, leaveNow));
        }
        leaving.push(() => this.#remove(wait));
      });
    } finally {
      for (const end of leaving) end();
    }
  }

  async close(): Promise<void> {
    this.#looking?.();
    for (const wait of this.#waits) {
      wait.reject(new OpleadError("aborted", "The queue was closed before the job had ended."));
    }
    // Not awaited: BullMQ's close() never resolves without a connection.
    this.#events?.close().catch(() => {});
    if (this.#events) await connectionIn(this.#events).close(true);
  }

  #add(wait: Wait): void {
    if (this.#waits.size === 0) this.#movedAt = performance.now();
    this.#waits.add(wait);
    // The job may have ended before the wait began.
    this.#look(wait).catch(() => {});
    this.#lookLater();
  }

  #remove(wait: Wait): void {
    this.#waits.delete(wait);
    if (this.#waits.size > 0) return;
    this.#looking?.();
    this.#looking = undefined;
  }

  async #takeBack(wait: Wait): Promise<boolean> {
    const { key, stored, jobId } = wait;
    if (stored.sequence === undefined) wait.resolve("superseded");
    else if (await this.#parts.inbox.takeBack(key, stored)) {
      wait.reject(new OpleadError("aborted", "The run was ended, and the user was taken back."));
      await this.#parts.redis.use(() => this.#parts.queue.remove(jobId)).catch(() => {});
    }
    const isActive = (await this.#parts.redis.use(() => this.#parts.queue.getJobState(jobId))) === "active";
    if (!isActive) await this.#look(wait);
    return isActive;
  }

  async #look(wait: Wait): Promise<void> {
    const { key, stored } = wait;
    const job: Job<StoredJob, string> | undefined = await this.#parts.redis.use(() =>
      this.#parts.queue.getJob(wait.jobId),
    );
    if (job && !job.finishedOn) return;
    if (job && (await this.#parts.redis.use(() => job.isFailed()))) return this.#fail(wait, job);
    // Completed jobs are removed once there are many; the inbox keeps the result.
    const fate = await this.#parts.inbox.fate(key, stored.sequence);
    if (fate.is === "waiting") wait.jobId = fate.jobId;
    else if (fate.is === "lost") wait.reject(stateLost());
    else wait.resolve(fate.is === "done" ? fate : "superseded");
    this.#moved();
  }

  #fail(wait: Wait, { id, data }: Job<StoredJob, string>): void {
    const { failure } = data;
    const error = failure?.error
      ? revivedError(failure.error)
      : new OpleadError("queue_unavailable", `The job ${id} failed.`, { retryable: true });
    wait.reject(error);
    this.#moved();
  }

  #moved(): void {
    this.#movedAt = performance.now();
    this.#saidSilence = false;
  }

  #lookLater(): void {
    if (this.#waits.size === 0) return;
    this.#looking ??= timer(
      LOOK_MS,
      undefined,
      systemClock,
      () => void this.#lookAtAll(),
      () => {},
    );
  }

  async #lookAtAll(): Promise<void> {
    this.#looking = undefined;
    for (const wait of [...this.#waits]) await this.#look(wait).catch(() => {});
    await this.#saySilence().catch(() => {});
    this.#lookLater();
  }

  async #saySilence(): Promise<void> {
    if (this.#saidSilence || this.#waits.size === 0 || performance.now() - this.#movedAt < SILENCE_MS) return;
    const { active = 0 } = await this.#parts.redis.use(() => this.#parts.queue.getJobCounts("active"));
    if (active > 0) return;
    this.#saidSilence = true;
    const users = counted(this.#waits.size, "user");
    const advice = "Is one running (oplead worker)? If so, its log says why it pauses";
    this.#parts.logger?.warn(`oplead-sdk: queue: ${users} wait in the queue, and no worker takes them. ${advice}.`, {
      event: "no_worker",
      users: this.#waits.size,
    });
  }

  #open(): QueueEvents {
    if (!this.#events) {
      this.#events = this.#parts.openEvents();
      this.#events.on("error", () => {});
      const ended = ({ jobId }: { readonly jobId: string }) => {
        for (const wait of this.#waits) if (wait.jobId === jobId) this.#look(wait).catch(() => {});
      };
      this.#events.on("completed", ended);
      this.#events.on("failed", ended);
    }
    return this.#events;
  }
}
