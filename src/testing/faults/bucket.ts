import { atLeast } from "../at-least.ts";
import type { FakeRateLimit } from "../types/fault.ts";

/** A token bucket, full at the start. */
export class Bucket {
  readonly #size: number;
  readonly #msPerToken: number;
  #tokens: number;
  #time: number;

  constructor({ requests, perMs, burst = requests }: FakeRateLimit, now: number) {
    if (!(requests > 0 && perMs > 0)) throw new RangeError("requests and perMs must be more than 0.");
    this.#size = atLeast("burst", burst, 1);
    this.#msPerToken = perMs / requests;
    this.#tokens = this.#size;
    this.#time = now;
  }

  /** 0 if a request may pass, otherwise the milliseconds until the next one may. */
  take(now: number): number {
    const elapsed = Math.max(0, now - this.#time);
    this.#tokens = Math.min(this.#size, this.#tokens + elapsed / this.#msPerToken);
    this.#time = now;
    if (this.#tokens < 1) return (1 - this.#tokens) * this.#msPerToken;
    this.#tokens -= 1;
    return 0;
  }
}
