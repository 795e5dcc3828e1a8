import { describe, expect, it } from "vitest";
import { Limiter, type Turn } from "../../../src/transport/limiter/limiter.ts";
import { FakeClock } from "../../support/fake-clock.ts";
import { FOREVER, openLimiter } from "../../support/open-limiter.ts";

describe("what a limiter tells", () => {
  it("a limiter adds up how long requests waited for their turn, whatever became of them", async () => {
    const { clock, limiter, enter } = openLimiter({ requests: 1, perMs: 1000 });
    const controller = new AbortController();
    enter();
    enter();
    enter({ signal: controller.signal });
    enter({ deadlineAt: 600 });
    expect(limiter.throttledMs).toBe(0);
    await clock.advance(400);
    controller.abort();
    expect(limiter.throttledMs).toBe(400);
    await clock.advance(600);
    expect(limiter.throttledMs).toBe(400 + 600 + 1000);
  });

  it("a limiter tells its rate per second, which is lower after a 429 and has no end without a limit", async () => {
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

  it("a limiter says of a 429 whether too many requests in flight explain it, and then keeps its rate", () => {
    const { limiter } = openLimiter({ unlimited: true, maxConcurrency: 4 });
    const turns = Array.from({ length: 4 }, () => limiter.acquire(FOREVER, undefined, 0) as Turn);
    expect(limiter.maxInFlight).toBe(4);
    const explained = turns.slice(2).map((turn) => limiter.release(turn, { was: "refused", pauseMs: 60_000 }));
    expect(explained).toEqual([true, true]);
    expect(limiter.maxInFlight).toBe(2);
    expect(limiter.perSecond).toBe(Number.POSITIVE_INFINITY);
    limiter.release(turns[1] as Turn, { was: "accepted" });
    // With one in flight it is not the number, so the pause counts.
    expect(limiter.release(turns[0] as Turn, { was: "refused", pauseMs: 60_000 })).toBe(false);
    expect(limiter.acquire(1_000, undefined, 0)).toEqual({ reason: "paused", forMs: 60_000 });
  });

  it("a limiter that leaves the rate to others makes no pause after a 429", () => {
    const limiter = new Limiter({ rate: false, maxConcurrency: 4, clock: new FakeClock(), learnsRate: false });
    const turn = limiter.acquire(FOREVER, undefined, 0) as Turn;
    expect(limiter.release(turn, { was: "refused", pauseMs: 60_000 })).toBe(false);
    expect(limiter.perSecond).toBe(Number.POSITIVE_INFINITY);
    expect(limiter.acquire(1_000, undefined, 0)).toMatchObject({ inFlight: 1 });
  });

  it("a limiter gives a request that waited the number in flight and the time at which it starts", async () => {
    const clock = new FakeClock();
    const limiter = new Limiter({ rate: { requests: 10, perMs: 1000 }, maxConcurrency: 8, clock });
    const turns = Promise.all([0, 1, 2].map(() => limiter.acquire(FOREVER, undefined, 0)));
    await clock.advance(100);
    expect(await turns).toEqual([
      { startedAt: 0, inFlight: 1 },
      { startedAt: 0, inFlight: 2 },
      { startedAt: 100, inFlight: 3 },
    ]);
  });
});

describe("the timer", () => {
  it("a wait longer than setTimeout can take is made of several, and no request starts early", async () => {
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

  it("waiting requests share one timer, and none is left when the last one has started", async () => {
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

  it("a request that waits for one in flight to end needs no timer", async () => {
    const { clock, enter } = openLimiter({ unlimited: true, maxConcurrency: 1 });
    for (let i = 0; i < 2; i += 1) enter({ deadlineAt: Number.POSITIVE_INFINITY });
    await clock.advance(5);
    expect(clock.pending).toBe(0);
  });

  it("a request that ends frees its place for a waiting one at once", async () => {
    const { clock, accept, log, enter } = openLimiter({ unlimited: true, maxConcurrency: 1 });
    enter();
    enter();
    await clock.advance(700);
    accept();
    await clock.advance(0);
    expect(log[1]).toMatchObject({ at: 700, refusal: undefined });
  });
});
