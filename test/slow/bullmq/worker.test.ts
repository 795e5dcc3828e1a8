import { Queue, Worker } from "bullmq";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { breakingWay } from "../../support/breaking-way.ts";
import { hasRedis, startRedis } from "../../support/redis-server.ts";
import { user } from "../../support/users.ts";
import { isEmpty, QueueWorld, recorder, until } from "./queue-world.ts";

describe.skipIf(!hasRedis)("a worker on a queue of users", () => {
  const world = new QueueWorld();

  it("a worker sends a user again after a temporary failure, and holds a user that Oplead refuses", async () => {
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
    const outcomes: string[] = [];
    world.work(queue, {
      onUser: ({ accountNumber, final, failed }) => {
        outcomes.push(`${accountNumber} ${final ? "final" : "again"}`);
        refused.push(...failed.map(({ held }) => (held ? "held" : "pending")));
      },
    });
    await until(() => isEmpty(queue));
    expect(world.fake.users).toHaveLength(1);
    expect(refused).toContain("held");
    for (const { accountNumber } of [user(1), user(2)]) {
      const own = outcomes.filter((outcome) => outcome.startsWith(`${accountNumber} `));
      expect(own.indexOf(`${accountNumber} final`)).toBe(own.length - 1);
    }
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

  it.each([
    ["a token that Oplead does not accept", { status: 401 }, "unauthorized"],
    ["a redirect to a login page", { status: 302, headers: { location: "/login" } }, "unexpected_response"],
    ["an outage", { status: 503 }, "server_error"],
  ] as const)(
    "a worker keeps every user through %s: it pauses, says so once, and continues by itself",
    async (_name, as, code) => {
      const { logger, lines } = recorder();
      const queue = world.open({}, world.client({ logger, maxConcurrency: 5 }));
      const fault = world.fake.fail({ as, share: 1 });
      for (let number = 0; number < 100; number += 1) await queue.enqueue({ user: user(number) });
      world.work(queue);
      await until(() => world.fake.requests.length > 0);
      await new Promise((resolve) => setTimeout(resolve, 1_500));
      // About seven tries, and the requests in flight at first.
      expect(world.fake.requests.length).toBeLessThan(40);
      expect(await queue.status()).toMatchObject({ failed: 0, inbox: 100 });
      expect(lines.filter((line) => line.level === "error")).toMatchObject([{ fields: { code } }]);
      fault.remove();
      await until(() => isEmpty(queue));
      expect(world.fake.users).toHaveLength(100);
      expect(await queue.status()).toMatchObject({ failed: 0 });
    },
  );

  it.each([0, 1])(
    "a worker whose connections went silent while it had %s jobs connects again, and every user arrives",
    async (jobs) => {
      const way = await breakingWay(world.port);
      onTestFinished(() => way.close());
      const { logger, lines } = recorder();
      const queue = world.open(
        { redis: `redis://127.0.0.1:${way.port}`, timeoutMs: 1_000 },
        world.client({ logger, maxConcurrency: 1 }),
      );
      // A renewal may take a third of it, also on a busy machine.
      const worker = world.work(queue, { lockMs: 3_000 });
      world.fake.delay({ ms: 500 });
      if (jobs > 0) await world.open().enqueue({ user: user(1) });
      await until(() => (jobs > 0 ? world.fake.requests.length > 0 : worker.isHealthy()));
      await new Promise((resolve) => setTimeout(resolve, 200));
      way.silence();
      await until(() => lines.some(({ level }) => level === "warn"));
      await until(() => worker.isHealthy());
      const other = world.open();
      await other.enqueue({ user: user(2) });
      await until(() => isEmpty(other), 120_000);
      expect(world.fake.users).toHaveLength(jobs + 1);
    },
    180_000,
  );

  it("a worker whose Redis is killed and started again brings every user that was stored", async () => {
    const redis = await startRedis({ appendfsync: "always" });
    onTestFinished(() => redis.close());
    const queue = world.open({ redis: redis.url, timeoutMs: 1_000 });
    for (let number = 0; number < 30; number += 1) await queue.enqueue({ user: user(number) });
    world.fake.delay({ ms: 20 });
    world.work(queue);
    await until(() => world.fake.users.length > 0);
    await redis.kill();
    await expect(queue.enqueue({ user: user(30) })).rejects.toMatchObject({ code: "queue_unavailable" });
    await redis.start();
    await until(() => isEmpty(queue), 60_000);
    // The enqueue that failed may have arrived.
    expect(world.fake.users.length).toBeGreaterThanOrEqual(30);
    expect(world.fake.duplicates()).toEqual([]);
  });

  it("a crash within an enqueue is repaired in ten seconds, and a worker that BullMQ leaves dead in 30", async () => {
    const queue = world.open();
    const dies = vi.spyOn(Queue.prototype, "add").mockRejectedValueOnce(new Error("killed"));
    onTestFinished(() => dies.mockRestore());
    const { logger, lines } = recorder();
    const killed = performance.now();
    await expect(queue.enqueue({ user: user(1) })).rejects.toMatchObject({ code: "queue_unavailable" });
    world.work(queue);
    await until(() => world.fake.users.length === 1);
    expect(performance.now() - killed).toBeLessThan(10_000);
    await until(() => isEmpty(queue));
    const other = world.open({ name: `${world.name}-dead` }, world.client({ logger }));
    leaveNextDead();
    const begun = performance.now();
    const worker = world.work(other);
    await other.enqueue({ user: user(2) });
    await until(() => world.fake.users.length === 2);
    expect(performance.now() - begun).toBeLessThan(30_000);
    expect(lines.filter(({ level }) => level === "warn")).toMatchObject([{ fields: { event: "worker_restarted" } }]);
    await until(() => worker.isHealthy());
  });

  it("a worker that BullMQ leaves dead starts again although all that waits is a delayed job that is due", async () => {
    const { logger, lines } = recorder();
    const queue = world.open({ backoffMs: 1_000 }, world.client({ logger }));
    const fault = world.fake.fail({ as: { status: 503 }, share: 1 });
    await queue.enqueue({ user: user(1) });
    const first = world.work(queue);
    await until(async () => (await queue.status()).delayed === 1);
    await first.close();
    fault.remove();
    leaveNextDead();
    world.work(queue);
    await until(() => isEmpty(queue));
    expect(world.fake.users).toHaveLength(1);
    expect(lines.map(({ fields }) => fields?.event)).toContain("worker_restarted");
  });

  it.each<[string, (jobs: Queue) => Promise<unknown>, ((jobs: Queue) => Promise<unknown>)?]>([
    ["is paused", (jobs) => jobs.pause(), (jobs) => jobs.resume()],
    ["is drained", (jobs) => jobs.drain(true)],
    ["is obliterated", (jobs) => jobs.pause().then(() => jobs.obliterate({ force: true }))],
    [
      "is cleaned",
      (jobs) => Promise.all((["wait", "active", "delayed"] as const).map((state) => jobs.clean(0, 0, state))),
    ],
    ["loses its scripts", () => world.command("SCRIPT", "FLUSH")],
    [
      "has no memory",
      () => world.command("CONFIG", "SET", "maxmemory", "1"),
      () => world.command("CONFIG", "SET", "maxmemory", "0"),
    ],
    [
      "becomes a read-only replica",
      () => world.command("REPLICAOF", "127.0.0.1", "1"),
      () => world.command("REPLICAOF", "NO", "ONE"),
    ],
  ])("every user arrives, once, although the queue %s while workers work", async (_what, happens, ends) => {
    const queue = world.open({}, world.client({ maxConcurrency: 2 }));
    const jobs = new Queue(world.name, { connection: { port: world.port } });
    onTestFinished(() => jobs.close());
    world.fake.delay({ ms: 100 });
    for (let number = 0; number < 20; number += 1) await queue.enqueue({ user: user(number) });
    for (const _ of [1, 2]) world.work(queue, { lockMs: 2_000 });
    await until(() => world.fake.users.length > 3);
    await happens(jobs);
    await new Promise((resolve) => setTimeout(resolve, 3_000));
    await ends?.(jobs);
    const base = `bull:${world.name}:`;
    for (const key of (await world.command("ZRANGE", `${base}open`, "0", "-1")) as string[]) {
      await world.command("ZADD", `${base}open`, "XX", "1", key); // as if a minute had passed
    }
    await until(async () => (await queue.status()).inbox === 0);
    await until(() => isEmpty(queue));
    expect(world.fake.users).toHaveLength(20);
    expect([world.fake.duplicates(), (await queue.status()).failed]).toEqual([[], 0]);
  });
});

function leaveNextDead(): void {
  const { run } = Worker.prototype;
  let dead: Worker | undefined;
  const spy = vi.spyOn(Worker.prototype, "run").mockImplementation(function (this: Worker) {
    dead ??= this;
    return this === dead ? new Promise(() => {}) : run.call(this);
  });
  onTestFinished(() => spy.mockRestore());
}
