import { Redis } from "ioredis";
import { createOplead, type UserRules } from "../../src/index.ts";
import { redisLedger } from "../../src/redis/index.ts";
import { fileLedger, syncUsers } from "../../src/sync/index.ts";
import { users } from "./sync-users.ts";

export interface Night {
  readonly baseUrl: string;
  // A folder, or the prefix of keys in a Redis.
  readonly place: string;
  readonly count: number;
  readonly phone: string;
  readonly rules?: UserRules;
  readonly redisUrl?: string | undefined;
}

const { baseUrl, place, count, phone, rules = {}, redisUrl }: Night = JSON.parse(process.argv[2] ?? "");

const redis = redisUrl === undefined ? undefined : new Redis(redisUrl);
const ledger = redis ? redisLedger(redis, { prefix: place, leaseMs: 1_000 }) : fileLedger(place);
const oplead = createOplead({
  baseUrl,
  token: "fake-token",
  rateLimit: { requests: 1e6, perMs: 1000 },
  retry: { attempts: 8, baseMs: 1 },
});
const source = users(count).map((user) => ({ ...user, phone }));
await syncUsers(oplead, { source, map: (user) => ({ user, rules }), ledger, guard: false });
await ledger.close();
redis?.disconnect();
