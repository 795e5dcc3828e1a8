/** A request that waits for its turn. */
export interface Waiter<Result> {
  readonly deadlineAt: number;
  /** Ends the wait. Gone once called. */
  end: ((result: Result) => void) | undefined;
}

/** First in, first out, without moving every element each time. Waiters that have left are skipped. */
class Queue<Result> {
  #waiters: Waiter<Result>[] = [];
  #head = 0;

  push(waiter: Waiter<Result>): void {
    this.#waiters.push(waiter);
  }

  shift(): Waiter<Result> | undefined {
    while (this.#head < this.#waiters.length) {
      const waiter = this.#waiters[this.#head++] as Waiter<Result>; // the head is within the list
      // Only once half of it has been taken, so that taking one costs the same, however many wait.
      if (this.#head * 2 > this.#waiters.length) this.#compact();
      if (waiter.end) return waiter;
    }
    return undefined;
  }

  each(visit: (waiter: Waiter<Result>) => void): void {
    this.#compact();
    for (const waiter of [...this.#waiters]) visit(waiter);
  }

  #compact(): void {
    this.#waiters = this.#waiters.slice(this.#head).filter((waiter) => waiter.end !== undefined);
    this.#head = 0;
  }
}

/**
 * The requests of calls that have sent the most requests come first, so that a call that has begun gets finished; among equals, first come,
 * first served. Otherwise, in a flood of new calls, no call would end within its deadline.
 */
export class WaitingLine<Result> {
  readonly #queues: Queue<Result>[] = [];

  push(waiter: Waiter<Result>, rank: number): void {
    while (this.#queues.length <= rank) this.#queues.push(new Queue());
    this.#queues[rank]?.push(waiter);
  }

  shift(): Waiter<Result> | undefined {
    for (let i = this.#queues.length - 1; i >= 0; i -= 1) {
      const waiter = this.#queues[i]?.shift();
      if (waiter) return waiter;
    }
    return undefined;
  }

  each(visit: (waiter: Waiter<Result>) => void): void {
    for (const queue of this.#queues) queue.each(visit);
  }
}

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
    // A single one may have another cause. A request above the limit was sent before the limit was known.
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
