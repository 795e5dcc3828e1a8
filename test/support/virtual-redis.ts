import { Redis } from "ioredis";
import type { RedisClient } from "../../src/redis/client.ts";

// Scripts of a real Redis see the test's time. `idle`: Redis has answered everything, and the waiting code has run.
export function virtualRedis(url: string, now: () => number) {
  const redis = new Redis(url);
  const pending = new Set<Promise<unknown>>();
  const noted = <T>(command: Promise<T>): Promise<T> => {
    const answered = (): boolean => pending.delete(command);
    pending.add(command);
    command.then(answered, answered);
    return command;
  };
  const TIME = 'redis.call("TIME")';
  const client = new Proxy(redis, {
    get(target, name) {
      if (name === "evalsha") return async () => Promise.reject(new Error("NOSCRIPT No matching script."));
      if (name !== "eval") return Reflect.get(target, name, target);
      return (script: string, keys: number, ...args: (string | number)[]) => {
        if (!script.includes(TIME)) return noted(target.eval(script, keys, ...args));
        const ms = 1e12 + now();
        const time = [Math.floor(ms / 1000), Math.round((ms % 1000) * 1000)];
        const text = script.replaceAll(TIME, "{ ARGV[#ARGV - 1], ARGV[#ARGV] }");
        return noted(target.eval(text, keys, ...args, ...time));
      };
    },
  }) as unknown as RedisClient;
  const idle = async (): Promise<void> => {
    // Polling would take processor time from the server that should answer.
    while (pending.size > 0) {
      await Promise.allSettled(pending);
      await new Promise((resolve) => setImmediate(resolve));
    }
  };
  return { client, idle, close: () => redis.disconnect() };
}
