import { expect, it } from "vitest";
import type { Turn } from "../../../src/transport/limiter/limiter.ts";
import { FOREVER, openLimiter } from "../../support/open-limiter.ts";

it("perSecond of a limiter is its rate, which is lower after a 429 and infinite without a limit", async () => {
  const { clock, limiter, enter, accept, refuse } = openLimiter({ requests: 600, perMs: 60_000 });
  expect(limiter.perSecond).toBe(10);
  for (let i = 0; i < 10; i += 1) {
    enter();
    await clock.advance(100);
    accept();
  }
  enter();
  refuse(0);
  expect(limiter.perSecond).toBeLessThan(10);
  expect(limiter.perSecond).toBeGreaterThan(5);
  expect(openLimiter({ unlimited: true }).limiter.perSecond).toBe(Number.POSITIVE_INFINITY);
});

it("a wait longer than setTimeout allows takes several timers, and no request starts early", async () => {
  const { clock, log, enter } = openLimiter({ requests: 1, perMs: 2 ** 32 });
  const asked: number[] = [];
  const { setTimeout } = clock;
  clock.setTimeout = (callback, ms) => {
    asked.push(ms);
    return setTimeout(callback, ms);
  };
  enter();
  enter();
  await clock.advance(2 ** 32 - 1_000);
  expect(log).toHaveLength(1);
  await clock.advance(1_000);
  expect(log).toHaveLength(2);
  expect(Math.max(...asked)).toBe(2 ** 31 - 1);
});

it("waiting requests share one timer, and no timer is left after the last request has started", async () => {
  const { clock, accept, enter } = openLimiter({ requests: 10, perMs: 1000, maxConcurrency: 2 });
  for (let i = 0; i < 6; i += 1) enter({ deadlineAt: 60_000 });
  expect(clock.pending).toBe(1);
  for (let i = 0; i < 6; i += 1) {
    await clock.advance(100);
    accept();
    expect(clock.pending).toBeLessThanOrEqual(1);
  }
  await clock.advance(100);
  expect(clock.pending).toBe(0);
});

it("a request that arrives while a timer is late does not overtake waiting requests", async () => {
  const { clock, log, enter } = openLimiter({ requests: 10, perMs: 1000 });
  for (let i = 0; i < 3; i += 1) enter();
  clock.sleep(150);
  enter();
  await clock.advance(300);
  expect(log.map(({ name }) => name)).toEqual([0, 1, 2, 3]);
});

it("a pause refuses at once exactly the waiting requests whose deadline is before its end", async () => {
  const { clock, log, enter, refuse } = openLimiter({ requests: 1, perMs: 1000 });
  enter();
  const deadlines = [60_000, 30_499, 30_500, Number.MAX_SAFE_INTEGER];
  for (const deadlineAt of deadlines) enter({ deadlineAt });
  await clock.advance(500);
  refuse(30_000);
  await clock.advance(0);
  expect(log.slice(1)).toEqual([{ name: 2, at: 500, refusal: { reason: "paused", forMs: 30_000 } }]);
});

it("single requests ask in a long pause whether it goes on, and the newest 429 moves its end", async () => {
  const { clock, log, limiter, enter, refuse } = openLimiter();
  enter();
  for (const [pauseMs, nextAfterMs, leftMs] of [
    [3_600_000, 60_000, 3_600_000],
    [600_000, 120_000, 600_000],
    [0, 240_000, 480_000],
  ] as const) {
    const asked = log.length;
    refuse(pauseMs);
    expect(limiter.acquire(clock.now(), undefined, 0)).toEqual({ reason: "paused", forMs: leftMs });
    enter();
    await clock.advance(nextAfterMs - 1);
    expect(log).toHaveLength(asked);
    await clock.advance(1);
    expect(log).toHaveLength(asked + 1);
  }
});

it("the longest pause counts that the 429s of requests in flight ask for", async () => {
  const { clock, limiter } = openLimiter({ unlimited: true, maxConcurrency: 8 });
  const turns = Array.from({ length: 4 }, () => limiter.acquire(FOREVER, undefined, 0) as Turn);
  limiter.release(turns.pop() as Turn, { was: "accepted" });
  for (const pauseMs of [5_000, 100, 6_000]) {
    await clock.advance(10);
    limiter.release(turns.shift() as Turn, { was: "refused", pauseMs });
  }
  expect(limiter.acquire(1_000, undefined, 0)).toEqual({ reason: "paused", forMs: 6_000 });
});
