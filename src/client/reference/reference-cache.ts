import type { Clock } from "../../transport/clock.ts";

interface Kept {
  readonly value: unknown;
  readonly askedAt: number;
  readonly load: number;
}

/** A load under way, and how many wait for it. */
interface Flight {
  readonly result: Promise<unknown>;
  readonly controller: AbortController;
  waiting: number;
}

/** A value that was kept or is being loaded, for one of those who wait for it. */
export interface Joined<T> {
  readonly result: Promise<T>;
  /** To be called once, when this caller waits no longer. A load that no caller waits for is cancelled. */
  leave(): void;
}

/** Keeps what was loaded, by key, for so long. Callers who want the same at the same time share one load. Failures are not kept. */
export class ReferenceCache {
  readonly #clock: Pick<Clock, "now">;
  readonly #ttlMs: number;
  readonly #kept = new Map<string, Kept>();
  readonly #flights = new Map<string, Flight>();
  #loads = 0;

  /** `ttlMs`: how old a value may get, counted from when it was asked for. 0 keeps nothing and still shares loads. */
  constructor(clock: Pick<Clock, "now">, ttlMs: number) {
    this.#clock = clock;
    this.#ttlMs = ttlMs;
  }

  /**
   * The value of a key, which always stands for values of one type. `load` gets the signal of the shared load. `refresh`
   * loads anew, whatever is kept or on its way.
   */
  join<T>(key: string, load: (signal: AbortSignal) => Promise<T>, refresh = false): Joined<T> {
    const kept = this.#kept.get(key);
    if (!refresh && kept && this.#clock.now() - kept.askedAt < this.#ttlMs) {
      return { result: Promise.resolve(kept.value as T), leave: () => {} };
    }
    const underWay = refresh ? undefined : this.#flights.get(key);
    const flight = underWay ?? this.#start(key, load);
    flight.waiting += 1;
    const leave = (): void => {
      flight.waiting -= 1;
      if (flight.waiting > 0) return;
      this.#forget(key, flight);
      flight.controller.abort();
    };
    return { result: flight.result as Promise<T>, leave };
  }

  #start(key: string, load: (signal: AbortSignal) => Promise<unknown>): Flight {
    const controller = new AbortController();
    const askedAt = this.#clock.now();
    this.#loads += 1;
    const number = this.#loads;
    const flight: Flight = { result: (async () => load(controller.signal))(), controller, waiting: 0 };
    this.#flights.set(key, flight);
    const land = (): void => this.#forget(key, flight);
    flight.result.then((value) => {
      // A refresh that started later knows better, and may have landed before.
      const kept = this.#kept.get(key);
      if (!kept || kept.load < number) this.#kept.set(key, { value, askedAt, load: number });
      land();
    }, land);
    return flight;
  }

  /** The next caller starts another load. */
  #forget(key: string, flight: Flight): void {
    if (this.#flights.get(key) === flight) this.#flights.delete(key);
  }
}
