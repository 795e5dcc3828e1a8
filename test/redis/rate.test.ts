import { Redis } from "ioredis";
import { expect, it } from "vitest";
import { type RedisRateOptions, redisRate } from "../../src/redis/index.ts";

const redis = new Redis({ lazyConnect: true });

it("until Redis has answered, perSecond of a redisRate is the rate of its own options", () => {
  expect(redisRate(redis, { prefix: "k", requests: 100, perMs: 2_000 }).perSecond).toBe(50);
});

it("redisRate lists every wrong option", () => {
  expect(() => redisRate(redis, { prefix: "", requests: 0, perMs: 1, share: 1 } as never)).toThrow(
    /prefix: must be text[\s\S]*requests: must be a number|requests: must be a number[\s\S]*prefix: must be text/,
  );
  for (const shares of [0, -0.5, 1.01, 2, Number.NaN, "0.5", null]) {
    const options = { prefix: "k", requests: 1, perMs: 1, shares } as RedisRateOptions;
    expect(() => redisRate(redis, options)).toThrow("shares: must be a share");
  }
  for (const shares of [undefined, 0.01, 1]) redisRate(redis, { prefix: "k", requests: 1, perMs: 1, shares });
});
