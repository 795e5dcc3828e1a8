import { Redis } from "ioredis";
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from "vitest";
import type { RedisClient } from "../../src/redis/client.ts";
import { redisLedger } from "../../src/redis/index.ts";
import { takeLease } from "../../src/redis/ledger.ts";
import { breakingWay } from "../support/breaking-way.ts";
import { hasRedis, type RedisServer, startRedis } from "../support/redis-server.ts";

const use = <T>(task: () => Promise<T>) => task();
const redisThatSays = (evalsha: () => Promise<unknown>) => ({ evalsha }) as unknown as RedisClient;

it("a process asks for a taken lease quickly at first, then five times a second, with jitter", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "setInterval", "clearInterval", "performance"] });
  onTestFinished(() => void vi.useRealTimers());
  const asked: number[] = [];
  const redis = redisThatSays(async () => asked.push(performance.now()) && 0);
  const end = new AbortController();
  const lease = takeLease(redis, "lease", { leaseMs: 30_000, signal: end.signal, use });
  await vi.advanceTimersByTimeAsync(60_000);
  end.abort();
  await expect(lease).rejects.toThrow();
  const waits = asked.slice(1).map((at, index) => at - (asked[index] as number));
  // 5, 7.5, 11.25… up to 200 ms, each by up to a half longer or shorter.
  expect(waits[0]).toBeLessThanOrEqual(8);
  expect(Math.max(...waits.slice(0, 4))).toBeLessThanOrEqual(27);
  const later = waits.slice(12);
  expect(Math.min(...later)).toBeGreaterThanOrEqual(99);
  expect(Math.max(...later)).toBeLessThanOrEqual(301);
  expect(Math.max(...later) - Math.min(...later)).toBeGreaterThan(100);
  expect(asked.length).toBeGreaterThan(250);
});

it("the time left of a lease follows the clock that moved further, and does not grow if one is set back", async () => {
  const [steady, wall] = [vi.spyOn(performance, "now"), vi.spyOn(Date, "now")];
  onTestFinished(() => void vi.restoreAllMocks());
  const passed = (steadyMs: number, wallMs: number) => {
    steady.mockReturnValue(50_000 + steadyMs);
    wall.mockReturnValue(1e12 + wallMs);
  };
  passed(0, 0);
  const redis = redisThatSays(async () => [null]);
  const lease = await takeLease(redis, "lease", { leaseMs: 30_000, signal: new AbortController().signal, use });
  onTestFinished(() => lease.release());
  expect(lease.left()).toBe(30_000);
  passed(10_000, 0);
  expect(lease.left()).toBe(20_000);
  passed(10_000, 29_000);
  expect(lease.left()).toBe(1_000);
  passed(10_000, -3_600_000);
  expect(lease.left()).toBe(20_000);
});

it("the time of a lease counts from the request for the lease, because Redis may have begun it then", async () => {
  const [steady, wall] = [vi.spyOn(performance, "now"), vi.spyOn(Date, "now")];
  onTestFinished(() => void vi.restoreAllMocks());
  steady.mockReturnValue(0);
  wall.mockReturnValue(0);
  const redis = redisThatSays(async () => {
    steady.mockReturnValue(4_000);
    return [null];
  });
  const lease = await takeLease(redis, "lease", { leaseMs: 30_000, signal: new AbortController().signal, use });
  onTestFinished(() => lease.release());
  expect(lease.left()).toBe(26_000);
});

describe.skipIf(!hasRedis)("a lease of a redisLedger", () => {
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

  function connect() {
    const redis = new Redis(server.url);
    redis.on("error", () => {});
    clients.push(redis);
    return redis;
  }
  const newPrefix = () => `test-${opened++}:`;

  // Renewal makes the key's time to live grow.
  async function renewed(key: string) {
    const redis = connect();
    let before = await redis.pttl(key);
    const hasGrown = async () => {
      const now = await redis.pttl(key);
      const isLonger = now > before;
      before = now;
      expect(isLonger).toBe(true);
    };
    await vi.waitFor(hasGrown, { timeout: 600_000 });
  }

  it("redisLedger gives a lease to one holder at a time, renews it, and passes it on at its release", async () => {
    const prefix = newPrefix();
    const [one, other] = [connect(), connect()].map((redis) => redisLedger(redis, { prefix, leaseMs: 3_000 }));
    const { signal } = new AbortController();
    const first = await one?.lease?.("ACC-1", signal);
    let isHeld = true;
    const second = other?.lease?.("ACC-1", signal).then((give) => {
      expect(isHeld).toBe(false);
      return give;
    });
    await renewed(`${prefix}lease:ACC-1`);
    expect(first?.left()).toBeGreaterThan(0);
    isHeld = false;
    await first?.release();
    await (await second)?.release();
    await (await one?.lease?.("ACC-2", signal))?.release();
  });

  it("redisLedger tells the holder that its lease is lost, to another process or for want of renewal", async () => {
    const redis = connect();
    const prefix = newPrefix();
    const { signal } = new AbortController();
    const ledger = redisLedger(redis, { prefix, leaseMs: 3_000 });
    const taken = await ledger.lease?.("ACC-1", signal);
    await renewed(`${prefix}lease:ACC-1`);
    expect(taken?.left()).toBeGreaterThan(0);
    await redis.set(`${prefix}lease:ACC-1`, "another");
    await vi.waitFor(() => expect(taken?.left()).toBeLessThanOrEqual(0), 30_000);
    const other = connect();
    const cutOff = await redisLedger(other, { prefix, leaseMs: 150 }).lease?.("ACC-2", signal);
    other.disconnect();
    await vi.waitFor(() => expect(cutOff?.left()).toBeLessThanOrEqual(0), 30_000);
    await Promise.allSettled([taken?.release(), cutOff?.release()]);
  });

  it("redisLedger gives back a lease that Redis gave after the caller's time was over", async () => {
    const prefix = newPrefix();
    const way = await breakingWay(Number(new URL(server.url).port));
    const [redis, beside] = [new Redis(way.port, "127.0.0.1", { retryStrategy: () => 10 }), connect()];
    clients.push(redis);
    const ledger = redisLedger(redis, { prefix, leaseMs: 600_000, timeoutMs: 200 });
    await redis.ping();
    way.loseAnswers();
    await expect(ledger.lease?.("ACC-1", new AbortController().signal)).rejects.toMatchObject({
      code: "ledger_unavailable",
    });
    expect(await beside.get(`${prefix}lease:ACC-1`)).not.toBeNull();
    way.breakOff();
    await vi.waitFor(async () => expect(await beside.get(`${prefix}lease:ACC-1`)).toBeNull(), 30_000);
    redis.disconnect();
    way.close();
  });

  it.each(["1b4e28ba-2fa1-11d2-883f-0016d3cca427 1700000000000", "- 1700000000000"])(
    "a lease of an older version (%s), which would last for a week, is refused",
    async (old) => {
      const redis = connect();
      const key = newPrefix();
      await redis.set(key, old, "PX", 600_000);
      const taken = takeLease(redis, key, { leaseMs: 30_000, signal: AbortSignal.timeout(20_000), use });
      await expect(taken).rejects.toMatchObject({ code: "ledger_unavailable", issues: [{ code: "old_form" }] });
      expect(await redis.get(key)).toBe(old);
    },
  );

  describe("a lease that comes with the entry", () => {
    const entry = (revision: number) => `${revision} ${JSON.stringify({ id: "1", rules: {}, at: 1, revision })}`;

    async function open(stored?: string) {
      const [redis, key] = [connect(), newPrefix()];
      const entryKey = `${key}entry`;
      if (stored) await redis.set(entryKey, stored);
      const way = await breakingWay(Number(new URL(server.url).port));
      const through = new Redis(way.port, "127.0.0.1", { retryStrategy: () => 10 });
      onTestFinished(() => {
        through.disconnect();
        way.close();
      });
      const signal = AbortSignal.timeout(20_000);
      const take = () => takeLease(through, key, { leaseMs: 30_000, signal, use, entryKey });
      return { redis, key, entryKey, way, take };
    }

    it("the last writing of the entry gives the lease back, and afterwards the lease has no time left", async () => {
      const { redis, key, entryKey, take } = await open();
      const first = await take();
      expect(first.stored).toBeNull();
      expect(await first.replaceAndRelease(0, entry(1))).toBe(true);
      expect(first.left()).toBeLessThanOrEqual(0);
      expect(await redis.exists(key)).toBe(0);
      const second = await take();
      expect(second.stored).toBe(entry(1));
      await first.release();
      expect(await redis.exists(key)).toBe(1);
      expect(await second.replaceAndRelease(1, entry(2))).toBe(true);
      expect(await redis.get(entryKey)).toBe(entry(2));
    });

    it("if another process has written the entry, nothing is written and the lease stays", async () => {
      const { redis, key, entryKey, take } = await open(entry(4));
      const lease = await take();
      expect(await lease.replaceAndRelease(3, entry(5))).toBe(false);
      expect(await redis.get(entryKey)).toBe(entry(4));
      expect(lease.left()).toBeGreaterThan(0);
      await lease.release();
      expect(await redis.exists(key)).toBe(0);
    });

    it("the last writing succeeds although the connection sent it twice", async () => {
      const { redis, key, entryKey, way, take } = await open();
      await (await take()).replaceAndRelease(0, entry(1));
      const lease = await take();
      way.loseAnswers();
      const written = lease.replaceAndRelease(1, entry(2));
      await expect.poll(() => redis.get(entryKey)).toBe(entry(2));
      way.breakOff();
      expect(await written).toBe(true);
      expect(await redis.exists(key)).toBe(0);
    });

    it("a lease whose entry another process wrote between two sendings has no time left", async () => {
      const { redis, key, entryKey, way, take } = await open();
      await (await take()).replaceAndRelease(0, entry(1));
      const lease = await take();
      way.loseAnswers();
      const written = lease.replaceAndRelease(1, entry(2));
      await expect.poll(() => redis.get(entryKey)).toBe(entry(2));
      await redis.set(key, "another", "PX", 8 * 86_400_000);
      await redis.set(entryKey, entry(3));
      way.breakOff();
      expect(await written).toBe(false);
      expect(lease.left()).toBeLessThanOrEqual(0);
      await lease.release();
      expect(await redis.get(key)).toBe("another");
    });
  });
});
