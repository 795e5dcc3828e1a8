/**
 * How many requests may be in flight. A server that limits requests at the same time answers 429 whenever there are too many
 * and never otherwise, so every refusal had more in flight than every acceptance. A 429 that fits this lowers the limit to
 * one below it; a 429 that does not has another cause. The limit is tried again, more and more rarely.
 */
export class Concurrency {
  readonly #own: number;
  #limit: number;
  /** By number of requests in flight: the count of all acceptances when a request with that number was accepted last. */
  readonly #acceptedAt: number[] = [];
  #accepted = 0;
  /** Acceptances at the limit since it was set, and how many make it worth trying one more. */
  #atLimit = 0;
  #patience = FIRST_PATIENCE;

  /** The smallest number in flight that was refused since as many were accepted, and how often that happened. */
  #suspect = Number.POSITIVE_INFINITY;
  #refused = 0;

  constructor(own: number) {
    this.#own = own;
    this.#limit = own;
  }

  get limit(): number {
    return this.#limit;
  }

  accepted(inFlight: number): void {
    this.#accepted += 1;
    this.#acceptedAt[inFlight] = this.#accepted;
    if (inFlight >= this.#suspect) this.#clear();
    if (this.#limit === this.#own || inFlight < this.#limit) return;
    this.#atLimit += 1;
    if (this.#atLimit < this.#patience) return;
    this.#atLimit = 0;
    this.#limit += 1;
  }

  /** Whether the number in flight explains a 429. The second such 429 lowers the limit. */
  refused(inFlight: number): boolean {
    if (inFlight < 2 || this.#acceptedLately(inFlight)) return false;
    this.#suspect = Math.min(this.#suspect, inFlight);
    this.#refused += 1;
    // One alone may have another cause. One above the limit was sent before the limit was known.
    if (this.#refused >= 2 && this.#suspect <= this.#limit) {
      if (this.#limit < this.#own) this.#patience = Math.min(this.#patience * 2, LONGEST_PATIENCE);
      this.#limit = this.#suspect - 1;
      this.#atLimit = 0;
    }
    return true;
  }

  /** Forgets what was learned: 429s turned out to have another cause. */
  reset(): void {
    this.#limit = this.#own;
    this.#patience = FIRST_PATIENCE;
    this.#atLimit = 0;
    this.#clear();
  }

  #clear(): void {
    this.#suspect = Number.POSITIVE_INFINITY;
    this.#refused = 0;
  }

  /** Whether as many in flight, or more, were accepted lately. */
  #acceptedLately(inFlight: number): boolean {
    for (let more = inFlight; more < this.#acceptedAt.length; more += 1) {
      if (this.#accepted - (this.#acceptedAt[more] ?? Number.NEGATIVE_INFINITY) < MEMORY) return true;
    }
    return false;
  }
}

/** Acceptances after which an older one no longer speaks against a limit. */
const MEMORY = 20;
const FIRST_PATIENCE = 50;
const LONGEST_PATIENCE = 2_000;
