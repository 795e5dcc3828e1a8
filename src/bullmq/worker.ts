import { Job, UnrecoverableError, Worker } from "bullmq";
import { isOpleadError } from "../core/errors.ts";
import type { LogFields, OpleadLogger } from "../core/log.ts";
import type { OpleadErrorCode } from "../core/names.ts";
import { sleep, withLimit } from "../core/time.ts";
import { duration } from "../locales/en/words.ts";
import { failureOf, type JobData, jobOf, type StoredJob } from "./job.ts";
import { type JobEnd, JobEnds } from "./job-scripts.ts";
import type { JobOutcome, JobSteps, JobSubject, jobWork, Refusal } from "./job-work.ts";
import type { UserWorker } from "./options.ts";
import { reconnect, redisCode } from "./redis-access.ts";
import { connectionIn } from "./versions.ts";

/** The parts of a queue that a worker needs. */
export interface WorkerContext {
  readonly name: string;
  readonly prefix: string;
  /** The queue's connection with further options. A cluster's client is returned as it is. */
  connection(more: object): never;
  readonly backoffMs: number;
  readonly concurrency: number;
  readonly lockMs: number;
  readonly logger: OpleadLogger | undefined;
  readonly work: ReturnType<typeof jobWork>;
  /** Asks Redis until it answers. Rejects if the queue must not use this Redis. */
  check(): Promise<void>;
  /** Lets delayed jobs begin now. */
  promote(): Promise<void>;
  /** Gives every stored user without a job a new job, unless another worker has done so within the last `everyMs`. */
  recover(everyMs: number): Promise<void>;
}

type UserJob = Job<StoredJob, string>;

interface UnderWay {
  readonly jobId: string;
  /**
   * The token of the job's lock. When the worker reports the end of a job, BullMQ can hand out the next job in its
   * answer. Then both jobs have the same token.
   */
  readonly token: string;
  readonly done: Promise<void>;
}

/**
 * Takes jobs from BullMQ one by one and ends each of them itself ("manually fetching jobs"). BullMQ's own loop can stay
 * silent after Redis was away, cannot pause without costing a user an attempt, and does not tell when it last asked for
 * a job.
 */
export class QueueWorker implements UserWorker {
  readonly #context: WorkerContext;
  readonly #pause: Pause;
  /** Stops the worker from taking further jobs. */
  readonly #stopping = new AbortController();
  /** Ends the requests under way. */
  readonly #closing = new AbortController();
  readonly #ends = new JobEnds();
  readonly #underWay = new Set<UnderWay>();
  readonly #toldRefusals = new Set<Refusal>();
  readonly #toldPauses = new Set<string>();
  readonly #loop: Promise<void>;
  readonly #renewing: ReturnType<typeof setInterval>;
  readonly #worker: Worker<StoredJob, string>;
  /** Whether the worker still asks Redis for jobs. */
  #isTaking = true;
  #aliveAt = performance.now();
  #recoveredAt = Number.NEGATIVE_INFINITY;
  #redisFailedAt: number | undefined;
  #closed: Promise<void> | undefined;

  constructor(context: WorkerContext) {
    this.#context = context;
    this.#pause = new Pause(context.backoffMs, () => performance.now());
    this.#worker = this.#connect();
    this.#renewing = setInterval(() => this.#renew(), context.lockMs / 3);
    this.#renewing.unref?.();
    this.#loop = this.#run();
  }

  isHealthy(): boolean {
    return performance.now() - this.#aliveAt <= this.#context.lockMs;
  }

  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    this.#stopping.abort();
    // Wait for the loop: it gives back a job that it is taking just now.
    await this.#within(this.#loop, 500);
    const finished = () => Promise.all([...this.#underWay].map(({ done }) => done));
    await this.#within(finished(), this.#context.lockMs);
    this.#closing.abort(new Error("the worker was closed"));
    await this.#within(finished(), LONGEST_RECONNECT_MS + 500);
    clearInterval(this.#renewing);
    await this.#within(this.#worker.close(true), 500);
  }

  /** Waits for a task, however it ends, but no longer than `ms`. */
  #within(task: Promise<unknown>, ms: number): Promise<unknown> {
    return withLimit(task, ms, () => {}).catch(() => {});
  }

  #connect(): Worker<StoredJob, string> {
    const { name, prefix, connection, lockMs, backoffMs } = this.#context;
    const options = {
      connection: connection({
        // While the worker closes, it does not try to connect again. So commands that wait for a lost Redis fail, and
        // the worker can close.
        retryStrategy: (times: number) =>
          this.#closing.signal.aborted ? null : Math.min(LONGEST_RECONNECT_MS, 100 * 2 ** times),
      }),
      prefix,
      lockDuration: Math.ceil(lockMs), // Redis takes whole numbers only
      stalledInterval: Math.ceil(lockMs / 3),
      // BullMQ fails a job whose worker was killed too often. The job did not cause that, so the limit is high.
      maxStalledCount: 1_000,
      settings: {
        backoffStrategy: (attempt: number) =>
          Math.min(LONGEST_BACKOFF_MS, backoffMs * 2 ** (attempt - 1)) * (0.5 + Math.random() / 2),
      },
    };
    const worker = new Worker<StoredJob, string>(name, null, options, this.#ends.backend);
    worker.on("error", (error) => this.#redisFailed(error));
    // Without this line the log would not say why the user was sent late: the killed worker that had the job can't log
    // it.
    worker.on("stalled", (job) =>
      this.#log("warn", `job ${job}: the worker that had it was killed or stood still; another one takes it`, {
        event: "job_stalled",
        job,
      }),
    );
    worker.startStalledCheckTimer().catch(() => {});
    return worker;
  }

  async #run(): Promise<void> {
    const { signal } = this.#stopping;
    let idleMs = SHORTEST_IDLE_MS;
    while (!signal.aborted) {
      try {
        if (await this.#mayTake()) {
          const job = await this.#take();
          idleMs = job ? SHORTEST_IDLE_MS : Math.min(LONGEST_IDLE_MS, idleMs * 2);
          if (!job) await sleep(idleMs, signal);
        }
      } catch (error) {
        this.#redisFailed(error);
        await sleep(LONGEST_RECONNECT_MS / 2, signal);
      }
    }
  }

  /** Whether a job may be taken now. If not, waits a while before it returns false. */
  async #mayTake(): Promise<boolean> {
    const { check, recover } = this.#context;
    await check();
    if (performance.now() - this.#recoveredAt > RECOVER_MS) {
      this.#recoveredAt = performance.now();
      recover(RECOVER_MS).catch(() => {});
    }
    const { leftMs } = this.#pause;
    this.#isTaking = leftMs <= 0 && this.#underWay.size < this.#most();
    if (this.#isTaking) return true;
    if (leftMs > 0) await sleep(Math.min(leftMs, LOOK_MS), this.#stopping.signal);
    else await Promise.race([...this.#underWay].map(({ done }) => done));
    return false;
  }

  /** How many users may be under way at once. */
  #most(): number {
    return this.#pause.isOn ? 1 : this.#context.concurrency;
  }

  async #take(): Promise<UserJob | undefined> {
    const token = crypto.randomUUID();
    const job: UserJob | undefined = await this.#worker.getNextJob(token, { block: false });
    this.#answered();
    if (job) await this.#begin(job, token);
    return job;
  }

  /**
   * Begins to work on a job. If the worker was closed after it took the job, gives the job back. `taken`: what Redis
   * answered if the user's record was taken together with the job.
   */
  async #begin(job: UserJob, token: string, taken?: unknown): Promise<void> {
    if (this.#stopping.signal.aborted) {
      await job.moveToWait(token);
      return;
    }
    const done = this.#handle(job, token, taken)
      .catch((error) => this.#redisFailed(error))
      .finally(() => this.#underWay.delete(underWay));
    const underWay: UnderWay = { jobId: job.id ?? "", token, done };
    this.#underWay.add(underWay);
  }

  /** Works on a job and ends it. If ending the job fails, its lock expires, and a worker begins with it again. */
  async #handle(job: UserJob, token: string, taken: unknown): Promise<void> {
    const data: JobData = { ...jobOf(job.id ?? ""), platform: job.data.platform };
    const startedAt = performance.now();
    const later = (ms: number) => job.moveToDelayed(Date.now() + ms, token);
    const about: JobSubject = {};
    let ended: JobEnd | undefined;
    const end: JobSteps["end"] = async (text, run) => {
      ended = await this.#ends.complete(job, text, token, this.#prepareEnd(job), run);
    };
    let outcome: JobOutcome | Refusal;
    try {
      const wasKilled = job.stalledCounter > 0;
      outcome = await this.#context.work(data, this.#closing.signal, wasKilled, about, { taken, end });
    } catch (error) {
      if (this.#closing.signal.aborted) return later(0);
      const failure = failureOf(error);
      const concernsAll = this.#pause.failed(data.key, error, startedAt);
      if (concernsAll) this.#tellPause(failure.code ?? "unknown", failure.message, about);
      await job.updateData({ ...job.data, failure });
      // The job waits until some time after the end of the pause, so that the worker tries a different user first.
      if (concernsAll) return later(this.#pause.leftMs * (1 + Math.random()));
      const { code, message } = failure;
      const text = `job ${job.id}: ${code ?? "failed"}: ${message}`;
      this.#log("warn", text, { event: "job_failed", code, job: job.id, ...about });
      const isFinal = isOpleadError(error) && (code === "invalid_input" || code === "state_lost");
      const reason = `${code}: ${message}`;
      await job.moveToFailed(isFinal ? new UnrecoverableError(reason) : new Error(reason), token, false);
      return;
    }
    if (typeof outcome === "string") {
      const level = outcome === "waits_for_parent" ? "warn" : "error";
      if (isNew(this.#toldRefusals, outcome))
        this.#log(level, REFUSALS[outcome], { event: "jobs_waiting", code: outcome });
      return later(Math.min(LONGEST_REFUSAL_MS, REFUSAL_MS * (job.attemptsStarted - job.attemptsMade)));
    }
    if (outcome.requests > 0) this.#succeeded();
    ended ??= await this.#ends.completeAlone(job, outcome.outcome, token, this.#prepareEnd(job));
    if (ended.error !== undefined) throw ended.error;
    if (!ended.mayTake) return;
    this.#answered();
    const [next, id] = ended.next ?? [];
    if (next) await this.#begin(Job.fromJSON<StoredJob, string>(this.#worker, next, id), token, ended.taken);
  }

  /** Prepares a job for its end. Returns whether the worker may take another job then. */
  #prepareEnd(job: UserJob): boolean {
    // Chooses the job at random instead of counting jobs, so that workers that run only for a few jobs remove old
    // jobs too.
    if (Math.random() < 1 / TRIM_EVERY) job.opts.removeOnComplete ??= { count: KEEP_COMPLETED };
    // `#underWay` still counts the job that is about to end.
    return !this.#stopping.signal.aborted && this.#pause.leftMs <= 0 && this.#underWay.size <= this.#most();
  }

  #tellPause(code: string, message: string, about: JobSubject): void {
    if (!isNew(this.#toldPauses, code)) return;
    const wait = duration(this.#pause.leftMs);
    const plan = `Every user would meet it: the worker pauses, and tries one user after ${wait}, then after longer waits.`;
    this.#log("error", `${code}: ${message} ${plan}`, { event: "worker_paused", code, ...about });
  }

  #succeeded(): void {
    const wasOn = this.#pause.isOn;
    this.#pause.succeeded();
    if (!wasOn) return;
    this.#log("info", "a user was synced: the pause is over", { event: "worker_resumed" });
    this.#toldPauses.clear();
    this.#context.promote().catch((error) => this.#redisFailed(error));
  }

  /**
   * Renews the locks of the jobs under way. The request is also sent if there are no such jobs, to see whether Redis
   * answers; if it does not, the worker connects again.
   */
  async #renew(): Promise<void> {
    const { lockMs } = this.#context;
    const underWay = [...this.#underWay];
    try {
      const [ids, tokens] = [underWay.map(({ jobId }) => jobId), underWay.map(({ token }) => token)];
      const renewed = this.#worker.extendJobLocks(ids, tokens, Math.ceil(lockMs));
      await withLimit(renewed, lockMs / 3, () => {
        connectionIn(this.#worker).client.then(
          (client) => reconnect(client as never),
          () => {},
        );
        throw new Error("Redis did not answer in time");
      });
      // A worker that takes jobs is alive if it can take the next job. A renewal does not show that: if no job is under
      // way, there is no lock to renew, so the renewal succeeds even if Redis refuses writes.
      if (!this.#isTaking) this.#answered();
    } catch (error) {
      this.#redisFailed(error);
    }
  }

  #answered(): void {
    const now = performance.now();
    this.#aliveAt = now;
    if (this.#redisFailedAt === undefined || now - this.#redisFailedAt < CALM_MS) return;
    this.#redisFailedAt = undefined;
    this.#log("info", "the worker's Redis answers again", { event: "redis_answers" });
  }

  /** Logs only the first of several failures of Redis in a row. */
  #redisFailed(error: unknown): void {
    // BullMQ's own error codes are numbers. Such a code means that the job was removed, or given to another worker.
    if (this.#stopping.signal.aborted || typeof Object(error).code === "number") return;
    const isFirst = this.#redisFailedAt === undefined;
    this.#redisFailedAt = performance.now();
    if (!isFirst) return;
    const isOurs = isOpleadError(error);
    const code = isOurs ? error.code : redisCode(error);
    const text = isOurs ? error.message : `the worker's Redis failed (${code ?? "no code"}); it tries again`;
    this.#log(isOurs && !error.retryable ? "error" : "warn", text, {
      event: "redis_failed",
      code: code ?? "unknown",
    });
  }

  #log(level: "info" | "warn" | "error", text: string, fields: LogFields): void {
    this.#context.logger?.[level](`oplead-sdk: queue: ${text}`, fields);
  }
}

/** Adds a value to a set. Returns whether the set did not have it before. */
function isNew<T>(set: Set<T>, value: T): boolean {
  return set.size !== set.add(value).size;
}

const REFUSALS: Readonly<Record<Refusal, string>> = {
  other_platform: "jobs are for another platform than this worker's client. They wait for another worker.",
  other_mode:
    "jobs are for test mode and this worker's client is not in test mode, or the reverse. They wait for another worker.",
  unknown_key:
    "users were encrypted with a key that this worker does not have: see encryptionKey. They wait for another worker.",
  waits_for_parent: "users are refused, perhaps because Oplead does not have their parents yet. They wait for those.",
};

const LONGEST_BACKOFF_MS = 300_000;
/** How many finished jobs stay visible, for a dashboard. */
const KEEP_COMPLETED = 1_000;
/** One job in this many removes old finished jobs when it ends. Looking for them costs as much as ending a job. */
const TRIM_EVERY = 50;
/**
 * How long the worker waits before it asks an empty queue again. The first waits are short, because users often arrive
 * one soon after the other.
 */
const SHORTEST_IDLE_MS = 20;
const LONGEST_IDLE_MS = 250;
/**
 * The longest sleep during a pause. After it the worker looks again, because a user under way may have succeeded and
 * ended the pause.
 */
const LOOK_MS = 5_000;
const RECOVER_MS = 60_000;
/** The longest wait between two attempts to connect to Redis. */
const LONGEST_RECONNECT_MS = 2_000;
/** If Redis fails within this time after its last failure, the new failure is not logged. */
const CALM_MS = 10_000;
/**
 * The first wait of a job for a worker that can do it, or for the user's parent, in milliseconds. Each further wait
 * is longer by the same time.
 */
const REFUSAL_MS = 500;
const LONGEST_REFUSAL_MS = 60_000;

/**
 * Decides whether a failure concerns all users of a worker. If it does, the worker pauses, and after growing waits
 * tries one user at a time until one succeeds; the jobs lose no attempt. Some failures always concern all users. Others
 * (no answer, 5xx, a page of a proxy) concern all users if they happen to two users and no user has succeeded in
 * between, because a single user may itself cause a failure in Oplead.
 */
export class Pause {
  readonly #shortestMs: number;
  readonly #now: () => number;
  #lastFailed: string | undefined;
  #probes = 0;
  #beganAt = 0;
  #until = 0;

  constructor(shortestMs: number, now: () => number) {
    this.#shortestMs = shortestMs;
    this.#now = now;
  }

  /** Whether the worker is in a pause after failures. In a pause it tries one user at a time. */
  get isOn(): boolean {
    return this.#probes > 0;
  }

  /** The time until the next user may be tried, in milliseconds. */
  get leftMs(): number {
    return Math.max(0, this.#until - this.#now());
  }

  /** Ends the pause. */
  succeeded(): void {
    this.#lastFailed = undefined;
    this.#probes = 0;
    this.#until = 0;
  }

  /**
   * Whether the failure concerns all users. Then the pause begins, or goes on. `startedAt`: when the work on the user
   * began.
   */
  failed(key: string, error: unknown, startedAt: number): boolean {
    const code = isOpleadError(error) ? error.code : undefined;
    if (code && CONCERNS_ONE.has(code)) return false;
    const isSecond = this.#lastFailed !== undefined && this.#lastFailed !== key;
    this.#lastFailed = key;
    if (!this.isOn && !isSecond && !(code && CONCERNS_ALL.has(code))) return false;
    // Ignore failures of jobs that started before the pause.
    if (this.isOn && startedAt < this.#beganAt) return true;
    const askedMs = (isOpleadError(error) && error.retryAfterMs) || 0;
    const ms = Math.max(this.#shortestMs * 2 ** this.#probes, askedMs);
    this.#probes += 1;
    this.#beganAt = this.#now();
    this.#until = this.#beganAt + Math.min(LONGEST_MS, ms);
    return true;
  }
}

/** Codes of failures that concern all users: about the token, the address, the ledger, the options or the rate. */
const CONCERNS_ALL: ReadonlySet<OpleadErrorCode> = new Set([
  "token_unavailable",
  "unauthorized",
  "forbidden",
  "not_found",
  "rate_limited",
  "invalid_options",
  "ledger_mismatch",
  "ledger_unavailable",
  "queue_unavailable",
]);

/** Codes of failures that always concern one user. */
const CONCERNS_ONE: ReadonlySet<OpleadErrorCode> = new Set([
  "invalid_input",
  "state_lost",
  "ledger_conflict",
  "aborted",
]);

const LONGEST_MS = 300_000;
