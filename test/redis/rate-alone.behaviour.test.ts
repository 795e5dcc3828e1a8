import { Redis } from "ioredis";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { redisRate } from "../../src/redis/index.ts";
import { RateWorld } from "../support/rate-world.ts";
import { hasRedis, type RedisServer, startRedis } from "../support/redis-server.ts";

describe.skipIf(!hasRedis)("redisRate without Redis", () => {
  let server: RedisServer;
  let opened = 0;

  beforeAll(async () => {
    server = await startRedis();
  });
  afterAll(() => server?.close());

  function openWorld() {
    const world = new RateWorld(server.url);
    onTestFinished(() => world.close());
    return world;
  }
  const hundred = (more = {}) => ({ prefix: `rate-${opened++}`, requests: 100, perMs: 1000, ...more });

  it("calls that wait for Redis go on after half a second at the process's own share, logged once", async () => {
    const world = openWorld();
    const one = world.process(hundred());
    await world.resultOf(one.take());
    await world.pass(1_000);
    one.isCutOff = true;
    await world.resultOf(Promise.all([one.take(), one.take(), one.take()]));
    // The shared turns of the last second still count.
    expect(one.starts.slice(1)).toEqual([1_540, 1_580, 1_620]);
    expect(one.logged).toEqual(["not_shared"]);
  });

  it("a process without Redis refuses calls whose turn is too late, and loses no turn to aborted ones", async () => {
    const world = openWorld();
    const one = world.process(hundred());
    one.isCutOff = true;
    await world.resultOf(one.take());
    const from = world.clock.now();
    expect(await world.resultOf(one.ask(39))).toEqual({ reason: "deadline" });
    expect(world.clock.now()).toBe(from);
    expect(await world.resultOf(one.ask(40))).toMatchObject({ at: from + 40 });
    const abort = new AbortController();
    const waiting = one.ask(1_000, abort.signal);
    await world.pass(5);
    abort.abort();
    expect(await world.resultOf(waiting)).toEqual({ reason: "aborted" });
  });

  it("a process without Redis checks at most twice a second for it, and no call waits for that", async () => {
    const world = openWorld();
    const one = world.process(hundred());
    one.isCutOff = true;
    await world.resultOf(one.take());
    const [before, from] = [one.asked, world.clock.now()];
    for (let turn = 0; turn < 100; turn += 1) await world.resultOf(one.take());
    expect(world.clock.now() - from).toBe(4_000);
    expect(one.asked - before).toBeGreaterThanOrEqual(7);
    expect(one.asked - before).toBeLessThanOrEqual(8);
  });

  it("a process shares the rate again as soon as Redis answers, with at most its share at first", async () => {
    const world = openWorld();
    const one = world.process(hundred({ requests: 20 }));
    await world.resultOf(one.take());
    one.isCutOff = true;
    for (let turn = 0; turn < 5; turn += 1) await world.resultOf(one.take());
    one.isCutOff = false;
    const callers = Array.from({ length: 4 }, async () => {
      while (world.clock.now() < 10_000) await one.take();
    });
    await world.resultOf(Promise.all(callers));
    expect(one.logged).toEqual(["not_shared", "shared"]);
    // For up to three seconds others may not know that Redis is back.
    const from = one.starts.find((at) => at > 2_000) as number;
    const within = (begin: number, end: number) => one.starts.filter((at) => at >= begin && at < end).length;
    expect(within(from, from + 2_000)).toBeGreaterThanOrEqual(9);
    expect(within(from, from + 2_000)).toBeLessThanOrEqual(14);
    expect(within(8_000, 9_000)).toBe(20);
  });

  it("resetting a rate fails after half a second if Redis does not answer", async () => {
    const world = openWorld();
    const one = world.process(hundred());
    one.isCutOff = true;
    await expect(world.resultOf(one.rate.reset())).rejects.toThrow("Redis did not answer in time");
    expect(world.clock.now()).toBe(500);
  });
});

it.skipIf(!hasRedis)("a shared rate works in a Redis Cluster, with and without a hash tag in its key", async () => {
  const server = await startRedis({ cluster: true });
  const redis = new Redis(server.url);
  onTestFinished(async () => {
    redis.disconnect();
    await server.close();
  });
  for (const key of ["rate", "{team}:rate", "rate:{team}"]) {
    const rate = redisRate(redis, { prefix: key, requests: 100, perMs: 1000 });
    const lines: string[] = [];
    for (let turn = 0; turn < 3; turn += 1) {
      const given = await rate.acquire({
        withinMs: 30_000,
        signal: undefined,
        warn: (line) => void lines.push(line),
      });
      expect(given).not.toHaveProperty("reason");
    }
    expect(lines, key).toEqual([]);
  }
});
