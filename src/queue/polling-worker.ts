import { type Job, type Processor, Worker, type WorkerOptions } from "bullmq";
import type { JobData, JobResult } from "./job.ts";

/** A BullMQ worker that knows when it last asked for a job and got an answer. `isRunning()` says true without one, too. */
export class PollingWorker extends Worker<JobData, JobResult> {
  #polledAt = Date.now();
  readonly #longestWaitS: number;

  /** Asks again at least every so many milliseconds, also while the queue is empty or Oplead has asked for a pause. */
  constructor(
    name: string,
    processor: Processor<JobData, JobResult>,
    { pollMs, ...options }: WorkerOptions & { readonly pollMs: number },
  ) {
    super(name, processor, { ...options, drainDelay: pollMs / 1000, maximumRateLimitDelay: pollMs, autorun: false });
    this.#longestWaitS = pollMs / 1000;
    this.run().catch((error: Error) => this.emit("error", error));
  }

  /** When Redis last answered the question for a job, by this process's clock. */
  get polledAt(): number {
    return this.#polledAt;
  }

  protected override async moveToActive(token: string, name?: string): Promise<Job<JobData, JobResult>> {
    const job = await super.moveToActive(token, name);
    this.#polledAt = Date.now();
    return job;
  }

  protected override getBlockTimeout(blockUntil: number): number {
    return Math.min(super.getBlockTimeout(blockUntil), this.#longestWaitS);
  }
}
