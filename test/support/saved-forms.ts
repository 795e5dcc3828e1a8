// `scripts/save-forms.ts` writes in this world; the test of the saved forms reads in it.
import type { Redis } from "ioredis";
import type { SourceUser } from "../../src/sync/index.ts";

// Always the same: ledgers, plans and jobs belong to one.
export const BASE_URL = "https://api.oplead.example";

// Not a secret: it encrypts made-up users.
export const ENCRYPTION_KEY = Buffer.alloc(32, "forms").toString("base64");

export const FIRST_DELIVERY = "msg_1";

// One of each kind of rule. The script's fake refuses `ACC-4`: its entry is held.
export function formUsers(): SourceUser[] {
  return [1, 2, 3, 4].map((number) => ({
    version: 7,
    user: {
      accountNumber: `ACC-${number}`,
      civility: "Mme",
      lastname: `Nom ${number}`,
      login: `login-${number}`,
      email: `user-${number}@dealers.example`,
      profile: { code: "PRF_NETWORK" },
      address: { zipCode: "75001", city: "Paris", country: { code: "FR" } },
    },
    rules: {
      geographical: { handledCountries: [{ handledCountry: { code: "BE" } }] },
      maxDistance: 10 * number,
      competences: [{ range: { code: "RNG_A" } }],
      contactProfiles: ["CPR_A"],
      profileTypes: ["pro"],
    },
  }));
}

export type Dumped = readonly [key: string, type: string, value: unknown];

// Without streams, whose events are for present listeners, and paths in stack traces.
export async function dumpRedis(redis: Redis): Promise<Dumped[]> {
  const keys = (await redis.keys("*")).sort();
  const read: Readonly<Record<string, (key: string) => Promise<unknown>>> = {
    string: (key) => redis.get(key),
    hash: async (key) => {
      const { stacktrace: _, ...fields } = await redis.hgetall(key);
      return fields;
    },
    list: (key) => redis.lrange(key, 0, -1),
    set: (key) => redis.smembers(key),
    zset: (key) => redis.zrange(key, 0, -1, "WITHSCORES"),
  };
  const dumped: Dumped[] = [];
  for (const key of keys) {
    const type = await redis.type(key);
    const value = await read[type]?.(key);
    if (value !== undefined) dumped.push([key, type, value]);
  }
  return dumped;
}

export async function loadRedis(redis: Redis, dumped: readonly Dumped[]): Promise<void> {
  await redis.flushall();
  for (const [key, type, value] of dumped) {
    const texts = value as string[];
    if (type === "string") await redis.set(key, value as string);
    else if (type === "hash") await redis.hset(key, value as Record<string, string>);
    else if (type === "list") await redis.rpush(key, ...texts);
    else if (type === "set") await redis.sadd(key, ...texts);
    else await redis.zadd(key, ...pairsOf(texts).flatMap(([member, score]) => [score, member]));
  }
}

function pairsOf(texts: readonly string[]): (readonly [member: string, score: string])[] {
  return texts.flatMap((text, at) => (at % 2 === 0 ? [[text, texts[at + 1] ?? "0"] as const] : []));
}
