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
 * Requests of calls that have sent most requests come first, so that what has begun is finished, and bad luck uses up no
 * attempts; then first come, first served. Otherwise a flood of new calls would let none of them end within its deadline.
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
