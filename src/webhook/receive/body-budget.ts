/**
 * The bytes of unverified bodies in memory, over all requests. Without a bound, a few hundred connections that each send
 * almost `maxBodyBytes` and never finish would fill the memory. Only bytes that arrived count, not what a header
 * announces: otherwise a header would be enough to block the genuine deliveries.
 */
export class BodyBudget {
  readonly #maxBytes: number;
  #held = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** False if there is no room. */
  take(bytes: number): boolean {
    if (this.#held + bytes > this.#maxBytes) return false;
    this.#held += bytes;
    return true;
  }

  giveBack(bytes: number): void {
    this.#held -= bytes;
  }
}
