import { Cluster, Redis } from "ioredis";
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from "vitest";
import { damagedEntry } from "../../src/ledger/entry.ts";
import { markOf, olderCopy } from "../../src/ledger/notes.ts";
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

  it("redisLedger works after Redis has forgotten its scripts", async () => {
    const redis = connect();
    const ledger = redisLedger(redis, { prefix: newPrefix() });
    await ledger.replace("ACC-1", 0, entry("1", { revision: 1 }));
    await redis.script("FLUSH");
    expect(await ledger.replace("ACC-1", 1, entry("2", { revision: 2 }))).toBe(true);
  });

  it("a process that stood still past its lease sends nothing more, not even for waiting users", async () => {
    const world = await openWorld();
    onTestFinished(() => world.close());
    const ledger = redisLedger(connect(), { prefix: newPrefix(), leaseMs: 3_000 });
    const heads = Array.from({ length: 6 }, (_, at) => ({
      user: user(0, { accountNumber: `ACC-${at}`, login: `l${at}` }),
    }));
    // As a paused container: timers fire only afterwards, all at once.
    const standStill = () => {
      if (world.fake.requests.length === 1) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 3_500);
      return false;
    };
    world.fake.fail({ on: standStill, as: "reset" });
    const oplead = world.connect({ rateLimit: { requests: 1, perMs: 1_000 } });
    const results = heads.map((head) => reconcileUser(oplead, ledger, head));
    const outcomes = (await Promise.all(results)).map(({ outcome, failed }) => [outcome, failed[0]?.error.retryable]);
    expect(outcomes).toEqual(heads.map(() => ["failed", true]));
    expect(world.fake.requests).toHaveLength(1);
  });

  it("the error of redisLedger for a password that is no longer valid has Redis's code, and can be retried", async () => {
    const own = await startRedis();
    onTestFinished(() => own.close());
    const admin = connect({}, own);
    await admin.config("SET", "requirepass", "first");
    const ledger = redisLedger(connect({ password: "first" }, own), { timeoutMs: 2_000 });
    await setEntry(ledger, "ACC-1", entry("1"));
    await admin.config("SET", "requirepass", "second");
    await admin.client("KILL", "TYPE", "normal", "SKIPME", "yes");
    await vi.waitFor(async () => {
      const error = await failureOf(ledger.get("ACC-1"));
      expect(error).toMatchObject({ code: "ledger_unavailable", retryable: true });
      expect(error.message).toContain("(WRONGPASS)");
    }, 10_000);
  });

  it("a replica that took over is an older copy if it lacks the last entries, and else is not", async () => {
    const [first, second] = [await startRedis(), await startRedis()];
    onTestFinished(async () => {
      await Promise.all([first.close(), second.close()]);
    });
    const [main, replica] = [connect({}, first), connect({}, second)];
    await replica.replicaof("127.0.0.1", new URL(first.url).port);
    const before = redisLedger(main, { prefix: "p:" });
    await vi.waitFor(async () => expect(await replica.info("replication")).toContain("master_link_status:up"), 10_000);
    await before.setInfo({ entries: 1, runs: 1, lastRunId: "run" });
    await main.wait(1, 10_000);
    const received = markOf(await before.getInfo());
    await replica.replicaof("NO", "ONE");
    await setEntry(before, "ACC-1", entry("1"));
    const lost = markOf(await before.getInfo());
    const now = await redisLedger(replica, { prefix: "p:" }).getInfo();
    expect(olderCopy(now, received, 1)).toBeUndefined();
    expect(olderCopy(now, lost, 1)).toMatchObject({ known: 1, ended: 1 });
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

it("redisLedger refuses unknown options, a client with a keyPrefix, and a value that is not a client", () => {
  expect(() => redisLedger({} as never)).toThrow("must be a client of ioredis");
  const redis = new Redis({ lazyConnect: true, keyPrefix: "x:" });
  expect(() => redisLedger(redis)).toThrow("must have no keyPrefix");
  const plain = new Redis({ lazyConnect: true });
  expect(() => redisLedger(plain, { prefixes: "x" } as never)).toThrow("prefixes: is not an option");
  redis.disconnect();
  plain.disconnect();
});
