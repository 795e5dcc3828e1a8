import type { Clock } from "./time.ts";

/**
 * Runs tasks with equal keys one after the other, in the order in which they came. Tasks with different keys run at the
 * same time.
 */
export class KeyedLock {
  readonly #tails = new Map<string, Promise<void>>();

  /**
   * Runs `task` when the promise of `wait` resolves. `wait` gets a promise that resolves when the earlier tasks with
   * this key have ended. If `wait` throws, `task` is not run, and the task after it starts as soon as the earlier tasks
   * have ended.
   */
  async run<T>(key: string, wait: (previous: Promise<void>) => Promise<void>, task: () => Promise<T>): Promise<T> {
    const previous = this.#tails.get(key);
    let release = (): void => {};
    const mine = new Promise<void>((resolve) => {
      release = resolve;
    });
    const tail = previous ? previous.then(() => mine) : mine;
    this.#tails.set(key, tail);
    let isAlone = previous === undefined;
    try {
      if (previous) await wait(previous);
      isAlone = true;
      return await task();
    } finally {
      release();
      if (isAlone) this.#forget(key, tail);
      // `wait` threw, so earlier tasks may still run. The key is removed when all of them have ended.
      else void tail.then(() => this.#forget(key, tail));
    }
  }

  /** Removes a key, unless a later task with this key has come. */
  #forget(key: string, tail: Promise<void>): void {
    if (this.#tails.get(key) === tail) this.#tails.delete(key);
  }
}

interface Kept<T> {
  readonly value: T;
  readonly at: number;
}

// An iterator of V8 keeps every table that its map has outgrown since the iterator's last step.
const RENEWED_AFTER = 1_000;

/** Keeps values for a limited time, at most `limit` of them: the oldest are forgotten first. */
export class Recent<T> {
  readonly #clock: Pick<Clock, "now">;
  readonly #ttlMs: number;
  readonly #limit: number;
  readonly #kept = new Map<string, Kept<T>>();
  // Kept between calls: a new iterator passes the places of all removed values (20 µs with 50,000).
  #oldestFirst: Iterator<[string, Kept<T>]> | undefined;
  #sets = 0;
  /** The value that `#oldestFirst` returned last. It is the oldest, unless it was removed. */
  #oldest: [string, Kept<T>] | undefined;
  /** No value is too old before this time. */
  #sweepAt = Number.NEGATIVE_INFINITY;

  constructor(clock: Pick<Clock, "now">, ttlMs: number, limit = 50_000) {
    this.#clock = clock;
    this.#ttlMs = ttlMs;
    this.#limit = limit;
  }

  set(key: string, value: T): void {
    this.#kept.delete(key);
    const now = this.#clock.now();
    this.#kept.set(key, { value, at: now });
    this.#sets += 1;
    if (this.#sets % RENEWED_AFTER === 0) this.#oldestFirst = undefined;
    while (this.#kept.size > 0 && (this.#kept.size > this.#limit || now >= this.#sweepAt)) {
      const [oldest, { at }] = this.#findOldest();
      this.#sweepAt = at + this.#ttlMs;
      if (this.#kept.size <= this.#limit && now < this.#sweepAt) return;
      this.#kept.delete(oldest);
    }
  }

  /** The oldest value; there is at least one. */
  #findOldest(): [string, Kept<T>] {
    // The value may have been removed, or replaced by a newer one.
    while (this.#oldest === undefined || this.#kept.get(this.#oldest[0]) !== this.#oldest[1]) {
      this.#oldestFirst ??= this.#kept.entries();
      const next = this.#oldestFirst.next();
      if (next.done) this.#oldestFirst = undefined;
      else this.#oldest = next.value;
    }
    return this.#oldest;
  }

  get(key: string): T | undefined {
    const kept = this.#kept.get(key);
    return kept && this.#clock.now() - kept.at < this.#ttlMs ? kept.value : undefined;
  }

  delete(key: string): void {
    this.#kept.delete(key);
  }
}
