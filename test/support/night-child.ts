import { Redis } from "ioredis";
import { createOplead } from "../../src/index.ts";
import { redisLedger } from "../../src/redis/index.ts";
import { fileLedger, syncUsers } from "../../src/sync/index.ts";
import { users } from "./sync-users.ts";

// The ledger is a folder, or the prefix of keys in a Redis.
const [, , baseUrl = "", place = "", count = "0", phone = "", redisUrl] = process.argv;

const redis = redisUrl === undefined ? undefined : new Redis(redisUrl);
const ledger = redis ? redisLedger(redis, { prefix: place, leaseMs: 1_000 }) : fileLedger(place);
const oplead = createOplead({ baseUrl, token: "fake-token", rateLimit: { requests: 1e6, perMs: 1000 } });
const source = users(Number(count)).map((user) => ({ ...user, phone }));
await syncUsers(oplead, { source, map: (user) => ({ user }), ledger, guard: false });
await ledger.close();
redis?.disconnect();
