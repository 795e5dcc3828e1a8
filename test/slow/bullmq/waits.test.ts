import { Queue, Worker } from "bullmq";
import { describe, expect, it, onTestFinished } from "vitest";
import { failureOf } from "../../support/failure.ts";
import { hasRedis } from "../../support/redis-server.ts";
import { user } from "../../support/users.ts";
import { QueueWorld, until } from "./queue-world.ts";

describe.skipIf(!hasRedis)("a wait for the job of a user", () => {
  const world = new QueueWorld();

  it("the wait ends with the error of the job's last attempt", async () => {
    const queue = world.open({ attempts: 1 });
    world.fake.fail({ on: "updateUser", as: { status: 500 }, share: 1 });
    world.work(queue);
    const error = await failureOf(queue.reconcileUser({ user: user(1) }));
    expect(error).toMatchObject({ code: "server_error", status: 500, requestId: expect.any(String) });
    expect(await queue.failed()).toMatchObject([{ code: "server_error", message: error.message }]);
  });

  it("a job that another program marks as failed gives a retryable error, and failed() lists it", async () => {
    const queue = world.open({ attempts: 1 });
    const failing = failureOf(queue.reconcileUser({ user: user(1) }));
    await until(async () => (await queue.status()).waiting === 1);
    const other = new Worker(world.name, null, { connection: { port: world.port } });
    onTestFinished(() => other.close(true));
    const job = await other.getNextJob("token", { block: false });
    await job?.moveToFailed(new Error("by hand"), "token", false);
    const message = `The job ${job?.id} failed.`;
    expect(await failing).toMatchObject({ code: "queue_unavailable", retryable: true, message });
    const failed = { jobId: job?.id, code: undefined, message: "by hand", supportReport: undefined };
    expect(await queue.failed()).toEqual([failed]);
  });

  it("a run gets the result of its user although a person removed the job and a new job was added", async () => {
    const queue = world.open();
    const waiting = queue.reconcileUser({ user: user(1) });
    await until(async () => (await queue.status()).waiting === 1);
    const shown = new Queue(world.name, { connection: { port: world.port } });
    onTestFinished(() => shown.close());
    for (const job of await shown.getJobs(["prioritized"])) await job.remove();
    expect(await queue.status()).toMatchObject({ waiting: 0, inbox: 1 });
    world.work(queue);
    expect(await waiting).toMatchObject({ outcome: "created", requests: 2 });
    expect(world.fake.users).toHaveLength(1);
  });

  it("closing a queue ends its waits, and leaves their users to the workers", async () => {
    const queue = world.open();
    const waiting = failureOf(queue.reconcileUser({ user: user(1) }));
    await until(async () => (await queue.status()).waiting === 1);
    await queue.close();
    expect(await waiting).toMatchObject({
      code: "aborted",
      message: "The queue was closed before the job had ended.",
    });
    expect(await world.open().status()).toMatchObject({ waiting: 1, inbox: 1 });
  });
});
