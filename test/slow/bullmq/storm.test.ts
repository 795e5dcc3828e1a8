import { describe, expect, it } from "vitest";
import { hasRedis } from "../../support/redis-server.ts";
import { storm } from "./storm.ts";

const KILLS = Number(process.env.STORM_KILLS ?? 5);
const STORM = {
  accounts: Number(process.env.STORM_ACCOUNTS ?? 500),
  ...{ limit: Number(process.env.STORM_LIMIT ?? 250), kills: KILLS, redisRestarts: 2 },
};

describe.skipIf(!hasRedis)("a storm of deliveries over two receivers, three workers and a nightly run", () => {
  it("a storm of kills, restarts, failed answers and wrong clocks leaves every account once, newest", async () => {
    expectCalm(await storm({ ...STORM, clocksApartMs: 600_000 }));
  });
});

function expectCalm(seen: Awaited<ReturnType<typeof storm>>): void {
  expect(seen.killed).toBe(KILLS);
  expect(seen.redisRestarted).toBe(2);
  // A timer may fire a moment early.
  expect(seen.frozenLocks).toBeGreaterThan(1.99);
  expect(seen.failedShare).toBeGreaterThan(0.25);
  expect(seen.duplicates).toEqual([]);
  expect(seen.users).toBe(seen.accounts);
  expect(seen.notAtNewest).toEqual([]);
  expect(seen.left).toMatchObject({ waiting: 0, active: 0, delayed: 0, failed: 0, inbox: 0 });
  // On a busy machine answers of Redis come late, and some requests start at once.
  expect(seen.mostInASecond).toBeLessThanOrEqual(seen.limit * 1.04);
}
