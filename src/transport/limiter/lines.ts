/** A request that waits for its turn. */
export interface Waiter<Result> {
  readonly deadlineAt: number;
  /** Ends the wait. Set to undefined when it is called, so that a wait ends only once. */
  end: ((result: Result) => void) | undefined;
}

/**
 * A queue: first in, first out. Taking a waiter does not move the waiters behind it. Waiters that no longer wait are
 * skipped.
 */
class Queue<Result> {
  #waiters: Waiter<Result>[] = [];
  #head = 0;

  push(waiter: Waiter<Result>): void {
    this.#waiters.push(waiter);
  }

  shift(): Waiter<Result> | undefined {
    while (this.#head < this.#waiters.length) {
      const waiter = this.#waiters[this.#head++] as Waiter<Result>; // the head is within the list
      // The list is compacted only once half of it has been taken, so the cost of taking a waiter does not grow with
      // the length of the list.
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
 * The waiting requests, in one queue for each number of requests that a call has already sent. The calls that have sent
 * the most requests come first, so that calls that have begun get finished. Without this order, no call would end
 * within its deadline in a flood of new calls. Within a queue, the request that came first is served first.
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
 * How many requests may be in flight. Learns it from 429s: if a server limits the number of simultaneous requests,
 * every refused request had more requests in flight than any accepted one. A 429 for which this holds lowers the limit
 * to one below the number in flight; any other 429 has a different cause. From time to time a higher limit is tried
 * again, more and more rarely.
 */
export class Concurrency {
  readonly #own: number;
  #limit: number;
  /**
   * For each number of requests in flight: the value of `#accepted` when a request was last accepted with so many in
   * flight.
   */
  readonly #acceptedAt: number[] = [];
  #accepted = 0;
  /**
   * How many requests were accepted at the limit since it was set. A request counts if the number of requests in
   * flight, with itself, had reached the limit. After `#patience` such requests the limit is raised by one.
   */
  #atLimit = 0;
  #patience = FIRST_PATIENCE;

  /**
   * The smallest number in flight at which a request was refused. If a request with as many or more in flight is
   * accepted later, earlier refusals are forgotten. `#refused` counts the refusals that are not forgotten.
   */
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

  /**
   * Notes a 429. Returns whether the number of requests in flight explains it. The second 429 that the number explains
   * lowers the limit.
   */
  refused(inFlight: number): boolean {
    if (inFlight < 2 || this.#acceptedLately(inFlight)) return false;
    this.#suspect = Math.min(this.#suspect, inFlight);
    this.#refused += 1;
    // A single 429 may have a different cause, so the second one counts. A request that was refused with more requests
    // in flight than the limit allows was sent before the limit was set, and is ignored.
    if (this.#refused >= 2 && this.#suspect <= this.#limit) {
      if (this.#limit < this.#own) this.#patience = Math.min(this.#patience * 2, LONGEST_PATIENCE);
      this.#limit = this.#suspect - 1;
      this.#atLimit = 0;
    }
    return true;
  }

  /** Forgets what was learned from 429s, because the 429s had a different cause. */
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

  /** Whether one of the latest accepted requests was accepted while at least this many requests were in flight. */
  #acceptedLately(inFlight: number): boolean {
    for (let more = inFlight; more < this.#acceptedAt.length; more += 1) {
      if (this.#accepted - (this.#acceptedAt[more] ?? Number.NEGATIVE_INFINITY) < MEMORY) return true;
    }
    return false;
  }
}

/**
 * If a request is accepted while, say, five are in flight, then five are allowed. The limiter forgets that five are
 * allowed once this number of further requests has been accepted.
 */
const MEMORY = 20;
const FIRST_PATIENCE = 50;
const LONGEST_PATIENCE = 2_000;
