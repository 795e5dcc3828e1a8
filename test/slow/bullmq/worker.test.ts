import { Queue, Worker } from "bullmq";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import type { UserInput } from "../../../src/index.ts";
import { memoryLedger } from "../../../src/sync/index.ts";
import { hasRedis } from "../../support/redis-server.ts";
import { user } from "../../support/users.ts";
import { isEmpty, QueueWorld, recorder, silentWay, until } from "./queue-world.ts";

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

  it.each([false, true])(
    "a worker whose testMode is %s leaves jobs of the other mode to other workers, and says so",
    async (testMode) => {
      const other = world.open({}, world.client({ testMode: !testMode }));
      await other.enqueue({ user: user(1) });
      const { logger, lines } = recorder();
      const wrong = world.work(world.open({ logger }, world.client({ testMode })));
      await until(async () => (await other.status()).delayed === 1);
      expect(world.fake.requests).toEqual([]);
      expect(lines).toMatchObject([{ level: "error", fields: { code: "other_mode" } }]);
      await wrong.close();
      world.work(other);
      await until(() => isEmpty(other));
      expect(new Set(world.fake.requests.map(({ testMode }) => testMode))).toEqual(new Set([!testMode]));
      expect(world.fake.users).toHaveLength(testMode ? 1 : 0);
    },
  );

  it.each([
    ["a token that Oplead does not accept", { status: 401 }, "unauthorized"],
    ["a redirect to a login page", { status: 302, headers: { location: "/login" } }, "unexpected_response"],
    ["an outage", { status: 503 }, "server_error"],
  ] as const)(
    "a worker keeps every user through %s: it pauses, says so once, and continues by itself",
    async (_name, as, code) => {
      const { logger, lines } = recorder();
      const queue = world.open({ logger });
      const fault = world.fake.fail({ as, share: 1 });
      for (let number = 0; number < 100; number += 1) await queue.enqueue({ user: user(number) });
      world.work(queue, { concurrency: 5 });
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

  it("a worker keeps every user when its ledger belongs to another platform, and sends nothing", async () => {
    const { logger, lines } = recorder();
    const queue = world.open({ logger });
    const ledger = memoryLedger();
    await ledger.setInfo({ platform: { baseUrl: "https://elsewhere.example" } });
    for (let number = 0; number < 100; number += 1) await queue.enqueue({ user: user(number) });
    const wrong = world.work(queue, { ledger });
    await until(async () => (await queue.status()).delayed > 0);
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(await queue.status()).toMatchObject({ failed: 0, inbox: 100 });
    expect(world.fake.requests).toEqual([]);
    expect(lines.filter((line) => line.level === "error")).toMatchObject([{ fields: { code: "ledger_mismatch" } }]);
    await wrong.close();
    world.work(queue);
    await until(() => isEmpty(queue));
    expect(world.fake.users).toHaveLength(100);
  });

  it("a worker stops taking jobs while Oplead asks for a pause, and continues by itself", async () => {
    const queue = world.open({ attempts: 1 }, world.client({ deadlineMs: 2_000 }));
    world.fake.fail({ as: { status: 429, retryAfter: "3" }, times: 1 });
    for (const number of [1, 2, 3]) await queue.enqueue({ user: user(number) });
    world.work(queue, { concurrency: 1 });
    await until(() => world.fake.requests.length === 1);
    await new Promise((resolve) => setTimeout(resolve, 600));
    expect(world.fake.requests).toHaveLength(1);
    await until(() => isEmpty(queue));
    expect(world.fake.users).toHaveLength(3);
    expect(await queue.status()).toMatchObject({ failed: 0 });
  });

  it.each([0, 1])(
    "a worker whose connections went silent while it had %s jobs connects again, and every user arrives",
    async (jobs) => {
      const way = await silentWay(world.port);
      onTestFinished(() => way.close());
      const { logger, lines } = recorder();
      const queue = world.open({ redis: { url: `redis://127.0.0.1:${way.port}` }, timeoutMs: 1_000, logger });
      // A renewal may take a third of it, also on a busy machine.
      const worker = world.work(queue, { lockMs: 3_000, concurrency: 1 });
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

  it("a crash within an enqueue is repaired in ten seconds, and a worker that BullMQ leaves dead in 30", async () => {
    const queue = world.open();
    const dies = vi.spyOn(Queue.prototype, "add").mockRejectedValueOnce(new Error("killed"));
    const { run } = Worker.prototype;
    const sleeps = vi.spyOn(Worker.prototype, "run");
    onTestFinished(() => {
      for (const spy of [dies, sleeps]) spy.mockRestore();
    });
    const { logger, lines } = recorder();
    const killed = performance.now();
    await expect(queue.enqueue({ user: user(1) })).rejects.toMatchObject({ code: "queue_unavailable" });
    world.work(queue);
    await until(() => world.fake.users.length === 1);
    expect(performance.now() - killed).toBeLessThan(10_000);
    await until(() => isEmpty(queue));
    const other = world.open({ logger, name: `${world.name}-dead` });
    let dead: Worker | undefined;
    sleeps.mockImplementation(function (this: Worker) {
      dead ??= this;
      return this === dead ? new Promise(() => {}) : run.call(this);
    });
    const begun = performance.now();
    const worker = world.work(other);
    await other.enqueue({ user: user(2) });
    await until(() => world.fake.users.length === 2);
    expect(performance.now() - begun).toBeLessThan(30_000);
    expect(lines.map(({ fields }) => fields?.event)).toEqual(["worker_restarted"]);
    await until(() => worker.isHealthy());
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
    const queue = world.open();
    const jobs = new Queue(world.name, { connection: { port: world.port } });
    onTestFinished(() => jobs.close());
    world.fake.delay({ ms: 100 });
    for (let number = 0; number < 20; number += 1) await queue.enqueue({ user: user(number) });
    for (const _ of [1, 2]) world.work(queue, { lockMs: 2_000, concurrency: 2 });
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

  it("a worker without `load` pauses if the queue stores only account numbers, and loses no user", async () => {
    const { logger, lines } = recorder();
    const producer = world.open({ storeUsers: false });
    for (let number = 0; number < 20; number += 1) await producer.enqueue({ user: user(number) });
    const wrong = world.work(world.open({ logger }));
    await until(() => lines.length > 0);
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(await producer.status()).toMatchObject({ inbox: 20, failed: 0 });
    expect(lines.filter(({ level }) => level === "error")).toMatchObject([{ fields: { code: "invalid_options" } }]);
    await wrong.close();
    const users = new Map(Array.from({ length: 20 }, (_, number) => [user(number).accountNumber, user(number)]));
    world.work(producer, { load: async (accountNumber) => ({ user: users.get(accountNumber) as UserInput }) });
    await until(() => isEmpty(producer));
    expect(world.fake.users).toHaveLength(20);
  });

  it("retryFailed leaves out a job whose data is gone, and throws if Redis refuses to start a job", async () => {
    const queue = world.open({ attempts: 1 });
    for (const number of [1, 2]) await queue.enqueue({ user: user(number) });
    const failing = world.work(queue, { load: async () => ({ user: { ...user(1), email: "none" } }) });
    await until(async () => (await queue.status()).failed === 2);
    await failing.close();
    const [gone] = await queue.failed();
    await world.command("DEL", `bull:${world.name}:${gone?.jobId}`);
    await world.command("CONFIG", "SET", "min-replicas-to-write", "1");
    try {
      const message = expect.stringContaining("NOREPLICAS");
      await expect(queue.retryFailed()).rejects.toMatchObject({ code: "queue_unavailable", message });
    } finally {
      await world.command("CONFIG", "SET", "min-replicas-to-write", "0");
    }
    expect(await queue.retryFailed()).toBe(1);
  });

  it("a worker sends a stored user whose job was never added, because the enqueueing process died", async () => {
    const queue = world.open();
    const jobId = await queue.enqueue({ user: user(1) });
    await world.command("DEL", `bull:${world.name}:${jobId}`);
    await world.command("DEL", `bull:${world.name}:wait`);
    world.work(queue);
    await until(() => isEmpty(queue));
    expect(world.fake.users).toHaveLength(1);
  });

  it("a worker fails the jobs of the 20 users whose records Redis has lost, and syncs the 20 other users", async () => {
    const queue = world.open();
    for (let number = 0; number < 40; number += 1) await queue.enqueue({ user: user(number) });
    const records = (await world.command("KEYS", `bull:${world.name}:inbox:*`)) as string[];
    for (const record of records.slice(0, 20)) await world.command("DEL", record);
    world.work(queue);
    await until(async () => (await queue.status()).failed === 20);
    await until(() => isEmpty(queue));
    expect(new Set((await queue.failed()).map(({ code }) => code))).toEqual(new Set(["state_lost"]));
    expect(world.fake.users).toHaveLength(20);
  });

  it("a worker continues by itself after Redis was restarted", async () => {
    const queue = world.open();
    const worker = world.work(queue, { lockMs: 2_000 });
    await queue.enqueue({ user: user(1) });
    await until(() => isEmpty(queue));
    await world.redis.kill();
    await until(() => !worker.isHealthy());
    await world.redis.start();
    await until(async () => {
      try {
        await queue.enqueue({ user: user(2) });
        return true;
      } catch {
        return false;
      }
    });
    await until(() => isEmpty(queue));
    expect(world.fake.users).toHaveLength(2);
    expect(worker.isHealthy()).toBe(true);
  });

  it("a worker takes over the jobs of a dead worker, and logs that for each job", async () => {
    const { logger, lines } = recorder();
    const queue = world.open({ logger });
    const jobId = await queue.enqueue({ user: user(1) });
    const options = { connection: { port: world.port }, lockDuration: 500 };
    const killed = new Worker(world.name, null, options);
    await killed.getNextJob("token", { block: false });
    await killed.close(true);
    world.work(queue, { lockMs: 1_000 });
    await until(() => world.fake.users.length === 1);
    expect(lines).toMatchObject([{ level: "warn", fields: { event: "job_stalled", job: jobId } }]);
  });
});
