import type { Clock } from "../../base/clock.ts";
import type { SharedRate, SharedTurn } from "../../options.ts";
import { Limiter, type Outcome, type Refusal, type RequestLimiter, type Turn } from "./limiter.ts";

interface TurnOfBoth extends Turn {
  readonly shared: SharedTurn;
}

/**
 * The limiter of a client that shares its rate with others. How many requests are in flight is the client's own matter; when
 * each starts is decided together, and so is what a 429 about the rate teaches.
 */
export class SharedLimiter implements RequestLimiter {
  readonly #own: Limiter;
  readonly #rate: SharedRate;
  readonly #clock: Clock;
  readonly #warn: (message: string) => void;
  #throttledMs = 0;

  constructor(options: {
    rate: SharedRate;
    maxConcurrency: number;
    clock: Clock;
    warn: (message: string) => void;
  }) {
    const { rate, maxConcurrency, clock, warn } = options;
    this.#own = new Limiter({ rate: false, maxConcurrency, clock, learnsRate: false });
    this.#rate = rate;
    this.#clock = clock;
    this.#warn = warn;
  }

  get throttledMs(): number {
    return this.#own.throttledMs + this.#throttledMs;
  }

  get perSecond(): number {
    return this.#rate.perSecond;
  }

  async acquire(deadlineAt: number, signal: AbortSignal | undefined, rank: number): Promise<TurnOfBoth | Refusal> {
    const own = await this.#own.acquire(deadlineAt, signal, rank);
    if ("reason" in own) return own;
    const since = this.#clock.now();
    const withinMs = Math.max(0, deadlineAt - since);
    try {
      const shared = await this.#rate.acquire({ withinMs, signal, warn: this.#warn });
      if ("reason" in shared) {
        this.#own.release(own, { was: "unsent" });
        return shared;
      }
      return { ...own, startedAt: this.#clock.now(), shared };
    } catch (error) {
      this.#own.release(own, { was: "unsent" });
      throw error;
    } finally {
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
