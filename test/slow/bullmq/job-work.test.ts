import { Redis } from "ioredis";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Inbox, type InboxRecord, sealWith } from "../../../src/bullmq/inbox.ts";
import { platformTag } from "../../../src/bullmq/job.ts";
import { type JobSubject, jobWork } from "../../../src/bullmq/job-work.ts";
import { RedisAccess } from "../../../src/bullmq/redis-access.ts";
import { identityOf, platformOf } from "../../../src/ledger/bind.ts";
import { memoryLedger, type UserOutcome } from "../../../src/sync/index.ts";
import { hasRedis } from "../../support/redis-server.ts";
import { user } from "../../support/users.ts";
import { QueueWorld } from "./queue-world.ts";

describe.skipIf(!hasRedis)("the work of a job", () => {
  const world = new QueueWorld();
  let redis: Redis;
  beforeAll(() => {
    redis = new Redis(world.redis.url);
  });
  afterAll(() => redis.disconnect());

  function open(more: Partial<Parameters<typeof jobWork>[2]> = {}) {
    const oplead = world.client();
    const inbox = new Inbox(new RedisAccess(async () => redis as never, 5_000), world.name, sealWith([], "p"), 60_000);
    const told: UserOutcome[] = [];
    const onUser = (outcome: UserOutcome): void => void told.push(outcome);
    const run = jobWork(oplead, inbox, { ledger: memoryLedger(), onUser, ...more });
    const platform = platformTag(identityOf(platformOf(oplead)));
    const put = (phone: string) =>
      inbox.put({
        ...{ key: "k", accountNumber: user(1).accountNumber ?? "", expectedRevision: undefined, isOwed: false },
        user: { user: user(1, { phone }), rules: [], version: undefined },
      });
    const { signal } = new AbortController();
    const work = (about?: JobSubject) =>
      run({ key: "k", testMode: false, platform, id: "7", wasKilled: false }, signal, about);
    return { inbox, told, put, work };
  }

  it.each([false, true])(
    "a newer state that comes while a job sends an older one is sent by the next job, if that fails (%s)",
    async (fails) => {
      const later: { put?: () => Promise<unknown> } = {};
      const { inbox, told, put, work } = open({
        load: async () => {
          const { put } = later;
          delete later.put;
          await put?.();
          if (put && fails) throw new Error("the source broke");
          return { user: user(1, { phone: put ? "01" : "02" }) };
        },
      });
      later.put = () => put("02");
      await put("01");
      const about: JobSubject = {};
      expect(await work(about)).toEqual(
        fails ? { outcome: "stale", requests: 0 } : { outcome: "created", requests: 2 },
      );
      expect(about).toEqual({ accountNumber: user(1).accountNumber });
      expect(await inbox.count()).toBe(1);
      expect(await work()).toMatchObject({ outcome: fails ? "created" : "updated" });
      expect(told.map(({ outcome }) => outcome)).toEqual(fails ? ["created"] : ["created", "updated"]);
      expect(await inbox.count()).toBe(0);
      expect(await work()).toEqual({ outcome: "stale", requests: 0 });
    },
  );

  it("an acknowledged state stays in Redis for twice the time that a worker may show no sign of life", async () => {
    const { put, work } = open({ lockMs: 50_000 });
    await put("01");
    await work();
    const left = await redis.pttl(`${world.name}:inbox:k`);
    expect(left).toBeGreaterThan(50_000);
    expect(left).toBeLessThanOrEqual(100_000);
  });

  it.each([
    ["is sent again", "02", ["01", "02"]],
    ["is not sent if the ledger has the same content", "01", ["01"]],
  ])(
    "a newest state that another worker finished while this one sent an older state %s",
    async (_what, newest, phones) => {
      let loads = 0;
      const { inbox, put, work, told } = open({
        load: async () => {
          loads += 1;
          if (loads > 1) return { user: user(1, { phone: newest }) };
          await put("02");
          const other = (await inbox.take("k", "7")) as InboxRecord;
          expect(await inbox.acknowledge("k", other, null, 60_000)).toBe("acknowledged");
          return { user: user(1, { phone: "01" }) };
        },
      });
      await put("01");
      expect(await work()).toMatchObject({ outcome: "created" });
      const sent = world.fake.requests
        .filter(({ acted }) => acted)
        .map(({ body }) => (body as { phone: string }).phone);
      expect(sent).toEqual(phones);
      expect(told.map(({ outcome, killed }) => [outcome, killed])).toEqual([
        ["created", undefined],
        [newest === "02" ? "updated" : "unchanged", undefined],
      ]);
      expect(loads).toBe(2);
    },
  );

  it("the newest state, which another worker acknowledged meanwhile, is sent although the older one failed", async () => {
    let loads = 0;
    const { inbox, put, work } = open({
      load: async () => {
        loads += 1;
        if (loads > 1) return { user: user(1, { phone: "02" }) };
        await put("02");
        await inbox.acknowledge("k", (await inbox.take("k", "7")) as InboxRecord, null, 60_000);
        throw new Error("the source broke");
      },
    });
    await put("01");
    expect(await work()).toEqual({ outcome: "stale", requests: 0 });
    expect(world.fake.user(user(1).accountNumber ?? "")).toMatchObject({ phone: "02" });
  });
});
