import type { Clock } from "./time/clock.ts";

/** Keeps values for a limited time, at most `limit` of them: the oldest are forgotten first. */
export class Recent<T> {
  readonly #clock: Pick<Clock, "now">;
  readonly #ttlMs: number;
  readonly #limit: number;
  readonly #kept = new Map<string, { readonly value: T; readonly at: number }>();

  constructor(clock: Pick<Clock, "now">, ttlMs: number, limit = 50_000) {
    this.#clock = clock;
    this.#ttlMs = ttlMs;
    this.#limit = limit;
  }

  set(key: string, value: T): void {
    this.#kept.delete(key);
    const now = this.#clock.now();
    this.#kept.set(key, { value, at: now });
    for (const [oldest, { at }] of this.#kept) {
      if (this.#kept.size <= this.#limit && now - at < this.#ttlMs) break;
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
