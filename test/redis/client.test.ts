import { Cluster, Redis } from "ioredis";
import { expect, it } from "vitest";
import { clientProblem, type RedisClient, redisErrorCode, Script } from "../../src/redis/client.ts";

it("the code of a Redis failure is the reply's first word or the system's code, and no other word", () => {
  expect(redisErrorCode(new Error("WRONGPASS invalid username-password pair"))).toBe("WRONGPASS");
  expect(redisErrorCode(new Error("OOM command not allowed"))).toBe("OOM");
  expect(redisErrorCode(Object.assign(new Error("connect failed"), { code: "ECONNREFUSED" }))).toBe("ECONNREFUSED");
  expect(redisErrorCode(new Error("a node answered with MOVED once too often"))).toBeUndefined();
  expect(redisErrorCode(new Error("OK is not a code"))).toBeUndefined();
  expect(redisErrorCode("OOM text that was thrown")).toBeUndefined();
});

it("a script is sent again only if Redis says that it does not know it", async () => {
  const sent: string[] = [];
  const redisThatFails = (message: string) =>
    ({
      evalsha: async () => {
        sent.push("sha");
        throw new Error(message);
      },
      eval: async (text: string) => sent.push(text) && "answer",
    }) as unknown as RedisClient;
  const script = new Script("return 1");
  await expect(script.run(redisThatFails("Connection is closed."), "key")).rejects.toThrow("Connection is closed.");
  await expect(script.run(redisThatFails("READONLY replica"), "key")).rejects.toThrow("READONLY replica");
  expect(sent).toEqual(["sha", "sha"]);
  expect(await script.run(redisThatFails("NOSCRIPT No matching script."), "key")).toBe("answer");
  expect(sent).toEqual(["sha", "sha", "sha", "return 1"]);
});

it("a Redis client is refused if it lacks a command, or has a keyPrefix, also in its cluster's nodes", () => {
  const code = (redis: unknown) => clientProblem(redis)?.code;
  const [plain, prefixed] = [new Redis({ lazyConnect: true }), new Redis({ lazyConnect: true, keyPrefix: "a:" })];
  const clusterWith = (options: object) => new Cluster([], { lazyConnect: true, ...options });
  const clients = [plain, prefixed, clusterWith({}), clusterWith({ redisOptions: { keyPrefix: "a:" } })];
  expect(clients.map(code)).toEqual([undefined, "has_key_prefix", undefined, "has_key_prefix"]);
  expect([undefined, "redis://127.0.0.1", {}, new Map()].map(code)).toEqual(Array(4).fill("not_redis"));
  const commands = ["get", "mget", "hgetall", "hset", "set", "scan", "eval", "evalsha"];
  const clientOf = (names: readonly string[]) => Object.fromEntries(names.map((name) => [name, async () => null]));
  expect(code(clientOf(commands))).toBeUndefined();
  for (const missing of commands) {
    expect(code(clientOf(commands.filter((name) => name !== missing))), missing).toBe("not_redis");
  }
});
