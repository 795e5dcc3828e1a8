import type { Clock } from "../../core/time.ts";
import type { SharedRefusal as Refusal, SharedRate, SharedRateRequest, SharedTurn } from "../options.ts";
import { Limiter, type Outcome, type RequestLimiter, type Turn } from "./limiter.ts";

interface TurnOfBoth extends Turn {
  readonly shared: SharedTurn;
}

/** A client asks for a few turns of a shared rate in advance: three, or as many as start in this time. */
const IN_ADVANCE_MS = 50;
const LEAST_IN_ADVANCE = 3;

/**
 * The limiter of a client that shares its rate with others. The client alone limits its requests in flight. The shared rate decides when
 * each request starts, and learns from 429s about the rate.
 *
 * A shared rate reserves a slot for each request that asks for a turn, so only a few ask at once. The others wait here: their
 * slots would be lost to all if this process died, and the requests of other processes would come after them.
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
