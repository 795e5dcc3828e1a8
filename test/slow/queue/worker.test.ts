import { Queue, Worker } from "bullmq";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { hasRedis } from "../../support/redis-server.ts";
import { user } from "../../support/users.ts";
import { isEmpty, QueueWorld, until } from "./queue-world.ts";

describe.skipIf(!hasRedis)("a worker on a queue of users", () => {
  const world = new QueueWorld();

  it("a worker repeats a temporary failure, and holds what Oplead refuses without another attempt", async () => {
    const queue = world.open();
    world.fake.fail({ on: "createUser", as: { status: 503 }, times: 3 });
    await queue.enqueue({ user: user(1) });
    world.fake.fail({
      on: ({ method, body }) => method === "POST" && (body as { login: string }).login === user(2).login,
      as: { status: 422 },
      times: 99,
    });
    await queue.enqueue({ user: user(2) });
    const refused: string[] = [];
    world.work(queue, {
      onUser: ({ failed }) => refused.push(...failed.map(({ held }) => (held ? "held" : "pending"))),
    });
    await until(() => isEmpty(queue));
    expect(world.fake.users).toHaveLength(1);
    expect(refused).toContain("held");
    expect((await queue.status()).failed).toBe(0);
  });

  it("a job without attempts left is kept with its support report, and retryFailed starts it again", async () => {
    const queue = world.open({ attempts: 2 });
    const handle = world.fake.fail({ on: "updateUser", as: { status: 500 }, share: 1 });
    await queue.enqueue({ user: user(1) });
    world.work(queue);
    await until(async () => (await queue.status()).failed === 1);
    const [failed] = await queue.failed();
    expect(failed).toMatchObject({ code: "server_error" });
    expect(failed?.supportReport).toContain("status:     500");
    expect(await queue.failed(0)).toEqual([]);
    expect(JSON.stringify(failed)).not.toContain(user(1).email);
    handle.remove();
    expect(await queue.retryFailed()).toBe(1);
    await until(() => isEmpty(queue));
    expect(world.fake.users).toHaveLength(1);
  });

  it("retryFailed starts each failed job once, although a worker fails the first ones again meanwhile", async () => {
    const queue = world.open({ attempts: 1 });
    world.fake.fail({ as: { status: 503 }, share: 1 });
    for (const number of [1, 2, 3]) await queue.enqueue({ user: user(number) });
    world.work(queue, { concurrency: 1 });
    await until(async () => (await queue.status()).failed === 3);
    expect(await queue.retryFailed()).toBe(3);
    await until(async () => (await queue.status()).failed === 3);
  });

  it.each([false, true])("a worker whose testMode is %s refuses jobs of the other mode", async (testMode) => {
    const queue = world.open();
    await queue.enqueue({ user: user(1) }, { testMode: !testMode });
    const wrong = world.work(queue, { oplead: world.client({ testMode }) });
    await until(async () => (await queue.status()).failed === 1);
    expect(world.fake.requests).toEqual([]);
    expect((await queue.failed())[0]?.message).toContain(testMode ? "in test mode" : "not in test mode");
    await wrong.close();
    // A later state of the user gets a job of its own, which a worker in the right mode takes.
    await queue.enqueue({ user: user(1) }, { testMode: !testMode });
    world.work(queue, { oplead: world.client({ testMode: !testMode }) });
    await until(async () => (await queue.status()).inbox === 0);
    expect(world.fake.requests.map(({ testMode }) => testMode)).toContain(!testMode);
    expect(world.fake.users).toHaveLength(testMode ? 1 : 0);
  });

  it("a queue keeps at most keepCompleted finished jobs", async () => {
    const queue = world.open({ keepCompleted: 2 });
    for (const number of [1, 2, 3, 4, 5]) await queue.enqueue({ user: user(number) });
    world.work(queue);
    await until(() => world.fake.users.length === 5);
    await until(() => isEmpty(queue));
    expect(await queue.status()).toMatchObject({ completed: 2 });
  });

  it("a worker takes users of a webhook before earlier ones of a nightly run", async () => {
    const queue = world.open();
    for (const number of [1, 2, 3]) await queue.enqueue({ user: user(number) }, { origin: "batch" });
    await queue.enqueue({ user: user(4) });
    const order: string[] = [];
    world.work(queue, { concurrency: 1, onUser: ({ accountNumber }) => order.push(accountNumber) });
    await until(() => order.length === 4);
    expect(order[0]).toBe(user(4).accountNumber);
  });

  it("a worker takes a user of a nightly run first once a webhook has a newer state of it", async () => {
    const queue = world.open();
    for (const number of [1, 2, 3]) await queue.enqueue({ user: user(number), version: 1 }, { origin: "batch" });
    await queue.enqueue({ user: user(3, { phone: "03" }), version: 2 });
    expect(await queue.status()).toMatchObject({ waiting: 3 });
    const order: string[] = [];
    world.work(queue, { concurrency: 1, onUser: ({ accountNumber }) => order.push(accountNumber) });
    await until(() => order.length === 3);
    expect(order[0]).toBe(user(3).accountNumber);
    expect(world.fake.user(user(3).accountNumber ?? "")).toMatchObject({ phone: "03" });
  });

  it("by default, a worker takes as many users at once as the client's maxConcurrency allows", async () => {
    const queue = world.open();
    world.fake.delay({ on: "createUser", ms: 150 });
    for (const number of [1, 2, 3, 4, 5, 6]) await queue.enqueue({ user: user(number) });
    let most = 0;
    const sampling = setInterval(async () => {
      most = Math.max(most, (await queue.status()).active);
    }, 10);
    world.work(queue, { oplead: world.client({ maxConcurrency: 3 }) });
    await until(() => isEmpty(queue));
    clearInterval(sampling);
    expect(most).toBe(3);
  });

  it("a worker stops taking jobs while Oplead asks for a pause, and continues by itself", async () => {
    const queue = world.open({ attempts: 1 });
    world.fake.fail({ as: { status: 429, retryAfter: "1" }, times: 1 });
    for (const number of [1, 2, 3]) await queue.enqueue({ user: user(number) });
    world.work(queue, { concurrency: 1, oplead: world.client({ deadlineMs: 300 }) });
    await until(() => world.fake.requests.length === 1);
    await new Promise((resolve) => setTimeout(resolve, 600));
    expect(world.fake.requests).toHaveLength(1);
    await until(() => isEmpty(queue));
    expect(world.fake.users).toHaveLength(3);
    expect(await queue.status()).toMatchObject({ failed: 0 });
  });

  it("a worker that has stopped asking for jobs is not healthy, although it runs and Redis answers", async () => {
    const queue = world.open();
    const poll = vi.spyOn(Worker.prototype as unknown as { moveToActive(): Promise<unknown> }, "moveToActive");
    onTestFinished(() => poll.mockRestore());
    const worker = world.work(queue, { silentMs: 600 });
    await new Promise((resolve) => setTimeout(resolve, 900));
    expect(worker.isHealthy()).toBe(true);
    poll.mockImplementation(() => new Promise(() => {}));
    await until(() => !worker.isHealthy(), 3_000);
    expect(await queue.status()).toMatchObject({ waiting: 0 });
    poll.mockRestore();
    // It is replaced by one that asks.
    await until(() => worker.isHealthy(), 3_000);
    await queue.enqueue({ user: user(1) });
    await until(() => isEmpty(queue));
  });

  it("a worker that is being closed is not replaced", async () => {
    const queue = world.open();
    const polled = vi.fn(() => new Promise<never>(() => {}));
    const poll = vi.spyOn(Worker.prototype as unknown as { moveToActive(): Promise<never> }, "moveToActive");
    poll.mockImplementation(polled);
    onTestFinished(() => poll.mockRestore());
    const worker = world.work(queue, { silentMs: 1_200, closeTimeoutMs: 50 });
    // Redis answers for the last time, and then not before the worker is closed.
    await new Promise((resolve) => setTimeout(resolve, 900));
    let answer = (): void => {};
    const late = new Promise<void>((resolve) => {
      answer = resolve;
    });
    const ask = vi.spyOn(Queue.prototype, "getJobCounts").mockImplementation(() => late.then(() => ({})));
    onTestFinished(() => ask.mockRestore());
    await until(() => !worker.isHealthy(), 3_000);
    const closed = worker.close();
    const calls = polled.mock.calls.length;
    await new Promise((resolve) => setTimeout(resolve, 100));
    answer();
    await closed;
    expect(polled).toHaveBeenCalledTimes(calls);
  });

  it("a worker finds a state whose job was never added because the process died", async () => {
    const queue = world.open();
    const jobId = await queue.enqueue({ user: user(1) });
    await world.command("DEL", `bull:${world.name}:${jobId}`);
    await world.command("DEL", `bull:${world.name}:prioritized`);
    world.work(queue);
    await until(() => isEmpty(queue));
    expect(world.fake.users).toHaveLength(1);
  });

  it("a worker continues by itself after Redis was restarted", async () => {
    const queue = world.open();
    const worker = world.work(queue, { silentMs: 2_000 });
    await queue.enqueue({ user: user(1) });
    await until(() => isEmpty(queue));
    await world.redis.kill();
    await until(() => !worker.isHealthy(), 10_000);
    await world.redis.start();
    await until(async () => {
      try {
        await queue.enqueue({ user: user(2) });
        return true;
      } catch {
        return false;
      }
    });
    await until(() => isEmpty(queue), 20_000);
    expect(world.fake.users).toHaveLength(2);
    expect(worker.isHealthy()).toBe(true);
  }, 60_000);

  it("while Redis is down, a worker closes within its bound, and the queue at once", async () => {
    const queue = world.open();
    const worker = world.work(queue, { closeTimeoutMs: 500 });
    // Opens the connection that waits for results, too.
    expect(await queue.reconcileUser({ user: user(1) }, { testMode: false })).toMatchObject({ outcome: "created" });
    await world.redis.kill();
    const before = Date.now();
    await worker.close();
    expect(Date.now() - before).toBeLessThan(5_000);
    await queue.close();
    expect(Date.now() - before).toBeLessThan(9_000);
    await world.redis.start();
  }, 30_000);
});
