import type { Job, Queue, QueueEvents } from "bullmq";
import { OpleadError } from "../base/errors.ts";
import type { Reconciliation } from "../reconcile/reconciliation.ts";
import { type JobData, type JobResult, revivedError, revivedResult } from "./job.ts";
import type { RedisAccess } from "./redis-commands.ts";

/** How often jobs are asked whether they have ended: an event may be lost, for example while Redis restarts. */
const LOOK_MS = 5_000;

interface Wait {
  readonly resolve: (result: JobResult) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Waits for jobs to end, over one connection for all of them, which is opened when the first job is waited for. BullMQ's
 * own `waitUntilFinished` never ends if Redis fails at the wrong moment.
 */
export class Waits {
  readonly #openEvents: () => QueueEvents;
  readonly #queue: Queue<JobData, JobResult>;
  readonly #redis: RedisAccess;
  readonly #waits = new Map<string, Set<Wait>>();
  #events: QueueEvents | undefined;
  #looking: ReturnType<typeof setTimeout> | undefined;

  constructor(openEvents: () => QueueEvents, queue: Queue<JobData, JobResult>, redis: RedisAccess) {
    this.#openEvents = openEvents;
    this.#queue = queue;
    this.#redis = redis;
  }

  /** Adds a job with `enqueue` and gives what it came to. Rejects with the job's last error, or if the signal aborts. */
  async reconcile(
    accountNumber: string,
    testMode: boolean,
    enqueue: () => Promise<string>,
    signal: AbortSignal | undefined,
  ): Promise<Reconciliation> {
    const events = this.#open();
    await this.#redis.use(() => events.waitUntilReady());
    const jobId = await enqueue();
    const result = await this.#wait(jobId, signal);
    return result === null ? supersededBy(accountNumber, testMode) : revivedResult(accountNumber, result);
  }

  async close(): Promise<void> {
    clearTimeout(this.#looking);
    const closed = () => new OpleadError("aborted", "The queue was closed before the job had ended.");
    for (const jobId of [...this.#waits.keys()]) this.#end(jobId, (wait) => wait.reject(closed()));
    // BullMQ's own close() ends the reading, and waits without end if the connection is lost or was never there.
    this.#events?.close().catch(() => {});
    await this.#events?.getBackend().close(true);
  }

  #wait(jobId: string, signal: AbortSignal | undefined): Promise<JobResult> {
    let leave = (): void => {};
    const ended = new Promise<JobResult>((resolve, reject) => {
      const wait: Wait = { resolve, reject };
      const waits = this.#waits.get(jobId) ?? new Set<Wait>();
      this.#waits.set(jobId, waits.add(wait));
      leave = () => {
        waits.delete(wait);
        reject(new OpleadError("aborted", "The wait for the queue was ended by the caller's signal."));
      };
      if (signal?.aborted) return leave();
      signal?.addEventListener("abort", leave, { once: true });
      // It may have ended before the wait began.
      this.#look(jobId).catch(() => {});
      this.#looking ??= setTimeout(() => void this.#lookAtAll(), LOOK_MS);
    });
    return ended.finally(() => signal?.removeEventListener("abort", leave));
  }

  /** Ends the waits for a job if the job has ended. */
  async #look(jobId: string): Promise<void> {
    const job: Job<JobData, JobResult> | undefined = await this.#redis.use(() => this.#queue.getJob(jobId));
    // Completed jobs are removed once there are many.
    if (!job) return this.#end(jobId, ({ resolve }) => resolve(null));
    if (!job.finishedOn) return;
    if (!(await this.#redis.use(() => job.isFailed())))
      return this.#end(jobId, ({ resolve }) => resolve(job.returnvalue));
    const { failure } = job.data;
    const error = failure?.error
      ? revivedError(failure.error)
      : new OpleadError("unexpected_response", `The job ${jobId} failed.`, { retryable: true });
    this.#end(jobId, ({ reject }) => reject(error));
  }

  async #lookAtAll(): Promise<void> {
    for (const jobId of [...this.#waits.keys()]) await this.#look(jobId).catch(() => {});
    this.#looking = this.#waits.size > 0 ? setTimeout(() => void this.#lookAtAll(), LOOK_MS) : undefined;
  }

  #end(jobId: string, how: (wait: Wait) => void): void {
    const waits = this.#waits.get(jobId);
    this.#waits.delete(jobId);
    for (const wait of waits ?? []) how(wait);
  }

  #open(): QueueEvents {
    if (!this.#events) {
      this.#events = this.#openEvents();
      this.#events.on("error", () => {});
      // The event itself has the result only as text, and not what the last attempt left in the job.
      const ended = ({ jobId }: { readonly jobId: string }) => {
        if (this.#waits.has(jobId)) this.#look(jobId).catch(() => {});
      };
      this.#events.on("completed", ended);
      this.#events.on("failed", ended);
    }
    return this.#events;
  }
}

/** Another job brought a newer state of the user, or the source does not have the user any more: nothing was left to do. */
function supersededBy(accountNumber: string, testMode: boolean): Reconciliation {
  const steps = { applied: [], unverifiable: [], failed: [], notSent: [], held: [] };
  const counts = { revision: 0, requests: 0, retries: 0 };
  return { accountNumber, testMode, id: undefined, outcome: "stale", ...steps, ...counts };
}
