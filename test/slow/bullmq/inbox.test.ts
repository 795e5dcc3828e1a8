import { Redis } from "ioredis";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { Inbox, type InboxRecord, type StoredOptions, sealWith } from "../../../src/bullmq/inbox.ts";
import { newJobId } from "../../../src/bullmq/job.ts";
import { RedisAccess } from "../../../src/bullmq/redis-access.ts";
import { breakingWay } from "../../support/breaking-way.ts";
import { hasRedis, type RedisServer, startRedis } from "../../support/redis-server.ts";
import { until } from "./queue-world.ts";

describe.skipIf(!hasRedis)("the inbox", () => {
  let server: RedisServer;
  let redis: Redis;
  const access = () => new RedisAccess(async () => redis as never, 5_000);
  beforeAll(async () => {
    server = await startRedis();
    redis = new Redis(server.url);
  });
  afterAll(async () => {
    redis.disconnect();
    await server.close();
  });

  it("withdrawing a state does not restore an older state that was acknowledged before", async () => {
    const inbox = new Inbox(access(), "inbox", sealWith([], "p"), 60_000);
    const key = "k";
    const put = (phone: string) => {
      const state = { accountNumber: "ACC-1", user: { user: { phone } as never, rules: [], version: undefined } };
      const job = { key, testMode: false, platform: "p" };
      return inbox.put({ ...state, job, expectedRevision: undefined, isOwed: false }, newJobId(key));
    };
    const take = async () => (await inbox.take(key)) as InboxRecord;

    await put("00");
    const oldest = await take();
    expect(await inbox.acknowledge(key, oldest, null, 60_000)).toBe("acknowledged");
    expect(await inbox.kept(key)).toMatchObject({ sequence: oldest.sequence });

    // In flight: the second state. A run stores the third and withdraws it.
    await put("01");
    const second = await take();
    expect(await inbox.takeBack(key, await put("02"))).toBe(true);
    expect(await inbox.acknowledge(key, second, null, 60_000)).toBe("late");
    expect(await inbox.kept(key)).toBeUndefined();
  });

  it.each(["acknowledged", "taken back"])(
    "a state is %s although the connection broke before Redis's answer and the command was sent twice",
    async (what) => {
      const way = await breakingWay(Number(new URL(server.url).port));
      const through = new Redis(way.port, "127.0.0.1", { retryStrategy: () => 10 });
      const [key, name, user] = ["k", `broken ${what}`, { user: {} as never, rules: [], version: undefined }];
      const inbox = new Inbox(new RedisAccess(async () => through as never, 10_000), name, sealWith([], "p"), 60_000);
      const state = {
        accountNumber: "ACC-1",
        user,
        job: { key, testMode: false, platform: "p" },
        expectedRevision: undefined,
      };
      const stored = await inbox.put({ ...state, isOwed: false }, newJobId(key));
      const record = what === "acknowledged" ? ((await inbox.take(key)) as InboxRecord) : undefined;
      const ask = (key: string) =>
        record ? inbox.acknowledge(key, record, null, 60_000) : inbox.takeBack(key, stored);
      await ask("no such user");
      way.loseAnswers();
      const asked = ask(key);
      await until(async () => (await redis.exists(`${name}:done:k`)) === 1);
      way.breakOff();
      expect(await asked).toBe(record ? "acknowledged" : true);
      const other = { ...stored, sequence: "another" };
      if (record) expect(await inbox.acknowledge(key, { ...record, ...other }, null, 60_000)).toBe("late");
      else expect(await inbox.takeBack(key, other)).toBe(false);
      through.disconnect();
      way.close();
    },
  );

  it("a state counts once although the command to store it was sent twice over a broken connection", async () => {
    const way = await breakingWay(Number(new URL(server.url).port));
    const through = new Redis(way.port, "127.0.0.1", { retryStrategy: () => 10 });
    const inbox = new Inbox(new RedisAccess(async () => through as never, 10_000), "twice", sealWith([], "p"), 60_000);
    const put = (key: string) => {
      const job = { key, testMode: false, platform: "p" };
      return inbox.put({ accountNumber: "ACC-1", job, expectedRevision: undefined, isOwed: false }, newJobId(key));
    };
    await put("another");
    way.loseAnswers();
    const asked = put("k");
    await until(async () => (await redis.exists("twice:inbox:k")) === 1);
    const { sequence } = (await new Inbox(access(), "twice", sealWith([], "p"), 60_000).take("k")) as InboxRecord;
    way.breakOff();
    expect(await asked).toMatchObject({ sequence, formerJobId: undefined });
    expect((await redis.get("twice:inbox:k"))?.slice(36, 37)).toBe("1");
    through.disconnect();
    way.close();
  });

  it("a second state of a user shares the first one's job, and can be withdrawn, if commands come twice", async () => {
    const twice =
      (name: "eval" | "evalsha") =>
      async (text: string, keys: number, ...more: (string | number)[]) => {
        await redis[name](text, keys, ...more);
        return redis[name](text, keys, ...more);
      };
    const client = { eval: twice("eval"), evalsha: twice("evalsha") };
    const inbox = new Inbox(new RedisAccess(async () => client as never, 5_000), "shares", sealWith([], "p"), 60_000);
    const put = (isOwed: boolean) => {
      const job = { key: "k", testMode: false, platform: "p" };
      return inbox.put({ accountNumber: "ACC-1", job, expectedRevision: undefined, isOwed }, newJobId("k"));
    };
    const { jobId } = await put(false);
    const stored = await put(false);
    expect(stored.jobId).toBe(jobId);
    expect(await inbox.takeBack("k", stored)).toBe(true);
  });

  it("the newest state of a user keeps the options that came with its older states", async () => {
    const inbox = new Inbox(access(), "asked", sealWith([], "p"), 60_000);
    const put = async (key: string, options: StoredOptions | undefined) => {
      const state = { accountNumber: key, user: { user: {} as never, rules: [], version: undefined } };
      const job = { key, testMode: false, platform: "p" };
      await inbox.put({ ...state, options, job, expectedRevision: undefined, isOwed: false }, newJobId(key));
      return ((await inbox.take(key)) as InboxRecord).options;
    };
    await put("k", { retryHeld: ["user"], resend: true });
    expect(await put("k", { retryHeld: ["maxDistance"] })).toEqual({
      resend: true,
      retryHeld: ["user", "maxDistance"],
    });
    expect(await put("k", { retryHeld: true })).toEqual({ resend: true, retryHeld: true });
    expect(await put("k", undefined)).toEqual({ resend: true, retryHeld: true });
    expect(await put("other", undefined)).toEqual({ retryHeld: [] });
  });

  it("the inbox lists the users that are not acknowledged, and gives the fate of each state", async () => {
    const inbox = new Inbox(access(), "fates", sealWith([], "p"), 60_000);
    const put = (key: string) => {
      const state = { accountNumber: key, user: { user: {} as never, rules: [], version: undefined } };
      const job = { key, testMode: false, platform: "p" };
      return inbox.put({ ...state, job, expectedRevision: undefined, isOwed: false }, newJobId(key));
    };
    expect(await inbox.fate("k", "unknown")).toEqual({ is: "lost" });
    const { jobId } = await put("k");
    const first = (await inbox.take("k")) as InboxRecord;
    expect(await inbox.fate("k", first.sequence)).toEqual({ is: "waiting", jobId });
    const open = await put("open");
    const listed: string[] = [];
    for await (const group of inbox.list()) listed.push(...group.map((one) => one.jobId));
    expect(listed.sort()).toEqual([jobId, open.jobId].sort());
    await inbox.acknowledge("k", first, null, 60_000);
    expect(await inbox.fate("k", first.sequence)).toEqual({ is: "done", result: null });
    expect(await inbox.fate("k", "another")).toEqual({ is: "superseded" });
    expect(await inbox.fate("k", undefined)).toEqual({ is: "superseded" });
  });

  describe("the rules of the inbox", () => {
    let number = 0;
    function open(ttlMs = 60_000) {
      number += 1;
      const inbox = new Inbox(access(), `own-${number}`, sealWith([], "p"), ttlMs);
      const job = { key: "k", testMode: false, platform: "p" };
      const put = (phone: string, more: Partial<Parameters<Inbox["put"]>[0]> & { readonly version?: number } = {}) => {
        const { version, ...others } = more;
        const user = { user: { phone } as never, rules: [], version };
        const state = { accountNumber: "ACC-1", user, job, expectedRevision: undefined, isOwed: false, ...others };
        return inbox.put(state, newJobId("k"));
      };
      const take = async () => (await inbox.take("k")) as InboxRecord;
      const phoneOf = (record: InboxRecord) => (record.user?.user as { phone?: string } | undefined)?.phone;
      return { inbox, job, put, take, phoneOf, base: `own-${number}` };
    }

    it("states that are stored at the same moment share a job, and the newest is kept in any order", async () => {
      const { inbox, put, take, phoneOf } = open();
      const versions = [2, 4, 1, 5, 3];
      // All read the record before any writes.
      const all = await Promise.all(versions.map((version) => put(String(version), { version })));
      const { jobId } = await put("0", { version: 0 });
      expect(all.map((stored) => stored.jobId)).toEqual(versions.map(() => jobId));
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
      expect((await take()).user).toBeUndefined();
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
      expect(await put("4", { ...ofPlan })).toMatchObject({ sequence: undefined });
      expect(await put("4", { ...ofPlan, version: 1 })).toMatchObject({ sequence: undefined });
      const record = await take();
      expect([phoneOf(record), record.isOwed, record.expectedRevision]).toEqual(["3", true, undefined]);
      await put("5", { ...ofPlan, version: 2 });
      // A sender relied on the replaced state, which may have been sent.
      const newer = await take();
      expect([phoneOf(newer), newer.isOwed, newer.expectedRevision]).toEqual(["5", true, undefined]);
    });

    it("a state shares the job of the one before it until the work on that begins", async () => {
      const { put, take } = open();
      const first = await put("1");
      expect(await put("2")).toMatchObject({ jobId: first.jobId, formerJobId: undefined });
      await take();
      const later = await put("3");
      expect(later.jobId).not.toBe(first.jobId);
      expect(later.formerJobId).toBe(first.jobId);
      expect(await put("4")).toMatchObject({ jobId: later.jobId, formerJobId: undefined });
    });

    it("a worker that acknowledges an old state does not acknowledge the newer state that has replaced it", async () => {
      const { inbox, put, take } = open();
      await put("1");
      const old = await take();
      await put("2");
      expect(await inbox.acknowledge("k", old, null, 60_000)).toBe("newer");
      expect(await inbox.count()).toBe(1);
      expect(await inbox.kept("k")).toBeUndefined();
      const newest = await take();
      expect(await inbox.acknowledge("k", newest, null, 60_000)).toBe("acknowledged");
      expect(await inbox.count()).toBe(0);
      expect(await inbox.acknowledge("k", old, null, 60_000)).toBe("late");
      expect(await inbox.take("k")).toBe("acknowledged");
    });

    it("a record that Redis has lost is reported once as lost, even if an earlier state was acknowledged", async () => {
      const { inbox, put, take, base } = open();
      expect(await inbox.take("k")).toBe("lost");
      await put("1");
      await inbox.acknowledge("k", await take(), null, 60_000);
      const { sequence } = await put("2");
      await redis.del(`${base}:inbox:k`);
      expect(await inbox.count()).toBe(1);
      expect(await inbox.take("k")).toBe("lost");
      expect(await inbox.count()).toBe(0);
      expect(await inbox.fate("k", sequence)).toEqual({ is: "lost" });
    });

    it("a state can be withdrawn until work begins, another sender relies on it or a newer one replaces it", async () => {
      const { inbox, put, take } = open();
      const started = await put("1");
      await take();
      expect(await inbox.takeBack("k", started)).toBe(false);
      const [replaced, owed] = [await put("2"), await put("3", { isOwed: true })];
      expect(await inbox.takeBack("k", replaced)).toBe(false);
      expect(await inbox.takeBack("k", owed)).toBe(false);
      expect(await inbox.takeBack("k", { ...owed, sequence: undefined })).toBe(false);
      expect(await inbox.count()).toBe(1);
      const other = open();
      const mine = await other.put("1");
      expect(await other.inbox.takeBack("k", mine)).toBe(true);
      expect(await other.inbox.count()).toBe(0);
      expect(await other.inbox.take("k")).toBe("acknowledged");
      expect(await other.inbox.fate("k", mine.sequence)).toEqual({ is: "done", result: null });
    });

    it("a next attempt expects the revision that the last noted, and retries held steps for new states only", async () => {
      const { inbox, put, take } = open();
      await put("1", { expectedRevision: 4, options: { retryHeld: true } });
      const first = await take();
      expect(first).toMatchObject({ expectedRevision: 4, options: { retryHeld: true } });
      await inbox.note("k", first, 6, false);
      expect(await take()).toMatchObject({ expectedRevision: 6, options: { retryHeld: true } });
      await inbox.note("k", first, 7, true);
      expect(await take()).toMatchObject({ expectedRevision: 7, options: { retryHeld: false } });
      await put("2", { expectedRevision: 9 });
      await inbox.note("k", first, 8, true);
      expect(await take()).toMatchObject({ expectedRevision: 9, options: { retryHeld: true } });
      const free = open();
      await free.put("1");
      await free.inbox.note("k", await free.take(), 3, false);
      expect((await free.take()).expectedRevision).toBeUndefined();
    });

    it("a user without a job gets exactly one, even if two processes look for such users at once", async () => {
      const { inbox, job, put, take } = open();
      const { jobId } = await put("1");
      const open1 = { jobId, job };
      const both = await Promise.all(["a", "b"].map((newJob) => inbox.giveJob(open1, newJob)));
      expect(both.filter(Boolean)).toHaveLength(1);
      const given = both[0] ? "a" : "b";
      expect(await put("2")).toMatchObject({ jobId: given, formerJobId: undefined });
      // The work has begun: a newer state gets a new job.
      await take();
      expect(await inbox.giveJob({ jobId: given, job }, "c")).toBe(true);
      expect(await put("3")).toMatchObject({ formerJobId: "c" });
      await inbox.acknowledge("k", await take(), null, 60_000);
      expect(await inbox.giveJob({ jobId: "c", job }, "d")).toBe(false);
    });

    it("one process in each period looks for users without a job", async () => {
      const { inbox: one, base } = open();
      const other = open().inbox;
      expect(await one.isFirstToRecover(60_000)).toBe(true);
      expect(await one.isFirstToRecover(60_000)).toBe(false);
      expect(await other.isFirstToRecover(60_000)).toBe(true);
      await redis.pexpire(`${base}:recover`, 1);
      await vi.waitFor(async () => expect(await one.isFirstToRecover(60_000)).toBe(true));
    });

    it("the inbox lists many users in small groups, each once", async () => {
      const { inbox, base } = open();
      const wanted: string[] = [];
      for (let at = 0; at < 1_200; at += 1) {
        wanted.push(`k${at}.job`);
        await redis.hset(`${base}:open`, `k${at}`, ".job p");
      }
      const groups: string[][] = [];
      for await (const group of inbox.list()) groups.push(group.map(({ jobId }) => jobId));
      expect(groups.length).toBeGreaterThan(1);
      expect([...new Set(groups.flat())].sort()).toEqual(wanted.sort());
    });

    it("a stored state, an acknowledged state and the note that it was acknowledged expire each in its time", async () => {
      const { inbox, put, take, base } = open(90_000.5);
      const left = async (name: string) => redis.pttl(`${base}:${name}:k`);
      await put("1");
      expect(await left("inbox")).toBeGreaterThan(80_000);
      await inbox.acknowledge("k", await take(), null, 40_000.5);
      expect(await left("done")).toBeGreaterThan(80_000);
      expect(await left("inbox")).toBeGreaterThan(30_000);
      expect(await left("inbox")).toBeLessThanOrEqual(40_001);
      // The mark must not end before the record.
      await put("2");
      await inbox.acknowledge("k", await take(), null, 200_000);
      expect(await left("done")).toBeGreaterThan(await left("inbox"));
    });

    it("a record that was encrypted with another key is not read, not replaced and not reported as lost", async () => {
      const [key, otherKey] = [1, 2].map((byte) => Buffer.alloc(32, byte).toString("base64")) as [string, string];
      const sealed = (keys: string[]) => new Inbox(access(), "sealed", sealWith(keys, "p"), 60_000);
      const [mine, foreign] = [sealed([key]), sealed([otherKey])];
      const state = { accountNumber: "ACC-1", job: { key: "k", testMode: false, platform: "p" }, isOwed: true };
      const put = (inbox: Inbox) => inbox.put({ ...state, expectedRevision: undefined }, newJobId("k"));
      await put(mine);
      await expect(put(foreign)).rejects.toMatchObject({ code: "invalid_options" });
      expect(await foreign.take("k")).toBe("unreadable");
      const record = (await mine.take("k")) as InboxRecord;
      await mine.acknowledge("k", record, null, 60_000);
      expect(await foreign.kept("k")).toBeUndefined();
      await expect(foreign.fate("k", record.sequence)).rejects.toMatchObject({ code: "invalid_options" });
    });
  });
});
