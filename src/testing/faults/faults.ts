import { isOperationName } from "../api/operations.ts";
import { requireFields } from "../arguments.ts";
import { atLeast, handleOf, requireKnown } from "../controls.ts";
import { seededRandom } from "../random.ts";
import type {
  FakeDelay,
  FakeFault,
  FakeFaultAnswer,
  FakeHandle,
  FakeLateCommit,
  FakeRequest,
  FakeTarget,
} from "../types/fault.ts";

export interface Hit {
  readonly as: FakeFaultAnswer;
  readonly when: "before" | "after" | "late";
  /** Milliseconds between the answer and the write, when the write is late. */
  readonly lateMs: number;
}

type Matcher = (request: FakeRequest) => boolean;

interface Fault {
  readonly matches: Matcher;
  readonly times: number;
  readonly isDrawn: () => boolean;
  readonly hit: () => Hit;
  hits: number;
}

interface Delay {
  readonly matches: Matcher;
  readonly ms: number;
  readonly when: "before" | "after";
  hits: number;
}

export class Faults {
  readonly #faults = new Set<Fault>();
  readonly #delays = new Set<Delay>();

  fail(given: FakeFault): FakeHandle {
    requireFields("fault", given, { as: "a text or an object", when: "a text or an object" }, "as");
    const { on, as, when = "before", times, share, seed = 1 } = given;
    checkAnswer(as);
    if (typeof when === "string") {
      requireKnown("moment", when, ["before", "after"]);
      if (as === "normal") throw new TypeError('as: "normal" needs when: { lateMs }.');
    }
    if (share !== undefined && !(share >= 0 && share <= 1)) {
      throw new RangeError(`share must be from 0 to 1, not ${share}.`);
    }
    const random = seededRandom(seed);
    const lateness = typeof when === "string" ? () => 0 : drawLateness(when, seed);
    const fault: Fault = {
      matches: matcher(on),
      times: atLeast("times", times ?? (share === undefined ? 1 : Number.POSITIVE_INFINITY), 1),
      isDrawn: () => share === undefined || random() < share,
      hit: () => ({ as, when: typeof when === "string" ? when : "late", lateMs: lateness() }),
      hits: 0,
    };
    this.#faults.add(fault);
    return handleOf(fault, () => this.#faults.delete(fault));
  }

  delay(given: FakeDelay): FakeHandle {
    requireFields("delay", given, { ms: "a number" }, "ms");
    const { on, ms, when = "before" } = given;
    requireKnown("moment", when, ["before", "after"]);
    const delay: Delay = { matches: matcher(on), hits: 0, ms: atLeast("ms", ms, 0), when };
    this.#delays.add(delay);
    return handleOf(delay, () => this.#delays.delete(delay));
  }

  hit(request: FakeRequest): Hit | undefined {
    const fault = [...this.#faults].find((each) => each.hits < each.times && each.matches(request) && each.isDrawn());
    if (!fault) return undefined;
    fault.hits += 1;
    return fault.hit();
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

  clear(): void {
    this.#faults.clear();
    this.#delays.clear();
  }
}

function drawLateness(when: FakeLateCommit, seed: number): () => number {
  requireFields("fault.when", when, { lateMs: "a number or a pair of numbers" }, "lateMs");
  const { lateMs } = when;
  const [least, most] = typeof lateMs === "number" ? [lateMs, lateMs] : lateMs;
  atLeast("lateMs", least, 0);
  atLeast("lateMs", most, least);
  // Another sequence than the one that draws which calls are hit, so that each keeps its own.
  const random = seededRandom(seed + 1);
  return () => least + random() * (most - least);
}

/** @throws TypeError for a misspelt target: it would match nothing, and the test that relies on it would pass for no reason. */
function matcher(on: FakeTarget | undefined): Matcher {
  if (on === undefined) return () => true;
  if (typeof on === "function") return on;
  if (on === "setRules") return ({ operation }) => operation?.endsWith("Rule") ?? false;
  if (isOperationName(on)) return ({ operation }) => operation === on;
  if (!/^[A-Z]+$/.test(on)) throw new TypeError(`No operation or HTTP method is called "${on}".`);
  return ({ method }) => method === on;
}

/** @throws TypeError for a misspelt answer; RangeError for a status that HTTP does not have. */
function checkAnswer(as: FakeFaultAnswer): void {
  if (typeof as === "string") {
    requireKnown("answer", as, ["reset", "hang", "empty-500", "html-200", "truncated-json", "normal"]);
    return;
  }
  const [name, status] = "gateway" in as ? ["as.gateway", as.gateway] : ["as.status", as.status];
  if (!(Number.isInteger(status) && status >= 200 && status <= 599)) {
    throw new RangeError(`${name} must be a whole number from 200 to 599, not ${status}.`);
  }
}
