import { type Job, Queue, Worker } from "bullmq";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { failureOf as storedFailure } from "../../../src/bullmq/job.ts";
import { OpleadError } from "../../../src/index.ts";
import { failureOf } from "../../support/failure.ts";
import { hasRedis } from "../../support/redis-server.ts";
import { user } from "../../support/users.ts";
import { QueueWorld, until } from "./queue-world.ts";

describe.skipIf(!hasRedis)("a queue without a worker", () => {
  const world = new QueueWorld();

  function shown(name = world.name): Queue {
    const queue = new Queue(name, { connection: { port: world.port } });
    onTestFinished(() => queue.close());
    return queue;
  }

  async function failNext(reason: string, more: object = {}): Promise<Job> {
    const worker = new Worker(world.name, null, { connection: { port: world.port } });
    const job = (await worker.getNextJob("token", { block: false })) as Job;
    await job.updateData({ ...job.data, ...more });
    await job.moveToFailed(new Error(reason), "token", false);
    await worker.close();
    return job;
  }

  const phoneOf = async () => /phone\W+(\d+)/.exec(await world.dump())?.[1];

  it("a queue is named after its platform, in letters that BullMQ takes", async () => {
    const oplead = world.client({ platform: { name: "France, Nord" } });
    await world.open({ name: undefined }, oplead).enqueue({ user: user(1) });
    const names = (await world.command("KEYS", "bull:oplead-users-*:open")) as string[];
    expect(names.map((name) => name.replace(/1-\d+-/, "1-PORT-"))).toEqual([
      "bull:oplead-users-127.0.0.1-PORT-France-Nord:open",
    ]);
    const belgium = world.client({ platform: { name: "Belgium" } });
    expect(await world.open({ name: undefined }, belgium).status()).toMatchObject({ waiting: 0, inbox: 0 });
    await world.command("DEL", ...names);
    const long = world.client({ platform: { name: "a".repeat(100) } });
    await world.open({ name: undefined }, long).enqueue({ user: user(1) });
    const [name = ""] = (await world.command("KEYS", "bull:oplead-users-*:open")) as string[];
    expect(name).toHaveLength("bull:oplead-users-:open".length + 80);
    await world.command("DEL", name);
  });

  it("a job of an event has twelve attempts, is kept after it failed, and goes before jobs of a run", async () => {
    const queue = world.open();
    const jobs = shown();
    const id = await queue.enqueue({ user: user(1) });
    expect((await jobs.getJob(id))?.opts).toMatchObject({ backoff: { type: "custom" }, attempts: 12 });
    const other = await world.open({ attempts: 3 }).enqueue({ user: user(2) });
    expect((await jobs.getJob(other))?.opts).toMatchObject({ backoff: { type: "custom" }, attempts: 3 });
    queue.reconcileUser({ user: user(3) }).catch(() => {});
    await until(async () => (await queue.status()).waiting === 3);
    expect((await jobs.getJobs(["waiting"], 0, -1, true)).map((job) => job.id)).toEqual([id, other]);
    const [ofRun] = await jobs.getJobs(["prioritized"], 0, -1, true);
    expect(ofRun?.priority).toBeGreaterThan(0);
  });

  it("an event moves the job of a run's user to the front, and no job that an event has added", async () => {
    const queue = world.open();
    const jobs = shown();
    queue.reconcileUser({ user: user(1) }).catch(() => {});
    await until(async () => (await queue.status()).waiting === 1);
    const [ofRun] = await jobs.getJobs(["prioritized"]);
    queue.reconcileUser({ user: user(1, { phone: "02" }) }).catch(() => {});
    await until(async () => (await phoneOf()) === "02");
    expect((await jobs.getJob(ofRun?.id ?? ""))?.priority).toBeGreaterThan(1);
    const second = await queue.enqueue({ user: user(2) });
    expect(await queue.enqueue({ user: user(1) })).toBe(ofRun?.id);
    expect((await jobs.getJob(ofRun?.id ?? ""))?.priority).toBe(0);
    expect(await queue.enqueue({ user: user(2) })).toBe(second);
    const order = await jobs.getJobs(["waiting"], 0, -1, true);
    expect(order.map(({ id }) => id)).toEqual([second, ofRun?.id]);
  });

  it("an event is accepted although its job cannot be moved to the front", async () => {
    const queue = world.open();
    queue.reconcileUser({ user: user(1) }).catch(() => {});
    await until(async () => (await queue.status()).waiting === 1);
    const getJob = vi.spyOn(Queue.prototype, "getJob").mockRejectedValue(new Error("broken"));
    onTestFinished(() => getJob.mockRestore());
    await queue.enqueue({ user: user(1, { phone: "02" }) });
    expect(getJob).toHaveBeenCalled();
    expect(await phoneOf()).toBe("02");
  });

  it("a run that is ended takes its users back, and a user with a newer version is superseded", async () => {
    const queue = world.open();
    const ending = new AbortController();
    const run = failureOf(queue.reconcileUser({ user: user(1) }, { signal: ending.signal }));
    await until(async () => (await queue.status()).waiting === 1);
    ending.abort();
    expect(await run).toMatchObject({ code: "aborted" });
    expect(await queue.status()).toMatchObject({ waiting: 0, inbox: 0 });
    await queue.enqueue({ user: user(1), version: 2 });
    const { accountNumber } = user(1);
    const superseded = { accountNumber, outcome: "stale", testMode: false, requests: 0 };
    expect(await queue.reconcileUser({ user: user(1), version: 1 }, { signal: AbortSignal.abort() })).toMatchObject(
      superseded,
    );
    expect(await queue.status()).toMatchObject({ waiting: 1, inbox: 1 });
  });

  it("the status counts the jobs of every state, and finds the job that has waited longest", async () => {
    const queue = world.open();
    const jobs = shown();
    const none = { waiting: 0, active: 0, delayed: 0, failed: 0, completed: 0, inbox: 0, oldestWaitingAt: undefined };
    expect(await queue.status()).toEqual(none);
    const add = (jobId: string, more: object) => jobs.add("user", { key: jobId, testMode: false }, { jobId, ...more });
    const oldest = async () => (await queue.status()).oldestWaitingAt;
    await add("d.1", { delay: 600_000 });
    expect(await queue.status()).toEqual({ ...none, delayed: 1 });
    await add("a.1", { priority: 10, timestamp: 3_000 });
    await add("a.2", { priority: 10, timestamp: 4_000 });
    expect(await oldest()).toBe(3_000);
    await add("b.1", { timestamp: 2_000 });
    await add("b.2", { timestamp: 2_500 });
    expect(await oldest()).toBe(2_000);
    await add("a.3", { priority: 10, timestamp: 1_000 });
    expect(await queue.status()).toEqual({ ...none, delayed: 1, waiting: 5, oldestWaitingAt: 2_000 });
    await queue.enqueue({ user: user(1) });
    await failNext("by hand");
    expect(await queue.status()).toMatchObject({ waiting: 5, failed: 1, inbox: 1 });
    for (const id of ["b.2", "a.1"]) await world.command("DEL", `bull:${world.name}:${id}`);
    expect(await oldest()).toEqual(expect.any(Number));
  });

  it("failed() lists the newest jobs first, with ID, message, error code and support report", async () => {
    const queue = world.open({ attempts: 1 });
    for (const number of [1, 2, 3]) await queue.enqueue({ user: user(number) });
    const error = new OpleadError("server_error", "Oplead failed.", { status: 500 });
    const first = await failNext("server_error: Oplead failed.", { failure: storedFailure(error) });
    await until(() => Date.now() > (first.finishedOn ?? 0));
    const second = await failNext("by hand");
    await until(() => Date.now() > (second.finishedOn ?? 0));
    const third = await failNext("x");
    await world.command("HDEL", `bull:${world.name}:${third.id}`, "failedReason");
    const nothing = { code: undefined, supportReport: undefined };
    const all = [
      { ...nothing, jobId: third.id, message: "" },
      { ...nothing, jobId: second.id, message: "by hand" },
      {
        code: "server_error",
        jobId: first.id,
        message: "Oplead failed.",
        supportReport: expect.stringContaining("500"),
      },
    ];
    expect(await queue.failed()).toEqual(all);
    expect(await queue.failed(2)).toEqual(all.slice(0, 2));
    expect(await queue.failed(1)).toEqual(all.slice(0, 1));
    expect(await queue.failed(0)).toEqual([]);
  });

  it("retryFailed() starts failed jobs with all their attempts, and does not count deleted jobs", async () => {
    const queue = world.open({ attempts: 1 });
    for (const number of [1, 2, 3]) await queue.enqueue({ user: user(number) });
    const all = [await failNext("a"), await failNext("b"), await failNext("c")];
    await world.command("DEL", `bull:${world.name}:${all[1]?.id}`);
    expect(await queue.retryFailed()).toBe(2);
    expect(await queue.status()).toMatchObject({ waiting: 2 });
    const jobs = await shown().getJobs(["prioritized", "waiting"]);
    expect(jobs.map((job) => [job.attemptsMade, job.failedReason])).toEqual([
      [0, undefined],
      [0, undefined],
    ]);
    expect(await queue.retryFailed()).toBe(0);
  });

  it("retryFailed does not count a job that another process started, and throws if Redis fails", async () => {
    const queue = world.open({ attempts: 1 });
    await queue.enqueue({ user: user(1) });
    await failNext("a");
    const refusals: unknown[] = [Object.assign(new Error("not failed"), { code: -3 }), new Error("broken")];
    const jobs = vi.spyOn(Queue.prototype, "getJob").mockImplementation(async () => {
      return { retry: async () => Promise.reject(refusals.shift()) } as never;
    });
    onTestFinished(() => jobs.mockRestore());
    expect(await queue.retryFailed()).toBe(0);
    await expect(queue.retryFailed()).rejects.toMatchObject({ code: "queue_unavailable" });
  });

  it("a worker gives a new job to each user whose job is gone or has ended", async () => {
    const queue = world.open({ attempts: 1 });
    const jobs = shown();
    const ids: string[] = [];
    for (const number of [1, 2, 3, 4]) ids.push(await queue.enqueue({ user: user(number) }));
    const failed = await failNext("by hand");
    await world.command("SETRANGE", `bull:${world.name}:inbox:${failed.deduplicationId}`, "34", ids[0] ?? "");
    const other = new Worker(world.name, null, { connection: { port: world.port } });
    const ended = (await other.getNextJob("token", { block: false })) as Job;
    await ended.moveToCompleted("updated", "token", false);
    await other.close();
    await jobs.remove(ids[2] ?? "");
    expect(await queue.status()).toMatchObject({ waiting: 1, failed: 1, completed: 1, inbox: 4 });

    await jobs.pause();
    const before = performance.now();
    const worker = world.work(queue);
    await until(async () => (await queue.status()).waiting === 3);
    expect(performance.now() - before).toBeLessThan(10_000);
    const waiting = await jobs.getJobs(["waiting", "prioritized"], 0, -1, true);
    expect(waiting.map(({ id }) => ids.indexOf(id ?? ""))).toEqual([3, -1, -1]);
    expect(await queue.status()).toMatchObject({ failed: 1, inbox: 4 });
    await new Promise((resolve) => setTimeout(resolve, 12_000));
    expect([worker.isHealthy(), (await queue.status()).waiting]).toEqual([true, 3]);
  });
});
