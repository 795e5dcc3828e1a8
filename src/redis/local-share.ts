import type { Clock } from "../base/time/clock.ts";

/** Slots at one client's share of a rate, for the time that the rate cannot be shared. */
export class LocalShare {
  readonly #intervalMs: number;
  readonly #clock: Clock;
  #next = 0;

  constructor(intervalMs: number, clock: Clock) {
    this.#intervalMs = intervalMs;
    this.#clock = clock;
  }

  /** Milliseconds until the next slot, which is taken if it comes in time. */
  reserve(withinMs: number): number {
    const now = this.#clock.now();
    const slot = Math.max(this.#next, now);
    if (slot - now <= withinMs) this.#next = slot + this.#intervalMs;
    return slot - now;
  }

  /** No slot before this time has passed. */
  pause(ms: number): void {
    this.#next = Math.max(this.#next, this.#clock.now() + Math.max(ms, this.#intervalMs));
  }
}
