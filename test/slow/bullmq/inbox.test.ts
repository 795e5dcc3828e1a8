import { Redis } from "ioredis";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { Inbox, type InboxRecord, sealWith } from "../../../src/bullmq/inbox.ts";
import { RedisAccess } from "../../../src/bullmq/redis-access.ts";
import { breakingWay } from "../../support/breaking-way.ts";
import { hasRedis, type RedisServer, startRedis } from "../../support/redis-server.ts";
import { until } from "./queue-world.ts";

describe.skipIf(!hasRedis)("the inbox", () => {
  let server: RedisServer;
  let redis: Redis;
  beforeAll(async () => {
    server = await startRedis();
    redis = new Redis(server.url);
  });
  afterAll(async () => {
    redis.disconnect();
    await server.close();
  });

  let opened = 0;
  type More = Partial<Parameters<Inbox["put"]>[0]> & { readonly version?: number };

  function open({ ttlMs = 60_000, keys = [] as string[], client = redis as unknown, base = `own-${++opened}` } = {}) {
    const inbox = new Inbox(new RedisAccess(async () => client as never, 10_000), base, sealWith(keys, "p"), ttlMs);
    const put = (phone: string, { version, ...more }: More = {}) => {
      const user = { user: { phone, accountNumber: "ACC-1" } as never, rules: [], version };
      const state = { key: "k", accountNumber: "ACC-1", user, expectedRevision: undefined, isOwed: false };
      return inbox.put({ ...state, ...more });
    };
    const take = async (job = "7") => (await inbox.take("k", job)) as InboxRecord;
    const end = (record: InboxRecord, keepMs = 60_000) => inbox.acknowledge("k", record, null, keepMs);
    const phoneOf = (record: InboxRecord) => (record.user?.user as { phone?: string } | undefined)?.phone;
    return { inbox, put, take, end, phoneOf, base };
  }

  it("withdrawing a state does not restore an older state that was acknowledged before", async () => {
    const { inbox, put, take, end } = open();
    await put("00");
    const oldest = await take();
    expect(await end(oldest)).toBe("acknowledged");
    expect(await inbox.kept("k")).toMatchObject({ sequence: oldest.sequence });
    // In flight: the second state. A run stores the third and withdraws it.
    await put("01");
    const second = await take();
    const { sequence = "" } = await put("02");
    expect(await inbox.takeBack("k", sequence)).toBe(true);
    expect(await end(second)).toBe("late");
    expect(await inbox.kept("k")).toBeUndefined();
  });

  it.each(["stored", "acknowledged", "taken back"])(
    "a state is %s once although the connection broke before the answer and the command was sent twice",
    async (what) => {
      const way = await breakingWay(Number(new URL(server.url).port));
      const through = new Redis(way.port, "127.0.0.1", { retryStrategy: () => 10 });
      onTestFinished(() => {
        through.disconnect();
        way.close();
      });
      const { inbox, put, take, end, base } = open({ client: through });
      const { sequence = "" } = await put("1");
      if (what === "stored") await end(await take());
      const record = what === "acknowledged" ? await take() : undefined;
      const ask = () => (what === "stored" ? put("2") : record ? end(record) : inbox.takeBack("k", sequence));
      const change = () => Promise.all(["inbox", "done"].map((name) => redis.get(`${base}:${name}:k`)));
      const before = await change();
      // Loads the script.
      await (what === "stored" ? inbox.count() : inbox.takeBack("k", "another"));
      way.loseAnswers();
      const asked = ask();
      await until(async () => String(await change()) !== String(before));
      way.breakOff();
      const expected = { stored: { formerJob: undefined, joins: false }, acknowledged: "acknowledged" };
      const answer = await asked;
      if (what === "taken back") expect(answer).toBe(true);
      else expect(answer).toEqual(what === "stored" ? expect.objectContaining(expected.stored) : expected.acknowledged);
      expect(await inbox.count()).toBe(what === "stored" ? 1 : 0);
    },
  );

  it("the newest state of a user keeps the options that came with its older states", async () => {
    const { put, take } = open();
    const options = async (given: More["options"]) => {
      await put("1", { options: given });
      return (await take()).options;
    };
    expect(await options(undefined)).toEqual({});
    await options({ retryHeld: ["user"], resend: true });
    expect(await options({ retryHeld: ["maxDistance"] })).toEqual({ resend: true, retryHeld: ["user", "maxDistance"] });
    expect(await options({ retryHeld: true })).toEqual({ resend: true, retryHeld: true });
    expect(await options(undefined)).toEqual({ resend: true, retryHeld: true });
  });

  it("states stored at the same moment join each other, and the newest is kept whatever their order", async () => {
    const { inbox, put, take, phoneOf } = open();
    // All read the record before any writes.
    const all = await Promise.all([2, 4, 1, 5, 3].map((version) => put(String(version), { version })));
    expect(all.map(({ joins }) => joins).sort()).toEqual([false, true, true, true, true]);
    expect(phoneOf(await take())).toBe("5");
    expect(await inbox.count()).toBe(1);
  });

  it("the later of two states wins without versions, the newer one with them, and no user never does", async () => {
    const { put, take, phoneOf } = open();
    await put("1");
    await put("2");
    expect(phoneOf(await take())).toBe("2");
    await put("3", { version: 2 });
    expect(await put("4", { version: 1 })).toMatchObject({ sequence: undefined });
    expect(phoneOf(await take())).toBe("3");
    expect((await put("5", { version: 2 })).sequence).toEqual(expect.any(String));
    await put("", { user: undefined });
    const { user, accountNumber } = await take();
    expect([user, accountNumber]).toEqual([undefined, "ACC-1"]);
    await put("6", { version: 3 });
    expect(phoneOf(await take())).toBe("6");
  });

  it("a plan's state does not replace one that a sender relies on, unless its version is newer", async () => {
    const { put, take, phoneOf } = open();
    const ofPlan = { expectedRevision: 4 };
    await put("1", { ...ofPlan });
    await put("2", { expectedRevision: 5 });
    expect(await take()).toMatchObject({ isOwed: false, expectedRevision: 5 });
    await put("3", { isOwed: true, version: 1 });
    expect(await put("4", { ...ofPlan })).toMatchObject({ sequence: undefined, isOwed: true });
    expect(await put("4", { ...ofPlan, version: 1 })).toMatchObject({ sequence: undefined });
    const record = await take();
    expect([phoneOf(record), record.isOwed, record.expectedRevision]).toEqual(["3", true, undefined]);
    await put("5", { ...ofPlan, version: 2 });
    // A sender relied on the replaced state, which may have been sent.
    const newer = await take();
    expect([phoneOf(newer), newer.isOwed, newer.expectedRevision]).toEqual(["5", true, undefined]);
  });

  it("a state that arrives after work began gets the job of this work, and the next state does not", async () => {
    const { put, take, inbox } = open();
    expect(await put("1")).toMatchObject({ joins: false, formerJob: undefined });
    expect(await put("2")).toMatchObject({ joins: true, formerJob: undefined });
    const { sequence } = await take("1234567890");
    expect(await inbox.fate("k", sequence)).toEqual({ is: "waiting", job: "1234567890" });
    expect(await put("3")).toMatchObject({ joins: false, formerJob: "1234567890" });
    expect(await put("4")).toMatchObject({ joins: true, formerJob: undefined });
  });

  it("a worker that acknowledges an old state does not acknowledge the newer state that has replaced it", async () => {
    const { inbox, put, take, end } = open();
    const { sequence } = await put("1");
    const old = await take();
    await put("2");
    expect(await end(old)).toBe("newer");
    expect(await inbox.note("k", old)).toBe(false);
    expect([await inbox.count(), await inbox.kept("k")]).toEqual([1, undefined]);
    const newest = await take();
    expect(await end(newest)).toBe("acknowledged");
    expect(await inbox.fate("k", newest.sequence)).toEqual({ is: "done", result: null });
    expect(await inbox.fate("k", sequence)).toEqual({ is: "superseded" });
    expect(await inbox.fate("k", undefined)).toEqual({ is: "superseded" });
    expect(await inbox.count()).toBe(0);
    expect(await end(old)).toBe("late");
    expect(await take()).toBe("acknowledged");
  });

  it("a record that Redis has lost is reported once as lost, even if an earlier state was acknowledged", async () => {
    const { inbox, put, take, end, base } = open();
    expect(await take()).toBe("lost");
    expect(await inbox.fate("k", "unknown")).toEqual({ is: "lost" });
    await put("1");
    await end(await take());
    const { sequence } = await put("2");
    await redis.del(`${base}:inbox:k`);
    expect(await inbox.count()).toBe(1);
    expect(await take()).toBe("lost");
    expect(await inbox.count()).toBe(0);
    expect(await inbox.fate("k", sequence)).toEqual({ is: "lost" });
  });

  it("a state can be withdrawn until work begins, another sender relies on it or a newer one replaces it", async () => {
    const { inbox, put, take } = open();
    const takeBack = async ({ sequence = "" }: { readonly sequence: string | undefined }) =>
      inbox.takeBack("k", sequence);
    const started = await put("1");
    await take();
    expect(await takeBack(started)).toBe(false);
    const [replaced, mine] = [await put("2"), await put("3")];
    expect(await takeBack(replaced)).toBe(false);
    expect(await takeBack(mine)).toBe(true);
    expect([await inbox.count(), await take()]).toEqual([0, "acknowledged"]);
    expect(await inbox.fate("k", mine.sequence)).toEqual({ is: "done", result: null });
    expect(await takeBack(await put("4", { isOwed: true }))).toBe(false);
    expect(await inbox.count()).toBe(1);
  });

  it("a next attempt expects the revision that the last noted, and retries held steps for new states only", async () => {
    const { inbox, put, take } = open();
    await put("1", { expectedRevision: 4, options: { retryHeld: true } });
    const first = await take();
    expect(first).toMatchObject({ expectedRevision: 4, options: { retryHeld: true } });
    expect(await inbox.note("k", first, { revision: 6, isRetried: false })).toBe(true);
    expect(await take()).toMatchObject({ expectedRevision: 6, options: { retryHeld: true } });
    await inbox.note("k", first, { revision: 7, isRetried: true });
    await inbox.note("k", first);
    expect(await take()).toMatchObject({ expectedRevision: 7, options: { retryHeld: false } });
    await put("2", { expectedRevision: 9 });
    await inbox.note("k", first, { revision: 8, isRetried: true });
    expect(await take()).toMatchObject({ expectedRevision: 9, options: { retryHeld: true } });
    const free = open();
    await free.put("1");
    await free.inbox.note("k", await free.take(), { revision: 3 });
    expect((await free.take()).expectedRevision).toBeUndefined();
  });

  it("one process in each period looks for users whose jobs may be missing, and finds each once in a while", async () => {
    const { inbox, base, put, take } = open();
    for (let at = 0; at < 1_200; at += 1) await redis.zadd(`${base}:open`, 1, `k${at}`);
    await put("1");
    await take("9");
    await redis.zadd(`${base}:open`, 1, "k");
    const found = async () => {
      const groups: { readonly key: string; readonly job: string }[][] = [];
      for await (const group of inbox.due()) groups.push(group);
      return groups;
    };
    const first = await found();
    expect(first.length).toBeGreaterThan(1);
    expect(new Set(first.flat().map(({ key }) => key)).size).toBe(1_201);
    expect(first.flat().filter(({ job }) => job !== "")).toEqual([{ key: "k", job: "9" }]);
    await redis.zadd(`${base}:open`, 1, "k");
    expect(await found()).toEqual([]);
    await redis.del(`${base}:recover`);
    expect((await found()).flat()).toEqual([{ key: "k", job: "9" }]);
  });

  it("a stored state, an acknowledged state and the note that it was acknowledged expire each in its time", async () => {
    const { put, take, end, base } = open({ ttlMs: 90_000.5 });
    const left = async (name: string) => redis.pttl(`${base}:${name}:k`);
    await put("1");
    expect(await left("inbox")).toBeGreaterThan(80_000);
    await end(await take(), 40_000.5);
    expect(await left("done")).toBeGreaterThan(80_000);
    expect(await left("inbox")).toBeGreaterThan(30_000);
    expect(await left("inbox")).toBeLessThanOrEqual(40_001);
    // The mark must not end before the record.
    await put("2");
    await end(await take(), 200_000);
    expect(await left("done")).toBeGreaterThan(await left("inbox"));
  });

  it("a record that was encrypted with another key is not read, not replaced and not reported as lost", async () => {
    const [key, otherKey] = [1, 2].map((byte) => Buffer.alloc(32, byte).toString("base64")) as [string, string];
    const mine = open({ keys: [key] });
    const foreign = open({ keys: [otherKey], base: mine.base });
    await mine.put("1", { isOwed: true });
    await expect(foreign.put("2")).rejects.toMatchObject({ code: "invalid_options" });
    expect(await foreign.take()).toBe("unreadable");
    const record = await mine.take();
    await mine.end(record);
    expect(await foreign.inbox.kept("k")).toBeUndefined();
    await expect(foreign.inbox.fate("k", record.sequence)).rejects.toMatchObject({ code: "invalid_options" });
  });
});
