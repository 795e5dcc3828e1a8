/** The waits of one door into the fake, so that all can be ended at once when it closes or the fake starts anew. */
export class Waits {
  readonly #open = new Set<() => void>();
  #round = 0;

  /** Changes when all is ended: a request that began to arrive in another round has been ended with it. */
  get round(): number {
    return this.#round;
  }

  /** Resolves to true when the time is over, to false when the waits were ended before. `Infinity` has no end of its own. */
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
