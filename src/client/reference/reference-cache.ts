import { onAbort } from "../../transport/abort.ts";

/** What {@link ReferenceCache} needs of a clock. */
export interface CacheClock {
  /** Milliseconds, monotonic. */
  now(): number;
}

/** How a value is wanted. */
export interface CacheRequest {
  /** Ends the wait of this caller only. */
  readonly signal?: AbortSignal | undefined;
  /** Loads anew, whatever is kept or on its way: what comes was asked for after this call. */
  readonly refresh?: boolean | undefined;
}

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

/**
 * Keeps what was loaded, by key, for so long. Callers who want the same at the same time share one load; it is cancelled
 * when the last of them has given up. Failures are not kept.
 */
export class ReferenceCache {
  readonly #ttlMs: number;
  readonly #clock: CacheClock;
  readonly #kept = new Map<string, Kept>();
  readonly #flights = new Map<string, Flight>();
  #loads = 0;

  /** `ttlMs`: how old a value may get, counted from when it was asked for. 0 keeps nothing and still shares loads. */
  constructor(options: { readonly ttlMs: number; readonly clock: CacheClock }) {
    this.#ttlMs = options.ttlMs;
    this.#clock = options.clock;
  }

  /**
   * The value of a key, kept or loaded. A key always stands for values of one type. `load` gets the signal of the shared
   * load. Rejects with what `load` threw, or with the reason of the caller's own signal.
   */
  async get<T>(key: string, request: CacheRequest, load: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const { signal, refresh = false } = request;
    signal?.throwIfAborted();
    const kept = this.#kept.get(key);
    if (!refresh && kept && this.#clock.now() - kept.askedAt < this.#ttlMs) return kept.value as T;
    const underWay = refresh ? undefined : this.#flights.get(key);
    return (await this.#join(key, underWay ?? this.#start(key, load), signal)) as T;
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

  #join(key: string, flight: Flight, signal: AbortSignal | undefined): Promise<unknown> {
    flight.waiting += 1;
    return new Promise((resolve, reject) => {
      const stopListening = onAbort(signal, () => {
        stopListening();
        reject(signal?.reason);
        flight.waiting -= 1;
        if (flight.waiting > 0) return;
        this.#forget(key, flight);
        flight.controller.abort(signal?.reason);
      });
      flight.result.then(resolve, reject).finally(stopListening);
    });
  }

  /** The next caller starts another load. */
  #forget(key: string, flight: Flight): void {
    if (this.#flights.get(key) === flight) this.#flights.delete(key);
  }
}
