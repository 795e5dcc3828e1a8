import { Redis } from "ioredis";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Inbox, type InboxRecord, type StoredOptions } from "../../../src/queue/inbox.ts";
import { newJobId } from "../../../src/queue/job.ts";
import { RedisAccess } from "../../../src/queue/redis-access.ts";
import { sealWith } from "../../../src/queue/seal.ts";
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

  it("a state that was taken back does not bring an older one back that was acknowledged before", async () => {
    const inbox = new Inbox(new RedisAccess(async () => redis as never, 5_000), "inbox", sealWith([]), 60_000);
    const key = "k";
    const put = (phone: string) => {
      const state = { accountNumber: "ACC-1", user: { user: { phone } as never, rules: [], version: undefined } };
      const job = { key, testMode: false };
      return inbox.put({ ...state, job, expectedRevision: undefined, isOwed: false }, newJobId(key));
    };
    const take = async () => (await inbox.take(key)) as InboxRecord;

    await put("00");
    const oldest = await take();
    expect(await inbox.acknowledge(key, oldest, null, 60_000)).toBe("acknowledged");
    expect(await inbox.kept(key)).toMatchObject({ sequence: oldest.sequence });

    // A worker has the second state when a run stores the third one, and takes it back.
    await put("01");
    const second = await take();
    expect(await inbox.takeBack(key, await put("02"))).toBe(true);
    expect(await inbox.acknowledge(key, second, null, 60_000)).toBe("late");
    expect(await inbox.kept(key)).toBeUndefined();
  });

  it("a state is acknowledged although the connection broke before Redis's answer", async () => {
    const way = await breakingWay(Number(new URL(server.url).port));
    const through = new Redis(way.port, "127.0.0.1", { retryStrategy: () => 10 });
    const inbox = new Inbox(new RedisAccess(async () => through as never, 10_000), "broken", sealWith([]), 60_000);
    const [key, user] = ["k", { user: {} as never, rules: [], version: undefined }];
    const state = { accountNumber: "ACC-1", user, job: { key, testMode: false }, expectedRevision: undefined };
    await inbox.put({ ...state, isOwed: false }, newJobId(key));
    const record = (await inbox.take(key)) as InboxRecord;
    way.loseAnswers();
    const acknowledged = inbox.acknowledge(key, record, null, 60_000);
    await until(async () => (await redis.exists("broken:done:k")) === 1);
    way.breakOff();
    expect(await acknowledged).toBe("acknowledged");
    expect(await inbox.acknowledge(key, { ...record, sequence: "another" }, null, 60_000)).toBe("late");
    through.disconnect();
    way.close();
  });

  it("the newest state of a user does also what was asked for with the older ones", async () => {
    const inbox = new Inbox(new RedisAccess(async () => redis as never, 5_000), "asked", sealWith([]), 60_000);
    const put = async (key: string, options: StoredOptions | undefined) => {
      const state = { accountNumber: key, user: { user: {} as never, rules: [], version: undefined } };
      const job = { key, testMode: false };
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
    expect(await put("other", undefined)).not.toMatchObject({ resend: true });
  });

  it("the inbox lists the users that are not acknowledged, and tells the fate of each state", async () => {
    const inbox = new Inbox(new RedisAccess(async () => redis as never, 5_000), "fates", sealWith([]), 60_000);
    const put = (key: string) => {
      const state = { accountNumber: key, user: { user: {} as never, rules: [], version: undefined } };
      const job = { key, testMode: false };
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
});
