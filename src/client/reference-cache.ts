import type { Clock } from "../base/time/clock.ts";

/** A load that is under way or has succeeded, and how many wait for it. */
interface Load {
  readonly result: Promise<unknown>;
  readonly controller: AbortController;
  readonly askedAt: number;
  readonly number: number;
  waiting: number;
}

/** Keeps loaded values by key, for `ttlMs`. Callers who want the same at the same time share one load. Failures are not kept. */
export class ReferenceCache {
  readonly #clock: Pick<Clock, "now">;
  readonly #ttlMs: number;
  readonly #kept = new Map<string, Load>();
  readonly #underWay = new Map<string, Load>();
  #loads = 0;

  /** `ttlMs`: how old a value may get, counted from when it was asked for. 0 keeps nothing and still shares loads. */
  constructor(clock: Pick<Clock, "now">, ttlMs: number) {
    this.#clock = clock;
    this.#ttlMs = ttlMs;
  }

  /**
   * The value of a key, which always stands for values of one type. `load` gets the signal of the shared load. `refresh`
   * loads anew, whatever is kept or on its way. `leave` is to be called once, when this caller waits no longer: a load that no
   * caller waits for is cancelled.
   */
  join<T>(key: string, load: (signal: AbortSignal) => Promise<T>, refresh = false) {
    const kept = this.#kept.get(key);
    const isFresh = kept !== undefined && this.#clock.now() - kept.askedAt < this.#ttlMs;
    const known = refresh ? undefined : isFresh ? kept : this.#underWay.get(key);
    const joined = known ?? this.#start(key, load);
    joined.waiting += 1;
    const leave = (): void => {
      joined.waiting -= 1;
      if (joined.waiting > 0) return;
      this.#forget(key, joined);
      joined.controller.abort();
    };
    return { result: joined.result as Promise<T>, leave };
  }

  #start(key: string, load: (signal: AbortSignal) => Promise<unknown>): Load {
    const controller = new AbortController();
    const askedAt = this.#clock.now();
    this.#loads += 1;
    const result = (async () => load(controller.signal))();
    const started: Load = { result, controller, askedAt, number: this.#loads, waiting: 0 };
    this.#underWay.set(key, started);
    const land = (): void => this.#forget(key, started);
    result.then(() => {
      // A refresh that started later knows better, and may have landed before.
      const kept = this.#kept.get(key);
      if (!kept || kept.number < started.number) this.#kept.set(key, started);
      land();
    }, land);
    return started;
  }

  /** The next caller starts another load. */
  #forget(key: string, load: Load): void {
    if (this.#underWay.get(key) === load) this.#underWay.delete(key);
  }
}
