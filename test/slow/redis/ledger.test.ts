import { Redis } from "ioredis";
import { describe, expect, it, onTestFinished } from "vitest";
import { reconcileUser } from "../../../src/reconcile/reconcile.ts";
import { redisLedger } from "../../../src/redis/index.ts";
import { setEntry } from "../../support/entries.ts";
import { entry } from "../../support/ledger-contract.ts";
import { hasRedis, startRedis } from "../../support/redis-server.ts";
import { openWorld, user } from "../../support/sync-users.ts";

describe.skipIf(!hasRedis)("redisLedger", () => {
  async function connect(count: number): Promise<Redis[]> {
    const server = await startRedis();
    const clients = Array.from({ length: count }, () => new Redis(server.url));
    onTestFinished(async () => {
      for (const client of clients) client.disconnect();
      await server.close();
    });
    return clients;
  }

  it("redisLedger matches the server each of 300 times that two clients reconcile one user at the same moment", async () => {
    const world = await openWorld({ uniqueAccountNumbers: false });
    onTestFinished(() => world.close());
    const pairs = (await connect(2)).map((redis) => [world.connect(), redisLedger(redis)] as const);
    for (let round = 1; round <= 300; round += 1) {
      const newest = 2 * round + 1;
      await Promise.all(
        pairs.map(([oplead, ledger], at) => {
          const version = (round + at) % 2 === 0 ? newest : newest - 1;
          return reconcileUser(oplead, ledger, { user: user(0, { phone: String(version) }), version });
        }),
      );
      expect(world.fake.user("ACC-0")).toMatchObject({ phone: String(newest) });
      expect(await pairs[0]?.[1].get("ACC-0")).toMatchObject({ version: newest });
    }
    expect(world.fake.users).toHaveLength(1);
  });

  it("redisLedger lists 200,000 entries without keeping them in memory", async () => {
    const [redis] = await connect(1);
    if (!redis) throw new Error("no client");
    const ledger = redisLedger(redis);
    for (let first = 0; first < 200_000; first += 1000) {
      const batch = Array.from({ length: 1000 }, (_, at) =>
        setEntry(ledger, `ACC-${first + at}`, entry(String(first + at))),
      );
      await Promise.all(batch);
    }
    globalThis.gc?.();
    const before = process.memoryUsage().heapUsed;
    let highest = 0;
    const seen = new Uint8Array(200_000);
    for await (const [, { id }] of ledger.entries()) {
      seen[Number(id)] = 1;
      highest = Math.max(highest, process.memoryUsage().heapUsed - before);
    }
    expect(seen.every((one) => one === 1)).toBe(true);
    console.log(`redisLedger, 200,000 entries listed: heap rose by at most ${Math.round(highest / 1e6)} MB`);
    expect(highest).toBeLessThan(150e6);
  });
});
