import { Cluster, Redis } from "ioredis";
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from "vitest";
import { damagedEntry } from "../../src/ledger/entry.ts";
import { reconcileUser } from "../../src/reconcile/reconcile.ts";
import { redisLedger } from "../../src/redis/index.ts";
import { breakingWay } from "../support/breaking-way.ts";
import { setEntry } from "../support/entries.ts";
import { failureOf } from "../support/failure.ts";
import { describeErasing, describeLedger, entriesOf, entry } from "../support/ledger-contract.ts";
import { hasRedis, type RedisServer, startRedis } from "../support/redis-server.ts";
import { openWorld, user } from "../support/sync-users.ts";

describe.skipIf(!hasRedis)("redisLedger", () => {
  let server: RedisServer;
  const clients: Redis[] = [];
  let opened = 0;

  beforeAll(async () => {
    server = await startRedis();
  });
  afterAll(async () => {
    for (const client of clients) client.disconnect();
    await server?.close();
  });

  function connect(options = {}, { url } = server) {
    const redis = new Redis(url, options);
    redis.on("error", () => {});
    clients.push(redis);
    return redis;
  }
  const newPrefix = () => `test-${opened++}:`;

  describeLedger("as a ledger", async () => redisLedger(connect(), { prefix: newPrefix() }));
  describeErasing("redisLedger", async () => {
    const [redis, prefix] = [connect(), newPrefix()];
    const stored = async () => {
      const keys = await redis.keys(`${prefix}user:*`);
      return JSON.stringify([keys, keys.length === 0 ? [] : await redis.mget(keys)]);
    };
    return { ledger: redisLedger(redis, { prefix }), stored };
  });

  it("redisLedger lists only entries of its own prefix, even if the prefix looks like a pattern", async () => {
    const redis = connect();
    const odd = redisLedger(redis, { prefix: "p[a-z]*?\\:" });
    await setEntry(redisLedger(redis, { prefix: "px*?\\:" }), "ACC-9", entry("9"));
    await setEntry(odd, "ACC-1", entry("1"));
    await odd.setInfo({ entries: 1 });
    expect(await entriesOf(odd)).toEqual([["ACC-1", entry("1")]]);
  });

  it("redisLedger says that an entry is written although the connection broke before Redis's answer", async () => {
    const prefix = newPrefix();
    const way = await breakingWay(Number(new URL(server.url).port));
    const [redis, beside] = [new Redis(way.port, "127.0.0.1", { retryStrategy: () => 10 }), connect()];
    const [ledger, other] = [redis, beside].map((client) => redisLedger(client, { prefix }));
    await redis.ping();
    way.loseAnswers();
    const written = ledger?.replace("ACC-1", 0, entry("1", { revision: 1 }));
    await vi.waitFor(async () => expect(await other?.get("ACC-1")).toBeDefined(), 10_000);
    way.breakOff();
    expect(await written).toBe(true);
    expect(await ledger?.replace("ACC-1", 0, entry("2", { revision: 1 }))).toBe(false);
    expect(await other?.get("ACC-1")).toEqual(entry("1", { revision: 1 }));
    redis.disconnect();
    way.close();
  });

  it("redisLedger marks a broken entry as damaged and replaces it", async () => {
    const redis = connect();
    const prefix = newPrefix();
    const ledger = redisLedger(redis, { prefix });
    await redis.set(`${prefix}user:ACC-1`, "rubbish");
    expect(await entriesOf(ledger)).toEqual([["ACC-1", damagedEntry]]);
    expect(await ledger.replace("ACC-1", 0, entry("1", { revision: 1 }))).toBe(true);
    expect(await ledger.get("ACC-1")).toEqual(entry("1", { revision: 1 }));
  });

  it.each([
    ["entry", "ACC-1", "5 {"],
    ["entry", "ACC-1", '5 {"revision":5,"rules":null}'],
    ["note", " oplead pause", "5 {"],
  ])(
    "redisLedger can replace the broken %s stored under %j that begins with a revision (text: %s)",
    async (kind, name, text) => {
      const [redis, prefix] = [connect(), newPrefix()];
      const ledger = redisLedger(redis, { prefix });
      await redis.set(`${prefix}user:${name}`, text);
      if (kind === "note") {
        expect(await ledger.readNote("pause")).toBe("");
        expect(await ledger.writeNote("pause", "", "new")).toBe(true);
        expect(await ledger.readNote("pause")).toBe("new");
        return;
      }
      const broken = await ledger.get(name);
      expect(broken).toEqual({ ...damagedEntry, revision: 5 });
      expect(await ledger.replace(name, broken?.revision ?? 0, entry("1", { revision: 6 }))).toBe(true);
      expect(await ledger.get(name)).toEqual(entry("1", { revision: 6 }));
    },
  );

  it("redisLedger gives Redis's replication position, or none if Redis does not give it", async () => {
    const tellsBy = async (info: (() => Promise<string>) | undefined) => {
      // Otherwise the client itself sends INFO.
      const redis = connect({ enableReadyCheck: false });
      Reflect.set(redis, "info", info);
      const ledger = redisLedger(redis, { prefix: newPrefix() });
      await ledger.setInfo({ entries: 1 });
      return (await ledger.getInfo())?.position;
    };
    const lines = (...fields: string[]) => ["# Replication", ...fields, ""].join("\r\n");
    const first = ["master_replid:aa", "master_repl_offset:40"];
    const previous = { previousId: "bb", previousOffset: 29 };
    expect(await tellsBy(async () => lines(...first, "master_replid2:bb", "second_repl_offset:30"))).toEqual({
      ...{ id: "aa", offset: 40 },
      ...previous,
    });
    expect(await tellsBy(async () => lines(...first, "master_replid2:00", "second_repl_offset:-1"))).toEqual({
      ...{ id: "aa", offset: 40 },
    });
    // Took over before it had received anything.
    expect(await tellsBy(async () => lines(...first, "master_replid2:bb", "second_repl_offset:1"))).toEqual({
      ...{ id: "aa", offset: 40 },
      ...{ previousId: "bb", previousOffset: 0 },
    });
    expect(await tellsBy(async () => Promise.reject(new Error("NOPERM")))).toBeUndefined();
    expect(await tellsBy(undefined)).toBeUndefined();
  });

  it("reconcileUser with a redisLedger reads and writes an entry together with its lease", async () => {
    const world = await openWorld();
    onTestFinished(() => world.close());
    const [redis, prefix] = [connect(), newPrefix()];
    const outcomes: string[] = [];
    for (const phone of ["1", "1", "2"]) {
      const head = { user: user(0, { phone }) };
      const { outcome, requests } = await reconcileUser(world.connect(), redisLedger(redis, { prefix }), head);
      outcomes.push(`${outcome}, ${requests}`);
    }
    expect(outcomes).toEqual(["created, 2", "unchanged, 0", "updated, 1"]);
    expect(await redis.keys(`${prefix}lease:*`)).toEqual([]);
  });

  it("redisLedger throws ledger_unavailable while Redis is gone, after at most timeoutMs", async () => {
    const prefix = newPrefix();
    const ledger = redisLedger(connect({ maxRetriesPerRequest: null }), { prefix, timeoutMs: 300 });
    await setEntry(redisLedger(connect(), { prefix }), "ACC-1", entry("1"));
    await server.kill();
    expect(await failureOf(ledger.get("ACC-1"))).toMatchObject({ code: "ledger_unavailable", retryable: true });
    expect(await failureOf(entriesOf(ledger))).toMatchObject({ code: "ledger_unavailable" });
    await server.start();
    await vi.waitFor(async () => expect(await ledger.get("ACC-1")).toEqual(entry("1")), 20_000);
  });
});

it("redisLedger replaces two entries atomically on a single Redis, and has no such method in a cluster", () => {
  const [redis, cluster] = [new Redis({ lazyConnect: true }), new Cluster([], { lazyConnect: true })];
  expect(redisLedger(redis).replaceBoth).toBeTypeOf("function");
  expect(redisLedger(cluster)).not.toHaveProperty("replaceBoth");
});

it("redisLedger in a cluster that cannot be reached fails to list its entries, and does not look empty", async () => {
  const options = { lazyConnect: true, clusterRetryStrategy: () => null };
  const cluster = new Cluster([{ host: "127.0.0.1", port: 1 }], options);
  cluster.on("error", () => {});
  expect(cluster.nodes("master")).toEqual([]);
  expect(await failureOf(entriesOf(redisLedger(cluster)))).toMatchObject({ code: "ledger_unavailable" });
});

it("the error of redisLedger says that Redis failed, with Redis's code if there is one", async () => {
  const messageAfter = async (error: Error) => {
    const redis = new Redis({ lazyConnect: true });
    Reflect.set(redis, "get", () => Promise.reject(error));
    return (await failureOf(redisLedger(redis).get("ACC-1"))).message;
  };
  expect(await messageAfter(new Error("Connection is closed."))).toMatch(/^The ledger's Redis failed\.(?! \()/);
  expect(await messageAfter(new Error("OOM command not allowed"))).toMatch(/^The ledger's Redis failed \(OOM\)\./);
});
