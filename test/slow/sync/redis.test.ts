import KeyvRedis from "@keyv/redis";
import Keyv from "keyv";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { UserInput } from "../../../src/index.ts";
import { keyvLedger, planSync, syncUsers } from "../../../src/sync/index.ts";
import { describeLedger } from "../../support/ledger-contract.ts";
import { hasRedis, type RedisServer, startRedis } from "../../support/redis-server.ts";
import { fiveRules, openWorld, users } from "../../support/sync-users.ts";

describe.skipIf(!hasRedis)("keyvLedger over Redis", () => {
  let server: RedisServer;
  const stores: KeyvRedis<unknown>[] = [];

  beforeAll(async () => {
    server = await startRedis();
  });

  afterAll(async () => {
    for (const store of stores) await store.disconnect(true).catch(() => {});
    await server?.close();
  });

  function open(namespace: string, timeoutMs?: number) {
    const store = new KeyvRedis<unknown>(server.url, { throwOnErrors: true, connectionTimeout: 500 });
    stores.push(store);
    const keyv = new Keyv(store, { namespace, throwOnErrors: true });
    // Without a listener Node takes the lost connection for an unhandled error.
    keyv.on("error", () => {});
    return keyvLedger(keyv, { timeoutMs });
  }

  let opened = 0;
  describeLedger("as a ledger", async () => {
    opened += 1;
    return open(`contract-${opened}`);
  });

  it("after a run with a Keyv over Redis, the next run sends nothing, also in another process", async () => {
    const world = await openWorld();
    const options = { source: users(200), map: (user: UserInput) => ({ user, rules: fiveRules }) };
    expect(
      await syncUsers(world.connect(), { ...options, ledger: open("sync"), guard: { minUsers: 100_000 } }),
    ).toMatchObject({
      status: "complete",
    });
    world.newRequests();
    const again = await syncUsers(world.connect(), { ...options, ledger: open("sync") });
    expect(again.counts).toMatchObject({ unchanged: 200 });
    expect(world.newRequests()).toBe(0);
    const other = await planSync(world.connect(), { ...options, ledger: open("elsewhere") });
    expect(other.counts).toMatchObject({ new: 200 });
    await world.close();
  });

  it("keyvLedger fails if Redis is gone, because an empty ledger would make every user look new", async () => {
    const world = await openWorld();
    const ledger = open("sync", 500);
    expect(await ledger.get("ACC-1")).toBeDefined();
    await server.kill();
    const options = { source: users(200), map: (user: UserInput) => ({ user }), ledger };
    await expect(planSync(world.connect(), options)).rejects.toMatchObject({ code: "ledger_unavailable" });
    await expect(ledger.get("ACC-1")).rejects.toMatchObject({ code: "ledger_unavailable" });
    expect(world.fake.requests).toEqual([]);
    await world.close();
  });
});
