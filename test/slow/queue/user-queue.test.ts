import { Redis } from "ioredis";
import { describe, expect, it } from "vitest";
import { code, contactProfiles, geographical, type UserInput } from "../../../src/index.ts";
import { userQueue } from "../../../src/queue/index.ts";
import { memoryLedger, planSync, type SavedReport } from "../../../src/sync/index.ts";
import { createUserWebhook } from "../../../src/webhook/index.ts";
import { hasRedis } from "../../support/redis-server.ts";
import { user } from "../../support/users.ts";
import { isEmpty, QueueWorld, until } from "./queue-world.ts";

describe.skipIf(!hasRedis)("a queue of users on Redis", () => {
  const world = new QueueWorld();

  it("a queue syncs a user to Oplead and keeps nothing of it", async () => {
    const queue = world.open();
    await queue.enqueue({ user: user(1) });
    expect(await queue.status()).toMatchObject({ waiting: 1, inbox: 1 });
    world.work(queue);
    await until(() => isEmpty(queue));
    expect(world.fake.users).toMatchObject([{ accountNumber: user(1).accountNumber }]);
  });

  it("a queue makes one reconciliation of several states of a user, and the newest version wins", async () => {
    const queue = world.open();
    const order = [3, 5, 1, 4, 2, 5, 3];
    for (const version of order) await queue.enqueue({ user: user(1, { phone: `0${version}` }), version });
    expect(await queue.status()).toMatchObject({ waiting: 1, inbox: 1 });
    world.work(queue);
    await until(() => isEmpty(queue));
    expect(world.fake.users).toMatchObject([{ phone: "05" }]);
    expect(world.fake.requests.filter(({ acted }) => acted)).toHaveLength(1);
  });

  it("a queue does not lose a newer state that arrives while the older one is being sent", async () => {
    const queue = world.open();
    const ledger = memoryLedger();
    world.fake.delay({ on: "createUser", ms: 300 });
    await queue.enqueue({ user: user(1, { phone: "01" }), version: 1 });
    world.work(queue, { ledger });
    await until(() => world.fake.requests.some(({ operation }) => operation === "createUser"));
    await queue.enqueue({ user: user(1, { phone: "02" }), version: 2 });
    await until(() => isEmpty(queue));
    expect(world.fake.users).toMatchObject([{ phone: "02" }]);
    expect(world.fake.duplicates()).toEqual([]);
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
    expect(() => queue.startWorker({ oplead: world.client(), ledger: memoryLedger() })).toThrow(/load/);
    world.work(queue, { load: async (accountNumber) => ({ user: user(1, { accountNumber, lastname: "Fresh" }) }) });
    await until(() => isEmpty(queue));
    expect(world.fake.users).toMatchObject([{ lastname: "Fresh" }]);
  });

  it("a queue forgets a state that no worker acknowledges within inboxTtlMs", async () => {
    const queue = world.open({ inboxTtlMs: 200 });
    await queue.enqueue({ user: user(1) });
    expect(await queue.status()).toMatchObject({ inbox: 1 });
    await until(async () => (await queue.status()).inbox === 0, 2_000);
    world.work(queue);
    await until(async () => (await queue.status()).completed === 1);
    expect(world.fake.requests).toEqual([]);
  });

  it("a queue accepts times that are not whole milliseconds", async () => {
    const queue = world.open({ inboxTtlMs: 60_000.5, backoffMs: 20.5, timeoutMs: 10_000.5 });
    await queue.enqueue({ user: user(1) });
    world.work(queue, { lockMs: 3_000.5, silentMs: 3_000.5, closeTimeoutMs: 3_000.5 });
    await until(() => isEmpty(queue));
    expect(world.fake.users).toHaveLength(1);
  });

  it("a webhook with a queue answers 202 once the user's state is stored", async () => {
    const queue = world.open();
    const handler = createUserWebhook<{ number: number }>(world.client(), {
      verify: "none",
      queue,
      map: ({ number }) => ({ user: user(number) }),
    });
    const answer = await handler(
      new Request("http://localhost/hook", {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: '{"number":1}',
      }),
    );
    expect(answer.status).toBe(202);
    expect(world.fake.requests).toEqual([]);
    world.work(queue);
    await until(() => isEmpty(queue));
    expect(world.fake.users).toHaveLength(1);
  });

  it("a queue sends rules as they were built, with empty ones and unusual codes", async () => {
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

  it("workers apply a plan, parents first, and another process can read its report", async () => {
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
    expect(await world.open().readReport(report.runId)).toMatchObject({ status: "complete", counts: { created: 6 } });
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
    expect(report.failures).toMatchObject([{ step: "user", code: "rejected", held: true }]);
  });

  it("every method of a queue says within timeoutMs that Redis is gone, and why", async () => {
    const queue = userQueue({ connection: { url: "redis://127.0.0.1:1" }, timeoutMs: 400 });
    const methods = [
      () => queue.enqueue({ user: user(1) }),
      () => queue.reconcileUser({ user: user(1) }, { testMode: false }),
      () => queue.saveReport("1", {} as SavedReport),
      () => queue.readReport("1"),
      () => queue.status(),
      () => queue.failed(),
      () => queue.retryFailed(),
    ];
    for (const method of methods) {
      const before = performance.now();
      const message = "The queue's Redis failed (ECONNREFUSED).";
      await expect(method()).rejects.toMatchObject({ code: "queue_unavailable", retryable: true, message });
      expect(performance.now() - before).toBeLessThan(2_000);
    }
    await queue.close();
  });

  it("a worker with another encryptionKey says so, and the job waits for the right key", async () => {
    const key = (byte: number) => Buffer.alloc(32, byte).toString("base64");
    const queue = world.open({ encryptionKey: key(7) });
    await queue.enqueue({ user: user(1) });
    const others = [world.open({ encryptionKey: key(8) }), world.open()];
    for (const other of others) {
      await expect(other.enqueue({ user: user(1) })).rejects.toMatchObject({ code: "invalid_options" });
    }
    const wrong = world.work(world.open());
    await until(async () => (await queue.status()).failed === 1);
    expect(await queue.failed()).toMatchObject([
      { code: "invalid_options", message: expect.stringContaining("same encryptionKey") },
    ]);
    await wrong.close();
    world.work(queue);
    expect(await queue.retryFailed()).toBe(1);
    await until(() => isEmpty(queue));
    expect(world.fake.users).toHaveLength(1);
  });

  it("userQueue refuses a client in place of a connection, a misspelt field, and an address that is not Redis's", async () => {
    const client = new Redis(world.port);
    expect(() => userQueue({ connection: client as never })).toThrow(/connection: .* and not be a client/);
    client.disconnect();
    expect(() => userQueue({ connection: { prot: 6379 } as never })).toThrow(/connection\.prot: is not an option/);
    expect(() => userQueue({ connection: { url: "http://127.0.0.1" } })).toThrow(
      /connection\.url: must begin with redis/,
    );
    const queue = world.open({ connection: { url: world.redis.url } });
    expect(await queue.status()).toMatchObject({ waiting: 0 });
  });

  it("userQueue refuses wrong options, and names each", () => {
    expect(() => userQueue({ connection: {}, nam: "x", attempts: 0 } as never)).toThrow(
      /nam[\s\S]*attempts|attempts[\s\S]*nam/,
    );
    expect(() => userQueue({ connection: {}, encryptionKey: "short" })).toThrow(/32 bytes/);
  });
});
