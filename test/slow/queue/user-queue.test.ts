import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import {
  code,
  contactProfiles,
  createOplead,
  geographical,
  type OpleadOptions,
  type UserInput,
} from "../../../src/index.ts";
import { type UserQueue, type UserQueueOptions, type UserWorker, userQueue } from "../../../src/queue/index.ts";
import { memoryLedger, planSync } from "../../../src/sync/index.ts";
import { createFakeOplead, type FakeListener, type FakeOplead } from "../../../src/testing/index.ts";
import { createUserWebhook } from "../../../src/webhook/index.ts";
import { hasRedis, type RedisServer, startRedis } from "../../support/redis-server.ts";
import { user } from "../../support/users.ts";

describe.skipIf(!hasRedis)("a queue of users on Redis", () => {
  let redis: RedisServer;
  let fake: FakeOplead;
  let listener: FakeListener;
  const queues: UserQueue[] = [];
  const workers: UserWorker[] = [];
  let names = 0;

  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(() => redis.close());
  beforeEach(async () => {
    fake = createFakeOplead();
    listener = await fake.listen();
    names += 1;
  });
  afterEach(async () => {
    await Promise.all(workers.splice(0).map((worker) => worker.close()));
    await Promise.all(queues.splice(0).map((queue) => queue.close()));
    await listener.close();
  });

  const port = () => Number(new URL(redis.url).port);
  function open(options: Partial<UserQueueOptions> = {}): UserQueue {
    const queue = userQueue({ connection: { port: port() }, name: `users-${names}`, backoffMs: 20, ...options });
    queues.push(queue);
    return queue;
  }
  const client = (options: OpleadOptions = {}) =>
    createOplead({
      token: "fake-token",
      baseUrl: listener.url,
      rateLimit: false,
      retry: false,
      settleMs: 50,
      ...options,
    });
  function work(queue: UserQueue, more: Partial<Parameters<UserQueue["startWorker"]>[0]> = {}): UserWorker {
    const worker = queue.startWorker({ oplead: client(), ledger: memoryLedger(), ...more });
    workers.push(worker);
    return worker;
  }
  async function until(what: () => Promise<boolean> | boolean, ms = 15_000): Promise<void> {
    const end = Date.now() + ms;
    while (!(await what())) {
      if (Date.now() > end) throw new Error("it did not happen in time");
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
  const isEmpty = async (queue: UserQueue) => {
    const { waiting, active, delayed, inbox } = await queue.status();
    return waiting + active + delayed + inbox === 0;
  };

  it("brings a user to Oplead and keeps nothing of it", async () => {
    const queue = open();
    await queue.enqueue({ user: user(1) });
    expect(await queue.status()).toMatchObject({ waiting: 1, inbox: 1 });
    work(queue);
    await until(() => isEmpty(queue));
    expect(fake.users).toMatchObject([{ accountNumber: user(1).accountNumber }]);
  });

  it("makes one reconciliation of a burst of states that arrive before the work, and the newest version wins", async () => {
    const queue = open();
    const order = [3, 5, 1, 4, 2, 5, 3];
    for (const version of order) await queue.enqueue({ user: user(1, { phone: `0${version}` }), version });
    expect(await queue.status()).toMatchObject({ waiting: 1, inbox: 1 });
    work(queue);
    await until(() => isEmpty(queue));
    expect(fake.users).toMatchObject([{ phone: "05" }]);
    expect(fake.requests.filter(({ acted }) => acted)).toHaveLength(1);
  });

  it("does not lose a newer state that arrives while the older one is being sent", async () => {
    const queue = open();
    const ledger = memoryLedger();
    fake.delay({ on: "createUser", ms: 300 });
    await queue.enqueue({ user: user(1, { phone: "01" }), version: 1 });
    work(queue, { ledger });
    await until(() => fake.requests.some(({ operation }) => operation === "createUser"));
    await queue.enqueue({ user: user(1, { phone: "02" }), version: 2 });
    await until(() => isEmpty(queue));
    expect(fake.users).toMatchObject([{ phone: "02" }]);
    expect(fake.duplicates()).toEqual([]);
  });

  it("keeps personal data out of jobs, and out of Redis altogether if it has a key", async () => {
    const queue = open({ encryptionKey: Buffer.alloc(32, 7).toString("base64") });
    await queue.enqueue({ user: user(1, { lastname: "Kermarrec", accountNumber: "zoe@dealers.example" }) });
    expect(await dump(port())).not.toMatch(/Kermarrec|dealers\.example/);
    work(queue);
    await until(() => isEmpty(queue));
    expect(fake.users).toMatchObject([{ lastname: "Kermarrec" }]);
  });

  it("stores account numbers only and reads users at work time with storeUsers: false", async () => {
    const queue = open({ storeUsers: false });
    await queue.enqueue({ user: user(1, { lastname: "Kermarrec" }) });
    expect(await dump(port())).not.toContain("Kermarrec");
    expect(() => queue.startWorker({ oplead: client(), ledger: memoryLedger() })).toThrow(/load/);
    work(queue, { load: async (accountNumber) => ({ user: user(1, { accountNumber, lastname: "Fresh" }) }) });
    await until(() => isEmpty(queue));
    expect(fake.users).toMatchObject([{ lastname: "Fresh" }]);
  });

  it("tries again what may still arrive, and holds what Oplead refuses without another attempt", async () => {
    const queue = open();
    fake.fail({ on: "createUser", as: { status: 503 }, times: 3 });
    await queue.enqueue({ user: user(1) });
    fake.fail({
      on: ({ method, body }) => method === "POST" && (body as { login: string }).login === user(2).login,
      as: { status: 422 },
      times: 99,
    });
    await queue.enqueue({ user: user(2) });
    const refused: string[] = [];
    work(queue, { onUser: ({ failed }) => refused.push(...failed.map(({ held }) => (held ? "held" : "pending"))) });
    await until(() => isEmpty(queue));
    expect(fake.users).toHaveLength(1);
    expect(refused).toContain("held");
    expect((await queue.status()).failed).toBe(0);
  });

  it("keeps a job that is out of attempts with its support report, and retryFailed brings it back", async () => {
    const queue = open({ attempts: 2 });
    const handle = fake.fail({ on: "updateUser", as: { status: 500 }, share: 1 });
    await queue.enqueue({ user: user(1) });
    work(queue);
    await until(async () => (await queue.status()).failed === 1);
    const [failed] = await queue.failed();
    expect(failed).toMatchObject({ code: "server_error" });
    expect(failed?.supportReport).toContain("status:     500");
    expect(JSON.stringify(failed)).not.toContain(user(1).email);
    handle.remove();
    expect(await queue.retryFailed()).toBe(1);
    await until(() => isEmpty(queue));
    expect(fake.users).toHaveLength(1);
  });

  it("refuses production jobs in a worker in test mode, and test jobs in a production worker", async () => {
    const queue = open();
    await queue.enqueue({ user: user(1) });
    work(queue, { oplead: client({ testMode: true }) });
    await until(async () => (await queue.status()).failed === 1);
    expect(fake.requests).toEqual([]);
    expect((await queue.failed())[0]?.message).toContain("in test mode");
  });

  it("takes users from a webhook, which answers 202 once the state is stored", async () => {
    const queue = open();
    const handler = createUserWebhook<{ number: number }>(client(), {
      verify: "none",
      deliver: queue,
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
    expect(fake.requests).toEqual([]);
    work(queue);
    await until(() => isEmpty(queue));
    expect(fake.users).toHaveLength(1);
  });

  it("finds a state whose job was never added, because the process died in between", async () => {
    const queue = open();
    const jobId = await queue.enqueue({ user: user(1) });
    await command(port(), "DEL", `bull:users-${names}:${jobId}`);
    await command(port(), "DEL", `bull:users-${names}:prioritized`);
    work(queue);
    await until(() => isEmpty(queue));
    expect(fake.users).toHaveLength(1);
  });

  it("goes on by itself after Redis was restarted", async () => {
    const queue = open();
    const worker = work(queue, { silentMs: 2_000 });
    await queue.enqueue({ user: user(1) });
    await until(() => isEmpty(queue));
    await redis.kill();
    await until(() => !worker.isHealthy(), 10_000);
    await redis.start();
    await until(async () => {
      try {
        await queue.enqueue({ user: user(2) });
        return true;
      } catch {
        return false;
      }
    });
    await until(() => isEmpty(queue), 20_000);
    expect(fake.users).toHaveLength(2);
    expect(worker.isHealthy()).toBe(true);
  }, 60_000);

  it("closes a worker within its bound though Redis is down", async () => {
    const queue = open();
    const worker = work(queue, { closeTimeoutMs: 500 });
    await queue.enqueue({ user: user(1) });
    await until(() => isEmpty(queue));
    await redis.kill();
    const before = Date.now();
    await worker.close();
    expect(Date.now() - before).toBeLessThan(5_000);
    await redis.start();
  }, 30_000);

  it("brings rules as they were built, an empty one and unusual codes included", async () => {
    const queue = open();
    await queue.enqueue({
      user: user(1),
      rules: { geographical: geographical.none(), contactProfiles: contactProfiles(code("VIP")), maxDistance: 30 },
    });
    work(queue);
    await until(() => isEmpty(queue));
    expect(fake.rules(user(1).accountNumber ?? "")).toEqual({
      geographical: { handledCountries: [] },
      contactProfiles: [{ code: "VIP" }],
      maxDistance: { maxDistance: 30 },
    });
  });

  it("applies a plan through workers, parents first, and gives a report that another process can read", async () => {
    const queue = open();
    const ledger = memoryLedger();
    work(queue, { ledger });
    work(queue, { ledger });
    const child = user(9, { profile: { code: "PRF_REGION" }, parentUserIdentifier: user(1).accountNumber });
    const source = [child, ...[1, 2, 3, 4, 5].map((number) => user(number))];
    const options = { source, ledger, map: (user: UserInput) => ({ user, rules: { maxDistance: 30 } }) };
    const plan = await planSync(client(), options);
    const report = await plan.apply({ through: queue });
    expect(report).toMatchObject({ status: "complete", counts: { created: 6 } });
    expect(fake.users).toHaveLength(6);
    expect(fake.requests.filter(({ status }) => status === 400)).toEqual([]);
    expect(await open().readReport(report.runId)).toMatchObject({ status: "complete", counts: { created: 6 } });
    expect((await planSync(client(), options)).changes).toEqual([]);
  });

  it("reports a refusal that a worker met, and skips the children of a parent that was refused", async () => {
    const queue = open();
    const ledger = memoryLedger();
    work(queue, { ledger });
    fake.fail({
      on: ({ method, body }) => method === "POST" && (body as UserInput).login === user(1).login,
      as: { status: 422 },
      times: 99,
    });
    const child = user(9, { profile: { code: "PRF_REGION" }, parentUserIdentifier: user(1).accountNumber });
    const map = (user: UserInput) => ({ user });
    const plan = await planSync(client(), { source: [child, user(1), user(2)], ledger, map });
    const report = await plan.apply({ through: queue });
    expect(report).toMatchObject({ status: "partial", counts: { created: 1, failed: 1, skipped: 1 } });
    expect(report.failures).toMatchObject([{ step: "user", code: "rejected", held: true }]);
  });

  it("refuses wrong options, and names each", () => {
    expect(() => userQueue({ connection: {}, nam: "x", attempts: 0 } as never)).toThrow(
      /nam[\s\S]*attempts|attempts[\s\S]*nam/,
    );
    expect(() => userQueue({ connection: {}, encryptionKey: "short" })).toThrow(/32 bytes/);
  });
});

async function command(port: number, ...parts: string[]): Promise<unknown> {
  const { Redis } = await import("ioredis");
  const client = new Redis(port);
  try {
    return await client.call(parts[0] as string, ...parts.slice(1));
  } finally {
    client.disconnect();
  }
}

/** Every key with everything in it. */
async function dump(port: number): Promise<string> {
  const { Redis } = await import("ioredis");
  const client = new Redis(port);
  try {
    const found: string[] = [];
    for (const key of await client.keys("*")) {
      found.push(key);
      const type = await client.type(key);
      if (type === "hash") found.push(JSON.stringify(await client.hgetall(key)));
      else if (type === "string") found.push((await client.get(key)) ?? "");
      else if (type === "stream") found.push(JSON.stringify(await client.xrange(key, "-", "+")));
      else if (type === "zset") found.push((await client.zrange(key, 0, -1)).join());
      else if (type === "list") found.push((await client.lrange(key, 0, -1)).join());
    }
    return found.join("\n");
  } finally {
    client.disconnect();
  }
}
