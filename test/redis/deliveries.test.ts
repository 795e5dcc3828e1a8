import { once } from "node:events";
import { Redis } from "ioredis";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { redisDeliveries } from "../../src/redis/index.ts";
import { deliveryContract } from "../../src/testing/index.ts";
import type { DeliveryStore } from "../../src/webhook/index.ts";
import { breakingWay } from "../support/breaking-way.ts";
import { hasRedis, type RedisServer, startRedis } from "../support/redis-server.ts";

describe.skipIf(!hasRedis)("redisDeliveries", () => {
  let server: RedisServer;
  const clients: Redis[] = [];

  beforeAll(async () => {
    server = await startRedis();
  });
  afterAll(async () => {
    for (const client of clients) client.disconnect();
    await server?.close();
  });

  function open(options = {}) {
    const redis = new Redis(server.url);
    clients.push(redis);
    const store = redisDeliveries(redis, options);
    return store satisfies DeliveryStore;
  }

  for (const { name, run } of deliveryContract(() => open())) it(name, run);

  it("a claim of redisDeliveries cannot be released by another receiver", async () => {
    const [one, other] = [open(), open()];
    await one.claim("d-3", 10_000);
    await other.release("d-3");
    expect(await other.claim("d-3", 10_000)).toBe("busy");
  });

  it("redisDeliveries keeps a delivery for four days, and keeps stores with different prefixes apart", async () => {
    const [one, other] = [open({ prefix: "a:" }), open({ prefix: "b:" })];
    await one.add("d-4");
    expect(await other.has("d-4")).toBe(false);
    const fourDays = 4 * 24 * 60 * 60 * 1000;
    expect(await clients[0]?.pttl("a:d-4")).toBeGreaterThan(fourDays - 60_000);
    expect(await clients[0]?.pttl("a:d-4")).toBeLessThanOrEqual(fourDays);
  });

  it("redisDeliveries gives a receiver its claim again if the answer to the first was lost", async () => {
    const way = await breakingWay(Number(new URL(server.url).port));
    const redis = new Redis(way.port, "127.0.0.1", { retryStrategy: () => 10 });
    const beside = new Redis(server.url);
    clients.push(redis, beside);
    const [store, other] = [redisDeliveries(redis), redisDeliveries(beside)];
    expect(await store.has("d-6")).toBe(false);
    way.loseAnswers();
    const claim = store.claim("d-6", 100_000);
    // Redis has stored the claim; the client does not know, and repeats it over a new connection.
    while ((await beside.get("oplead:delivery:d-6")) === null) await new Promise((resolve) => setTimeout(resolve, 5));
    way.breakOff();
    expect(await claim).toBe("claimed");
    expect(await store.claim("d-6", 100_000)).toBe("busy");
    expect(await other.claim("d-6", 100_000)).toBe("busy");
    await store.add("d-6");
    expect(await other.claim("d-6", 100_000)).toBe("done");
    redis.disconnect();
    way.close();
  });

  it("if Redis did not get the release of a claim, redisDeliveries gives the same receiver the claim again", async () => {
    const redis = new Redis(server.url, { enableOfflineQueue: false, lazyConnect: true });
    clients.push(redis);
    await redis.connect();
    const store = redisDeliveries(redis);
    expect(await store.claim("d-7", 100_000)).toBe("claimed");
    redis.disconnect();
    await once(redis, "end");
    await expect(store.release("d-7")).rejects.toThrow();
    await expect(store.claim("d-7", 100_000)).rejects.toThrow();
    await redis.connect();
    expect(await store.claim("d-7", 100_000)).toBe("claimed");
  });
});
