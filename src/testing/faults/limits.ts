import { retryAfterHeader } from "../answers/answer.ts";
import { atLeast } from "../at-least.ts";
import { handleOf } from "../handle.ts";
import type { FakeConcurrencyLimit, FakeHandle, FakeLimit, FakeRateLimit } from "../types/fault.ts";
import { Bucket } from "./bucket.ts";

type RateHeader = NonNullable<FakeRateLimit["header"]>;

/** The two limits of a fake: of the rate, and of the calls under way at once. */
export class Limits {
  #rate: { hits: number; readonly bucket: Bucket; readonly header: RateHeader } | undefined;
  #concurrency: { hits: number; readonly most: number; readonly retryAfter: number | string | undefined } | undefined;
  #underWay = 0;

  set(limit: FakeLimit, now: number): FakeHandle {
    return "concurrent" in limit ? this.#setConcurrency(limit) : this.#setRate(limit, now);
  }

  clear(): void {
    this.#rate = undefined;
    this.#concurrency = undefined;
  }

  /** The headers of a 429, if this request is one too many. */
  refuse(now: number): Record<string, string> | undefined {
    return this.#refuseByRate(now) ?? this.#refuseByConcurrency();
  }

  /** Counts a call as under way until the returned function is called. */
  enter(): () => void {
    this.#underWay += 1;
    let entered = true;
    return () => {
      if (entered) this.#underWay -= 1;
      entered = false;
    };
  }

  #setRate(limit: FakeRateLimit, now: number): FakeHandle {
    const rate = { hits: 0, bucket: new Bucket(limit, now), header: limit.header ?? "retry-after" };
    this.#rate = rate;
    return handleOf(rate, () => {
      if (this.#rate === rate) this.#rate = undefined;
    });
  }

  #setConcurrency({ concurrent, retryAfter }: FakeConcurrencyLimit): FakeHandle {
    const concurrency = { hits: 0, most: atLeast("concurrent", concurrent, 1), retryAfter };
    this.#concurrency = concurrency;
    return handleOf(concurrency, () => {
      if (this.#concurrency === concurrency) this.#concurrency = undefined;
    });
  }

  #refuseByRate(now: number): Record<string, string> | undefined {
    if (!this.#rate) return undefined;
    const { bucket, header } = this.#rate;
    const waitMs = bucket.take(now);
    if (waitMs === 0) return undefined;
    this.#rate.hits += 1;
    if (header === "none") return {};
    const seconds = Math.max(1, Math.ceil(waitMs / 1000));
    const isUnixTime = header === "x-ratelimit-retry-after";
    return { [header]: String(isUnixTime ? Math.ceil(now / 1000 + seconds) : seconds) };
  }

  #refuseByConcurrency(): Record<string, string> | undefined {
    if (!this.#concurrency || this.#underWay < this.#concurrency.most) return undefined;
    this.#concurrency.hits += 1;
    return retryAfterHeader(this.#concurrency.retryAfter);
  }
}
