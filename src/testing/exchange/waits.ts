/** The waits of one listener, or of fake.fetch. All can be ended at once, when the listener closes or the fake is reset. */
export class Waits {
  readonly #open = new Set<() => void>();
  #round = 0;

  /** Goes up when all waits are ended. A request that began to arrive in an earlier round has been ended too. */
  get round(): number {
    return this.#round;
  }

  /** Resolves to true when the time is over, or to false if the waits are ended before that. `Infinity` waits for that. */
  wait(ms: number): Promise<boolean> {
    return new Promise((resolve) => {
      const timer = ms === Number.POSITIVE_INFINITY ? undefined : setTimeout(() => settle(true), ms);
      const end = () => settle(false);
      const settle = (elapsed: boolean) => {
        clearTimeout(timer);
        this.#open.delete(end);
        resolve(elapsed);
      };
      this.#open.add(end);
    });
  }

  endAll(): void {
    this.#round += 1;
    for (const end of [...this.#open]) end();
  }
}

/** Counts what the fake has still to do, so that a test can wait for it. */
export class Pending {
  #count = 0;
  #waiting: (() => void)[] = [];

  begin(): void {
    this.#count += 1;
  }

  end(): void {
    this.#count -= 1;
    if (this.#count === 0) for (const resolve of this.#waiting.splice(0)) resolve();
  }

  /** Resolves when nothing is left to do. */
  settled(): Promise<void> {
    if (this.#count === 0) return Promise.resolve();
    return new Promise((resolve) => this.#waiting.push(resolve));
  }
}
