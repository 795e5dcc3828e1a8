import { Redis } from "ioredis";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Inbox, type InboxRecord } from "../../../src/queue/inbox.ts";
import { newJobId } from "../../../src/queue/job.ts";
import { RedisAccess } from "../../../src/queue/redis-access.ts";
import { sealWith } from "../../../src/queue/seal.ts";
import { hasRedis, type RedisServer, startRedis } from "../../support/redis-server.ts";

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
});
