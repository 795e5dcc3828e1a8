/** One of several processes that share a rate: sends as fast as it may until the time is up, and prints what came back. */
import { Redis } from "ioredis";
import { createOplead } from "../../../src/index.ts";
import { redisRate } from "../../../src/redis/index.ts";
import { user } from "../../support/users.ts";

const [, , baseUrl = "", redisUrl = "", requests = "0", until = "0"] = process.argv;
const redis = new Redis(redisUrl);
const rateLimit = redisRate(redis, { key: "rate", requests: Number(requests), perMs: 1000 });
const oplead = createOplead({ baseUrl, token: "fake-token", rateLimit, retry: { attempts: 9, baseMs: 5, maxMs: 50 } });
let sent = 0;
await Promise.all(
  Array.from({ length: 8 }, async () => {
    while (Date.now() < Number(until)) {
      await oplead.updateUser("1", user(1)).then(
        () => {
          sent += 1;
        },
        () => {},
      );
    }
  }),
);
console.log(sent);
redis.disconnect();
