/** Runs what has the same key one after the other, in the order it came. Other keys are not held up. */
export class KeyedLock {
  readonly #tails = new Map<string, Promise<void>>();

  /**
   * `wait` is given the promise to wait for, and may give up by throwing: the turn then passes to the next in line as
   * soon as it comes.
   */
  async run<T>(key: string, wait: (turn: Promise<void>) => Promise<void>, task: () => Promise<T>): Promise<T> {
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
        // Still the last in line; forgotten once those before it are through as well.
        void tail.then(() => {
          if (this.#tails.get(key) === tail) this.#tails.delete(key);
        });
      }
    }
  }
}
