export interface Waiter<Result> {
  readonly deadlineAt: number;
  // Cleared when called: a wait ends once.
  end: ((result: Result) => void) | undefined;
}

class Queue<Result> {
  #waiters: Waiter<Result>[] = [];
  #head = 0;

  push(waiter: Waiter<Result>): void {
    this.#waiters.push(waiter);
  }

  shift(): Waiter<Result> | undefined {
    while (this.#head < this.#waiters.length) {
      const waiter = this.#waiters[this.#head++] as Waiter<Result>; // Safe: within the list.
      // Amortised constant cost.
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

// Calls that have sent most requests come first; otherwise, in a flood of new calls, none ends within its deadline.
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

// A limit of simultaneous requests refuses only with more in flight than any accepted request had. Such a 429 lowers
// the limit; a higher limit is tried again, more and more rarely.
export class Concurrency {
  readonly #own: number;
  #limit: number;
  // Index: requests in flight. Value: `#accepted` when a request was last accepted with that number in flight.
  readonly #acceptedAt: number[] = [];
  #accepted = 0;
  // Acceptances at the limit; `#patience` of them raise the limit by one.
  #atLimit = 0;
  #patience = FIRST_PATIENCE;

  // The smallest refused number in flight. An acceptance with as many forgets it.
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

  refused(inFlight: number): boolean {
    if (inFlight < 2 || this.#acceptedLately(inFlight)) return false;
    this.#suspect = Math.min(this.#suspect, inFlight);
    this.#refused += 1;
    // A single 429 may have another cause. One above the limit was sent before the limit was set.
    if (this.#refused >= 2 && this.#suspect <= this.#limit) {
      if (this.#limit < this.#own) this.#patience = Math.min(this.#patience * 2, LONGEST_PATIENCE);
      this.#limit = this.#suspect - 1;
      this.#atLimit = 0;
    }
    return true;
  }

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

  #acceptedLately(inFlight: number): boolean {
    for (let more = inFlight; more < this.#acceptedAt.length; more += 1) {
      if (this.#accepted - (this.#acceptedAt[more] ?? Number.NEGATIVE_INFINITY) < MEMORY) return true;
    }
    return false;
  }
}

const MEMORY = 20;
const FIRST_PATIENCE = 50;
const LONGEST_PATIENCE = 2_000;
