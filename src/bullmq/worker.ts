import { DelayedError, type Job, UnrecoverableError, type Worker, type WorkerOptions } from "bullmq";
import { isOpleadError } from "../core/errors.ts";
import type { LogFields, OpleadLogger } from "../core/log.ts";
import type { OpleadErrorCode } from "../core/names.ts";
import { sleep, withLimit } from "../core/time.ts";
import { duration } from "../locales/en/words.ts";
import { redisErrorCode } from "../redis/client.ts";
import { failureOf, type StoredJob, userKeyOf } from "./job.ts";
import type { JobOutcome, JobSubject, jobWork, Refusal } from "./job-work.ts";
import type { UserWorker } from "./options.ts";

export interface WorkerContext {
  open(process: (job: UserJob, token?: string) => Promise<JobResult>, options: OpenOptions): OpenWorker;
  readonly backoffMs: number;
  readonly concurrency: number;
  readonly lockMs: number;
  readonly logger: OpleadLogger | undefined;
  readonly work: ReturnType<typeof jobWork>;
  check(): Promise<void>;
  promote(): Promise<void>;
  recover(): Promise<void>;
  // Jobs wait for any worker that has room.
  hasWork(): Promise<boolean>;
}

// What a job returns: who waits for its user is told by the key.
export interface JobResult extends Pick<JobOutcome, "outcome"> {
  readonly key: string;
}

type UserJob = Job<StoredJob, JobResult>;

export type OpenWorker = Pick<
  Worker<StoredJob, JobResult>,
  "on" | "run" | "pause" | "resume" | "close" | "concurrency"
>;

interface OpenOptions extends Omit<WorkerOptions, "connection"> {
  readonly connection: object;
}

// BullMQ's worker, watched: after an outage of Redis its loop can stay silent, although it says that it runs.
export class QueueWorker implements UserWorker {
  readonly #context: WorkerContext;
  readonly #pause: Pause;
  readonly #stopping = new AbortController();
  readonly #closing = new AbortController();
  readonly #inFlight = new Set<Promise<unknown>>();
  readonly #toldRefusals = new Set<Refusal>();
  readonly #toldPauses = new Set<string>();
  readonly #watching: Promise<void>;
  #worker: OpenWorker | undefined;
  #resuming: ReturnType<typeof setTimeout> | undefined;
  #restUntil = -REST_EVERY_MS;
  #calmAt = performance.now();
  #startedAt = 0;
  #tookAt = 0;
  #lookedAt = 0;
  #redisFailedAt: number | undefined;
  #closed: Promise<void> | undefined;

  constructor(context: WorkerContext) {
    this.#context = context;
    this.#pause = new Pause(context.backoffMs, () => performance.now());
    this.#watching = this.#watch();
  }

  isHealthy(): boolean {
    return performance.now() - this.#calmAt <= this.#context.lockMs;
  }

  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    this.#stopping.abort();
    clearTimeout(this.#resuming);
    await this.#within(this.#watching, 500);
    const closed = Promise.resolve(this.#worker?.close());
    await this.#within(Promise.allSettled([...this.#inFlight]), this.#context.lockMs);
    this.#closing.abort(new Error("the worker was closed"));
    await this.#within(closed, LONGEST_RECONNECT_MS + 500);
  }

  #within(task: Promise<unknown>, ms: number): Promise<unknown> {
    return withLimit(task, ms, () => {}).catch(() => {});
  }

  #connect(): OpenWorker {
    const { open, lockMs, backoffMs } = this.#context;
    const worker = open((job, token) => this.#handle(job, token), {
      connection: {
        // Ends a half-open connection; the longest silence is that of the blocking one.
        socketTimeout: 20_000,
        // While the worker closes, commands that wait for a lost Redis must fail.
        retryStrategy: (times: number) =>
          this.#closing.signal.aborted ? null : Math.min(LONGEST_RECONNECT_MS, 100 * 2 ** times),
      },
      concurrency: this.#most(),
      autorun: false,
      lockDuration: Math.ceil(lockMs), // Redis takes whole numbers only
      stalledInterval: Math.ceil(lockMs / 3),
      // BullMQ fails a job whose workers were killed too often, which is not the job's fault.
      maxStalledCount: 1_000,
      removeOnComplete: { count: KEEP_COMPLETED },
      settings: {
        backoffStrategy: (attempt: number) =>
          Math.min(LONGEST_BACKOFF_MS, backoffMs * 2 ** (attempt - 1)) * (0.5 + Math.random() / 2),
      },
    });
    // Errors without a code are BullMQ's own, as about a lock; a lost Redis is noticed by looking.
    worker.on("error", (error) => this.#worker === worker && redisErrorCode(error) && this.#redisFailed(error));
    // The killed worker cannot log why its user is sent late.
    worker.on("stalled", (job) =>
      this.#log("warn", `job ${job}: the worker that had it was killed or stood still; another one takes it`, {
        event: "job_stalled",
        job,
      }),
    );
    this.#startedAt = performance.now();
    worker.run().catch((error) => this.#redisFailed(error));
    return worker;
  }

  async #watch(): Promise<void> {
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      await this.#look().catch((error) => this.#redisFailed(error));
      await sleep(LOOK_MS, signal);
    }
  }

  async #look(): Promise<void> {
    const { check, recover, hasWork } = this.#context;
    await check();
    if (this.#stopping.signal.aborted) return;
    this.#worker ??= this.#connect();
    this.#applyPause();
    await recover();
    const mayTake = this.#pause.leftMs <= 0 && this.#inFlight.size < this.#most();
    const isSilent = mayTake && this.#tookAt < this.#lookedAt && (await hasWork());
    const now = performance.now();
    this.#lookedAt = now;
    if (!isSilent) {
      this.#calmAt = now;
      this.#answered();
    } else if (now - Math.max(this.#calmAt, this.#startedAt) > SILENT_MS) {
      this.#log("warn", "jobs wait, and the worker took none: it starts again", { event: "worker_restarted" });
      this.#worker.close(true).catch(() => {});
      this.#worker = this.#connect();
    }
  }

  #most(): number {
    return this.#pause.isOn ? 1 : this.#context.concurrency;
  }

  // Errors of these methods are those of the worker.
  #applyPause(): void {
    clearTimeout(this.#resuming);
    const leftMs = Math.max(this.#pause.leftMs, this.#restMs());
    const worker = this.#worker;
    if (!worker || this.#stopping.signal.aborted) return;
    worker.concurrency = this.#most();
    if (leftMs <= 0) return void worker.resume();
    worker.pause(true).catch(() => {});
    this.#resuming = setTimeout(() => this.#applyPause(), leftMs);
  }

  #restMs(): number {
    return this.#restUntil - performance.now();
  }

  // Workers that wait for the same delayed job wake at the same moment, and the same one may win again and again.
  #rest(): void {
    if (-this.#restMs() < REST_EVERY_MS) return;
    this.#restUntil = performance.now() + REST_MS;
    this.#applyPause();
  }

  #handle(job: UserJob, token: string | undefined): Promise<JobResult> {
    const handled = this.#process(job, token).finally(() => this.#inFlight.delete(handled));
    this.#inFlight.add(handled);
    return handled;
  }

  async #process(job: UserJob, token: string | undefined): Promise<JobResult> {
    const startedAt = performance.now();
    this.#tookAt = startedAt;
    // If this fails, the job's lock expires, and a worker begins again: no attempt is lost.
    const later = async (ms: number): Promise<never> => {
      await job.moveToDelayed(Date.now() + ms, token).catch((error) => this.#redisFailed(error));
      throw new DelayedError();
    };
    // The wait is random, so that another user is tried first.
    const afterPause = () => later(this.#pause.leftMs * (1 + Math.random()));
    if (this.#stopping.signal.aborted) return later(0);
    if (this.#pause.leftMs > 0) return afterPause();
    // BullMQ's worker may take one more job, or the first sign of it, after its pause began: another sign follows.
    const promote = () => void job.promote().catch(() => {});
    const handOver = () => later(REST_MS).finally(() => void setTimeout(promote, HAND_OVER_MS));
    if (this.#restMs() > 0) return handOver();
    const about: JobSubject = {};
    const { id = "", stalledCounter, deduplicationId: key = "" } = job;
    let outcome: JobOutcome | Refusal;
    try {
      const taken = { ...userKeyOf(key), id, wasKilled: stalledCounter > 0 };
      outcome = await this.#context.work(taken, this.#closing.signal, about);
    } catch (error) {
      if (this.#closing.signal.aborted) return later(0);
      const failure = failureOf(error);
      const { code, message } = failure;
      await job.updateData({ failure }).catch((cause) => this.#redisFailed(cause));
      if (this.#pause.failed(key, error, startedAt)) {
        this.#applyPause();
        this.#tellPause(code ?? "unknown", message, about);
        return afterPause();
      }
      const text = `job ${id}: ${code ?? "failed"}: ${message}`;
      this.#log("warn", text, { event: "job_failed", code, job: id, ...about });
      const isFinal = code === "invalid_input" || code === "state_lost";
      const reason = `${code}: ${message}`;
      throw isFinal ? new UnrecoverableError(reason) : new Error(reason);
    }
    if (typeof outcome === "string") {
      const level = outcome === "waits_for_parent" ? "warn" : "error";
      if (isNew(this.#toldRefusals, outcome))
        this.#log(level, REFUSALS[outcome], { event: "jobs_waiting", code: outcome });
      if (outcome !== "waits_for_parent") this.#rest();
      if (this.#restMs() > 0) return handOver();
      const starts = job.attemptsStarted - job.attemptsMade;
      return later(Math.min(LONGEST_REFUSAL_MS, REFUSAL_MS * starts) * (0.5 + Math.random() / 2));
    }
    if (outcome.requests > 0) this.#succeeded();
    return { key, outcome: outcome.outcome };
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
    this.#applyPause();
    this.#log("info", "a user was synced: the pause is over", { event: "worker_resumed" });
    this.#toldPauses.clear();
    this.#context.promote().catch((error) => this.#redisFailed(error));
  }

  #answered(): void {
    if (this.#redisFailedAt === undefined || performance.now() - this.#redisFailedAt < CALM_MS) return;
    this.#redisFailedAt = undefined;
    this.#log("info", "the worker's Redis answers again", { event: "redis_answers" });
  }

  #redisFailed(error: unknown): void {
    // A code that is a number is BullMQ's: the job was removed, or another worker has it.
    if (this.#stopping.signal.aborted || typeof Object(error).code === "number") return;
    const isFirst = this.#redisFailedAt === undefined;
    this.#redisFailedAt = performance.now();
    if (!isFirst) return;
    const isOurs = isOpleadError(error);
    const code = isOurs ? error.code : redisErrorCode(error);
    const text = isOurs ? error.message : `the worker's Redis failed (${code ?? "no code"}); it tries again`;
    this.#log(isOurs && !error.retryable ? "error" : "warn", text, {
      event: "redis_failed",
      code: code ?? "unknown",
    });
  }

  #log(level: "info" | "warn" | "error", text: string, fields: LogFields): void {
    this.#context.logger?.[level](`oplead-sdk: queue: ${text}`, { ...fields, queue: true });
  }
}

function isNew<T>(set: Set<T>, value: T): boolean {
  return set.size !== set.add(value).size;
}

const REFUSALS: Readonly<Record<Refusal, string>> = {
  other_platform: "jobs are for another platform than this worker's client. They wait for another worker.",
  other_mode:
    "jobs are for test mode and this worker's client is not in test mode, or the reverse. They wait for another worker.",
  unknown_key:
    "users cannot be decrypted: this worker lacks their encryptionKey, or a person copied their states. They wait for another worker.",
  waits_for_parent: "users are refused, perhaps because Oplead does not have their parents yet. They wait for those.",
};

const LONGEST_BACKOFF_MS = 300_000;
const KEEP_COMPLETED = 1_000;
const LOOK_MS = 2_000;
const SILENT_MS = 10_000;
const LONGEST_RECONNECT_MS = 2_000;
const CALM_MS = 10_000;
const REFUSAL_MS = 500;
const LONGEST_REFUSAL_MS = 60_000;
const REST_MS = 500;
const REST_EVERY_MS = 5_000;
const HAND_OVER_MS = 50;

// Some failures concern all users; others (no answer, 5xx, a proxy's page) only if two users had them and none
// succeeded between, since one user may break Oplead. Then one user at a time is tried after growing waits, and no job
// loses an attempt.
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

  get isOn(): boolean {
    return this.#probes > 0;
  }

  get leftMs(): number {
    return Math.max(0, this.#until - this.#now());
  }

  succeeded(): void {
    this.#lastFailed = undefined;
    this.#probes = 0;
    this.#until = 0;
  }

  failed(key: string, error: unknown, startedAt: number): boolean {
    const code = isOpleadError(error) ? error.code : undefined;
    if (code && CONCERNS_ONE.has(code)) return false;
    const isSecond = this.#lastFailed !== undefined && this.#lastFailed !== key;
    this.#lastFailed = key;
    if (!this.isOn && !isSecond && !(code && CONCERNS_ALL.has(code))) return false;
    if (this.isOn && startedAt < this.#beganAt) return true;
    const askedMs = (isOpleadError(error) && error.retryAfterMs) || 0;
    const ms = Math.max(this.#shortestMs * 2 ** this.#probes, askedMs);
    this.#probes += 1;
    this.#beganAt = this.#now();
    this.#until = this.#beganAt + Math.min(LONGEST_MS, ms);
    return true;
  }
}

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

const CONCERNS_ONE: ReadonlySet<OpleadErrorCode> = new Set([
  "invalid_input",
  "state_lost",
  "ledger_conflict",
  "aborted",
]);

const LONGEST_MS = 300_000;
