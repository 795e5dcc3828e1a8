/** Runs tasks with the same key one after the other, in the order in which they came. Other keys run at the same time. */
export class KeyedLock {
  readonly #tails = new Map<string, Promise<void>>();

  /**
   * `wait` is given the end of the tasks before, and can give up by throwing. The next task then starts as soon as those
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
        // Still the last task for this key. The key is forgotten once the tasks before it have ended as well.
        void tail.then(() => {
          if (this.#tails.get(key) === tail) this.#tails.delete(key);
        });
      }
    }
  }
}
