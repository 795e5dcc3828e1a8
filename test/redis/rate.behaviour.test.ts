import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openRedisRate } from "../../src/redis/rate.ts";
import { Limiter, type RequestLimiter, SharedLimiter } from "../../src/transport/limiter/limiter.ts";
import { sized } from "../support/long-form.ts";
import { hasRedis, type RedisServer, startRedis } from "../support/redis-server.ts";
import {
  concurrencyLimit,
  randomRefusals,
  type SimulatedClock,
  type SimulatedServer,
  simulate,
  tokenBucket,
} from "../support/simulation.ts";
import { virtualRedis } from "../support/virtual-redis.ts";

// One client's limiter and four processes over Redis must behave alike. In virtual time.

let server: RedisServer;
let opened = 0;
const connections: (() => void)[] = [];

beforeAll(async () => {
  if (hasRedis) server = await startRedis();
});
afterAll(async () => {
  for (const close of connections) close();
  await server?.close();
});

type Open = (ours: number, maxConcurrency?: number) => (clock: SimulatedClock) => (caller: number) => RequestLimiter;

const inProcess: Open =
  (ours, maxConcurrency = 16) =>
  (clock) => {
    const limiter = new Limiter({ rate: { requests: ours, perMs: 1000 }, maxConcurrency, clock });
    return () => limiter;
  };

const inRedis: Open =
  (ours, maxConcurrency = 16) =>
  (clock) => {
    const key = `rate-${opened++}`;
    const processes = Array.from({ length: 4 }, () => {
      const { client, idle, close } = virtualRedis(server.url, clock.now);
      connections.push(close);
      const rate = openRedisRate(client, { key, requests: ours, perMs: 1000 }, clock);
      const warn = (line: string): never => {
        throw new Error(line);
      };
      return { idle, limiter: new SharedLimiter({ rate, maxConcurrency: maxConcurrency / 4, clock, warn }) };
    });
    clock.waitsFor(async () => {
      for (const { idle } of processes) await idle();
    });
    return (caller) => processes[caller % 4]?.limiter as RequestLimiter;
  };

const ways: [name: string, open: Open][] = [["of one client", inProcess]];
if (hasRedis) ways.push(["that four processes share in Redis", inRedis]);

describe.each(ways)("the rate %s", { timeout: 600_000 }, (_name, open) => {
  const run = (serverUnderTest: SimulatedServer, ours: number, seconds: number, callers = 32) =>
    simulate(serverUnderTest, { ours, seconds, callers, open: open(ours) });

  it("a rate that equals the server's limit uses the limit to the full, without a 429", async () => {
    const { perSecond, refused } = await run(tokenBucket(50, 5, 1000), 50, sized(10, 20));
    expect(refused).toBe(0);
    expect(perSecond / 50).toBeGreaterThanOrEqual(0.98);
  });

  it.each([25, 80].slice(0, sized(1, 2)))("a rate finds an undocumented limit of %d a second", async (allows) => {
    const ways: [burst: number, retryAfterMs: number | undefined][] = [
      [5, undefined],
      [50, 1000],
    ];
    for (const [burst, retryAfterMs] of ways.slice(0, sized(1, 2))) {
      const { perSecond, refused } = await run(tokenBucket(allows, burst, retryAfterMs), 100, 30);
      expect(perSecond / allows).toBeGreaterThanOrEqual(0.82);
      expect(refused).toBeLessThanOrEqual(30);
    }
  });

  it("a rate is slowed by less than 15 percent by random 429s", async () => {
    const waits = [1000, 0, undefined].slice(0, sized(1, 3));
    let sum = 0;
    for (const retryAfterMs of waits) {
      const refusing = randomRefusals(0.05, 20, retryAfterMs);
      const { perSecond } = await simulate(refusing, { ours: 100, seconds: 20, seed: 2, callers: 64, open: open(100) });
      sum += perSecond / 95;
    }
    expect(sum / waits.length).toBeGreaterThanOrEqual(0.85);
  });

  it("a rate is not slowed by a limit of requests in flight", async () => {
    const { perSecond } = await run(concurrencyLimit(8, 20, 1000), 100, 20);
    expect(perSecond).toBeGreaterThanOrEqual(85);
  });

  it("a rate starts nothing during the pause that a 429 asks for", async () => {
    const times: number[] = [];
    const pausing = asksForPause(20_000, 1_000, 1_100, times);
    await run(pausing, 50, 30);
    const during = times.filter((at) => at > 1_050 && at < 20_950);
    expect(during).toEqual([]);
    expect(times.filter((at) => at > 25_000).length).toBeGreaterThan(50);
  });

  it("a rate lets single requests ask whether an hour's pause is over, and goes on when one is accepted", async () => {
    const times: number[] = [];
    await run(asksForPause(3_600_000, 10_000, 300_000, times), 50, 440, 10);
    const minutes = times.filter((at) => at > 11_000 && at < 430_000).map((at) => Math.round((at - 10_000) / 60_000));
    expect(minutes).toEqual([1, 3]);
    expect(times.filter((at) => at > 431_000).length).toBeGreaterThan(100);
  });
});

// Refuses requests from `from` to `to` and asks for `pauseMs`; `times`: of each request.
function asksForPause(pauseMs: number, from: number, to: number, times: number[]): SimulatedServer {
  return {
    retryAfterMs: pauseMs,
    serviceMs: () => 2,
    accepts(now) {
      times.push(now);
      return now < from || now >= to;
    },
  };
}
