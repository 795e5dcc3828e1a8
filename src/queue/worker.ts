import { type Job, UnrecoverableError, Worker } from "bullmq";
import { errorCode } from "../base/error-code.ts";
import { isOpleadError } from "../base/errors.ts";
import type { OpleadLogger } from "../base/observe.ts";
import { withLimit } from "../base/waits.ts";
import { internalsOf } from "../client/internals.ts";
import type { Inbox } from "./inbox.ts";
import { failureOf, type JobData, type JobResult } from "./job.ts";
import { jobWork } from "./job-work.ts";
import type { QueueConnection, UserWorker, UserWorkerOptions } from "./options.ts";
import { PollingWorker } from "./polling-worker.ts";

const LONGEST_BACKOFF_MS = 300_000;
/** How often a worker asks for a job at least. BullMQ's own default. */
const POLL_MS = 5_000;
/** How often a worker looks after itself and after records without a job. */
const WATCH_MS = 5_000;
const RECOVER_MS = 60_000;
/** The longest wait between two attempts to connect to Redis. */
const LONGEST_RECONNECT_MS = 2_000;

/** What a worker needs of its queue. */
interface WorkerContext {
  readonly name: string;
  readonly prefix: string;
  readonly connection: QueueConnection;
  readonly inbox: Inbox;
  readonly backoffMs: number;
  readonly logger: OpleadLogger | undefined;
  /** Rejects if Redis does not answer. */
  ping(): Promise<unknown>;
  /** Gives every record without a job a new one, unless another worker has done so within that time. */
  recover(everyMs: number): Promise<void>;
}

/** Starts a worker and watches it: BullMQ workers can stay silent after Redis was away, though they say that they run. */
export function startUserWorker(context: WorkerContext, options: UserWorkerOptions): UserWorker {
  const { oplead, lockMs = 30_000, closeTimeoutMs = 30_000, silentMs = 30_000 } = options;
  const { inbox, logger } = context;
  const closing = new AbortController();
  const work = jobWork(inbox, logger, options, closing.signal);
  let workedAt = Date.now();
  let redisAnsweredAt = Date.now();
  /** Since when Redis has answered every time. */
  let redisAnswersSince = Date.now();
  let underWay = 0;
  let saidFailedAt = 0;

  async function handle(job: Job<JobData, JobResult>): Promise<JobResult> {
    workedAt = Date.now();
    underWay += 1;
    try {
      return await work(job.data);
    } catch (error) {
      const failure = failureOf(error);
      logger?.warn(`oplead-sdk: queue: job ${job.id}: ${failure.code ?? "failed"}: ${failure.message}`);
      await job.updateData({ ...job.data, failure });
      if (!isOpleadError(error)) throw error;
      if (error.code === "rate_limited" && error.retryAfterMs !== undefined) {
        // The pause concerns every job, and costs this one no attempt.
        await worker.rateLimit(error.retryAfterMs);
        throw Worker.RateLimitError();
      }
      const message = `${failure.code}: ${failure.message}`;
      throw error.retryable || error.code === "aborted" ? new Error(message) : new UnrecoverableError(message);
    } finally {
      underWay -= 1;
      workedAt = Date.now();
    }
  }

  function create(): PollingWorker {
    const connection = {
      ...context.connection,
      maxRetriesPerRequest: null,
      // Without a next attempt the commands that wait for a lost Redis fail, and the worker can be closed.
      retryStrategy: (times: number) =>
        closing.signal.aborted ? null : Math.min(LONGEST_RECONNECT_MS, 100 * 2 ** times),
    };
    const created = new PollingWorker(context.name, handle, {
      connection: connection as never, // BullMQ's own type is ioredis's
      prefix: context.prefix,
      concurrency: options.concurrency ?? internalsOf(oplead).transport.settings.maxConcurrency,
      pollMs: Math.min(POLL_MS, silentMs / 3),
      // A worker that dies is noticed after this; the job is then given to another.
      lockDuration: Math.ceil(lockMs), // Redis takes whole numbers only
      stalledInterval: Math.ceil(lockMs / 3),
      // The job is not to blame for a worker that was killed.
      maxStalledCount: 1_000,
      settings: {
        backoffStrategy: (attempt: number) =>
          Math.min(LONGEST_BACKOFF_MS, context.backoffMs * 2 ** (attempt - 1)) * (0.5 + Math.random() / 2),
      },
    });
    created.on("error", (error) => {
      // Once, not at each of its attempts to connect.
      if (saidFailedAt > created.polledAt) return;
      saidFailedAt = Date.now();
      logger?.warn(`oplead-sdk: queue: the worker's Redis failed (${errorCode(error) ?? "no code"}); it tries again`);
    });
    return created;
  }

  let worker = create();
  let recoveredAt = 0;
  let closed: Promise<void> | undefined;
  const signOfLife = () => Math.max(workedAt, worker.polledAt);

  async function watch(): Promise<void> {
    await context.ping();
    // A worker that came in the place of one that is being closed would go on.
    if (closed) return;
    const now = Date.now();
    if (now - redisAnsweredAt > silentMs) redisAnswersSince = now;
    redisAnsweredAt = now;
    if (underWay === 0 && now - Math.max(signOfLife(), redisAnswersSince) > silentMs) {
      logger?.warn("oplead-sdk: queue: the worker was silent though Redis answers; it is replaced");
      const silent = worker;
      worker = create();
      silent.close(true).catch(() => {});
    }
    if (saidFailedAt > 0 && worker.polledAt > saidFailedAt) {
      saidFailedAt = 0;
      logger?.info("oplead-sdk: queue: the worker's Redis answers again");
    }
    if (now - recoveredAt > RECOVER_MS) {
      recoveredAt = now;
      await context.recover(RECOVER_MS);
    }
  }
  const watching = setInterval(() => void watch().catch(() => {}), Math.min(WATCH_MS, silentMs / 2));
  watching.unref?.();
  void watch().catch(() => {});

  async function close(): Promise<void> {
    clearInterval(watching);
    const finished = worker.close().catch(() => {});
    if (await within(finished, closeTimeoutMs)) return;
    // What is under way ends now; its job is given to another worker.
    closing.abort(new Error("the worker was closed"));
    if (await within(finished, LONGEST_RECONNECT_MS + 500)) return;
    await within(worker.disconnect(), 500);
  }

  return {
    isHealthy: () => Date.now() - Math.max(signOfLife(), underWay > 0 ? redisAnsweredAt : 0) <= silentMs,
    close: () => {
      closed ??= close();
      return closed;
    },
  };
}

/** Whether a task succeeded within `ms`. */
function within(task: Promise<unknown>, ms: number): Promise<boolean> {
  const succeeded = task.then(
    () => true,
    () => false,
  );
  return withLimit(succeeded, ms, () => false);
}
