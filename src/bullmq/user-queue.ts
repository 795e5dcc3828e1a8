import { Queue, QueueEvents } from "bullmq";
import type { Oplead } from "../client/api.ts";
import { internalsOf } from "../client/client-state.ts";
import { invalid } from "../core/errors.ts";
import { issueAt } from "../core/issues.ts";
import { quiet } from "../core/log.ts";
import { showIdentity } from "../core/redact.ts";
import { type Closeable, closeable } from "../core/run-time.ts";
import { describe, identityOf, platformOf } from "../ledger/bind.ts";
import { tellQueue } from "../locales/en/webhook.ts";
import { readContent, type SourceUser } from "../reconcile/content.ts";
import type { Reconciliation, SendOptions } from "../reconcile/reconciliation.ts";
import type { RedisClient } from "../redis/client.ts";
import type { QueuedUserRequest } from "../sync/types/options.ts";
import type { UserEvent } from "../transport/options.ts";
import { findUserIssues } from "../user/user.ts";
import { Inbox, type NewState, type Stored, sealWith } from "./inbox.ts";
import { ALL_OPEN } from "./inbox-scripts.ts";
import {
  inboxKey,
  type JobData,
  newJobId,
  PRIORITY,
  revivedResult,
  type StoredJob,
  storedUser,
  supersededResult,
} from "./job.ts";
import { addJobOf } from "./job-scripts.ts";
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
  type QueueConnection,
  type QueueStatus,
  type UserQueueOptions,
  type UserWorker,
  type UserWorkerOptions,
  workerOptionsCheck,
} from "./options.ts";
import { RedisAccess } from "./redis-access.ts";
import { connectionIn, requireSupportedVersion } from "./versions.ts";
import { Waits } from "./waits.ts";
import { QueueWorker } from "./worker.ts";

/**
 * A queue on Redis or Valkey, with BullMQ (5.64 and newer) as its engine. It belongs to the platform of the client. A
 * job holds no data about the user. The newest state of the user is stored separately; a worker reads it when it starts
 * and checks it again when it ends, so neither the order of jobs nor their repetition matters.
 *
 * ```ts
 * const queue = userQueue(oplead, { redis: new Redis("redis://127.0.0.1:6379"), encryptionKey: process.env.OPLEAD_QUEUE_KEY ?? "" });
 * ```
 *
 * @throws {@link OpleadError} `invalid_options`, which lists every problem at once.
 */
export function userQueue(oplead: Oplead, options: UserQueueOptions): UserQueue & Closeable {
  checkQueueOptions(options);
  requireSupportedVersion();
  return closeable(new UserQueue(oplead, options));
}

/**
 * A queue of users to sync to Oplead, shared by any number of machines. Made by {@link userQueue}. Every method that
 * asks Redis throws an {@link OpleadError} `queue_unavailable` if Redis fails or does not answer within `timeoutMs`.
 */
export class UserQueue {
  readonly #oplead: Oplead;
  readonly #options: UserQueueOptions;
  readonly #platform: string;
  readonly #name: string;
  readonly #prefix: string;
  readonly #queue: Queue<StoredJob, string>;
  readonly #redis: RedisAccess;
  readonly #inbox: Inbox;
  readonly #waits: Waits;

  constructor(oplead: Oplead, options: UserQueueOptions) {
    const {
      redis,
      prefix = isCluster(redis) ? "{bull}" : "bull",
      inboxTtlMs = 604_800_000,
      timeoutMs = 10_000,
      attempts = 12,
      encryptionKey,
    } = options;
    this.#oplead = oplead;
    // The client's logger is not wrapped in `quiet`, because the client has done so already.
    const logger = options.logger ? quiet(options.logger) : internalsOf(oplead).transport.settings.logger;
    this.#options = { ...options, logger };
    this.#platform = identityOf(platformOf(oplead));
    const { name = `oplead-users-${nameOf(this.#platform)}` } = options;
    this.#name = name;
    this.#prefix = prefix;
    const queue = new Queue<StoredJob, string>(name, {
      connection: connectionOf(redis, { maxRetriesPerRequest: 3 }),
      prefix,
      defaultJobOptions: {
        attempts,
        backoff: { type: "custom" },
      },
    });
    this.#queue = queue;
    // BullMQ's type for the client lacks some of the methods that ioredis has.
    const client = async () => (await connectionIn(queue).client) as never;
    this.#redis = new RedisAccess(client, timeoutMs);
    queue.on("error", (error: Error) => this.#redis.noteFailure(error)); // each failed use says so
    const keys = typeof encryptionKey === "string" ? [encryptionKey] : encryptionKey || [];
    this.#inbox = new Inbox(this.#redis, `${prefix}:${name}`, sealWith(keys), inboxTtlMs);
    const openEvents = () => new QueueEvents(name, { connection: connectionOf(redis, {}), prefix });
    this.#waits = new Waits({ openEvents, queue, redis: this.#redis, inbox: this.#inbox, logger });
  }

  /**
   * Stores the newest state of a user and makes sure that a worker comes for it. States of one user that arrive before
   * the work begins cost one reconciliation; an older {@link SourceUser.version} does not replace a newer one.
   *
   * @returns the id of the job. @throws {@link OpleadError} `invalid_input`; `invalid_options`; `queue_unavailable`:
   * the state may be stored or not, so enqueue it again.
   */
  async enqueue(user: SourceUser, given: EnqueueOptions = {}): Promise<string> {
    checkEnqueueOptions(given);
    return (await this.#store(user, given, "webhook", true)).jobId;
  }

  /**
   * Does the same as {@link UserQueue.enqueue}, and then waits until a worker is done with the user. `plan.apply({
   * queue })` uses it.
   *
   * @returns undefined if a signal ended the wait and a worker has the user already. @throws {@link OpleadError}
   * besides the errors of `enqueue`: `aborted` if a signal ended the wait before a worker had the user, so that the
   * user was removed from the queue; `state_lost`; the error of the job's last attempt.
   */
  async reconcileUser(user: SourceUser, options: Partial<QueuedUserRequest> = {}): Promise<Reconciliation | undefined> {
    checkReconcileOptions(options);
    await this.#waits.ready();
    const { signal, drain, ...how } = options;
    const { key, accountNumber, testMode, ...stored } = await this.#store(user, how, "batch", false);
    const ended = await this.#waits.ended(key, stored, { signal, drain });
    if (ended === "handed_over") return undefined;
    const result = ended === "superseded" ? null : ended.result;
    return result === null ? supersededResult(accountNumber, testMode) : revivedResult(accountNumber, result);
  }

  /** Checks the state of a user and stores it. The application's hooks run around the storing. */
  async #store(
    user: SourceUser,
    given: EnqueueOptions & Pick<SendOptions, "expectedRevision" | "doubtedAt" | "parent" | "runId">,
    origin: keyof typeof PRIORITY,
    isOwed: boolean,
  ): Promise<Stored & { readonly key: string; readonly accountNumber: string; readonly testMode: boolean }> {
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
    const job: JobData = { key, testMode, platform: this.#platform };
    const state = {
      accountNumber,
      job,
      expectedRevision,
      isOwed,
      options,
      user: this.#options.storeUsers === false ? undefined : storedUser(content),
    };
    const carrier: NonNullable<UserEvent["carrier"]> = {};
    const event = {
      kind: "enqueue",
      user: showIdentity(accountNumber),
      testMode,
      runId: given.runId,
      carrier,
    } as const;
    const put = () => this.#put({ ...state, traceparent: carrier.traceparent }, origin);
    const stored = await observers.around(event, put, () => ({}));
    return { ...stored, key, accountNumber, testMode };
  }

  /** Stores a state, and adds the job for it. */
  async #put(state: NewState, origin: keyof typeof PRIORITY): Promise<Stored> {
    const { job } = state;
    await this.#redis.requireNoEviction();
    const newId = newJobId(job.key);
    const add = await this.#redis.use(() => addJobOf(this.#queue, newId, job, PRIORITY[origin]));
    const stored = await this.#inbox.put(state, newId, add);
    const { jobId, formerJobId } = stored;
    if (jobId !== newId || !add) await this.#addJob(jobId, job, origin);
    // The state is stored by now, so a failure here does no harm: without the higher priority, the user is only sent
    // later.
    if (jobId !== newId && origin === "webhook") await this.#hurry(jobId).catch(() => {});
    // Remove the previous job: if it is out of attempts, it would report the user as failed for ever. BullMQ does not
    // remove a job that is under way.
    if (formerJobId) await this.#redis.use(() => this.#queue.remove(formerJobId)).catch(() => {});
    return stored;
  }

  async #addJob(jobId: string, { platform }: JobData, origin: keyof typeof PRIORITY): Promise<void> {
    await this.#redis.use(() => this.#queue.add("user", { platform }, { jobId, priority: PRIORITY[origin] }));
  }

  /** Raises the priority of a nightly run's job, so that it does not wait behind the run's other jobs. */
  async #hurry(jobId: string): Promise<void> {
    const job = await this.#redis.use(() => this.#queue.getJob(jobId));
    if (!job || job.priority === PRIORITY.webhook) return;
    await this.#redis.use(() => job.changePriority({ priority: PRIORITY.webhook }));
  }

  /**
   * Gives stored users a job if they have none: a process may have died before it added the job, or a person has
   * removed it.
   */
  async #recover(everyMs: number): Promise<void> {
    if (!(await this.#inbox.isFirstToRecover(everyMs))) return;
    for await (const users of this.#inbox.list()) {
      if (await this.#allHaveJobs(users.map(({ jobId }) => jobId))) continue;
      await Promise.all(
        users.map(async (user) => {
          // Reading the job takes one request to Redis; asking for its state would take seven. A job that is out of
          // attempts is kept.
          const job = await this.#redis.use(() => this.#queue.getJob(user.jobId));
          if (job && !(job.finishedOn && job.failedReason === undefined)) return;
          const newId = newJobId(user.job.key);
          if (await this.#inbox.giveJob(user, newId)) await this.#addJob(newId, user.job, "batch");
        }),
      );
    }
  }

  /**
   * Whether all these jobs exist and are not completed. The answer is nearly always yes. So one request asks about all
   * the jobs, and only if the answer is no, each job is read.
   */
  async #allHaveJobs(jobIds: readonly string[]): Promise<boolean> {
    if (jobIds.length === 0) return true;
    const keys = ["completed", ...jobIds].map((name) => `${this.#prefix}:${this.#name}:${name}`);
    return (await this.#redis.run(ALL_OPEN, keys, ...jobIds)) === 1;
  }

  /** Starts to work on the queue in this process. @throws {@link OpleadError} `invalid_options`. */
  startWorker(given: UserWorkerOptions): UserWorker & Closeable {
    const { redis, storeUsers = true, backoffMs = 2_000, logger } = this.#options;
    workerOptionsCheck(storeUsers)(given);
    const { concurrency = internalsOf(this.#oplead).transport.settings.maxConcurrency, lockMs = 30_000 } = given;
    const queue = this.#queue;
    const worker = new QueueWorker({
      name: this.#name,
      prefix: this.#prefix,
      backoffMs,
      concurrency,
      lockMs,
      logger,
      connection: (more) => connectionOf(redis, more),
      work: jobWork(this.#oplead, this.#inbox, logger, { ...given, lockMs }),
      check: () => this.#redis.requireNoEviction(),
      promote: () => this.#redis.use(() => queue.promoteJobs()),
      recover: (everyMs) => this.#recover(everyMs),
    });
    return closeable(worker);
  }

  /**
   * How many jobs are in each state, and how many users are stored. Throws if Redis is set to delete keys when its
   * memory is full, because it could delete users.
   */
  async status(): Promise<QueueStatus> {
    await this.#redis.requireNoEviction();
    const counts = await this.#redis.use(() =>
      this.#queue.getJobCounts("waiting", "prioritized", "active", "delayed", "failed", "completed"),
    );
    const { waiting = 0, prioritized = 0, active = 0, delayed = 0, failed = 0, completed = 0 } = counts;
    const [inbox, oldestWaitingAt] = await Promise.all([this.#inbox.count(), this.#oldestWaitingAt()]);
    return { waiting: waiting + prioritized, active, delayed, failed, completed, inbox, oldestWaitingAt };
  }

  /**
   * BullMQ keeps the jobs of webhooks and the jobs of runs in two lists, each with its oldest job first. So the oldest
   * job of all is the first of one of the lists.
   */
  #oldestWaitingAt(): Promise<number | undefined> {
    return this.#redis.use(async () => {
      const first = (state: "waiting" | "prioritized") => this.#queue.getJobs([state], 0, 0, true);
      const firsts = await Promise.all([first("waiting"), first("prioritized")]);
      const times = firsts.flat().flatMap((job) => job?.timestamp ?? []); // one may be gone by now
      return times.length > 0 ? Math.min(...times) : undefined;
    });
  }

  /** The jobs that have no attempts left, the newest first. `limit`: the maximum number of jobs, default 100. */
  async failed(limit = 100): Promise<FailedJob[]> {
    checkLimit({ limit });
    // With `limit` 0 the end would be -1, which means the end of the whole list.
    const jobs = limit < 1 ? [] : await this.#redis.use(() => this.#queue.getFailed(0, limit - 1));
    return jobs.map(({ id = "", data, failedReason }) => ({
      jobId: id,
      code: data.failure?.code,
      message: data.failure?.message ?? failedReason ?? "",
      supportReport: data.failure?.supportReport,
    }));
  }

  /** Gives new attempts to the jobs that have no attempts left. @returns the number of these jobs. */
  async retryFailed(): Promise<number> {
    // All ids are listed before the first job is started: a job that fails again meanwhile is not started twice in one
    // call.
    const ids = new Set(await this.#redis.use(() => this.#queue.getRanges(["failed"], 0, -1)));
    let count = 0;
    for (const id of ids) {
      const job = await this.#redis.use(() => this.#queue.getJob(id));
      const retried = job?.retry("failed", { resetAttemptsMade: true }).then(
        () => true,
        // BullMQ's own error codes are numbers. Such a code means that another process has already started the job.
        (error) => (typeof error.code === "number" ? false : Promise.reject(error)),
      );
      if (retried && (await this.#redis.use(() => retried))) count += 1;
    }
    return count;
  }

  /** Releases the connection. Workers are closed by {@link UserWorker.close}. */
  async close(): Promise<void> {
    await this.#waits.close();
    // If the server does not answer, only this side can close the connection.
    await this.#redis.use(() => this.#queue.close()).catch(() => void this.#queue.disconnect().catch(() => {}));
  }
}

/**
 * The platform in the name of a queue: `api.oplead.com` for `https://api.oplead.com`. A queue's name must not contain a
 * colon.
 */
function nameOf(platform: string): string {
  return platform
    .replace(/^https?:\/\//, "")
    .replace(/[^\w.-]+/g, "-")
    .slice(0, 80);
}

/**
 * `redis` in the form that BullMQ expects. If `redis` is a cluster, BullMQ uses it, and makes a second client for its
 * blocking requests. Otherwise BullMQ gets only the options of `redis`, and opens connections of its own.
 */
function connectionOf(redis: RedisClient | QueueConnection, more: object): never {
  if (isCluster(redis)) return redis as never;
  const options = "duplicate" in redis ? redis.options : redis;
  return Object.assign({}, options, { maxRetriesPerRequest: null }, more) as never; // BullMQ's own type is ioredis's
}
