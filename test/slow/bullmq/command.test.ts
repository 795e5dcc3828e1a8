import type { ChildProcess } from "node:child_process";
import { Redis } from "ioredis";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { userQueue } from "../../../src/bullmq/index.ts";
import { createOplead } from "../../../src/index.ts";
import { configWith, dealersCsv, openPlatform, oplead, said } from "../../support/command.ts";
import { folderWith } from "../../support/folder.ts";
import { requestCount, sampleOf } from "../../support/prometheus.ts";
import { hasRedis, startRedis } from "../../support/redis-server.ts";
import { user } from "../../support/users.ts";

const ioredis = JSON.stringify(import.meta.resolve("ioredis"));

describe.skipIf(!hasRedis)("the command with a queue", () => {
  async function project(lines: (port: number) => string) {
    const redis = await startRedis();
    onTestFinished(() => redis.close());
    const port = Number(new URL(redis.url).port);
    const config = `import { Redis } from ${ioredis};\nimport { redisLedger } from "oplead-sdk/redis";\n${configWith(lines(port))}`;
    const folder = await folderWith({ "oplead.config.mjs": config, "dealers.csv": dealersCsv(3) });
    return { folder, port, redis };
  }

  function start(folder: string, args: readonly string[], env: Readonly<Record<string, string>>) {
    let child: ChildProcess | undefined;
    let startedNow = (_child: ChildProcess) => {};
    const starting = new Promise<ChildProcess>((resolve) => {
      startedNow = resolve;
    });
    const ended = oplead(folder, args, {
      env,
      onStart: (started) => {
        child = started;
        startedNow(started);
      },
    });
    const url = async () => {
      const { stderr } = await starting;
      return new Promise<string>((resolve) => {
        let text = "";
        stderr?.on("data", (chunk) => {
          text += chunk;
          const [found] = /http:\/\/\S+/.exec(text) ?? [];
          if (found) resolve(found);
        });
      });
    };
    return { ended, url, stop: () => child?.kill("SIGTERM") };
  }
  const shared = (port: number) =>
    `queue: { redis: "redis://127.0.0.1:${port}", name: "dealers", encryptionKey: false, attempts: 1 }, ledger: redisLedger(new Redis(${port})),`;

  it("oplead worker --port answers probes, and gives Prometheus the figures of Oplead and of Redis", async () => {
    const { fake, env } = await openPlatform();
    const { folder, redis } = await project((port) =>
      shared(port).replace("attempts: 1", "attempts: 3, timeoutMs: 2_000"),
    );
    const worker = start(folder, ["worker", "--port", "0", "--lock-ms", "2000"], env);
    const url = (await worker.url()).replace(/\/metrics$/, "");
    const ready = async () => {
      const response = await fetch(`${url}/readyz`);
      return [response.status, await response.json()] as const;
    };
    const ok = { status: "ok" };
    expect(await ready()).toEqual([200, { status: "ready", checks: { ledger: ok, queue: ok, worker: ok, token: ok } }]);
    fake.fail({ as: { status: 429, retryAfter: 0 }, on: "createUser", times: 2 });
    const synced = await oplead(folder, ["sync", "--queue", "--json"], { env });
    expect(JSON.parse(synced.stdout)).toMatchObject({ status: "complete", counts: { created: 3 } });
    const text = await (await fetch(`${url}/metrics`)).text();
    expect(sampleOf(text, "oplead_users_total", { oplead_outcome: "created" })).toBe(3);
    for (const [operation, status] of [
      ["createUser", 201],
      ["createUser", 429],
      ["updateUser", 404],
    ] as const) {
      const seen = fake.requests.filter((request) => request.operation === operation && request.status === status);
      expect(requestCount(text, operation, status)).toBe(seen.length);
    }
    expect(sampleOf(text, "oplead_queue_jobs", { state: "waiting" })).toBe(0);
    expect(sampleOf(text, "oplead_queue_oldest_job_seconds")).toBe(0);
    expect(text).not.toMatch(/DLR-|dealers\.example|fake-token/);

    await redis.kill();
    await vi.waitFor(
      async () => expect(await ready()).toMatchObject([503, { checks: { worker: { status: "failed" } } }]),
      {
        timeout: 600_000,
        interval: 500,
      },
    );
    const [, { checks }] = await ready();
    expect(checks).toMatchObject({
      ledger: { status: "failed", code: expect.stringMatching(/ledger_unavailable|timeout/) },
      queue: { status: "failed", code: expect.stringMatching(/queue_unavailable|timeout/) },
      worker: { code: "worker_silent" },
      token: ok,
    });
    const during = await (await fetch(`${url}/metrics`)).text();
    expect(sampleOf(during, "oplead_ready", { check: "queue" })).toBe(0);
    expect(during).not.toMatch(/^oplead_queue_jobs\{/m);
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
    worker.stop();
    expect((await worker.ended).code).toBe(0);
  });

  it("oplead serve --queue stores users and answers 202, and oplead worker with --lock-ms sends them", async () => {
    const { fake, env } = await openPlatform();
    const { folder } = await project(
      (port) => `${shared(port)}
        webhook: { verify: "none", deliveryId: "webhook-id", map: ({ ref }) => ({ user: {
          accountNumber: ref, civility: "Mme", lastname: "Martin", login: ref, email: ref + "@dealers.example",
          profile: { code: "PRF_NETWORK" }, address: { zipCode: "29000", city: "Quimper", country: { code: "FR" } },
        } }) },`,
    );
    const serve = start(folder, ["serve", "--queue", "--port", "0"], env);
    const url = await serve.url();
    const deliver = (ref: string) => {
      const headers = { "content-type": "application/json", "webhook-id": `msg_${ref}` };
      return fetch(url, { method: "POST", headers, body: JSON.stringify({ ref }) });
    };
    for (const ref of ["W-1", "W-2"]) expect((await deliver(ref)).status).toBe(202);
    expect(fake.requests).toEqual([]);
    const status = await oplead(folder, ["worker", "status", "--json"], { env });
    expect(JSON.parse(status.stdout)).toMatchObject({ waiting: 2, inbox: 2, failures: [] });

    const worker = start(folder, ["worker", "--lock-ms", "2000", "--json"], env);
    await vi.waitFor(
      () => expect(fake.users.map(({ accountNumber }) => accountNumber).sort()).toEqual(["W-1", "W-2"]),
      {
        timeout: 600_000,
      },
    );
    for (const { stop, ended } of [serve, worker]) {
      stop();
      expect((await ended).code).toBe(0);
    }
    expect(JSON.parse((await worker.ended).stdout)).toEqual({ users: 2 });
  });

  it("oplead worker status shows why jobs failed, and oplead worker retry-failed starts them again", async () => {
    const { env, fake } = await openPlatform();
    const { folder, port } = await project(shared);
    const client = createOplead({ token: env.OPLEAD_TOKEN ?? "", baseUrl: env.OPLEAD_BASE_URL ?? "" });
    const queue = userQueue(client, {
      redis: `redis://127.0.0.1:${port}`,
      name: "dealers",
      encryptionKey: false,
      attempts: 1,
    });
    onTestFinished(() => queue.close());
    await queue.enqueue({ user: user(1) });
    const redis = new Redis(port);
    onTestFinished(() => redis.disconnect());
    for (const record of await redis.keys("bull:dealers:inbox:*")) await redis.del(record);
    const { ended, stop } = start(folder, ["worker"], env);
    await vi.waitFor(async () => expect(await queue.status()).toMatchObject({ failed: 1 }), { timeout: 600_000 });
    stop();
    await ended;
    const status = await oplead(folder, ["worker", "status", "--json"], { env });
    expect(JSON.parse(status.stdout)).toMatchObject({ failed: 1, inbox: 0, failures: [{ code: "state_lost" }] });
    const retried = await oplead(folder, ["worker", "retry-failed", "--json"], { env });
    expect(JSON.parse(retried.stdout)).toEqual({ retried: 1 });
    expect(await queue.status()).toMatchObject({ failed: 0, waiting: 1 });
    expect(fake.requests).toEqual([]);
  });

  it("oplead sync --queue says that no worker takes its users, and takes them back after SIGTERM", async () => {
    const { env, fake } = await openPlatform();
    const { folder, port } = await project(shared);
    const { code, stdout, stderr } = await oplead(folder, ["sync", "--queue", "--json"], {
      env,
      onStart: (child) => void said(child, "no worker takes them").then(() => child.kill("SIGTERM")),
    });
    expect(code).toBe(130);
    expect(JSON.parse(stdout)).toMatchObject({ status: "aborted", counts: { skipped: 3 } });
    expect(stderr).not.toContain("MaxListenersExceededWarning");
    const client = createOplead({ token: env.OPLEAD_TOKEN ?? "", baseUrl: env.OPLEAD_BASE_URL ?? "" });
    const queue = userQueue(client, {
      redis: `redis://127.0.0.1:${port}`,
      name: "dealers",
      encryptionKey: false,
    });
    onTestFinished(() => queue.close());
    expect(await queue.status()).toMatchObject({ waiting: 0, inbox: 0 });
    expect(fake.users).toEqual([]);
  });

  it("oplead doctor ends with exit code 1 if the queue's Redis may evict users, or is gone", async () => {
    const { env } = await openPlatform();
    const key = Buffer.alloc(32, 7).toString("base64");
    const { folder, redis, port } = await project(
      (port) => `queue: { redis: "redis://127.0.0.1:${port}", timeoutMs: 2_000, encryptionKey: "${key}" },`,
    );
    const client = new Redis(port);
    onTestFinished(() => client.disconnect());
    const { stdout } = await oplead(folder, ["doctor"], { env });
    expect(stdout).toContain("Queue: answers");
    await client.config("SET", "maxmemory-policy", "allkeys-lru");
    const evicting = await oplead(folder, ["doctor"], { env });
    expect(evicting.stdout).toContain("maxmemory-policy allkeys-lru");
    expect(evicting.code).toBe(1);
    client.disconnect();
    await redis.kill();
    const gone = await oplead(folder, ["doctor"], { env });
    expect(gone.stdout).toContain("The queue's Redis failed (ECONNREFUSED)");
    expect(gone.code).toBe(1);
  });
});
