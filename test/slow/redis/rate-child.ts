import { createInterface } from "node:readline/promises";
import { Redis } from "ioredis";
import { createOplead } from "../../../src/index.ts";
import { redisRate } from "../../../src/redis/index.ts";
import { user } from "../../support/users.ts";

const [, , baseUrl = "", redisUrl = "", requests = "0"] = process.argv;
const redis = new Redis(redisUrl);
redis.on("error", () => process.exit(1));
const rateLimit = redisRate(redis, { prefix: "rate", requests: Number(requests), perMs: 1000 });
const oplead = createOplead({ baseUrl, token: "fake-token", rateLimit, retry: { attempts: 9, baseMs: 5, maxMs: 50 } });
await redis.ping();
const input = createInterface({ input: process.stdin });
console.log("ready");
const until = Number(await input.question(""));
// Calls for one user wait for each other.
const caller = async (number: number): Promise<void> => {
  while (Date.now() < until) await oplead.updateUser(`${number}`, user(number)).catch(() => {});
};
await Promise.all(Array.from({ length: 8 }, (_, number) => caller(number)));
input.close();
redis.disconnect();
