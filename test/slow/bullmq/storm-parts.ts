import { Redis } from "ioredis";
import { type UserQueue, userQueue } from "../../../src/bullmq/index.ts";
import { createOplead, type Oplead } from "../../../src/index.ts";
import { redisLedger, redisRate } from "../../../src/redis/index.ts";
import type { Ledger, SourceUser } from "../../../src/sync/index.ts";
import { seededRandom } from "../../../src/testing/arguments.ts";
import { user } from "../../support/users.ts";

export interface StormSettings {
  readonly baseUrl: string;
  readonly redisPort: number;
  readonly accounts: number;
  readonly limit: number;
  readonly lockMs: number;
  readonly seed: number;
  readonly receivers?: readonly string[];
  readonly deliverMs?: number;
}

export const NEWEST = 5;

export function settingsOfChild(): StormSettings {
  return JSON.parse(process.argv[2] ?? "{}") as StormSettings;
}

export function stateOf(number: number, version: number): SourceUser {
  return { user: user(number, { phone: phoneAt(version) }), version };
}

export function phoneAt(version: number): string {
  return `+3310000000${version}`;
}

// Every tenth user's newest version comes from the nightly source only.
function isOnlyNightly(number: number): boolean {
  return number % 10 === 0;
}

export function nightlyVersions({ accounts, seed }: StormSettings): number[] {
  const random = seededRandom(seed + 1);
  return Array.from({ length: accounts }, (_, number) =>
    isOnlyNightly(number) ? NEWEST : 1 + Math.floor(random() * NEWEST),
  );
}

// Every version of every user, a fifth of them twice, shuffled.
export function deliveries({ accounts, seed }: StormSettings): { number: number; version: number }[] {
  const random = seededRandom(seed);
  const all: { number: number; version: number }[] = [];
  for (let number = 0; number < accounts; number += 1) {
    for (let version = 1; version <= NEWEST; version += 1) {
      if (version === NEWEST && isOnlyNightly(number)) continue;
      all.push({ number, version });
      if (random() < 0.2) all.push({ number, version });
    }
  }
  for (let at = all.length - 1; at > 0; at -= 1) {
    const other = Math.floor(random() * (at + 1));
    [all[at], all[other]] = [all[other] as (typeof all)[0], all[at] as (typeof all)[0]];
  }
  return all;
}

export function openQueue({ redisPort }: StormSettings, oplead: Oplead): UserQueue {
  return userQueue(oplead, {
    redis: `redis://127.0.0.1:${redisPort}`,
    name: "storm",
    encryptionKey: false,
    backoffMs: 300,
    attempts: 20,
  });
}

export function openParts(settings: StormSettings): {
  redis: Redis;
  queue: UserQueue;
  ledger: Ledger;
  oplead: Oplead;
} {
  const redis = new Redis(settings.redisPort);
  redis.on("error", () => {});
  const oplead = createOplead({
    baseUrl: settings.baseUrl,
    token: "fake-token",
    rateLimit: redisRate(redis, { prefix: "storm:rate", requests: settings.limit, perMs: 1000 }),
    timeoutMs: 1_500,
    platform: { settleMs: 300 },
    retry: { attempts: 5, baseMs: 20 },
  });
  const ledger = redisLedger(redis, { prefix: "storm:", leaseMs: settings.lockMs });
  return { redis, queue: openQueue(settings, oplead), ledger, oplead };
}
