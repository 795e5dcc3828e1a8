import { Cluster, Redis } from "ioredis";
import { describe, expect, it, onTestFinished } from "vitest";
import { userQueue } from "../../../src/bullmq/index.ts";
import { code, contactProfiles, geographical, type UserInput } from "../../../src/index.ts";
import { among } from "../../../src/sync/findings.ts";
import { memoryLedger, planSync } from "../../../src/sync/index.ts";
import { hasRedis, startRedis } from "../../support/redis-server.ts";
import { user } from "../../support/users.ts";
import { isEmpty, QueueWorld, recorder, until } from "./queue-world.ts";

describe.skipIf(!hasRedis)("a queue of users on Redis", () => {
  const world = new QueueWorld();

  it("a queue and its worker are closed by await using, the worker first", async () => {
    {
      await using queue = userQueue(world.client(), {
        redis: `redis://127.0.0.1:${world.port}`,
        name: world.name,
        encryptionKey: false,
      });
      await using worker = queue.startWorker({ ledger: memoryLedger() });
      await queue.enqueue({ user: user(1) });
      await until(() => isEmpty(queue));
      expect(worker.isHealthy()).toBe(true);
    }
    expect(await world.command("CLIENT", "LIST")).not.toMatch(/name=\S*users-/);
  });

  it("a queue keeps personal data out of jobs, and out of Redis altogether if it has an encryption key", async () => {
    const queue = world.open({ encryptionKey: Buffer.alloc(32, 7).toString("base64") });
    await queue.enqueue({ user: user(1, { lastname: "Kermarrec", accountNumber: "zoe@dealers.example" }) });
    expect(await world.dump()).not.toMatch(/Kermarrec|dealers\.example/);
    world.work(queue);
    await until(() => isEmpty(queue));
    expect(world.fake.users).toMatchObject([{ lastname: "Kermarrec" }]);
    expect(await queue.status()).toMatchObject({ completed: 1 });
    expect(await world.dump()).not.toMatch(/Kermarrec|dealers\.example/);
  });

  it("a queue with storeUsers: false stores only account numbers and reads users when it sends them", async () => {
    const queue = world.open({ storeUsers: false });
    await queue.enqueue({ user: user(1, { lastname: "Kermarrec" }) });
    expect(await world.dump()).not.toContain("Kermarrec");
    expect(() => queue.startWorker({ ledger: memoryLedger() })).toThrow(/load/);
    world.work(queue, { load: async (accountNumber) => ({ user: user(1, { accountNumber, lastname: "Fresh" }) }) });
    await until(() => isEmpty(queue));
    expect(world.fake.users).toMatchObject([{ lastname: "Fresh" }]);
  });

  it("a queue fails the job of a state that expired after inboxTtlMs, so that the loss is seen", async () => {
    const queue = world.open({ inboxTtlMs: 200 });
    await queue.enqueue({ user: user(1) });
    await new Promise((resolve) => setTimeout(resolve, 300));
    world.work(queue);
    await until(async () => (await queue.status()).failed === 1);
    expect(await queue.failed()).toMatchObject([{ code: "state_lost" }]);
    expect(await queue.status()).toMatchObject({ inbox: 0 });
    expect(world.fake.requests).toEqual([]);
    await world.open().enqueue({ user: user(1) });
    await until(() => isEmpty(queue));
    expect(world.fake.users).toHaveLength(1);
  });

  it("a queue sends rules as they were built, also empty rules and rules with unusual codes", async () => {
    const queue = world.open();
    await queue.enqueue({
      user: user(1),
      rules: { geographical: geographical.none(), contactProfiles: contactProfiles(code("VIP")), maxDistance: 30 },
    });
    world.work(queue);
    await until(() => isEmpty(queue));
    expect(world.fake.rules(user(1).accountNumber ?? "")).toEqual({
      geographical: { handledCountries: [] },
      contactProfiles: [{ code: "VIP" }],
      maxDistance: { maxDistance: 30 },
    });
  });

  it("workers apply a plan, parents first", async () => {
    const queue = world.open();
    const ledger = memoryLedger();
    world.work(queue, { ledger });
    world.work(queue, { ledger });
    const child = user(9, { profile: { code: "PRF_REGION" }, parentUserIdentifier: user(1).accountNumber });
    const source = [child, ...[1, 2, 3, 4, 5].map((number) => user(number))];
    const options = { source, ledger, map: (user: UserInput) => ({ user, rules: { maxDistance: 30 } }) };
    const plan = await planSync(world.client(), options);
    const report = await plan.apply({ queue });
    expect(report).toMatchObject({ status: "complete", counts: { created: 6 } });
    expect(world.fake.users).toHaveLength(6);
    expect(world.fake.requests.filter(({ status }) => status === 400)).toEqual([]);
    expect((await planSync(world.client(), options)).changes).toEqual([]);
  });

  it("the report of a plan through a queue lists a refusal, and children of a refused parent as skipped", async () => {
    const queue = world.open();
    const ledger = memoryLedger();
    world.work(queue, { ledger });
    world.fake.fail({
      on: ({ method, body }) => method === "POST" && (body as UserInput).login === user(1).login,
      as: { status: 422 },
      times: 99,
    });
    const child = user(9, { profile: { code: "PRF_REGION" }, parentUserIdentifier: user(1).accountNumber });
    const map = (user: UserInput) => ({ user });
    const plan = await planSync(world.client(), { source: [child, user(1), user(2)], ledger, map });
    const report = await plan.apply({ queue });
    expect(report).toMatchObject({ status: "partial", counts: { created: 1, failed: 1, skipped: 1 } });
    expect(among(report.findings, "failed")).toMatchObject([{ step: "user", code: "refused", held: true }]);
  });

  it("jobs of 20 users wait for a worker that has their encryptionKey, and workers without it say so once", async () => {
    const key = (byte: number) => Buffer.alloc(32, byte).toString("base64");
    const queue = world.open({ encryptionKey: key(7) });
    for (let number = 0; number < 20; number += 1) await queue.enqueue({ user: user(number) });
    for (const other of [world.open({ encryptionKey: key(8) }), world.open()]) {
      await expect(other.enqueue({ user: user(1) })).rejects.toMatchObject({ code: "invalid_options" });
    }
    const { logger, lines } = recorder();
    const wrong = world.work(world.open({ encryptionKey: key(8) }, world.client({ logger })));
    await until(async () => (await queue.status()).delayed === 20);
    expect(await queue.status()).toMatchObject({ failed: 0, inbox: 20 });
    expect(lines.filter(({ fields }) => fields?.code === "unknown_key")).toHaveLength(1);
    await wrong.close();
    world.work(queue);
    await until(() => isEmpty(queue));
    expect(world.fake.users).toHaveLength(20);
  });

  it("a queue works on a Redis Cluster by its client, and names the error of its address", async () => {
    const cluster = await startRedis({ cluster: true });
    onTestFinished(() => cluster.close());
    const apart = world.open({ redis: cluster.url });
    const message = expect.stringContaining("CROSSSLOT");
    await expect(apart.enqueue({ user: user(1) })).rejects.toMatchObject({ code: "queue_unavailable", message });
    const redis = new Cluster([cluster.url], { redisOptions: { socketTimeout: 10_000 } });
    onTestFinished(() => redis.disconnect());
    const together = world.open({ redis });
    world.work(together);
    await together.enqueue({ user: user(1) });
    expect(await together.reconcileUser({ user: user(2) })).toMatchObject({ outcome: "created" });
    await until(() => isEmpty(together));
    expect(world.fake.users).toHaveLength(2);
  });

  it("a queue and a worker refuse a Redis that may evict users", async () => {
    await world.command("CONFIG", "SET", "maxmemory-policy", "allkeys-lru");
    try {
      const queue = world.open();
      const message = expect.stringContaining("maxmemory-policy allkeys-lru");
      await expect(queue.status()).rejects.toMatchObject({ code: "queue_unavailable", message });
      await expect(queue.enqueue({ user: user(1) })).rejects.toMatchObject({ code: "queue_unavailable", message });
      const { logger, lines } = recorder();
      const refusing = world.work(world.open({}, world.client({ logger })), { lockMs: 1_000 });
      await until(() => !refusing.isHealthy());
      expect(lines).toMatchObject([{ level: "error", text: message }]);
      expect(world.fake.requests).toEqual([]);
    } finally {
      await world.command("CONFIG", "SET", "maxmemory-policy", "noeviction");
    }
  });

  it.each([
    ["a client of ioredis", (port: number) => new Redis(port)],
    ["a client that connects when it is used", (port: number) => new Redis({ port, lazyConnect: true })],
    ["an address", (port: number) => `redis://127.0.0.1:${port}`],
  ])("userQueue works with %s, and does not close a client that the application made", async (_name, open) => {
    const redis = open(world.port);
    const queue = world.open({ redis });
    const worker = world.work(queue);
    await queue.enqueue({ user: user(1) });
    expect(await queue.reconcileUser({ user: user(2) })).toMatchObject({ outcome: "created" });
    await until(() => isEmpty(queue));
    await worker.close();
    await queue.close();
    const connections = (await world.command("CLIENT", "LIST", "TYPE", "normal")) as string;
    expect(connections.trim().split("\n")).toHaveLength(redis instanceof Redis && redis.status === "ready" ? 2 : 1);
    if (!(redis instanceof Redis)) return;
    expect(await redis.ping()).toBe("PONG");
    redis.disconnect();
  });
});
