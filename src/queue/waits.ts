import { type Queue, QueueEvents } from "bullmq";
import { OpleadError } from "../errors.ts";
import type { Reconciliation } from "../reconcile/reconciliation.ts";
import type { JobData, JobResult } from "./job.ts";
import type { QueueConnection } from "./options.ts";
import { revivedError, revivedResult } from "./result.ts";

/** Waits for jobs to end, over one connection for all of them. It is opened when the first job is waited for. */
export class Waits {
  readonly #name: string;
  readonly #prefix: string;
  readonly #connection: QueueConnection;
  readonly #queue: Queue<JobData, JobResult>;
  #events: QueueEvents | undefined;

  constructor(name: string, prefix: string, connection: QueueConnection, queue: Queue<JobData, JobResult>) {
    this.#name = name;
    this.#prefix = prefix;
    this.#connection = connection;
    this.#queue = queue;
  }

  /** Adds a job with `enqueue` and gives what it came to. Rejects with the job's last error, or if the signal aborts. */
  async reconcile(
    accountNumber: string,
    testMode: boolean,
    enqueue: () => Promise<string>,
    signal: AbortSignal | undefined,
  ): Promise<Reconciliation> {
    const events = this.#open();
    await events.waitUntilReady();
    const jobId = await enqueue();
    const job = await this.#queue.getJob(jobId);
    // Jobs of bygone states are removed once there are many; the worker has then been here already.
    if (!job) return supersededBy(accountNumber, testMode);
    try {
      const result = await orAborted(job.waitUntilFinished(events), signal);
      return result === null ? supersededBy(accountNumber, testMode) : revivedResult(result);
    } catch (error) {
      if (error instanceof OpleadError) throw error;
      const failure = (await this.#queue.getJob(jobId))?.data.failure;
      if (failure?.error) throw revivedError(failure.error);
      throw new OpleadError("unexpected_response", `The job ${jobId} failed.`, { retryable: true });
    }
  }

  async close(): Promise<void> {
    await this.#events?.close();
  }

  #open(): QueueEvents {
    if (!this.#events) {
      this.#events = new QueueEvents(this.#name, {
        connection: { ...this.#connection, maxRetriesPerRequest: null } as never, // BullMQ's own type is ioredis's
        prefix: this.#prefix,
      });
      // Each job that is waited for listens; a run waits for hundreds.
      this.#events.setMaxListeners(0);
      this.#events.on("error", () => {});
    }
    return this.#events;
  }
}

/** Another job brought a newer state of the user, or the source does not have the user any more: nothing was left to do. */
function supersededBy(accountNumber: string, testMode: boolean): Reconciliation {
  return {
    ...{ accountNumber, testMode, id: undefined, outcome: "stale", applied: [], unverifiable: [], failed: [] },
    ...{ notSent: [], held: [], revision: 0, requests: 0, retries: 0 },
  };
}

function orAborted<T>(task: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return task;
  return new Promise((resolve, reject) => {
    const leave = () => reject(new OpleadError("aborted", "The wait for the queue was ended by the caller's signal."));
    if (signal.aborted) return leave();
    signal.addEventListener("abort", leave, { once: true });
    task.then(resolve, reject).finally(() => signal.removeEventListener("abort", leave));
  });
}
