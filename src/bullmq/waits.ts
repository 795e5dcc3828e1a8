import type { Job, Queue, QueueEvents } from "bullmq";
import { OpleadError } from "../core/errors.ts";
import type { OpleadLogger } from "../core/log.ts";
import { onAbort, systemClock, timer } from "../core/time.ts";
import { counted } from "../locales/en/words.ts";
import type { Inbox } from "./inbox.ts";
import { revivedError, type StoredJob, type StoredResult, stateLost } from "./job.ts";
import type { RedisAccess } from "./redis-access.ts";
import type { JobResult } from "./worker.ts";

// Events may be lost, as when Redis restarts, so jobs are looked up, too.
const LOOK_MS = 5_000;
const SILENCE_MS = 10_000;
const DRAIN_MS = 15_000;

// `handed_over`: the caller stopped waiting, and a worker has the user.
export type Ended = { readonly result: StoredResult | null } | "superseded" | "handed_over";

interface Waiting {
  readonly key: string;
  readonly sequence: string | undefined;
  // Another one has the user if this one was active already.
  readonly jobId: string;
}

interface Wait extends Waiting {
  readonly resolve: (result: Ended) => void;
  readonly reject: (error: unknown) => void;
}

interface Parts {
  readonly openEvents: () => QueueEvents;
  readonly queue: Queue<StoredJob, JobResult>;
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

  async ended(waiting: Waiting, { signal, drain }: Ends): Promise<Ended> {
    const leaving: (() => void)[] = [];
    try {
      return await new Promise((resolve, reject) => {
        const wait: Wait = { ...waiting, resolve, reject };
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
    await this.#events?.getBackend().close(true);
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
    const { key, sequence, jobId } = wait;
    const { redis, queue, inbox } = this.#parts;
    if (sequence === undefined) wait.resolve("superseded");
    else if (await inbox.takeBack(key, sequence)) {
      wait.reject(new OpleadError("aborted", "The run was ended, and the user was taken back."));
      await redis.use(() => queue.remove(jobId)).catch(() => {});
    }
    const isActive = (await redis.use(() => queue.getJobState(jobId))) === "active";
    if (!isActive) await this.#look(wait);
    return isActive;
  }

  async #look(wait: Wait): Promise<void> {
    const fate = await this.#parts.inbox.fate(wait.key, wait.sequence);
    if (fate.is === "waiting") return this.#lookForFailure(fate.job || wait.jobId);
    if (fate.is === "lost") wait.reject(stateLost());
    else wait.resolve(fate.is === "done" ? fate : "superseded");
    this.#moved();
  }

  async #lookForFailure(jobId: string): Promise<void> {
    const { redis, queue } = this.#parts;
    const job: Job<StoredJob, JobResult> | undefined = await redis.use(() => queue.getJob(jobId));
    if (!job?.finishedOn || !(await redis.use(() => job.isFailed()))) return;
    const { failure } = job.data;
    const error = failure?.error
      ? revivedError(failure.error)
      : new OpleadError("queue_unavailable", `The job ${jobId} failed.`, { retryable: true });
    for (const wait of this.#waitsFor(job.deduplicationId)) wait.reject(error);
    this.#moved();
  }

  #waitsFor(key: string | undefined): Wait[] {
    return [...this.#waits].filter((wait) => wait.key === key);
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
      queue: true,
      users: this.#waits.size,
    });
  }

  #open(): QueueEvents {
    if (!this.#events) {
      this.#events = this.#parts.openEvents();
      this.#events.on("error", () => {});
      this.#events.on("completed", ({ returnvalue }) => {
        // Safe: BullMQ's type is that of the JSON, which it has parsed.
        const { key } = Object(returnvalue) as Partial<JobResult>;
        for (const wait of this.#waitsFor(key)) this.#look(wait).catch(() => {});
      });
      this.#events.on("failed", ({ jobId }) => {
        if (this.#waits.size > 0) this.#lookForFailure(jobId).catch(() => {});
      });
    }
    return this.#events;
  }
}
