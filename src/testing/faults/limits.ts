import { retryAfterHeader } from "../api/answer.ts";
import { requireFields } from "../arguments.ts";
import { atLeast, handleOf, requireKnown } from "../controls.ts";
import type { FakeConcurrencyLimit, FakeHandle, FakeLimit, FakeRateLimit } from "../types/fault.ts";

interface Limit {
  hits: number;
  /** The headers of a 429, if a request is one too many. */
  readonly refuse: (now: number) => Record<string, string> | undefined;
}

/** The two limits of a fake: of the rate, and of the calls under way at once. */
export class Limits {
  readonly #limits = new Map<"rate" | "concurrency", Limit>();
  #underWay = 0;

  set(limit: FakeLimit, now: number): FakeHandle {
    requireFields("limit", limit, {});
    if ("concurrent" in limit) return this.#add("concurrency", this.#refuseByConcurrency(limit));
    return this.#add("rate", refuseByRate(limit, now));
  }

  clear(): void {
    this.#limits.clear();
  }

  /** The headers of a 429, if this request is one too many. */
  refuse(now: number): Record<string, string> | undefined {
    for (const kind of ["rate", "concurrency"] as const) {
      const limit = this.#limits.get(kind);
      const headers = limit?.refuse(now);
      if (!limit || !headers) continue;
      limit.hits += 1;
      return headers;
    }
    return undefined;
  }

  /** Counts a call as under way until it leaves. */
  enter(): void {
    this.#underWay += 1;
  }

  leave(): void {
    this.#underWay -= 1;
  }

  #add(kind: "rate" | "concurrency", refuse: Limit["refuse"]): FakeHandle {
    const limit: Limit = { hits: 0, refuse };
    this.#limits.set(kind, limit);
    return handleOf(limit, () => {
      if (this.#limits.get(kind) === limit) this.#limits.delete(kind);
    });
  }

  #refuseByConcurrency({ concurrent, retryAfter }: FakeConcurrencyLimit): Limit["refuse"] {
    const most = atLeast("concurrent", concurrent, 1);
    return () => (this.#underWay < most ? undefined : retryAfterHeader(retryAfter));
  }
}

function refuseByRate({ header = "retry-after", ...limit }: FakeRateLimit, start: number): Limit["refuse"] {
  requireKnown("header", header, ["retry-after", "ratelimit-reset", "x-ratelimit-retry-after", "none"]);
  const take = bucket(limit, start);
  return (now) => {
    const waitMs = take(now);
    if (waitMs === 0) return undefined;
    if (header === "none") return {};
    const seconds = Math.max(1, Math.ceil(waitMs / 1000));
    const isUnixTime = header === "x-ratelimit-retry-after";
    return { [header]: String(isUnixTime ? Math.ceil(now / 1000 + seconds) : seconds) };
  };
}

/** A token bucket, full at the start. Gives 0 if a request may pass, otherwise the milliseconds until the next one may. */
function bucket({ requests, perMs, burst = requests }: FakeRateLimit, start: number): (now: number) => number {
  if (!(requests > 0 && perMs > 0)) throw new RangeError("requests and perMs must be more than 0.");
  const size = atLeast("burst", burst, 1);
  const msPerToken = perMs / requests;
  let tokens = size;
  let time = start;
  return (now) => {
    tokens = Math.min(size, tokens + Math.max(0, now - time) / msPerToken);
    time = now;
    if (tokens < 1) return (1 - tokens) * msPerToken;
    tokens -= 1;
    return 0;
  };
}
