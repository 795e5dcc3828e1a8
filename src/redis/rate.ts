import { type Clock, sleep, systemClock } from "../core/time.ts";
import { MAX_TIMER_MS, number, options as optionsSchema, valueThat } from "../core/validate.ts";
import { tellStore } from "../locales/en/core.ts";
import { duration } from "../locales/en/words.ts";
import { FIRST_PROBE_MS } from "../transport/limiter/rate.ts";
import type {
  RateLimitOptions,
  SharedRate,
  SharedRateRequest,
  SharedRefusal,
  SharedTurn,
} from "../transport/options.ts";
import { answerWithin, argumentsCheck, keyText, type RedisClient, redisErrorCode } from "./client.ts";
import { PATIENCE_MS, type Reserved, type Started, StoredRate } from "./rate-state.ts";

/**
 * Options of {@link redisRate}: all clients together start at most `requests` requests in every `perMs` milliseconds.
 */
export interface RedisRateOptions extends RateLimitOptions {
  /** Beginning of the limit's keys; clients with the same one share the limit. Use one for each API token. */
  readonly prefix: string;
  /** @internal Share of the limit that each client uses while Redis does not answer, 0 to 1. Default 1/4. */
  readonly shares?: number | undefined;
}

/** A {@link SharedRate} in Redis. */
export interface RedisRate extends SharedRate {
  /**
   * Ends a pause that the server asked for, and forgets what 429s showed: all clients start again at the configured
   * rate. For an operator who knows that Oplead works well. Rejects if Redis does not answer.
   */
  reset(): Promise<void>;
}

/**
 * Rate limit that all clients of all processes share, for `createOplead({ rateLimit })`: the count of requests, a pause
 * that the server asks for, and what 429s show about its real limit. Times are Redis's own. While Redis does not
 * answer, each client goes on with its share of the limit, logs that once, and shares again as soon as Redis answers.
 *
 * ```ts
 * const rateLimit = redisRate(redis, { prefix: "oplead:rate", requests: 10, perMs: 1000 });
 * const oplead = createOplead({ rateLimit });
 * ```
 *
 * @throws {@link OpleadError} `invalid_options`.
 */
export function redisRate(redis: RedisClient, options: RedisRateOptions): RedisRate {
  checkArguments(redis, options);
  return openRedisRate(redis, options, systemClock);
}

const checkArguments = /* @__PURE__ */ argumentsCheck<RedisRateOptions>("redisRate", () =>
  optionsSchema(
    { shares: valueThat(isShare, tellStore("not_share")) },
    { prefix: keyText(), requests: number(1, 1e6), perMs: number(1, MAX_TIMER_MS) },
  ),
);

function isShare(value: unknown): boolean {
  return typeof value === "number" && value > 0 && value <= 1;
}

export function openRedisRate(redis: RedisClient, options: RedisRateOptions, clock: Clock): RedisRate {
  return new SharedInRedis(redis, options, clock);
}

const PROBE_MS = 500;

// Slots are given up after this delay: a process that stood still would use all of its slots at once. Timers of a busy
// machine are less late.
const LATE_MS = 250;

// A start whose answer is this late is counted again, because Redis has counted it too early.
const LATE_ANSWER_MS = 10;
const MOST_LATE_ANSWERS = 3;
const LOOK_MS = 1_000;

class SharedInRedis implements RedisRate {
  readonly requests: number;
  readonly perMs: number;
  readonly #clock: Clock;
  readonly #stored: StoredRate;
  readonly #share: LocalShare;
  readonly #shares: number;
  #perSecond: number;
  #isShared = true;
  #isToldAlone = false;
  #hasReturned = false;
  #probedAt = 0;
  #usualMs = PATIENCE_MS;

  constructor(redis: RedisClient, { prefix, requests, perMs, shares = 0.25 }: RedisRateOptions, clock: Clock) {
    this.requests = requests;
    this.perMs = perMs;
    this.#clock = clock;
    this.#stored = new StoredRate(redis, prefix, { requests, perMs }, clock);
    this.#shares = shares;
    this.#share = new LocalShare(perMs / (requests * shares), clock);
    this.#perSecond = (requests / perMs) * 1000;
  }

  get perSecond(): number {
    return this.#perSecond;
  }

  async acquire({ withinMs, signal, warn }: SharedRateRequest): Promise<SharedTurn | SharedRefusal> {
    const until = this.#clock.now() + withinMs;
    for (;;) {
      if (signal?.aborted) return { reason: "aborted" };
      const left = until - this.#clock.now();
      if (left <= 0) return { reason: "deadline" };
      const askedAt = this.#clock.now();
      const reserved = await this.#reserve(left, warn);
      if (!reserved) return this.#acquireAlone(left, signal);
      const [given, waitMs, epoch, , pauseMs, at] = reserved;
      if (given === 0) {
        if (pauseMs > left) return { reason: "paused", forMs: pauseMs };
        if (waitMs > left) return { reason: "deadline" };
        // Another process may find out meanwhile that the pause is over.
        await sleep(Math.min(waitMs, LOOK_MS), signal, this.#clock);
        continue;
      }
      const isProbe = given === 2;
      const started = { startedAt: at, epoch, isProbe };
      if (waitMs === 0 && !this.#isLate(askedAt)) return this.#turn(started);
      const begun = await this.#begin(started, waitMs, until, { signal, warn });
      if (begun === "alone") return this.#acquireAlone(until - this.#clock.now(), signal);
      if (begun !== "lost") return begun;
    }
  }

  // `waitMs` 0: Redis has counted the start, but answered so late that it must be counted again. `lost`: the slot is no
  // longer valid.
  async #begin(
    slot: Started,
    waitMs: number,
    until: number,
    { signal, warn }: Pick<SharedRateRequest, "signal" | "warn">,
  ): Promise<SharedTurn | SharedRefusal | "alone" | "lost"> {
    let wait = waitMs;
    let tooEarly = waitMs === 0 ? slot.startedAt : 0;
    for (let lateAnswers = 0; ; ) {
      const dueAt = this.#clock.now() + wait;
      if (dueAt > until) return { reason: "deadline" };
      if (wait > 0 && !(await sleep(Math.ceil(wait), signal, this.#clock))) return { reason: "aborted" };
      const askedAt = this.#clock.now();
      if (askedAt - dueAt > LATE_MS) return "lost";
      const begun = await this.#answerOf(this.#stored.begin(slot.epoch, tooEarly), warn);
      if (!begun) return "alone";
      const [next, startedAt] = begun;
      if (next < 0) return "lost";
      wait = next;
      tooEarly = next === 0 ? startedAt : 0;
      if (next > 0) continue;
      if (!this.#isLate(askedAt) || lateAnswers === MOST_LATE_ANSWERS) return this.#turn({ ...slot, startedAt });
      lateAnswers += 1;
    }
  }

  #isLate(askedAt: number): boolean {
    const tookMs = this.#clock.now() - askedAt;
    // The usual time grows slowly, in case Redis becomes slower for good.
    this.#usualMs = Math.min(tookMs, this.#usualMs * 1.02 + 0.1);
    return tookMs - this.#usualMs > LATE_ANSWER_MS;
  }

  async #reserve(withinMs: number, warn: SharedRateRequest["warn"]): Promise<Reserved | undefined> {
    if (!this.#isShared) {
      this.#probe();
      return undefined;
    }
    const share = this.#hasReturned ? this.#shares : 0;
    this.#hasReturned = false;
    const reserved = await this.#answerOf(this.#stored.reserve(withinMs, share), warn);
    if (!reserved) return undefined;
    if (this.#isToldAlone) {
      this.#isToldAlone = false;
      warn("the shared rate's Redis answers again; the limit is shared", "shared");
    }
    const [, , , perSecond, , , backMs] = reserved;
    this.#perSecond = perSecond;
    if (backMs > 1_000)
      warn(
        `the clock of the shared rate's Redis went back by ${duration(backMs)}; its times were moved`,
        "clock_went_back",
      );
    return reserved;
  }

  async #answerOf<T>(asked: Promise<T>, warn: SharedRateRequest["warn"]): Promise<T | undefined> {
    try {
      return await answerWithin(asked, PATIENCE_MS, this.#clock);
    } catch (error) {
      if (!this.#isShared) return undefined;
      this.#isShared = false;
      this.#probedAt = this.#clock.now();
      // The requests of the last second were counted for all clients together.
      this.#share.pause(0);
      // Redis may accept the ping and refuse the next slot: log once.
      if (this.#isToldAlone) return undefined;
      this.#isToldAlone = true;
      const code = redisErrorCode(error);
      const what = code === undefined ? "does not answer" : `fails (${code})`;
      warn(`the shared rate's Redis ${what}; this client goes on with its share of the limit`, "not_shared");
      return undefined;
    }
  }

  #turn(started: Started): SharedTurn {
    return {
      accepted: () => this.#stored.accepted(started),
      unsent: () => {},
      refused: (pauseMs) => {
        this.#share.pause(Math.min(pauseMs, FIRST_PROBE_MS));
        this.#stored.refused(started, pauseMs);
      },
    };
  }

  async reset(): Promise<void> {
    await answerWithin(this.#stored.forget(), PATIENCE_MS, this.#clock);
  }

  async #acquireAlone(withinMs: number, signal: AbortSignal | undefined): Promise<SharedTurn | SharedRefusal> {
    const waitMs = this.#share.reserve(withinMs);
    if (waitMs > withinMs) return { reason: "deadline" };
    if (!(await sleep(Math.ceil(waitMs), signal, this.#clock))) return { reason: "aborted" };
    const refused = (pauseMs: number): void => this.#share.pause(Math.min(pauseMs, FIRST_PROBE_MS));
    return { accepted: () => {}, unsent: () => {}, refused };
  }

  #probe(): void {
    if (this.#clock.now() - this.#probedAt < PROBE_MS) return;
    this.#probedAt = this.#clock.now();
    answerWithin(this.#stored.ping(), PATIENCE_MS, this.#clock).then(
      () => {
        if (this.#isShared) return;
        this.#isShared = true;
        this.#hasReturned = true;
      },
      () => {},
    );
  }
}

export class LocalShare {
  readonly #intervalMs: number;
  readonly #clock: Clock;
  #next = 0;

  constructor(intervalMs: number, clock: Clock) {
    this.#intervalMs = intervalMs;
    this.#clock = clock;
  }

  reserve(withinMs: number): number {
    const now = this.#clock.now();
    const slot = Math.max(this.#next, now);
    if (slot - now <= withinMs) this.#next = slot + this.#intervalMs;
    return slot - now;
  }

  pause(ms: number): void {
    this.#next = Math.max(this.#next, this.#clock.now() + Math.max(ms, this.#intervalMs));
  }
}
