import { onAbort } from "./abort.ts";
import type { Clock } from "./clock.ts";
import { Pace } from "./rate.ts";

/** How many requests may start: `requests` in every `perMs` milliseconds, evenly spaced. */
export interface Rate {
  readonly requests: number;
  readonly perMs: number;
}

/** Why a request did not get its turn. */
export type Refusal =
  | { readonly reason: "aborted" | "deadline" }
  | { readonly reason: "paused"; readonly forMs: number };

interface Waiter {
  readonly deadlineAt: number;
  /** Gives the turn, or says why there is none. Gone once called. */
  settle: ((refusal: Refusal | undefined) => void) | undefined;
}

/**
 * The one door through which all requests of a client leave: so many in flight, so many per second, none while the
 * server asked for a pause, and fewer per second after it.
 *
 * A token bucket of two. A larger one lets a burst through that small server-side buckets answer with 429s; a bucket of
 * one loses time to late timers. Nobody reserves a turn in advance: who is first in line when a turn comes takes it.
 */
export class Gate {
  readonly #clock: Clock;
  readonly #pace: Pace;
  readonly #capacity: number;
  readonly #maxConcurrency: number;

  #tokens: number;
  #refilledAt: number;
  #inFlight = 0;
  /** Since when nothing is in flight. */
  #emptySince: number;
  #pausedUntil = 0;

  /** By how often the request was sent before. Who was sent most often goes first, or bad luck would use up its attempts. */
  readonly #lines = [new Line()];
  #waiting = 0;
  /** No waiter's deadline is before this. */
  #nearestDeadline = Number.POSITIVE_INFINITY;
  #timer: unknown;
  #timerAt = Number.POSITIVE_INFINITY;
  #throttledMs = 0;

  constructor(options: { rate: Rate | false; maxConcurrency: number; clock: Clock }) {
    const { rate, clock } = options;
    this.#clock = clock;
    this.#pace = new Pace(rate ? rate.requests / rate.perMs : Number.POSITIVE_INFINITY, clock.now());
    this.#capacity = rate ? Math.min(2, Math.max(1, rate.requests)) : 2;
    this.#maxConcurrency = options.maxConcurrency;
    this.#tokens = this.#capacity;
    this.#refilledAt = clock.now();
    this.#emptySince = this.#refilledAt;
  }

  /** Milliseconds that requests have spent waiting for their turn, added up. */
  get throttledMs(): number {
    return this.#throttledMs;
  }

  /** Requests per second that may start now: the client's own rate, or less after a 429. */
  get perSecond(): number {
    return this.#pace.at(this.#clock.now()) * 1000;
  }

  /**
   * Waits for a turn; nothing to wait for gives undefined at once. Every turn that was given must be given back, by
   * {@link leave} or {@link leaveRefused}.
   */
  enter(
    deadlineAt: number,
    signal: AbortSignal | undefined,
    sentBefore: number,
  ): Promise<Refusal | undefined> | undefined {
    const now = this.#clock.now();
    if (this.#pausedUntil > deadlineAt) return Promise.resolve({ reason: "paused", forMs: this.#pausedUntil - now });
    if (this.#waiting === 0 && this.#mayStart(now)) {
      this.#start(now);
      return undefined;
    }
    while (this.#lines.length <= sentBefore) this.#lines.push(new Line());
    return this.#wait(deadlineAt, signal, this.#lines[sentBefore] as Line);
  }

  /** The request is over. `taken`: the server answered, and not with a 429. */
  leave(taken: boolean): void {
    this.#end();
    if (taken) this.#pace.taken();
    if (this.#waiting > 0) this.#pump();
  }

  /**
   * The request, sent at `sentAt`, is over, and the server answered 429: nobody starts for so long, and then more slowly.
   * The bucket is empty afterwards, so that nobody resumes in a herd.
   */
  leaveRefused(pauseMs: number, sentAt: number): void {
    const now = this.#clock.now();
    const until = now + pauseMs;
    this.#end();
    this.#refill(now);
    this.#pace.refused(sentAt, now, Math.max(until, this.#pausedUntil));
    if (until > this.#pausedUntil) {
      this.#pausedUntil = until;
      this.#tokens = 0;
      this.#refilledAt = until;
      this.#refuseWhoCannotWait();
    }
    this.#pump();
  }

  #wait(deadlineAt: number, signal: AbortSignal | undefined, line: Line): Promise<Refusal | undefined> {
    const since = this.#clock.now();
    return new Promise((resolve) => {
      const stopListening = onAbort(signal, () => {
        waiter.settle?.({ reason: "aborted" });
        this.#pump();
      });
      const waiter: Waiter = {
        deadlineAt,
        settle: (refusal) => {
          waiter.settle = undefined;
          stopListening();
          this.#waiting -= 1;
          this.#throttledMs += this.#clock.now() - since;
          resolve(refusal);
        },
      };
      line.push(waiter);
      this.#waiting += 1;
      this.#nearestDeadline = Math.min(this.#nearestDeadline, deadlineAt);
      this.#pump();
    });
  }

  #pump(): void {
    const now = this.#clock.now();
    if (now >= this.#nearestDeadline) this.#refuseWhoIsLate(now);
    while (this.#waiting > 0 && this.#mayStart(now)) {
      this.#start(now);
      this.#next()?.settle?.(undefined);
    }
    this.#schedule(now);
  }

  #next(): Waiter | undefined {
    for (let i = this.#lines.length - 1; i >= 0; i -= 1) {
      const waiter = this.#lines[i]?.shift();
      if (waiter) return waiter;
    }
    return undefined;
  }

  /** A pause that outlasts a call's deadline fails the call now, not after the wait. */
  #refuseWhoCannotWait(): void {
    const forMs = this.#pausedUntil - this.#clock.now();
    this.#eachWaiter((waiter) => {
      if (waiter.deadlineAt < this.#pausedUntil) waiter.settle?.({ reason: "paused", forMs });
    });
  }

  #refuseWhoIsLate(now: number): void {
    let nearest = Number.POSITIVE_INFINITY;
    this.#eachWaiter((waiter) => {
      if (now >= waiter.deadlineAt) waiter.settle?.({ reason: "deadline" });
      else nearest = Math.min(nearest, waiter.deadlineAt);
    });
    this.#nearestDeadline = nearest;
  }

  #eachWaiter(visit: (waiter: Waiter) => void): void {
    for (const line of this.#lines) line.each(visit);
  }

  #mayStart(now: number): boolean {
    if (this.#inFlight >= this.#maxConcurrency || now < this.#pausedUntil) return false;
    return this.#refill(now) >= 1 - 1e-9;
  }

  #refill(now: number): number {
    const pace = this.#pace.at(now);
    if (pace === Number.POSITIVE_INFINITY) return pace;
    if (now > this.#refilledAt) {
      const tokens = this.#tokens + (now - this.#refilledAt) * pace;
      this.#tokens = Math.min(this.#capacity, tokens);
      if (tokens > this.#capacity) this.#pace.idle((tokens - this.#capacity) / pace);
      this.#refilledAt = now;
    }
    return this.#tokens;
  }

  #start(now: number): void {
    if (this.#pace.at(now) !== Number.POSITIVE_INFINITY) this.#tokens -= 1;
    // Without a rate there are no tokens to tell of idle time.
    else if (this.#inFlight === 0) this.#pace.idle(now - this.#emptySince);
    this.#inFlight += 1;
  }

  #end(): void {
    this.#inFlight -= 1;
    if (this.#inFlight === 0) this.#emptySince = this.#clock.now();
  }

  /** One timer for all who wait: for the next token, the end of the pause, or the first deadline. */
  #schedule(now: number): void {
    let at = Number.POSITIVE_INFINITY;
    if (this.#waiting > 0) {
      at = this.#nearestDeadline;
      if (this.#inFlight < this.#maxConcurrency) {
        const missing = (1 - this.#tokens) / this.#pace.at(now);
        at = Math.min(at, Math.max(this.#pausedUntil, this.#refilledAt + missing));
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

/** setTimeout takes more than this for 1. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** First in, first out, without moving every element at each step. Who has been settled meanwhile is passed over. */
class Line {
  #waiters: Waiter[] = [];
  #head = 0;

  push(waiter: Waiter): void {
    this.#waiters.push(waiter);
  }

  shift(): Waiter | undefined {
    while (this.#head < this.#waiters.length) {
      const waiter = this.#waiters[this.#head++] as Waiter;
      if (this.#head > 1024 && this.#head * 2 > this.#waiters.length) this.#compact();
      if (waiter.settle) return waiter;
    }
    this.#waiters = [];
    this.#head = 0;
    return undefined;
  }

  each(visit: (waiter: Waiter) => void): void {
    this.#compact();
    for (const waiter of [...this.#waiters]) visit(waiter);
  }

  #compact(): void {
    this.#waiters = this.#waiters.slice(this.#head).filter((waiter) => waiter.settle !== undefined);
    this.#head = 0;
  }
}
