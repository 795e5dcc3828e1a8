import type { Clock } from "./time.ts";

export class KeyedLock {
  readonly #tails = new Map<string, Promise<void>>();

  // `wait` resolves when `task` may run. If `wait` throws, `task` is not run.
  async run<T>(key: string, wait: (previous: Promise<void>) => Promise<void>, task: () => Promise<T>): Promise<T> {
    const { previous, leave } = this.enter(key);
    try {
      if (previous) await wait(previous);
      return await task();
    } finally {
      leave();
    }
  }

  // Who leaves before `previous` has ended lets the next one wait for it.
  enter(key: string): { readonly previous: Promise<void> | undefined; leave(): void } {
    const previous = this.#tails.get(key);
    let release = (): void => {};
    const mine = new Promise<void>((resolve) => {
      release = resolve;
    });
    const tail = previous ? previous.then(() => mine) : mine;
    this.#tails.set(key, tail);
    const leave = (): void => {
      release();
      if (previous) void tail.then(() => this.#forget(key, tail));
      else this.#forget(key, tail);
    };
    return { previous, leave };
  }

  #forget(key: string, tail: Promise<void>): void {
    if (this.#tails.get(key) === tail) this.#tails.delete(key);
  }
}

interface Kept<T> {
  readonly value: T;
  readonly at: number;
}

// The iterator is replaced after so many sets, because V8's iterator keeps every table that its map has outgrown since
// its last step.
const RENEWED_AFTER = 1_000;

export class Recent<T> {
  readonly #clock: Pick<Clock, "now">;
  readonly #ttlMs: number;
  readonly #limit: number;
  readonly #kept = new Map<string, Kept<T>>();
  // The iterator is kept between calls: a new one passes the places of all removed values (20 µs with 50,000).
  #oldestFirst: Iterator<[string, Kept<T>]> | undefined;
  #sets = 0;
  // The oldest value, unless it was removed meanwhile.
  #oldest: [string, Kept<T>] | undefined;
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

  #findOldest(): [string, Kept<T>] {
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
