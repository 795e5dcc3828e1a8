import { Redis } from "ioredis";
import type { RedisClient } from "../../src/redis/client.ts";

/**
 * A client of a real Redis in which scripts see the time of the test. `idle` resolves when every command has been answered and
 * what waits for the answers has gone on.
 */
export function virtualRedis(url: string, now: () => number) {
  const redis = new Redis(url);
  let pending = 0;
  const counted = async <T>(task: () => Promise<T>): Promise<T> => {
    pending += 1;
    try {
      return await task();
    } finally {
      pending -= 1;
    }
  };
  const TIME = 'redis.call("TIME")';
  const client = new Proxy(redis, {
    get(target, name) {
      if (name === "evalsha") return async () => Promise.reject(new Error("NOSCRIPT No matching script."));
      if (name !== "eval") return Reflect.get(target, name, target);
      return (script: string, keys: number, ...args: (string | number)[]) => {
        if (!script.includes(TIME)) return counted(() => target.eval(script, keys, ...args));
        const ms = 1e12 + now();
        const time = [Math.floor(ms / 1000), Math.round((ms % 1000) * 1000)];
        const text = script.replaceAll(TIME, "{ ARGV[#ARGV - 1], ARGV[#ARGV] }");
        return counted(() => target.eval(text, keys, ...args, ...time));
      };
    },
  }) as unknown as RedisClient;
  const idle = async (): Promise<void> => {
    while (pending > 0) {
      await new Promise((resolve) => setImmediate(resolve));
      for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
    }
  };
  return { client, idle, close: () => redis.disconnect() };
}
