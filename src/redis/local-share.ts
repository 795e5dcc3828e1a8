/** Slots at one client's share of a rate, for the time that the rate cannot be shared. */
export class LocalShare {
  readonly #intervalMs: number;
  #next = 0;

  constructor(intervalMs: number) {
    this.#intervalMs = intervalMs;
  }

  /** Milliseconds until the next slot, which is taken if it comes in time. */
  reserve(withinMs: number): number {
    const now = performance.now();
    const slot = Math.max(this.#next, now);
    if (slot - now <= withinMs) this.#next = slot + this.#intervalMs;
    return slot - now;
  }

  /** No slot before this time has passed. */
  pause(ms: number): void {
    this.#next = Math.max(this.#next, performance.now() + Math.max(ms, this.#intervalMs));
  }
}
