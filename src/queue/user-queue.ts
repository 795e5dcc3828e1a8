import { Queue, QueueEvents } from "bullmq";
import { invalid } from "../base/errors.ts";
import { readContent, type SourceUser } from "../reconcile/content.ts";
import type { Reconciliation } from "../reconcile/reconciliation.ts";
import type { SavedReport } from "../sync/types/report.ts";
import { accountNumberOf, findUserIssues } from "../user/user.ts";
import { Inbox } from "./inbox.ts";
import { inboxKey, type JobData, type JobResult, newJobId, PRIORITY, storedUser } from "./job.ts";
import type {
  EnqueueOptions,
  FailedJob,
  QueueStatus,
  UserQueueOptions,
  UserWorker,
  UserWorkerOptions,
} from "./options.ts";
import { checkEnqueueOptions, checkQueueOptions, workerOptionsCheck } from "./read-options.ts";
import { RedisAccess, type RedisCommands } from "./redis-commands.ts";
import { sealWith } from "./seal.ts";
import { Waits } from "./waits.ts";
import { startUserWorker } from "./worker.ts";

/**
 * A queue of users to bring to Oplead, shared by any number of machines. Made by {@link userQueue}. Every method that asks Redis
 * throws an {@link OpleadError} `queue_unavailable` if Redis fails or does not answer within `timeoutMs`.
 */
export interface UserQueue {
  /**
   * Stores the newest state of a user and makes sure that a worker comes for it. States of one user that arrive before the
   * work begins cost one reconciliation; an older {@link SourceUser.version} does not replace a newer one.
   *
   * @returns the id of the job. @throws {@link OpleadError} `invalid_input`; `invalid_options`; `queue_unavailable`: the
   * state may be stored or not, so enqueue it again.
   */
  enqueue(user: SourceUser, options?: EnqueueOptions): Promise<string>;
  /** {@link UserQueue.enqueue}, and waits until a worker is done with the user. What `plan.apply({ queue })` uses. */
  reconcileUser(
    user: SourceUser,
    options: { readonly testMode: boolean; readonly signal?: AbortSignal | undefined },
  ): Promise<Reconciliation>;
  /** Stores the report of a run, for {@link UserQueue.readReport}. */
  saveReport(runId: string, report: SavedReport): Promise<void>;
  /** The report of a run that was applied through the queue, also by another process; undefined before the run has ended. */
  readReport(runId: string): Promise<SavedReport | undefined>;
  /** Starts to work on the queue in this process. @throws {@link OpleadError} `invalid_options`. */
  startWorker(options: UserWorkerOptions): UserWorker;
  /** How many jobs are in which state, and how many users are stored. */
  status(): Promise<QueueStatus>;
  /** The jobs that are out of attempts, the newest first; at most `limit`, default 100. */
  failed(limit?: number): Promise<FailedJob[]>;
  /** Gives the jobs that are out of attempts new ones. @returns how many. */
  retryFailed(): Promise<number>;
  /** Releases the connection. Workers are closed by {@link UserWorker.close}. */
  close(): Promise<void>;
}

/** How many failed jobs are read at once. */
const PAGE = 100;

/**
 * A queue on Redis or Valkey, with BullMQ (6) as its engine. A job is a signal without data: the newest state of a user is
 * stored beside it, read when work starts and checked again when it ends, so neither order nor repetition matters.
 *
 * @throws {@link OpleadError} `invalid_options`, which lists every problem at once.
 */
export function userQueue(options: UserQueueOptions): UserQueue {
  checkQueueOptions(options);
  const { connection, name = "oplead-users", prefix = "bull", logger } = options;
  const {
    inboxTtlMs = 604_800_000,
    attempts = 12,
    backoffMs = 2_000,
    keepCompleted = 1_000,
    storeUsers = true,
    timeoutMs = 10_000,
  } = options;
  // BullMQ's own type of a connection is ioredis's.
  const queue = new Queue<JobData, JobResult>(name, {
    connection: { ...connection, maxRetriesPerRequest: 3 } as never,
    prefix,
    defaultJobOptions: {
      attempts,
      backoff: { type: "custom" },
      removeOnComplete: { count: keepCompleted },
      removeOnFail: false,
    },
  });
  const redis = new RedisAccess(timeoutMs);
  queue.on("error", (error: Error) => redis.noteFailure(error)); // each failed use says so
  const commands = redis.commandsOf(async () => (await queue.getBackend().client) as unknown as RedisCommands); // an ioredis client
  const inbox = new Inbox(commands, `${prefix}:${name}:inbox:`, sealWith(options.encryptionKey), inboxTtlMs);
  const openEvents = () =>
    new QueueEvents(name, { connection: { ...connection, maxRetriesPerRequest: null } as never, prefix });
  const waits = new Waits(openEvents, queue, redis);
  const runKey = (runId: string) => `${prefix}:${name}:run:${runId}`;

  const addJob = (key: string, jobId: string, testMode: boolean, origin: NonNullable<EnqueueOptions["origin"]>) =>
    redis.use(() => queue.add("user", { key, testMode }, { jobId, priority: PRIORITY[origin] }));
  const getJob = (jobId: string) => redis.use(() => queue.getJob(jobId));

  /** A process may have died between storing a state and adding its job. */
  async function recover(everyMs: number): Promise<void> {
    if (!(await inbox.isFirstToRecover(everyMs))) return;
    for await (const records of inbox.list()) {
      await Promise.all(
        records.map(async ({ key, job }) => {
          if (job === undefined || (await getJob(job))) return;
          await addJob(key, job, key.startsWith("test."), "batch");
        }),
      );
    }
  }

  /** A job that a nightly run has added would wait for its turn in that run. */
  async function hurry(jobId: string): Promise<void> {
    const job = await getJob(jobId);
    if (!job || job.priority === PRIORITY.webhook) return;
    await redis.use(() => job.changePriority({ priority: PRIORITY.webhook }));
  }

  async function enqueue(user: SourceUser, given: EnqueueOptions = {}): Promise<string> {
    checkEnqueueOptions(given);
    const { origin = "webhook", testMode = false } = given;
    const content = readContent(user);
    const issues = "userHash" in content ? findUserIssues(user.user) : content;
    if (!("userHash" in content) || issues.length > 0) {
      throw invalid("invalid_input", "enqueue: the user is not valid.", issues);
    }
    const { accountNumber } = content;
    const key = inboxKey(accountNumber, testMode);
    const newId = newJobId(key);
    const jobId = await inbox.put(key, accountNumber, storeUsers ? storedUser(content) : undefined, newId);
    await addJob(key, jobId, testMode, origin);
    // The state is safe by now: without the higher priority it only comes later.
    if (jobId !== newId && origin === "webhook") await hurry(jobId).catch(() => {});
    return jobId;
  }

  return {
    enqueue,
    reconcileUser: (user, { testMode, signal }) =>
      waits.reconcile(
        accountNumberOf(user.user) ?? "",
        testMode,
        () => enqueue(user, { origin: "batch", testMode }),
        signal,
      ),
    async saveReport(runId, report) {
      const script = "return redis.call('SET', KEYS[1], ARGV[1], 'PX', math.ceil(ARGV[2]))";
      await commands.eval(script, 1, runKey(runId), JSON.stringify(report), inboxTtlMs);
    },
    async readReport(runId) {
      const text = await commands.eval("return redis.call('GET', KEYS[1])", 1, runKey(runId));
      return typeof text === "string" ? (JSON.parse(text) as SavedReport) : undefined;
    },
    startWorker(given) {
      workerOptionsCheck(storeUsers)(given);
      const ping = () => redis.use(() => queue.getJobCounts("active"));
      return startUserWorker({ name, prefix, connection, inbox, backoffMs, logger, ping, recover }, given);
    },
    async status() {
      const counts = await redis.use(() =>
        queue.getJobCounts("waiting", "prioritized", "active", "delayed", "failed", "completed"),
      );
      const { waiting = 0, prioritized = 0, active = 0, delayed = 0, failed = 0, completed = 0 } = counts;
      return { waiting: waiting + prioritized, active, delayed, failed, completed, inbox: await inbox.count() };
    },
    async failed(limit = 100) {
      // The end -1 would be that of the whole list.
      const jobs = limit < 1 ? [] : await redis.use(() => queue.getFailed(0, limit - 1));
      return jobs.map(({ id = "", data, failedReason }) => ({
        jobId: id,
        code: data.failure?.code,
        message: data.failure?.message ?? failedReason ?? "",
        supportReport: data.failure?.supportReport,
      }));
    },
    async retryFailed() {
      // Listed first: jobs may fail again while others are started, and those must wait for the next call.
      const ids = new Set<string>();
      for (let first = 0; ; first += PAGE) {
        const jobs = await redis.use(() => queue.getFailed(first, first + PAGE - 1));
        for (const { id } of jobs) if (id !== undefined) ids.add(id);
        if (jobs.length < PAGE) break;
      }
      let count = 0;
      for (const id of ids) {
        const job = await getJob(id);
        // Another process may have started it.
        if (!job || !(await redis.use(() => job.isFailed()))) continue;
        await redis.use(() => job.retry("failed", { resetAttemptsMade: true }));
        count += 1;
      }
      return count;
    },
    async close() {
      await waits.close();
      // A server that does not answer cannot be told.
      await redis.use(() => queue.close()).catch(() => void queue.disconnect().catch(() => {}));
    },
  };
}
