import { AdaptiveRate, newRateState } from "./rate.ts";

/** The memory of an {@link Allowance}: plain numbers, so that several processes can keep it together. */
export function newAllowanceState(own: number, now: number) {
  return {
    ...newRateState(own, now),
    pausedAt: 0,
    pausedUntil: 0,
    /** When one request may ask whether the pause is over, and how long the one after it waits. */
    probeAt: 0,
    probeMs: FIRST_PROBE_MS,
  };
}

export type AllowanceState = ReturnType<typeof newAllowanceState>;

/**
 * The server's limit as it is known: a rate, and no request in a pause that it asked for. A pause of more than a minute may end early, so
 * single requests ask whether it is over, after one minute, two, four, eight, and then every ten.
 */
export class Allowance {
  readonly rate: AdaptiveRate;
  readonly state: AllowanceState;

  constructor(own: number, now: number, state = newAllowanceState(own, now)) {
    this.rate = new AdaptiveRate(own, now, state);
    this.state = state;
  }

  /** Whether a request may start during the pause, to ask whether it is over. */
  isProbeDue(now: number): boolean {
    return now < this.state.pausedUntil && now >= this.state.probeAt;
  }

  /** Such a request starts. If no answer comes to it, another one follows. */
  probe(now: number): void {
    this.state.probeAt = now + this.state.probeMs;
  }

  /** The server accepted, at `now`, a request sent at `startedAt`. Returns whether that ends a pause. */
  accepted(startedAt: number, now: number): boolean {
    this.rate.accepted(startedAt, now);
    return this.endPause(startedAt, now);
  }

  /** Ends a pause if a request that was sent during it was accepted. Returns whether. */
  endPause(startedAt: number, now: number): boolean {
    if (!this.#isProbe(startedAt, now)) return false;
    this.state.pausedUntil = now;
    this.rate.movePause(now, now);
    return true;
  }

  /**
   * The server refused, at `now`, a request sent at `startedAt`, and asks for a pause of `pauseMs`, or 0. Returns whether a
   * pause began, or ends at another time now.
   */
  refused(startedAt: number, now: number, pauseMs: number): boolean {
    const { state, rate } = this;
    const until = now + pauseMs;
    if (this.#isProbe(startedAt, now)) {
      // It knows best how long the pause still lasts.
      if (pauseMs > 0) rate.movePause(now, until);
      state.probeMs = Math.min(2 * state.probeMs, LONGEST_PROBE_MS);
      this.#pause(now, pauseMs > 0 ? until : state.pausedUntil);
      return true;
    }
    const isAboutRate = rate.refused(startedAt, now, Math.max(until, state.pausedUntil));
    if (!isAboutRate || until <= state.pausedUntil) return false;
    if (now >= state.pausedUntil) Object.assign(state, { pausedAt: now, probeMs: FIRST_PROBE_MS });
    this.#pause(now, until);
    return true;
  }

  #isProbe(startedAt: number, now: number): boolean {
    return now < this.state.pausedUntil && startedAt > this.state.pausedAt;
  }

  #pause(now: number, until: number): void {
    this.state.pausedUntil = until;
    this.state.probeAt = until - now > FIRST_PROBE_MS ? now + this.state.probeMs : until;
  }
}

export const FIRST_PROBE_MS = 60_000;
const LONGEST_PROBE_MS = 600_000;
