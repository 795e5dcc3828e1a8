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

// Permission to start one request. Each turn must be released.
export interface Turn {
  readonly startedAt: number;
  readonly inFlight: number;
  // Started at once to catch up after a late timer.
  readonly isMadeUp?: boolean;
}

// `accepted`: sent, and not answered with a 429.
export type Outcome =
  | { readonly was: "accepted" | "unsent" }
  | { readonly was: "refused"; readonly pauseMs: number | undefined };

export interface RequestLimiter extends ClientRate {
  readonly rate: RateLimitOptions | false;
  // Calls that have sent more requests (`rank`) get their turn first.
  acquire(deadlineAt: number, signal: AbortSignal | undefined, rank: number): Turn | Refusal | Promise<Turn | Refusal>;
  release(turn: Turn, outcome: Outcome): void;
}

// A 429 lowers the number in flight or the rate, whichever makes 429s rarer (docs/explain/decisions.md). The token
// bucket holds 2: larger bursts get 429s from small server buckets; 1 loses time when timers are late.
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
  #endedAt: number;

  readonly #line = new WaitingLine<Turn | Refusal>();
  #waiting = 0;
  // A lower bound of the waiters' deadlines.
  #nearestDeadline = Number.POSITIVE_INFINITY;
  #timer: unknown;
  #timerAt = Number.POSITIVE_INFINITY;
  // When the first waiter may start. If it starts later, the timer was late.
  #dueAt = Number.POSITIVE_INFINITY;
  #plainTokens: number;
  // Rises with refused catch-up requests: they arrive together, which a small server bucket refuses.
  #madeUpScore = 0;
  #makesUpFrom = 0;
  #throttledMs = 0;

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

  get maxInFlight(): number {
    return this.#concurrency.limit;
  }

  get #rate(): Allowance["rate"] {
    return this.#allowance.rate;
  }

  get #pausedUntil(): number {
    return this.#allowance.state.pausedUntil;
  }

  acquire(deadlineAt: number, signal: AbortSignal | undefined, rank: number): Turn | Refusal | Promise<Turn | Refusal> {
    const now = this.#clock.now();
    if (this.#waiting === 0 && this.#mayStart(now)) return this.#start(now);
    if (this.#pausedUntil > deadlineAt) return { reason: "paused", forMs: this.#pausedUntil - now };
    return this.#wait(deadlineAt, signal, rank);
  }

  release(turn: Turn, outcome: Outcome): boolean {
    let isAboutConcurrency = false;
    this.#inFlight -= 1;
    this.#endedAt = this.#clock.now();
    if (turn.isMadeUp && outcome.was !== "unsent") {
      this.#judgeMakingUp(outcome.was === "refused");
      // A catch-up request's 429 shows a small bucket, not a rate that is too high.
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
      // Too many at once: lowers the number in flight, keeps the rate.
      isAboutConcurrency = this.#concurrency.refused(turn.inFlight);
      if (!isAboutConcurrency && this.#learnsRate) this.#refused(turn, outcome.pauseMs ?? 0);
    }
    this.#pump();
    return isAboutConcurrency;
  }

  // A single 429 may have another cause, so several end the catching up.
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

  // Otherwise all waiters would start at once when a pause ends.
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

  // Calls whose deadline is before the pause's end fail now.
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
      // The timer was late: keeps the tokens of that time, up to a limit.
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
    // Without a rate there are no tokens that tell of idle time.
    else if (this.#inFlight === 0) this.#rate.idle(now - this.#endedAt);
    this.#inFlight += 1;
    const turn = { startedAt: now, inFlight: this.#inFlight };
    if (!takesToken) return turn;
    if (this.#plainTokens < 1 - 1e-9) return { ...turn, isMadeUp: true };
    this.#plainTokens -= 1;
    return turn;
  }

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

// After the 429 of a catch-up request, only a longer Retry-After counts: servers round short waits up to 1 s.
const LONG_PAUSE_MS = 1_000;

const MOST_LATE_MS = 250;
const MOST_REFUSED = 2;
const WITHOUT_MAKING_UP_MS = 600_000;

interface TurnOfBoth extends Turn {
  readonly shared: SharedTurn;
}

const IN_ADVANCE_MS = 50;
const LEAST_IN_ADVANCE = 3;

// A shared rate reserves a slot for each request that asks. Few ask at a time, so a process that dies loses few slots.
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
    const { shared } = turn as TurnOfBoth; // Safe: made by `acquire`.
    if (outcome.was === "refused") {
      if (!isAboutConcurrency) shared.refused(outcome.pauseMs ?? 0);
    } else shared[outcome.was]();
  }
}
