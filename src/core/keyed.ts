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
    try {
      if (previous) await wait(previous);
      return await task();
    } finally {
      release();
      if (this.#tails.get(key) === tail) {
        // This task may end before earlier tasks do, if `wait` throws. The key is removed when all earlier tasks have
        // ended, unless a later task with this key has come.
        void tail.then(() => {
          if (this.#tails.get(key) === tail) this.#tails.delete(key);
        });
      }
    }
  }
}

/** Keeps values for a limited time, at most `limit` of them: the oldest are forgotten first. */
export class Recent<T> {
  readonly #clock: Pick<Clock, "now">;
  readonly #ttlMs: number;
  readonly #limit: number;
  readonly #kept = new Map<string, { readonly value: T; readonly at: number }>();
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
    if (this.#kept.size <= this.#limit && now < this.#sweepAt) return;
    for (const [oldest, { at }] of this.#kept) {
      this.#sweepAt = at + this.#ttlMs;
      if (this.#kept.size <= this.#limit && now < this.#sweepAt) break;
      this.#kept.delete(oldest);
    }
  }

  get(key: string): T | undefined {
    const kept = this.#kept.get(key);
    return kept && this.#clock.now() - kept.at < this.#ttlMs ? kept.value : undefined;
  }

  delete(key: string): void {
    this.#kept.delete(key);
  }
}
