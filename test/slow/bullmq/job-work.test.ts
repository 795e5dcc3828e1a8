import { Redis } from "ioredis";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Inbox, type InboxRecord, sealWith } from "../../../src/bullmq/inbox.ts";
import { platformTag } from "../../../src/bullmq/job.ts";
import { type JobSubject, jobWork, type TakenJob } from "../../../src/bullmq/job-work.ts";
import { RedisAccess } from "../../../src/bullmq/redis-access.ts";
import { identityOf, platformOf } from "../../../src/ledger/bind.ts";
import { memoryLedger, type UserOutcome } from "../../../src/sync/index.ts";
import { failureOf } from "../../support/failure.ts";
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

  const inboxWith = (...keys: string[]) =>
    new Inbox(new RedisAccess(async () => redis as never, 5_000), world.name, sealWith(keys, "p"), 60_000);

  function open(more: Partial<Parameters<typeof jobWork>[2]> = {}, oplead = world.client()) {
    const inbox = inboxWith();
    const told: UserOutcome[] = [];
    const onUser = (outcome: UserOutcome): void => void told.push(outcome);
    const work = jobWork(oplead, inbox, { ledger: memoryLedger(), onUser, ...more });
    const platform = platformTag(identityOf(platformOf(oplead)));
    const job: TakenJob = { key: "k", testMode: false, platform, id: "7", wasKilled: false };
    const put = (phone: string, isOwed = false, more: Partial<Parameters<Inbox["put"]>[0]> = {}) =>
      inbox.put({
        ...{ key: "k", accountNumber: user(1).accountNumber ?? "", expectedRevision: undefined, isOwed },
        user: { user: user(1, { phone }), rules: [], version: undefined },
        ...more,
      });
    const { signal } = new AbortController();
    return {
      inbox,
      told,
      put,
      job,
      ofSignal: (signal: AbortSignal) => work(job, signal),
      of: (more: Partial<TakenJob>) => work({ ...job, ...more }, signal),
      work: (wasKilled = false, about?: JobSubject) => work({ ...job, wasKilled }, signal, about),
    };
  }

  it("an outcome says that the first worker was killed only if that worker had sent the user", async () => {
    const { told, put, work } = open();
    for (const wasKilled of [true, true, false]) {
      await put("01");
      await work(wasKilled);
    }
    expect(told.map(({ outcome, killed }) => [outcome, killed])).toEqual([
      ["created", undefined],
      ["unchanged", true],
      ["unchanged", undefined],
    ]);
    expect(told.map((outcome) => "killed" in outcome)).toEqual([false, true, false]);
  });

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
      expect(await work(false, about)).toEqual(
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

  it("the job of a user that the source does not have any more ends, and sends nothing", async () => {
    const { inbox, put, work } = open({ load: async () => undefined });
    const { sequence } = await put("01");
    expect(await work()).toEqual({ outcome: "stale", requests: 0 });
    expect(await inbox.fate("k", sequence)).toEqual({ is: "done", result: null });
    expect(world.fake.requests).toEqual([]);
  });

  it("after a failed attempt the user's record stays in Redis, and the next attempt sends the user", async () => {
    const { inbox, put, work } = open();
    const fault = world.fake.fail({ on: "updateUser", as: { status: 500 }, share: 1 });
    await put("01", false, { expectedRevision: 0, options: { retryHeld: true } });
    expect(await failureOf(work())).toMatchObject({ code: "server_error", status: 500 });
    expect(await inbox.take("k", "7")).toMatchObject({ expectedRevision: 0, options: { retryHeld: true } });
    fault.remove();
    expect(await work()).toMatchObject({ outcome: "created" });
    expect(world.fake.users).toHaveLength(1);
  });

  it("a job whose record Redis has lost fails", async () => {
    const { inbox, put, work } = open();
    expect(await failureOf(work())).toMatchObject({ code: "state_lost" });
    await put("01");
    expect(((await inbox.take("k", "7")) as InboxRecord).sequence).toEqual(expect.any(String));
  });

  it("a job for another platform or mode, or encrypted with another key, is left to other workers", async () => {
    const { inbox, put, of, work } = open();
    await put("01");
    expect(await of({ platform: "https://elsewhere.example" })).toBe("other_platform");
    expect(await of({ testMode: true })).toBe("other_mode");
    expect(await open({}, world.client({ testMode: true })).work()).toBe("other_mode");
    expect(await inbox.count()).toBe(1);
    await inboxWith(Buffer.alloc(32, 7).toString("base64")).put({
      ...{ key: "k2", accountNumber: "ACC-2", expectedRevision: undefined, isOwed: true },
    });
    expect(await of({ key: "k2" })).toBe("unknown_key");
    expect(world.fake.requests).toEqual([]);
    expect(await work()).toMatchObject({ outcome: "created" });
  });

  it("a user that is neither stored nor loaded, is invalid, or has another number than its job is refused", async () => {
    const missing = open();
    await missing.put("", false, { user: undefined });
    expect(await failureOf(missing.work())).toMatchObject({
      code: "invalid_options",
      issues: [{ path: "load", code: "load_needed" }],
    });
    const loaded: { user: ReturnType<typeof user>; verison?: number } = { user: user(2) };
    const { work } = open({ load: async () => loaded });
    expect(await failureOf(work())).toMatchObject({
      code: "invalid_input",
      issues: [{ path: "user.accountNumber", code: "other_user" }],
    });
    Object.assign(loaded, { user: user(1), verison: 1 });
    const error = await failureOf(work());
    expect(error.message).toContain("The user is not valid; nothing was sent.");
    expect(error.issues).toMatchObject([{ path: "verison" }]);
    expect(world.fake.requests).toEqual([]);
    delete loaded.verison;
    expect(await work()).toMatchObject({ outcome: "created" });
  });

  it.each([false, true])(
    "a job binds the ledger to its platform, but not if it is a test (testMode: %s)",
    async (testMode) => {
      const ledger = memoryLedger();
      const { put, of } = open({ ledger, onUser: undefined }, world.client({ testMode }));
      await put("01");
      expect(await of({ testMode })).toMatchObject({ outcome: expect.any(String) });
      expect((await ledger.getInfo())?.platform !== undefined).toBe(!testMode);
    },
  );

  it("a job whose ledger belongs to another platform fails, keeps its user and sends nothing", async () => {
    const ledger = memoryLedger();
    await ledger.setInfo({ platform: { baseUrl: "https://elsewhere.example" } });
    const { inbox, put, work } = open({ ledger });
    await put("01");
    expect(await failureOf(work())).toMatchObject({ code: "ledger_mismatch" });
    expect(await inbox.count()).toBe(1);
    expect(world.fake.requests).toEqual([]);
  });

  it("the requests of a job end when the signal of the job is aborted", async () => {
    const ending = new AbortController();
    const fetch = (_url: string, { signal }: { signal?: AbortSignal | null }) =>
      new Promise<never>((_, reject) => {
        signal?.addEventListener("abort", () => reject(signal.reason));
        ending.abort();
      });
    const { inbox, put, ofSignal } = open({}, world.client({ fetch, timeoutMs: 2_000 }));
    await put("01");
    expect(await failureOf(ofSignal(ending.signal))).toMatchObject({ code: "aborted" });
    expect(await inbox.count()).toBe(1);
  });

  it("a job uses its user's options, and sends nothing if the ledger has another revision than the plan", async () => {
    const ledger = memoryLedger();
    const { put, work } = open({ ledger });
    await put("01");
    await work();
    await put("01");
    expect(await work()).toMatchObject({ outcome: "unchanged", requests: 0 });
    await put("01", false, { options: { resend: true } });
    expect(await work()).toMatchObject({ outcome: "updated", requests: 1 });
    await put("02", false, { expectedRevision: 99 });
    expect(await work()).toEqual({ outcome: "stale", requests: 0 });
    const { work: loading } = open({ ledger, load: async () => ({ user: user(1, { phone: "03" }) }) });
    await put("02", false, { expectedRevision: 99 });
    expect(await loading()).toMatchObject({ outcome: "updated" });
  });

  it.each([true, false])(
    "a user without its parent in Oplead waits in the queue if a caller relies on it (%s), else it fails",
    async (isOwed) => {
      const { inbox, put, work, told } = open();
      const child = user(1, { profile: { code: "PRF_REGION" }, parentUserIdentifier: "ACC-77" });
      await put("", isOwed, { user: { user: child, rules: [], version: undefined }, options: { retryHeld: true } });
      expect(await work()).toEqual(isOwed ? "waits_for_parent" : { outcome: "failed", requests: 2 });
      expect(told).toMatchObject([{ outcome: "failed", failed: [{ held: true }] }]);
      expect(await inbox.count()).toBe(isOwed ? 1 : 0);
      if (isOwed) expect(((await inbox.take("k", "7")) as InboxRecord).options?.retryHeld).toBe(false);
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
