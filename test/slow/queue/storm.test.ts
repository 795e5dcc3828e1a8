import { describe, expect, it } from "vitest";
import { hasRedis } from "../../support/redis-server.ts";
import { storm } from "./storm.ts";

describe.skipIf(!hasRedis)("a storm of deliveries over two receivers, three workers and a nightly run", () => {
  it("leaves every account once at its newest version, though workers are killed, Redis restarts and answers fail", async () => {
    const seen = await storm({
      accounts: Number(process.env.STORM_ACCOUNTS ?? 2_000),
      limit: 250,
      kills: 20,
      redisRestarts: 2,
      clocksApartMs: 0,
    });
    expect(seen.killed).toBe(20);
    expectCalm(seen);
  }, 280_000);

  it("leaves every account once at its newest version with process clocks that are ten minutes apart", async () => {
    const seen = await storm({ accounts: 300, limit: 250, kills: 3, redisRestarts: 0, clocksApartMs: 600_000 });
    expectCalm(seen);
  }, 120_000);
});

function expectCalm(seen: Awaited<ReturnType<typeof storm>>): void {
  expect(seen.duplicates).toEqual([]);
  expect(seen.users).toBe(seen.accounts);
  expect(seen.notAtNewest).toEqual([]);
  expect(seen.left).toMatchObject({ waiting: 0, active: 0, delayed: 0, failed: 0, inbox: 0 });
  expect(seen.failedShare).toBeGreaterThan(0.25);
  expect(seen.mostInASecond).toBeLessThanOrEqual(seen.limit + 2);
}
