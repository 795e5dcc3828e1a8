import { Worker } from "bullmq";
import { Redis } from "ioredis";
import { describe, expect, it, onTestFinished } from "vitest";
import { type EndJob, Inbox, type InboxRecord, sealWith } from "../../../src/bullmq/inbox.ts";
import { jobOf, type StoredJob } from "../../../src/bullmq/job.ts";
import { type JobEnd, JobEnds } from "../../../src/bullmq/job-scripts.ts";
import { RedisAccess } from "../../../src/bullmq/redis-access.ts";
import { breakingWay } from "../../support/breaking-way.ts";
import { hasRedis } from "../../support/redis-server.ts";
import { user } from "../../support/users.ts";
import { QueueWorld, until } from "./queue-world.ts";

const TOKEN = "a worker's token";

describe.skipIf(!hasRedis)("the end of a job", () => {
  const world = new QueueWorld();

  async function open() {
    const queue = world.open();
    const way = await breakingWay(world.port);
    const through = new Redis(way.port, "127.0.0.1", { retryStrategy: () => 10 });
    const direct = new Redis(world.port);
    const base = `bull:${world.name}`;
    const inbox = new Inbox(new RedisAccess(async () => through as never, 10_000), base, sealWith([], "p"), 60_000);
    const ends = new JobEnds();
    const options = { connection: { port: world.port }, lockDuration: 60_000 };
    const worker = new Worker<StoredJob, string>(world.name, null, options, ends.backend);
    onTestFinished(async () => {
      await worker.close(true);
      for (const redis of [through, direct]) redis.disconnect();
      way.close();
    });
    for (const number of [0, 1]) await queue.enqueue({ user: user(number), version: 1 });

    async function take() {
      const job = await worker.getNextJob(TOKEN, { block: false });
      if (!job) throw new Error("no job waits");
      const { key } = jobOf(job.id ?? "");
      const record = (await inbox.take(key)) as InboxRecord;
      return { job, key, record };
    }

    async function end({ job, key, record }: Awaited<ReturnType<typeof take>>) {
      let ended: JobEnd | undefined;
      const endJob: EndJob = async (run) => {
        ended = await ends.complete(job, "updated", TOKEN, true, run);
      };
      const state = await inbox.acknowledge(key, record, null, 10_000, endJob);
      const id = String(ended?.next?.[1] ?? "");
      return { state, ended, id, nextKey: jobOf(id).key };
    }
    return { queue, inbox, way, direct, base, take, end };
  }

  it("one step acknowledges the user, ends its job, and takes the next job with its record", async () => {
    const { queue, inbox, take, end } = await open();
    const { state, ended, nextKey } = await end(await take());
    expect(state).toBe("acknowledged");
    expect(await inbox.take(nextKey, ended?.taken)).toMatchObject({ accountNumber: user(1).accountNumber });
    expect(await queue.status()).toMatchObject({ completed: 1, active: 1, waiting: 0, inbox: 1 });
  });

  it("a step whose answer was lost, so that the connection sent it twice, gives the same next job", async () => {
    const { queue, inbox, way, direct, base, take, end } = await open();
    await queue.enqueue({ user: user(2), version: 1 });
    const first = await take();
    const second = await end(first);
    const record = (await inbox.take(second.nextKey, second.ended?.taken)) as InboxRecord;
    const job = first.job;
    const asked = (() => {
      way.loseAnswers();
      return end({ job: Object.assign(job, { id: second.id }), key: second.nextKey, record });
    })();
    await until(async () => (await direct.exists(`${base}:done:${second.nextKey}`)) === 1);
    await queue.enqueue({ user: { ...user(1), lastname: "Newer" }, version: 2 });
    way.breakOff();
    const { state, ended, nextKey } = await asked;
    expect(state).toBe("acknowledged");
    expect(await inbox.take(nextKey, ended?.taken)).toMatchObject({ accountNumber: user(2).accountNumber });
    expect(await queue.status()).toMatchObject({ completed: 2, active: 1, waiting: 1, inbox: 2 });
  });

  it("a job whose user has a newer state by now does not end, and no other job is taken", async () => {
    const { queue, direct, base, take, end } = await open();
    const mine = await take();
    await queue.enqueue({ user: { ...user(0), lastname: "Newer" }, version: 2 });
    expect(await end(mine)).toMatchObject({ state: "newer", ended: undefined });
    expect(await queue.status()).toMatchObject({ completed: 0, active: 1, waiting: 2, inbox: 2 });
    expect(await direct.pttl(`${base}:inbox:${mine.key}`)).toBeGreaterThan(50_000);
  });

  it("a user whose job another worker has by now is acknowledged, and no other job is taken", async () => {
    const { queue, direct, base, take, end } = await open();
    const mine = await take();
    await direct.set(`${base}:${mine.job.id}:lock`, "another worker");
    expect(await end(mine)).toMatchObject({
      state: "acknowledged",
      ended: { error: expect.objectContaining({ code: -6 }) },
    });
    expect(await queue.status()).toMatchObject({ completed: 0, active: 1, waiting: 1, inbox: 1 });
  });

  it("the record of a next job that may be refused is not taken, so a newer state needs no further job", async () => {
    const { queue, direct, base, take, end } = await open();
    const first = await take();
    await queue.enqueue({ user: user(2) }, { testMode: true });
    const second = await end(first);
    expect(second.ended?.taken).toEqual(expect.any(String));
    const record = { ...first.record, sequence: String(second.ended?.taken).slice(0, 36) };
    const third = await end({ job: Object.assign(first.job, { id: second.id }), key: second.nextKey, record });
    expect(third.nextKey).toMatch(/^test\./);
    expect(third.ended?.taken).toBeNull();
    expect(await direct.getrange(`${base}:inbox:${third.nextKey}`, 36, 36)).toBe("0");
  });

  it("a Redis without GETEX, as before 6.2, acknowledges users and keeps records for the same times", async () => {
    const { queue, direct, base, take, end } = await open();
    await direct.call("ACL", "SETUSER", "default", "-getex");
    onTestFinished(async () => void (await direct.call("ACL", "SETUSER", "default", "+getex")));
    const [mine, other] = [await take(), await take()];
    expect((await end(mine)).state).toBe("acknowledged");
    const keptMs = await direct.pttl(`${base}:inbox:${mine.key}`);
    expect(keptMs).toBeGreaterThan(0);
    expect(keptMs).toBeLessThanOrEqual(10_000);
    await queue.enqueue({ user: { ...user(1), lastname: "Newer" }, version: 2 });
    expect((await end(other)).state).toBe("newer");
    expect(await direct.pttl(`${base}:inbox:${other.key}`)).toBeGreaterThan(50_000);
    expect(await queue.status()).toMatchObject({ completed: 1, active: 1, waiting: 1, inbox: 1 });
  });
});
