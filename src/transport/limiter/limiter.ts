import { type Clock, onAbort } from "../../core/time.ts";
import { MAX_TIMER_MS } from "../../core/validate.ts";
import type {
  ClientRate,
  RateLimitOptions,
  SharedRefusal as Refusal,
  SharedRate,
  SharedRateRequest,
  SharedTurn,
} from "../options.ts";
import { Concurrency, type Waiter, WaitingLine } from "./lines.ts";
import { Allowance } from "./rate.ts";

/** The permission to send one request now. Every turn must be given back with {@link Limiter.release}. */
export interface Turn {
  readonly startedAt: number;
  /** How many requests were in flight when this request started, itself included. */
  readonly inFlight: number;
  /**
   * Whether the request started at once to make up for a late timer. If so, it follows the request before it sooner
   * than the rate allows.
   */
  readonly isMadeUp?: boolean;
}

/**
 * How a request ended. `accepted`: the request was sent, and the answer was not a 429. `refused`: a 429, with the time
 * that the server asks to wait. `unsent`: the request did not reach the server.
 */
export type Outcome =
  | { readonly was: "accepted" | "unsent" }
  | { readonly was: "refused"; readonly pauseMs: number | undefined };

/** Decides when each request of a client may start. */
export interface RequestLimiter extends ClientRate {
  /** The rate that the options set. It does not change when 429s show that the server allows less. */
  readonly rate: RateLimitOptions | false;
  /**
   * Waits for a turn. `rank`: how many requests the call has already sent; the call with the highest rank gets the next
   * turn.
   */
  acquire(deadlineAt: number, signal: AbortSignal | undefined, rank: number): Turn | Refusal | Promise<Turn | Refusal>;
  /** Ends a turn. */
  release(turn: Turn, outcome: Outcome): void;
}

/**
 * Decides when each request of a client starts, within limits: requests in flight, requests per second, none in a
 * pause. After a 429 it lowers the number in flight or the rate, whichever makes 429s rarer
 * (docs/explain/decisions.md).
 *
 * The rate is kept by a token bucket: each request takes a token, and tokens are added at the rate. The bucket holds
 * two tokens. A larger bucket lets a burst through, which a server with a small bucket answers with 429s; a bucket of
 * one token loses time when timers are late. No turn is reserved in advance: the first request in line takes the next
 * turn.
 */
export class Limiter implements RequestLimiter {
  readonly #clock: Clock;
  readonly #allowance: Allowance;
  readonly #concurrency: Concurrency;
  readonly #capacity: number;
  readonly #learnsRate: boolean;
  readonly rate: RateLimitOptions | false;

  #tokens: number;
  #refilledAt: number;
  #inFlight = 0;
  /** The time at which the latest request ended. */
  #endedAt: number;

  readonly #line = new WaitingLine<Turn | Refusal>();
  #waiting = 0;
  /** A time before which no waiting request reaches its deadline. */
  #nearestDeadline = Number.POSITIVE_INFINITY;
  #timer: unknown;
  #timerAt = Number.POSITIVE_INFINITY;
  /** When the first request in line may start. If the request starts later, the timer was late. */
  #dueAt = Number.POSITIVE_INFINITY;
  /** How many tokens there would be if the limiter did not make up for late timers. */
  #plainTokens: number;
  /**
   * Rises when the server refuses requests that started at once to make up for a late timer. A server with a small
   * bucket refuses requests that arrive together.
   */
  #madeUpScore = 0;
  #makesUpFrom = 0;
  #throttledMs = 0;

  /** `learnsRate: false`: the caller learns the rate from 429s, and the limiter does not. */
  constructor(options: { rate: RateLimitOptions | false; maxConcurrency: number; clock: Clock; learnsRate?: boolean }) {
    const { rate, clock, learnsRate = true } = options;
    this.#learnsRate = learnsRate;
    this.rate = rate;
    this.#clock = clock;
    this.#allowance = new Allowance(rate ? rate.requests / rate.perMs : Number.POSITIVE_INFINITY, clock.now());
    this.#concurrency = new Concurrency(options.maxConcurrency);
    this.#capacity = rate ? Math.min(2, Math.max(1, rate.requests)) : 2;
    this.#tokens = this.#capacity;
    this.#plainTokens = this.#capacity;
    this.#refilledAt = clock.now();
    this.#endedAt = this.#refilledAt;
  }

  get throttledMs(): number {
    return this.#throttledMs;
  }

  get perSecond(): number {
    return this.#rate.at(this.#clock.now()) * 1000;
  }

  /** How many requests may be in flight now: as many as the options allow, or fewer after a 429. */
  get maxInFlight(): number {
    return this.#concurrency.limit;
  }

  get #rate(): Allowance["rate"] {
    return this.#allowance.rate;
  }

  get #pausedUntil(): number {
    return this.#allowance.state.pausedUntil;
  }

  /** Waits for a turn. If no wait is needed, the turn is returned at once. */
  acquire(deadlineAt: number, signal: AbortSignal | undefined, rank: number): Turn | Refusal | Promise<Turn | Refusal> {
    const now = this.#clock.now();
    if (this.#waiting === 0 && this.#mayStart(now)) return this.#start(now);
    if (this.#pausedUntil > deadlineAt) return { reason: "paused", forMs: this.#pausedUntil - now };
    return this.#wait(deadlineAt, signal, rank);
  }

  /**
   * Ends a turn, and learns from how its request ended. Returns whether the request got a 429 because too many requests
   * were in flight.
   */
  release(turn: Turn, outcome: Outcome): boolean {
    let isAboutConcurrency = false;
    this.#inFlight -= 1;
    this.#endedAt = this.#clock.now();
    if (turn.isMadeUp && outcome.was !== "unsent") {
      this.#judgeMakingUp(outcome.was === "refused");
      // The refused request was sent to catch up after a late timer, so this 429 shows that the server's bucket is
      // small, and not that the rate is too high. A long Retry-After is obeyed in any case.
      if (outcome.was === "refused") {
        const { pauseMs = 0 } = outcome;
        if (pauseMs > LONG_PAUSE_MS && this.#learnsRate) this.#refused(turn, pauseMs);
        this.#pump();
        return false;
      }
    }
    if (outcome.was === "accepted") {
      this.#concurrency.accepted(turn.inFlight);
      if (this.#allowance.accepted(turn.startedAt, this.#endedAt)) this.#empty(this.#endedAt);
    } else if (outcome.was === "refused") {
      // If too many requests at once explain the 429, fewer may be in flight from now on, and the rate stays the same.
      isAboutConcurrency = this.#concurrency.refused(turn.inFlight);
      if (!isAboutConcurrency && this.#learnsRate) this.#refused(turn, outcome.pauseMs ?? 0);
    }
    this.#pump();
    return isAboutConcurrency;
  }

  /**
   * Counts refusals of requests that started at once to make up for a late timer. A single 429 may have a different
   * cause, but if most of these requests are refused, the limiter stops making up for late timers for a while.
   */
  #judgeMakingUp(isRefused: boolean): void {
    this.#madeUpScore = Math.max(0, this.#madeUpScore + (isRefused ? 1 : -0.25));
    if (this.#madeUpScore < MOST_REFUSED) return;
    this.#madeUpScore = 0;
    this.#makesUpFrom = this.#endedAt + WITHOUT_MAKING_UP_MS;
  }

  #refused(turn: Turn, pauseMs: number): void {
    const now = this.#clock.now();
    this.#refill(now);
    const isPaused = this.#allowance.refused(turn.startedAt, now, pauseMs);
    if (this.#rate.isUnrelated(now)) this.#concurrency.reset();
    if (!isPaused) return;
    this.#empty(this.#pausedUntil);
    this.#refuseWhoCannotWait();
  }

  /** Empties the bucket, so that the waiting requests do not all start at once when a pause ends. */
  #empty(at: number): void {
    this.#tokens = 0;
    this.#plainTokens = 0;
    this.#refilledAt = at;
  }

  #wait(deadlineAt: number, signal: AbortSignal | undefined, rank: number): Promise<Turn | Refusal> {
    const since = this.#clock.now();
    return new Promise((resolve) => {
      const stopListening = onAbort(signal, () => {
        waiter.end?.({ reason: "aborted" });
        this.#pump();
      });
      const waiter: Waiter<Turn | Refusal> = {
        deadlineAt,
        end: (result) => {
          waiter.end = undefined;
          stopListening();
          this.#waiting -= 1;
          this.#throttledMs += this.#clock.now() - since;
          resolve(result);
        },
      };
      this.#line.push(waiter, rank);
      this.#waiting += 1;
      this.#nearestDeadline = Math.min(this.#nearestDeadline, deadlineAt);
      this.#pump();
    });
  }

  #pump(): void {
    const now = this.#clock.now();
    if (now >= this.#nearestDeadline) this.#refuseWhoIsLate(now);
    while (this.#mayStart(now)) {
      const waiter = this.#line.shift();
      if (!waiter) break;
      waiter.end?.(this.#start(now));
    }
    this.#schedule(now);
  }

  /** If the pause ends after a call's deadline, the call fails now and not after the wait. */
  #refuseWhoCannotWait(): void {
    const forMs = this.#pausedUntil - this.#clock.now();
    this.#line.each((waiter) => {
      if (waiter.deadlineAt < this.#pausedUntil) waiter.end?.({ reason: "paused", forMs });
    });
  }

  #refuseWhoIsLate(now: number): void {
    let nearest = Number.POSITIVE_INFINITY;
    this.#line.each((waiter) => {
      if (now >= waiter.deadlineAt) waiter.end?.({ reason: "deadline" });
      else nearest = Math.min(nearest, waiter.deadlineAt);
    });
    this.#nearestDeadline = nearest;
  }

  #mayStart(now: number): boolean {
    if (this.#inFlight >= this.#concurrency.limit) return false;
    return now < this.#pausedUntil ? this.#allowance.isProbeDue(now) : this.#refill(now) >= 1 - 1e-9;
  }

  #refill(now: number): number {
    const rate = this.#rate.at(now);
    if (rate === Number.POSITIVE_INFINITY) return rate;
    if (now > this.#refilledAt) {
      const gained = (now - this.#refilledAt) * rate;
      const tokens = this.#tokens + gained;
      this.#plainTokens = Math.min(this.#capacity, this.#plainTokens + gained);
      // The timer was late because the machine was busy, and requests waited for it. The limiter keeps the tokens (the
      // right to start requests) of the late time, up to a limit.
      const lateMs = now < this.#makesUpFrom ? 0 : Math.min(Math.max(0, now - this.#dueAt), MOST_LATE_MS);
      const capacity = this.#capacity + lateMs * rate;
      this.#tokens = Math.min(capacity, tokens);
      if (tokens > capacity) this.#rate.idle((tokens - capacity) / rate);
      this.#refilledAt = now;
    }
    return this.#tokens;
  }

  #start(now: number): Turn {
    const takesToken = now >= this.#pausedUntil && this.#rate.at(now) !== Number.POSITIVE_INFINITY;
    if (now < this.#pausedUntil) this.#allowance.probe(now);
    else if (takesToken) this.#tokens -= 1;
    // Without a rate there are no tokens to tell of idle time.
    else if (this.#inFlight === 0) this.#rate.idle(now - this.#endedAt);
    this.#inFlight += 1;
    const turn = { startedAt: now, inFlight: this.#inFlight };
    if (!takesToken) return turn;
    if (this.#plainTokens < 1 - 1e-9) return { ...turn, isMadeUp: true };
    this.#plainTokens -= 1;
    return turn;
  }

  /** Sets the one timer for all waiting requests: for the next token, the end of the pause, or the first deadline. */
  #schedule(now: number): void {
    let at = Number.POSITIVE_INFINITY;
    this.#dueAt = Number.POSITIVE_INFINITY;
    if (this.#waiting > 0) {
      at = this.#nearestDeadline;
      if (this.#inFlight < this.#concurrency.limit) {
        const missing = (1 - this.#tokens) / this.#rate.at(now);
        const goesOnAt = Math.max(this.#pausedUntil, this.#refilledAt + missing);
        this.#dueAt = goesOnAt;
        at = Math.min(at, now < this.#pausedUntil ? Math.min(this.#allowance.state.probeAt, goesOnAt) : goesOnAt);
      }
    }
    if (at === this.#timerAt) return;
    if (this.#timer !== undefined) this.#clock.clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#timerAt = at;
    if (at === Number.POSITIVE_INFINITY) return;
    const fire = (): void => {
      this.#timer = undefined;
      this.#timerAt = Number.POSITIVE_INFINITY;
      this.#pump();
    };
    this.#timer = this.#clock.setTimeout(fire, Math.min(Math.max(0, Math.ceil(at - now)), MAX_TIMER_MS));
  }
}

/**
 * If a request that started at once to make up for a late timer gets a 429, the client obeys a Retry-After longer than
 * this. It does not obey a shorter one: a Retry-After of one second may be a much shorter time that the server rounded
 * up.
 */
const LONG_PAUSE_MS = 1_000;

/**
 * If a timer was late, the limiter lets the missed requests start at once. It does so for at most this much of the
 * delay, because these requests reach the server together.
 */
const MOST_LATE_MS = 250;
const MOST_REFUSED = 2;
const WITHOUT_MAKING_UP_MS = 600_000;

interface TurnOfBoth extends Turn {
  readonly shared: SharedTurn;
}

/**
 * A client asks a shared rate for a few turns in advance: three, or as many as can start within this many milliseconds.
 */
const IN_ADVANCE_MS = 50;
const LEAST_IN_ADVANCE = 3;

/**
 * The limiter of a client that shares its rate with other clients. Each client limits its own requests in flight. The
 * shared rate decides when each request starts, and learns from 429s about the rate.
 *
 * A shared rate reserves a slot for each request that asks for a turn, so only a few requests of this client ask at a
 * time, and its other requests wait here. If all of them asked and this process died, the slots would be lost, and the
 * requests of other processes would have waited behind them for nothing.
 */
export class SharedLimiter implements RequestLimiter {
  readonly #own: Limiter;
  readonly #asking: Limiter;
  readonly #rate: SharedRate;
  readonly #clock: Clock;
  readonly #warn: SharedRateRequest["warn"];
  #throttledMs = 0;

  constructor(options: {
    rate: SharedRate;
    maxConcurrency: number;
    clock: Clock;
    warn: SharedRateRequest["warn"];
  }) {
    const { rate, maxConcurrency, clock, warn } = options;
    const inAdvance = Math.ceil((IN_ADVANCE_MS * rate.requests) / rate.perMs);
    const most = (limit: number) => new Limiter({ rate: false, maxConcurrency: limit, clock, learnsRate: false });
    this.#own = most(maxConcurrency);
    this.#asking = most(Math.max(LEAST_IN_ADVANCE, inAdvance));
    this.#rate = rate;
    this.#clock = clock;
    this.#warn = warn;
  }

  get rate(): SharedRate {
    return this.#rate;
  }

  get throttledMs(): number {
    return this.#asking.throttledMs + this.#own.throttledMs + this.#throttledMs;
  }

  get perSecond(): number {
    return this.#rate.perSecond;
  }

  async acquire(deadlineAt: number, signal: AbortSignal | undefined, rank: number): Promise<TurnOfBoth | Refusal> {
    const asking = await this.#asking.acquire(deadlineAt, signal, rank);
    if ("reason" in asking) return asking;
    try {
      const own = await this.#own.acquire(deadlineAt, signal, rank);
      return "reason" in own ? own : await this.#ask(own, deadlineAt, signal);
    } finally {
      this.#asking.release(asking, { was: "unsent" });
    }
  }

  async #ask(own: Turn, deadlineAt: number, signal: AbortSignal | undefined): Promise<TurnOfBoth | Refusal> {
    const since = this.#clock.now();
    const withinMs = Math.max(0, deadlineAt - since);
    let shared: SharedTurn | Refusal | undefined;
    try {
      shared = await this.#rate.acquire({ withinMs, signal, warn: this.#warn });
      return "reason" in shared ? shared : { ...own, startedAt: this.#clock.now(), shared };
    } finally {
      if (!shared || "reason" in shared) this.#own.release(own, { was: "unsent" });
      this.#throttledMs += this.#clock.now() - since;
    }
  }

  release(turn: Turn, outcome: Outcome): void {
    const isAboutConcurrency = this.#own.release(turn, outcome);
    const { shared } = turn as TurnOfBoth; // made by acquire
    if (outcome.was === "refused") {
      if (!isAboutConcurrency) shared.refused(outcome.pauseMs ?? 0);
    } else shared[outcome.was]();
  }
}
