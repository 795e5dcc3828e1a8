import type { FakeDelay, FakeFault, FakeFaultAnswer, FakeHandle, FakeLimit, FakeTarget } from "./fault-types.ts";
import { operations } from "./operations.ts";
import { seededRandom } from "./random.ts";
import type { FakeRequest } from "./types.ts";

type Matcher = (request: FakeRequest) => boolean;

function matcher(on: FakeTarget | undefined): Matcher {
  if (on === undefined) return () => true;
  if (typeof on === "function") return on;
  if (on === "setRules") return ({ operation }) => operation !== undefined && operations[operation].rule !== undefined;
  if (Object.hasOwn(operations, on)) return ({ operation }) => operation === on;
  // A misspelt target would match nothing, and the test that relies on it would pass for no reason.
  if (!/^[A-Z]+$/.test(on)) throw new TypeError(`No operation or HTTP method is called "${on}".`);
  return ({ method }) => method === on;
}

const namedAnswers: readonly string[] = [
  "reset",
  "hang",
  "empty-500",
  "html-200",
  "truncated-json",
] satisfies FakeFaultAnswer[];

function checkAnswer(as: FakeFaultAnswer): void {
  if (typeof as === "string") {
    // A misspelt one would be a 200 without a body.
    if (!namedAnswers.includes(as)) throw new TypeError(`No answer is called "${as}": ${namedAnswers.join(", ")} are.`);
  } else if (!(Number.isInteger(as.status) && as.status >= 200 && as.status <= 599)) {
    throw new RangeError(`as.status must be a whole number from 200 to 599, not ${as.status}.`);
  }
}

function atLeast(name: string, value: number, least: number): number {
  if (!(value >= least)) throw new RangeError(`${name} must be ${least} or more, not ${value}.`);
  return value;
}

/** A fault that hit a request. */
export interface Hit {
  readonly as: FakeFaultAnswer;
  readonly when: "before" | "after";
}

interface Registered {
  readonly matches: Matcher;
  hits: number;
}

const handleOf = (item: { readonly hits: number }, remove: () => void): FakeHandle => ({
  get hits() {
    return item.hits;
  },
  remove,
});

/** The faults, delays and the limit of a fake. */
export class Faults {
  #faults: (Registered & Hit & { times: number; draw: () => boolean })[] = [];
  #delays: (Registered & { ms: number; when: "before" | "after" })[] = [];
  #limit: { hits: number; bucket: Bucket; header: string } | undefined;

  fail({ on, as, when = "before", times, share, seed = 1 }: FakeFault): FakeHandle {
    checkAnswer(as);
    if (share !== undefined && !(share >= 0 && share <= 1)) {
      throw new RangeError(`share must be from 0 to 1, not ${share}.`);
    }
    const random = seededRandom(seed);
    const fault = {
      matches: matcher(on),
      hits: 0,
      as,
      when,
      times: atLeast("times", times ?? (share === undefined ? 1 : Number.POSITIVE_INFINITY), 1),
      draw: () => share === undefined || random() < share,
    };
    this.#faults.push(fault);
    return handleOf(fault, () => {
      this.#faults = this.#faults.filter((other) => other !== fault);
    });
  }

  delay({ on, ms, when = "before" }: FakeDelay): FakeHandle {
    const delay = { matches: matcher(on), hits: 0, ms: atLeast("ms", ms, 0), when };
    this.#delays.push(delay);
    return handleOf(delay, () => {
      this.#delays = this.#delays.filter((other) => other !== delay);
    });
  }

  limit(limit: FakeLimit, now: number): FakeHandle {
    const { header = "retry-after" } = limit;
    const entry = { hits: 0, bucket: new Bucket(limit, now), header };
    this.#limit = entry;
    return handleOf(entry, () => {
      if (this.#limit === entry) this.#limit = undefined;
    });
  }

  unlimit(): void {
    this.#limit = undefined;
  }

  /** The fault that hits this request, if any. */
  hit(request: FakeRequest): Hit | undefined {
    const fault = this.#faults.find((each) => each.hits < each.times && each.matches(request) && each.draw());
    if (fault) fault.hits += 1;
    return fault;
  }

  /** How long this request waits, in milliseconds, before and after acting. */
  delaysOf(request: FakeRequest): { before: number; after: number } {
    const sums = { before: 0, after: 0 };
    for (const delay of this.#delays) {
      if (!delay.matches(request)) continue;
      delay.hits += 1;
      sums[delay.when] += delay.ms;
    }
    return sums;
  }

  /** The headers of a 429, when this request is one too many. */
  limited(now: number): Record<string, string> | undefined {
    if (!this.#limit) return undefined;
    const { bucket, header } = this.#limit;
    const waitMs = bucket.take(now);
    if (waitMs === 0) return undefined;
    this.#limit.hits += 1;
    const seconds = Math.max(1, Math.ceil(waitMs / 1000));
    const isUnixTime = header === "x-ratelimit-retry-after";
    return { [header]: String(isUnixTime ? Math.ceil(now / 1000 + seconds) : seconds) };
  }

  clear(): void {
    this.#faults = [];
    this.#delays = [];
    this.#limit = undefined;
  }
}

/** A token bucket, full at the start. */
class Bucket {
  readonly #size: number;
  readonly #msPerToken: number;
  #tokens: number;
  #time: number;

  constructor({ requests, perMs, burst = requests }: FakeLimit, now: number) {
    if (!(requests > 0 && perMs > 0)) throw new RangeError("requests and perMs must be more than 0.");
    this.#size = atLeast("burst", burst, 1);
    this.#msPerToken = perMs / requests;
    this.#tokens = this.#size;
    this.#time = now;
  }

  /** 0 when a request may pass, else the milliseconds until the next one may. */
  take(now: number): number {
    const elapsed = Math.max(0, now - this.#time);
    this.#tokens = Math.min(this.#size, this.#tokens + elapsed / this.#msPerToken);
    this.#time = now;
    if (this.#tokens < 1) return (1 - this.#tokens) * this.#msPerToken;
    this.#tokens -= 1;
    return 0;
  }
}
