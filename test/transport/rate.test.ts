import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Gate } from "../../src/transport/limiter.ts";
import { Pace } from "../../src/transport/rate.ts";
import { FakeClock } from "../support/fake-clock.ts";

interface Server {
  /** Requests per second, and how many at once. */
  readonly allows: number;
  readonly burst: number;
  /** How long a 429 makes the client wait, in milliseconds. */
  readonly pauseMs: number;
}

/** Eight callers without a break, through a gate, against a token bucket; all of it in the same made-up time. */
async function run(server: Server, ours: number | false, seconds: number) {
  const clock = new FakeClock();
  const rate = ours === false ? ours : { requests: ours, perMs: 1000 };
  const gate = new Gate({ rate, maxConcurrency: 8, clock });
  let tokens = server.burst;
  let filledAt = 0;
  let taken = 0;
  let refused = 0;
  const later = (ms: number) => new Promise<void>((resolve) => clock.setTimeout(resolve, ms));
  const serve = (): boolean => {
    tokens = Math.min(server.burst, tokens + ((clock.now() - filledAt) * server.allows) / 1000);
    filledAt = clock.now();
    if (tokens < 1 - 1e-9) return false;
    tokens -= 1;
    return true;
  };
  const caller = async (): Promise<void> => {
    for (;;) {
      await gate.enter(Number.POSITIVE_INFINITY, undefined, 0);
      const sentAt = clock.now();
      await later(2);
      const ok = serve();
      await later(2);
      if (ok) {
        taken += 1;
        gate.leave(true);
      } else {
        refused += 1;
        gate.leaveRefused(server.pauseMs, sentAt);
      }
    }
  };
  for (let i = 0; i < 8; i += 1) void caller();
  await clock.advance(seconds * 1000);
  return { share: taken / (server.allows * seconds), refused };
}

describe("a limit that is ours as well", () => {
  it.each([50, 5])("is used to the full, without a 429, where the server lets %d through at once", async (burst) => {
    const { share, refused } = await run({ allows: 50, burst, pauseMs: 1000 }, 50, 20);
    expect(refused).toBe(0);
    expect(share).toBeGreaterThanOrEqual(0.99);
  });
});

describe("a limit below ours, which nobody told us", () => {
  const limits = [5, 10, 25, 37, 50, 65, 80, 95];

  it.each(limits)("%d a second is found where a 429 asks for no pause", async (allows) => {
    for (const burst of [5, 50]) {
      const { share, refused } = await run({ allows, burst, pauseMs: 0 }, 100, 20);
      expect(share).toBeGreaterThanOrEqual(0.95);
      expect(refused).toBeLessThanOrEqual(20);
    }
  });

  it.each(limits)("%d a second is found where a second's worth may come at once", async (allows) => {
    const { share, refused } = await run({ allows, burst: allows, pauseMs: 1000 }, 100, 20);
    expect(share).toBeGreaterThanOrEqual(0.9);
    expect(refused).toBeLessThanOrEqual(20);
  });

  it.each(limits)("%d a second is found where each 429 costs a whole second, which takes longer", async (allows) => {
    const { share, refused } = await run({ allows, burst: 5, pauseMs: 1000 }, 100, 60);
    expect(share).toBeGreaterThanOrEqual(0.8);
    expect(refused).toBeLessThanOrEqual(20);
  });

  it.each(limits)("%d a second is found from no limit at all", async (allows) => {
    const { share, refused } = await run({ allows, burst: 5, pauseMs: 0 }, false, 20);
    expect(share).toBeGreaterThanOrEqual(0.95);
    expect(refused).toBeLessThanOrEqual(25);
  });
});

describe("pace", () => {
  it("is our own until the server refuses", () => {
    const pace = new Pace(0.01, 0);
    for (let now = 0; now < 100_000; now += 1000) {
      pace.taken();
      expect(pace.at(now)).toBe(0.01);
    }
  });

  it("learns nothing more from what was sent before the last refusal", () => {
    const pace = new Pace(0.1, 0);
    for (let i = 0; i < 50; i += 1) pace.taken();
    pace.refused(498, 500, 1500);
    const learned = pace.at(1500);
    for (const sentAt of [490, 495, 499]) pace.refused(sentAt, 502, 1500);
    expect(pace.at(1500)).toBe(learned);
    expect(learned).toBeLessThan(0.1);
  });

  it("takes a 429 after hours with little to do for one of a full pace, not of the few requests there were", async () => {
    const clock = new FakeClock();
    const gate = new Gate({ rate: { requests: 100, perMs: 1000 }, maxConcurrency: 8, clock });
    for (let i = 0; i < 60; i += 1) {
      expect(gate.enter(Number.POSITIVE_INFINITY, undefined, 0)).toBeUndefined();
      await clock.advance(60_000);
      if (i < 59) gate.leave(true);
      else gate.leaveRefused(0, clock.now() - 60_000);
    }
    const started: number[] = [];
    const since = clock.now();
    for (let i = 0; i < 20; i += 1) {
      void Promise.resolve(gate.enter(Number.POSITIVE_INFINITY, undefined, 0)).then(() => {
        started.push(clock.now());
        gate.leave(true);
      });
    }
    await clock.advance(1000);
    expect(started).toHaveLength(20);
    expect((started.at(-1) as number) - since).toBeLessThan(500);
  });

  it("takes no hour without requests for a limit either where there is no rate of our own", async () => {
    const clock = new FakeClock();
    const gate = new Gate({ rate: false, maxConcurrency: 8, clock });
    await clock.advance(3_600_000);
    for (let i = 0; i < 100; i += 1) {
      gate.enter(Number.POSITIVE_INFINITY, undefined, 0);
      await clock.advance(10);
      gate.leave(true);
    }
    gate.enter(Number.POSITIVE_INFINITY, undefined, 0);
    await clock.advance(10);
    gate.leaveRefused(1000, clock.now() - 10);
    await clock.advance(1000);
    expect(gate.perSecond).toBeGreaterThan(50);
    expect(gate.perSecond).toBeLessThanOrEqual(101);
  });

  it("slows down again hours after a 429, also without a rate of our own", async () => {
    const pace = new Pace(Number.POSITIVE_INFINITY, 0);
    pace.refused(0, 100, 100);
    const later = 4 * 3_600_000;
    expect(pace.at(later)).toBeLessThanOrEqual(10);
    for (let i = 0; i < 20; i += 1) pace.taken();
    pace.idle(later - 1000);
    pace.refused(later, later + 1, later + 1);
    expect(pace.at(later + 1)).toBeLessThan(0.05);
  });

  it("takes a pause that grows longer for a pause, not for time in which requests were sent", () => {
    const pace = new Pace(0.05, 0);
    for (let i = 0; i < 50; i += 1) pace.taken();
    pace.refused(1000, 1010, 1010);
    const learned = pace.at(1010);
    pace.refused(1000, 1012, 11_012);
    expect(pace.at(11_012)).toBe(learned);
    for (let i = 0; i < 40; i += 1) pace.taken();
    pace.refused(11_900, 12_012, 12_012);
    expect(pace.at(12_012)).toBeGreaterThan(0.02);
  });

  it("comes back to our own within a minute of even the longest pause", () => {
    const pace = new Pace(0.1, 0);
    const resumeAt = 3_600_000;
    pace.refused(0, 10, resumeAt);
    expect(pace.at(resumeAt)).toBeLessThan(0.1);
    expect(pace.at(resumeAt + 60_000)).toBe(0.1);
  });

  it("comes back to our own when the server allows it again", () => {
    const pace = new Pace(0.1, 0);
    pace.refused(0, 10, 1010);
    expect(pace.at(1010)).toBeLessThan(0.1);
    expect(pace.at(10 * 60_000)).toBe(0.1);
  });

  it("is never above our own, and never stands still", () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.001, max: 10, noNaN: true }),
        fc.array(
          fc.record({
            after: fc.integer({ min: 0, max: 5000 }),
            taken: fc.integer({ min: 0, max: 100 }),
            pause: fc.integer({ min: 0, max: 60_000 }),
          }),
          { maxLength: 40 },
        ),
        (own, refusals) => {
          const pace = new Pace(own, 0);
          let now = 0;
          for (const { after, taken, pause } of refusals) {
            now += after;
            for (let i = 0; i < taken; i += 1) pace.taken();
            pace.refused(now, now, now + pause);
            now += pause;
            for (const later of [0, 1, 1000, 100_000, 1e9]) {
              expect(pace.at(now + later)).toBeLessThanOrEqual(own);
              expect(pace.at(now + later)).toBeGreaterThanOrEqual(Math.min(own, 1 / 1_000));
            }
          }
        },
      ),
    );
  });
});
