import { Job, UnrecoverableError, Worker } from "bullmq";
import { isOpleadError } from "../core/errors.ts";
import type { LogFields, OpleadLogger } from "../core/log.ts";
import type { OpleadErrorCode } from "../core/names.ts";
import { sleep, withLimit } from "../core/time.ts";
import { duration } from "../locales/en/words.ts";
import { redisErrorCode } from "../redis/client.ts";
import { failureOf, type JobData, jobOf, type StoredJob } from "./job.ts";
import { type JobEnd, JobEnds } from "./job-scripts.ts";
import type { JobOutcome, JobSteps, JobSubject, jobWork, Refusal } from "./job-work.ts";
import type { UserWorker } from "./options.ts";
import { reconnect } from "./redis-access.ts";
import { connectionIn } from "./versions.ts";

export interface WorkerContext {
  readonly name: string;
  readonly prefix: string;
  connection(more: object): never;
  readonly backoffMs: number;
  readonly concurrency: number;
  readonly lockMs: number;
  readonly logger: OpleadLogger | undefined;
  readonly work: ReturnType<typeof jobWork>;
  check(): Promise<void>;
  promote(): Promise<void>;
  recover(everyMs: number): Promise<void>;
}

type UserJob = Job<StoredJob, string>;

interface UnderWay {
  readonly jobId: string;
  // BullMQ may hand out the next job as it ends one: both have the same token.
  readonly token: string;
  readonly done: Promise<void>;
}

// Fetches jobs itself ("Manually fetching jobs" in BullMQ's guide): BullMQ's own loop can stay silent after an outage
// of Redis, cannot pause without costing an attempt, and does not tell when it last asked.
export class QueueWorker implements UserWorker {
  readonly #context: WorkerContext;
  readonly #pause: Pause;
  readonly #stopping = new AbortController();
  readonly #closing = new AbortController();
  readonly #ends = new JobEnds();
  readonly #underWay = new Set<UnderWay>();
  readonly #toldRefusals = new Set<Refusal>();
  readonly #toldPauses = new Set<string>();
  readonly #loop: Promise<void>;
  readonly #renewing: ReturnType<typeof setInterval>;
  readonly #worker: Worker<StoredJob, string>;
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
    await this.#within(this.#loop, 500);
    const finished = () => Promise.all([...this.#underWay].map(({ done }) => done));
    await this.#within(finished(), this.#context.lockMs);
    this.#closing.abort(new Error("the worker was closed"));
    await this.#within(finished(), LONGEST_RECONNECT_MS + 500);
    clearInterval(this.#renewing);
    await this.#within(this.#worker.close(true), 500);
  }

  #within(task: Promise<unknown>, ms: number): Promise<unknown> {
    return withLimit(task, ms, () => {}).catch(() => {});
  }

  #connect(): Worker<StoredJob, string> {
    const { name, prefix, connection, lockMs, backoffMs } = this.#context;
    const options = {
      connection: connection({
        // While the worker closes, commands that wait for a lost Redis must fail.
        retryStrategy: (times: number) =>
          this.#closing.signal.aborted ? null : Math.min(LONGEST_RECONNECT_MS, 100 * 2 ** times),
      }),
      prefix,
      lockDuration: Math.ceil(lockMs), // Redis takes whole numbers only
      stalledInterval: Math.ceil(lockMs / 3),
      // BullMQ fails a job whose workers were killed too often, which is not the job's fault.
      maxStalledCount: 1_000,
      settings: {
        backoffStrategy: (attempt: number) =>
          Math.min(LONGEST_BACKOFF_MS, backoffMs * 2 ** (attempt - 1)) * (0.5 + Math.random() / 2),
      },
    };
    const worker = new Worker<StoredJob, string>(name, null, options, this.#ends.backend);
    worker.on("error", (error) => this.#redisFailed(error));
    // The killed worker cannot log why its user is sent late.
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

  // If ending the job fails, its lock expires, and a worker begins again.
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
      // The wait is random, so that another user is tried first.
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

  #prepareEnd(job: UserJob): boolean {
    // Trims at random and not by a count, so that workers that run for a few jobs trim, too.
    if (Math.random() < 1 / TRIM_EVERY) job.opts.removeOnComplete ??= { count: KEEP_COMPLETED };
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

  // Renews locks, even without jobs, to see whether Redis answers. If it does not, reconnects.
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
      // Without locks to renew this succeeds even if Redis refuses writes, so it proves nothing while jobs are taken.
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
    this.#context.logger?.[level](`oplead-sdk: queue: ${text}`, fields);
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
// One job in so many trims old jobs, because looking for them costs as much as ending a job.
const TRIM_EVERY = 50;
// An empty queue is asked again soon: users often arrive one after the other.
const SHORTEST_IDLE_MS = 20;
const LONGEST_IDLE_MS = 250;
// A pause is looked at this often, because a user in flight may have ended it.
const LOOK_MS = 5_000;
const RECOVER_MS = 60_000;
const LONGEST_RECONNECT_MS = 2_000;
const CALM_MS = 10_000;
const REFUSAL_MS = 500;
const LONGEST_REFUSAL_MS = 60_000;

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
