import { atLeast } from "../at-least.ts";
import { handleOf } from "../handle.ts";
import { seededRandom } from "../random.ts";
import type { FakeDelay, FakeFault, FakeHandle, FakeLateCommit } from "../types/fault.ts";
import type { FakeFaultAnswer } from "../types/fault-answer.ts";
import type { FakeRequest } from "../types/request.ts";
import { checkAnswer } from "./check-answer.ts";
import { type Matcher, matcher } from "./target.ts";

/** A fault that hit a request. */
export interface Hit {
  readonly as: FakeFaultAnswer;
  readonly when: "before" | "after" | "late";
  /** Milliseconds between the answer and the write, when the write is late. */
  readonly lateMs: number;
}

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

/** The faults and delays of a fake. */
export class Faults {
  #faults: Fault[] = [];
  #delays: Delay[] = [];

  fail({ on, as, when = "before", times, share, seed = 1 }: FakeFault): FakeHandle {
    checkAnswer(as);
    if (as === "normal" && typeof when === "string") throw new TypeError('as: "normal" needs when: { lateMs }.');
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
    this.#faults.push(fault);
    return handleOf(fault, () => {
      this.#faults = this.#faults.filter((other) => other !== fault);
    });
  }

  delay({ on, ms, when = "before" }: FakeDelay): FakeHandle {
    const delay: Delay = { matches: matcher(on), hits: 0, ms: atLeast("ms", ms, 0), when };
    this.#delays.push(delay);
    return handleOf(delay, () => {
      this.#delays = this.#delays.filter((other) => other !== delay);
    });
  }

  /** The fault that hits this request, if any. */
  hit(request: FakeRequest): Hit | undefined {
    const fault = this.#faults.find((each) => each.hits < each.times && each.matches(request) && each.isDrawn());
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
    this.#faults = [];
    this.#delays = [];
  }
}

function drawLateness({ lateMs }: FakeLateCommit, seed: number): () => number {
  const [least, most] = typeof lateMs === "number" ? [lateMs, lateMs] : lateMs;
  atLeast("lateMs", least, 0);
  atLeast("lateMs", most, least);
  // Another sequence than the one that draws which calls are hit, so that each keeps its own.
  const random = seededRandom(seed + 1);
  return () => least + random() * (most - least);
}
