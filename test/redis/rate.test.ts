import { Redis } from "ioredis";
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from "vitest";
import { systemClock } from "../../src/core/time.ts";
import type { SharedRate } from "../../src/index.ts";
import { type RedisRateOptions, redisRate } from "../../src/redis/index.ts";
import { SharedLimiter } from "../../src/transport/limiter/limiter.ts";
import type { SharedTurn } from "../../src/transport/options.ts";
import { mostWithin } from "../support/most-within.ts";
import { hasRedis, type RedisServer, startRedis } from "../support/redis-server.ts";

describe.skipIf(!hasRedis)("redisRate", () => {
  let server: RedisServer;
  const clients: Redis[] = [];
  let opened = 0;

  beforeAll(async () => {
    server = await startRedis();
  });
  afterAll(async () => {
    for (const client of clients) client.disconnect();
    await server?.close();
  });

  function connect(): Redis {
    const redis = new Redis(server.url, { maxRetriesPerRequest: null, retryStrategy: () => 50 });
    redis.on("error", () => {});
    clients.push(redis);
    return redis;
  }
  const newKey = (): string => `rate-${opened++}`;
  const turnOf = async (rate: SharedRate, withinMs = 10_000, more = {}) =>
    rate.acquire({ withinMs, signal: undefined, warn: () => {}, ...more });
  async function take(rate: SharedRate): Promise<SharedTurn> {
    const turn = await turnOf(rate);
    if ("reason" in turn) throw new Error(turn.reason);
    return turn;
  }

  const processOf = (options: { prefix: string; requests: number; perMs: number }) => {
    const rate = redisRate(connect(), options);
    const limiter = new SharedLimiter({ rate, maxConcurrency: 500, clock: systemClock, warn: () => {} });
    return { limiter, next: () => limiter.acquire(performance.now() + 60_000, undefined, 0) };
  };

  it("until Redis has answered, perSecond of a redisRate is the rate of its own options", () => {
    expect(redisRate(connect(), { prefix: newKey(), requests: 100, perMs: 2_000 }).perSecond).toBe(50);
  });

  it("redisRate gives the clients of all processes one common limit", async () => {
    const key = newKey();
    const rates = Array.from({ length: 4 }, () => redisRate(connect(), { prefix: key, requests: 100, perMs: 1000 }));
    await Promise.all(rates.map((rate) => take(rate)));
    const began = performance.now();
    const turns = Array.from({ length: 40 }, (_, at) => take(rates[at % 4] as SharedRate));
    await Promise.all(turns);
    const tookMs = performance.now() - began;
    expect(tookMs).toBeGreaterThan(375);
    expect(tookMs).toBeLessThan(2_000);
  });

  it("redisRate starts no more requests than the limit allows, although a busy process wakes up late", async () => {
    const key = newKey();
    const { next } = processOf({ prefix: key, requests: 100, perMs: 500 });
    const monitor = await connect().monitor();
    onTestFinished(() => monitor.disconnect());
    // By Redis's clock.
    const times: number[] = [];
    monitor.on("monitor", (_time: string, [name, , ...values]: string[]) => {
      if (name?.toUpperCase() === "LPUSH") times.push(Number(values[0]));
      // A turn with a late answer is counted again when it really starts.
      const replaced = name?.toUpperCase() === "LREM" ? times.indexOf(Number(values[1])) : -1;
      if (replaced >= 0) times.splice(replaced, 1);
    });
    const turns = Array.from({ length: 150 }, next);
    await new Promise((resolve) => setTimeout(resolve, 150));
    const busyUntil = performance.now() + 80;
    while (performance.now() < busyUntil);
    await Promise.all(turns);
    await vi.waitFor(() => expect(times.length).toBeGreaterThanOrEqual(150));
    // Ten late turns must not start beside the punctual ones.
    expect(mostWithin(500, times)).toBeLessThanOrEqual(100);
  });

  it("redisRate refuses a request at once if its turn would come after its deadline", async () => {
    const key = newKey();
    const rate = redisRate(connect(), { prefix: key, requests: 1, perMs: 200 });
    const first = await take(rate);
    await take(rate);
    expect(await turnOf(rate, 100)).toEqual({ reason: "deadline" });
    first.refused(60_000);
    const paused = await turnOf(rate, 1_000);
    expect(paused).toMatchObject({ reason: "paused" });
    expect("forMs" in paused && paused.forMs).toBeGreaterThan(50_000);
  });

  it("resetting redisRate ends a pause of an hour for all clients", async () => {
    const key = newKey();
    const [one, other] = [connect(), connect()].map((redis) =>
      redisRate(redis, { prefix: key, requests: 100, perMs: 1000 }),
    );
    if (!one || !other) throw new Error("no rates");
    (await take(one)).refused(3_600_000);
    await vi.waitFor(async () => expect(await turnOf(other)).toMatchObject({ reason: "paused" }));
    await one.reset();
    expect(await turnOf(other)).not.toHaveProperty("reason");
    expect(await turnOf(one)).not.toHaveProperty("reason");
  });
});

it("redisRate lists every wrong option", () => {
  const redis = new Redis({ lazyConnect: true });
  expect(() => redisRate(redis, { prefix: "", requests: 0, perMs: 1, share: 1 } as never)).toThrow(
    /prefix: must be text[\s\S]*requests: must be a number|requests: must be a number[\s\S]*prefix: must be text/,
  );
  for (const shares of [0, -0.5, 1.01, 2, Number.NaN, "0.5", null]) {
    const options = { prefix: "k", requests: 1, perMs: 1, shares } as RedisRateOptions;
    expect(() => redisRate(redis, options)).toThrow("shares: must be a share");
  }
  for (const shares of [undefined, 0.01, 1]) redisRate(redis, { prefix: "k", requests: 1, perMs: 1, shares });
  redis.disconnect();
});
