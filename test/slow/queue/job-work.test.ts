import { Redis } from "ioredis";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { describe as nameOf, platformOf } from "../../../src/ledger/bind.ts";
import { Inbox, type InboxRecord } from "../../../src/queue/inbox.ts";
import { type JobData, newJobId } from "../../../src/queue/job.ts";
import { type JobSubject, jobWork } from "../../../src/queue/job-work.ts";
import { RedisAccess } from "../../../src/queue/redis-access.ts";
import { sealWith } from "../../../src/queue/seal.ts";
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

  /** The work of one worker on one user, and short ways to store its states and to do it. */
  function open(more: Partial<Parameters<typeof jobWork>[3]> = {}) {
    const oplead = world.client();
    const inbox = new Inbox(new RedisAccess(async () => redis as never, 5_000), world.name, sealWith([]), 60_000);
    const told: UserOutcome[] = [];
    const onUser = (outcome: UserOutcome): void => void told.push(outcome);
    const work = jobWork(oplead, inbox, undefined, { ledger: memoryLedger(), onUser, ...more });
    const job: JobData = { key: "k", testMode: false, platform: nameOf(platformOf(oplead)) };
    const put = (phone: string, isOwed = false) =>
      inbox.put(
        {
          ...{ accountNumber: user(1).accountNumber ?? "", job, expectedRevision: undefined, isOwed },
          user: { user: user(1, { phone }), rules: [], version: undefined },
        },
        newJobId("k"),
      );
    const { signal } = new AbortController();
    return {
      inbox,
      told,
      put,
      job,
      work: (wasKilled?: boolean, about?: JobSubject) => work(job, signal, wasKilled, about),
    };
  }

  it("only a user that a killed worker had sent already is told as recovered", async () => {
    const { told, put, work } = open();
    for (const wasKilled of [true, true, false]) {
      await put("01");
      await work(wasKilled);
    }
    expect(told.map(({ outcome, recovered }) => [outcome, recovered])).toEqual([
      ["created", undefined],
      ["unchanged", true],
      ["unchanged", undefined],
    ]);
    expect(told.map((outcome) => "recovered" in outcome)).toEqual([false, true, false]);
  });

  it("the work on a state goes on with a newer one that came meanwhile, and counts the requests of both", async () => {
    const later: { put?: () => Promise<unknown> } = {};
    const { inbox, told, put, work } = open({
      load: async () => {
        const { put } = later;
        delete later.put;
        await put?.();
        return { user: user(1, { phone: put ? "01" : "02" }) };
      },
    });
    later.put = () => put("02");
    await put("01");
    const about: JobSubject = {};
    expect(await work(false, about)).toEqual({ outcome: "updated", requests: 3 });
    expect(told.map(({ outcome }) => outcome)).toEqual(["created", "updated"]);
    expect(about).toEqual({ accountNumber: user(1).accountNumber });
    expect(await inbox.count()).toBe(0);
    expect(await work()).toEqual({ outcome: "stale", requests: 0 });
  });

  it("a user that the source does not have any more is done, and nothing is sent for it", async () => {
    const { inbox, put, work } = open({ load: async () => undefined });
    const { sequence } = await put("01");
    expect(await work()).toEqual({ outcome: "stale", requests: 0 });
    expect(await inbox.fate("k", sequence)).toEqual({ is: "done", result: null });
    expect(world.fake.requests).toEqual([]);
  });

  it("a failed attempt leaves the record, and the next attempt finishes it", async () => {
    const { inbox, put, work } = open();
    const fault = world.fake.fail({ on: "updateUser", as: { status: 500 }, share: 1 });
    await put("01", true);
    expect(await failureOf(work())).toMatchObject({ code: "server_error", status: 500 });
    expect(await inbox.count()).toBe(1);
    fault.remove();
    expect(await work()).toMatchObject({ outcome: "created" });
    expect(world.fake.users).toHaveLength(1);
  });

  it("a record that Redis lost fails the job, except of versions that left no trace of what they acknowledged", async () => {
    const { inbox, put, work, job } = open();
    expect(await failureOf(work())).toMatchObject({ code: "state_lost" });
    const older = jobWork(world.client(), inbox, undefined, { ledger: memoryLedger() });
    const { platform: _, ...before } = job;
    expect(await older(before, new AbortController().signal)).toEqual({ outcome: "stale", requests: 0 });
    await put("01");
    expect(((await inbox.take("k")) as InboxRecord).sequence).toEqual(expect.any(String));
  });
});
