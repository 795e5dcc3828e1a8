import { type Job, Queue, QueueEvents, Worker } from "bullmq";
import type { Oplead } from "../client/api.ts";
import { internalsOf } from "../client/client-state.ts";
import { invalid } from "../core/errors.ts";
import { issueAt } from "../core/issues.ts";
import { KeyedLock } from "../core/keyed.ts";
import { showIdentity } from "../core/redact.ts";
import { type Closeable, closeable } from "../core/run-time.ts";
import { describe, identityOf, platformOf } from "../ledger/bind.ts";
import { tellQueue } from "../locales/en/webhook.ts";
import { readContent, type SourceUser } from "../reconcile/content.ts";
import type { Reconciliation, SendOptions } from "../reconcile/reconciliation.ts";
import type { RedisClient } from "../redis/client.ts";
import type { QueuedUserRequest } from "../sync/types/options.ts";
import type { HookEvent } from "../transport/options.ts";
import { findUserIssues } from "../user/user.ts";
import { Inbox, type NewState, sealWith } from "./inbox.ts";
import { inboxKey, revivedResult, type StoredJob, storedUser, supersededResult } from "./job.ts";
import { jobWork } from "./job-work.ts";
import {
  checkEnqueueOptions,
  checkLimit,
  checkQueueOptions,
  checkReconcileOptions,
  checkUser,
  type EnqueueOptions,
  type FailedJob,
  isCluster,
  type QueueStatus,
  type UserQueueOptions,
  type UserWorker,
  type UserWorkerOptions,
  workerOptionsCheck,
} from "./options.ts";
import { RedisAccess } from "./redis-access.ts";
import { requireSupportedVersion } from "./versions.ts";
import { Waits } from "./waits.ts";
import { type JobResult, QueueWorker } from "./worker.ts";

/**
 * Queue on Redis or Valkey, with BullMQ (6.4 and newer) as its engine, for the platform of the client. A job holds no
 * data of the user: a worker reads the newest state as it starts and checks it again as it ends, so order and
 * repetition of jobs do not matter.
 *
 * ```ts
 * const queue = userQueue(oplead, {
 *   redis: "redis://127.0.0.1:6379",
 *   encryptionKey: process.env.OPLEAD_QUEUE_KEY ?? "",
 * });
 * ```
 *
 * @throws {@link OpleadError} `invalid_options`, which lists every problem.
 */
export function userQueue(oplead: Oplead, options: UserQueueOptions): UserQueue & Closeable {
  checkQueueOptions(options);
  requireSupportedVersion();
  return closeable(new UserQueue(oplead, options));
}

/**
 * Queue of users for any number of machines, made by {@link userQueue}. Methods throw {@link OpleadError}
 * `queue_unavailable` if Redis fails or does not answer within `timeoutMs`.
 */
export class UserQueue {
  readonly #oplead: Oplead;
  readonly #options: UserQueueOptions;
  readonly #platform: string;
  readonly #name: string;
  readonly #prefix: string;
  readonly #queue: Queue<StoredJob, JobResult>;
  readonly #redis: RedisAccess;
  readonly #inbox: Inbox;
  readonly #waits: Waits;
  readonly #puts = new KeyedLock();

  /** @internal */
  constructor(oplead: Oplead, options: UserQueueOptions) {
    const { redis, inboxTtlMs = 604_800_000, timeoutMs = 10_000, attempts = 12, encryptionKey } = options;
    this.#oplead = oplead;
    this.#options = { ...options };
    this.#platform = identityOf(platformOf(oplead));
    const { name = `oplead-users-${nameOf(this.#platform)}` } = options;
    this.#name = name;
    // In a cluster all keys of a queue must be in one slot.
    const prefix = isCluster(redis) ? "{bull}" : "bull";
    this.#prefix = prefix;
    const queue = new Queue<StoredJob, JobResult>(name, {
      connection: connectionOf(redis, { maxRetriesPerRequest: 3 }),
      prefix,
      defaultJobOptions: {
        attempts,
        backoff: { type: "custom" },
      },
    });
    this.#queue = queue;
    // Safe: BullMQ's type lacks methods that ioredis has.
    const client = async () => (await queue.getBackend().client) as never;
    this.#redis = new RedisAccess(client, timeoutMs);
    queue.on("error", (error: Error) => this.#redis.noteFailure(error));
    const keys = typeof encryptionKey === "string" ? [encryptionKey] : encryptionKey || [];
    this.#inbox = new Inbox(this.#redis, `${prefix}:${name}`, sealWith(keys, this.#platform), inboxTtlMs);
    const openEvents = () => new QueueEvents(name, { connection: connectionOf(redis, {}), prefix });
    const { logger } = internalsOf(oplead).transport.settings;
    this.#waits = new Waits({ openEvents, queue, redis: this.#redis, inbox: this.#inbox, logger });
  }

  /**
   * Stores the newest state of a user for a worker. States of one user that arrive before the work begins cost one
   * reconciliation; an older {@link SourceUser.version} never replaces a newer one.
   *
   * @returns the id of the job.
   * @throws {@link OpleadError} `invalid_input`; `invalid_options`; `queue_unavailable`: enqueue it again.
   */
  async enqueue(user: SourceUser, given: EnqueueOptions = {}): Promise<string> {
    checkEnqueueOptions(given);
    return (await this.#store(user, given, true)).jobId;
  }

  /** @internal Undefined if a signal ended the wait and a worker has the user. */
  async reconcileUser(user: SourceUser, options: Partial<QueuedUserRequest> = {}): Promise<Reconciliation | undefined> {
    checkReconcileOptions(options);
    await this.#waits.ready();
    const { signal, drain, ...how } = options;
    const { accountNumber, testMode, ...stored } = await this.#store(user, how, false);
    const ended = await this.#waits.ended(stored, { signal, drain });
    if (ended === "handed_over") return undefined;
    const result = ended === "superseded" ? null : ended.result;
    return result === null ? supersededResult(accountNumber, testMode) : revivedResult(accountNumber, result);
  }

  async #store(
    user: SourceUser,
    given: EnqueueOptions & Pick<SendOptions, "expectedRevision" | "parent" | "runId">,
    isOwed: boolean,
  ): Promise<Added & { readonly key: string; readonly accountNumber: string; readonly testMode: boolean }> {
    checkUser({ user });
    const { testMode = this.#oplead.testMode, platform, expectedRevision, ...options } = given;
    if (platform && identityOf(platform) !== this.#platform) {
      const names = { given: describe(platform), wanted: describe(platformOf(this.#oplead)) };
      const issue = issueAt("platform", tellQueue("other_queue_platform", names));
      throw invalid("invalid_options", "The user is for another platform than the queue.", [issue]);
    }
    const { settings, observers } = internalsOf(this.#oplead).transport;
    const content = readContent(user, settings);
    const issues = "userHash" in content ? findUserIssues(user.user, settings) : content;
    if (!("userHash" in content) || issues.length > 0) {
      throw invalid("invalid_input", "enqueue: the user is not valid.", issues);
    }
    const { accountNumber } = content;
    const key = inboxKey(accountNumber, testMode, this.#platform);
    const state = {
      key,
      accountNumber,
      expectedRevision,
      isOwed,
      options,
      user: this.#options.storeUsers === false ? undefined : storedUser(content),
    };
    const carrier: NonNullable<HookEvent<"enqueue">["carrier"]> = {};
    const event = {
      kind: "enqueue",
      user: showIdentity(accountNumber),
      testMode,
      runId: given.runId,
      carrier,
    } as const;
    // The states of a user take turns here: at the same moment each would lose its compare-and-set again and again.
    const turn = (previous: Promise<void>) => this.#redis.use(() => previous);
    const put = () => this.#puts.run(key, turn, () => this.#put({ ...state, traceparent: carrier.traceparent }));
    const stored = await observers.around(event, put, () => ({}));
    return { ...stored, key, accountNumber, testMode };
  }

  // If the process dies before the job was added, the sweep adds it.
  async #put(state: NewState): Promise<Added> {
    const { key } = state;
    await this.#redis.requireNoEviction();
    const { formerJob, isOwed, joins, sequence } = await this.#inbox.put(state);
    // A former job would let the state wait for its next attempt, or report the user as failed for ever. BullMQ keeps a
    // job in flight, and adds the next one as it ends.
    if (formerJob) await this.#change(key, formerJob, (job) => job.remove());
    const { name, data, opts } = newJob(key, isOwed);
    const { id = "" } = await this.#redis.use(() => this.#queue.add(name, data, opts));
    // Without the priority it is only sent later.
    if (isOwed && joins) await this.#change(key, id, (job) => job.priority > 0 && job.changePriority({ priority: 0 }));
    return { jobId: id, sequence };
  }

  // The state is stored already, so a failure does no harm.
  async #change(key: string, jobId: string, change: (job: UserJob) => unknown): Promise<void> {
    const job = await this.#jobOf(key, jobId).catch(() => {});
    if (job) await this.#redis.use(async () => change(job)).catch(() => {});
  }

  // A queue that was obliterated counts its jobs from 1 again.
  async #jobOf(key: string, jobId: string): Promise<UserJob | undefined> {
    const job = await this.#redis.use(() => this.#queue.getJob(jobId));
    return job?.deduplicationId === key ? job : undefined;
  }

  // A job in flight or out of attempts is kept.
  async #recover(): Promise<void> {
    for await (const users of this.#inbox.due()) {
      const without = await Promise.all(
        users.map(async ({ key, job: begun }) => {
          const current = await this.#redis.use(() => this.#queue.getDeduplicationJobId(key));
          const isKept = async (id: string | null) => {
            const job = id ? await this.#jobOf(key, id) : undefined;
            return job && (!job.finishedOn || (await this.#redis.use(() => job.isFailed())));
          };
          return (await isKept(current)) || (begun !== current && (await isKept(begun))) ? [] : key;
        }),
      );
      const jobs = without.flat().map((key) => newJob(key, false));
      if (jobs.length > 0) await this.#redis.use(() => this.#queue.addBulk(jobs));
    }
  }

  async #hasWork(isDue: (delayed: UserJob | undefined) => boolean): Promise<boolean> {
    const queue = this.#queue;
    return this.#redis.use(async () => {
      const [{ waiting = 0, prioritized = 0 }, [delayed]] = await Promise.all([
        queue.getJobCounts("waiting", "prioritized"),
        queue.getDelayed(0, 0) as Promise<UserJob[]>,
      ]);
      const hasJobs = isDue(delayed) || waiting + prioritized > 0;
      // No worker may take jobs of a queue that a person paused or limited.
      return hasJobs && !(await queue.isPaused()) && !(await queue.isMaxed());
    });
  }

  /** Starts a worker in this process. @throws {@link OpleadError} `invalid_options`. */
  startWorker(given: UserWorkerOptions): UserWorker & Closeable {
    const { redis, storeUsers = true, backoffMs = 2_000 } = this.#options;
    workerOptionsCheck(storeUsers)(given);
    const { lockMs = 30_000 } = given;
    const { logger, maxConcurrency } = internalsOf(this.#oplead).transport.settings;
    const queue = this.#queue;
    const isDue = dueDelayed();
    const worker = new QueueWorker({
      open: (process, { connection, ...more }) =>
        new Worker<StoredJob, JobResult>(this.#name, process, {
          ...more,
          connection: connectionOf(redis, connection),
          prefix: this.#prefix,
        }),
      backoffMs,
      concurrency: maxConcurrency,
      lockMs,
      logger,
      work: jobWork(this.#oplead, this.#inbox, { ...given, lockMs }),
      check: () => this.#redis.requireNoEviction(),
      promote: () => this.#redis.use(() => queue.promoteJobs()),
      recover: () => this.#recover(),
      hasWork: () => this.#hasWork(isDue),
    });
    return closeable(worker);
  }

  /** Numbers of jobs and stored users. Throws if Redis may evict keys, and so users. */
  async status(): Promise<QueueStatus> {
    await this.#redis.requireNoEviction();
    const counts = await this.#redis.use(() =>
      this.#queue.getJobCounts("waiting", "prioritized", "active", "delayed", "failed", "completed"),
    );
    const { waiting = 0, prioritized = 0, active = 0, delayed = 0, failed = 0, completed = 0 } = counts;
    const [inbox, oldestWaitingAt] = await Promise.all([this.#inbox.count(), this.#oldestWaitingAt()]);
    return { waiting: waiting + prioritized, active, delayed, failed, completed, inbox, oldestWaitingAt };
  }

  // BullMQ has one list for webhooks and one for runs, each with its oldest job first.
  #oldestWaitingAt(): Promise<number | undefined> {
    return this.#redis.use(async () => {
      const first = (state: "waiting" | "prioritized") => this.#queue.getJobs([state], 0, 0, true);
      const firsts = await Promise.all([first("waiting"), first("prioritized")]);
      const times = firsts.flat().flatMap((job) => job?.timestamp ?? []);
      return times.length > 0 ? Math.min(...times) : undefined;
    });
  }

  /** Jobs out of attempts, the newest first. `limit`: default 100. */
  async failed(limit = 100): Promise<FailedJob[]> {
    checkLimit({ limit });
    // With `limit` 0 the end would be -1: the whole list.
    const jobs = limit < 1 ? [] : await this.#redis.use(() => this.#queue.getFailed(0, limit - 1));
    return jobs.map(({ id = "", data, failedReason }) => ({
      jobId: id,
      code: data.failure?.code,
      message: data.failure?.message ?? failedReason ?? "",
      supportReport: data.failure?.supportReport,
    }));
  }

  /** Gives new attempts to jobs that have none left. @returns their number. */
  async retryFailed(): Promise<number> {
    // Jobs are listed before the first starts, so that none starts twice.
    const ids = new Set(await this.#redis.use(() => this.#queue.getRanges(["failed"], 0, -1)));
    let count = 0;
    for (const id of ids) {
      const job = await this.#redis.use(() => this.#queue.getJob(id));
      const retried = job?.retry("failed", { resetAttemptsMade: true }).then(
        () => true,
        // A code that is a number is BullMQ's: the job has already started.
        (error) => (typeof error.code === "number" ? false : Promise.reject(error)),
      );
      if (retried && (await this.#redis.use(() => retried))) count += 1;
    }
    return count;
  }

  /** Releases the connection; {@link UserWorker.close} closes workers. */
  async close(): Promise<void> {
    await this.#waits.close();
    await this.#redis.use(() => this.#queue.close()).catch(() => void this.#queue.disconnect().catch(() => {}));
  }
}

interface Added {
  readonly jobId: string;
  readonly sequence: string | undefined;
}

type UserJob = Job<StoredJob, JobResult>;

// BullMQ tells how long a job is delayed, not since when: the first one is due once it was seen for that long.
function dueDelayed() {
  let [seen, until] = ["", 0];
  return (job: UserJob | undefined): boolean => {
    const attempt = job ? `${job.id} ${job.attemptsStarted}` : "";
    if (attempt !== seen) [seen, until] = [attempt, performance.now() + (job?.delay ?? 0)];
    return job !== undefined && performance.now() >= until;
  };
}

// BullMQ takes jobs without a priority first: those of webhooks.
function newJob(key: string, isOwed: boolean) {
  const deduplication = { id: key, keepLastIfActive: true };
  return { name: "user", data: {}, opts: { deduplication, ...(!isOwed && { priority: 10 }) } };
}

// `api.oplead.com` for `https://api.oplead.com`: a queue's name must have no colon.
function nameOf(platform: string): string {
  return platform
    .replace(/^https?:\/\//, "")
    .replace(/[^\w.-]+/g, "-")
    .slice(0, 80);
}

// BullMQ uses a cluster and copies it for blocking requests. Of any other client, BullMQ gets only the options.
function connectionOf(redis: string | RedisClient, more: object): never {
  if (isCluster(redis)) return redis as never;
  const options = typeof redis === "string" ? { url: redis } : redis.options;
  return Object.assign({}, options, { maxRetriesPerRequest: null }, more) as never; // BullMQ's own type is ioredis's
}
