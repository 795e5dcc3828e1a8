import { symlink } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it, onTestFinished } from "vitest";
import { userQueue } from "../../../src/queue/index.ts";
import { configWith, dealersCsv, openPlatform, oplead, said } from "../../support/command.ts";
import { folderWith } from "../../support/folder.ts";
import { hasRedis, startRedis } from "../../support/redis-server.ts";
import { user } from "../../support/users.ts";

const modules = fileURLToPath(new URL("../../../node_modules", import.meta.url));

describe.skipIf(!hasRedis)("the command with a queue", { timeout: 90_000 }, () => {
  async function project(lines: (port: number) => string) {
    const redis = await startRedis();
    onTestFinished(() => redis.close());
    const port = Number(new URL(redis.url).port);
    const config = `import { Redis } from "ioredis";\nimport { redisLedger } from "oplead-sdk/redis";\n${configWith(lines(port))}`;
    const folder = await folderWith({ "oplead.config.mjs": config, "dealers.csv": dealersCsv(3) });
    await symlink(modules, join(folder, "node_modules"));
    return { folder, port };
  }
  const shared = (port: number) =>
    `queue: { connection: { port: ${port} }, name: "dealers", attempts: 1 }, ledger: redisLedger(new Redis(${port})),`;

  it("brings users by oplead sync --queue and oplead worker, which ends with exit code 0 on SIGTERM", async () => {
    const { fake, env } = await openPlatform();
    const { folder } = await project(shared);
    let stop = () => {};
    let working: Promise<void> = Promise.resolve();
    const worker = oplead(folder, ["worker", "--json"], {
      env,
      onStart: (child) => {
        working = said(child, "Working");
        stop = () => child.kill("SIGTERM");
      },
    });
    await working;
    const synced = await oplead(folder, ["sync", "--queue", "--json"], { env });
    expect(synced.stderr).not.toContain("Error");
    expect(JSON.parse(synced.stdout)).toMatchObject({ status: "complete", counts: { created: 3 } });
    expect(synced.code).toBe(0);
    expect(fake.users).toHaveLength(3);
    stop();
    const ended = await worker;
    expect(ended.code).toBe(0);
    expect(JSON.parse(ended.stdout)).toEqual({ users: 3 });
  });

  it("shows why jobs failed by oplead queue status, and starts them again by oplead queue retry-failed", async () => {
    const { env, fake } = await openPlatform();
    const { folder, port } = await project(shared);
    const queue = userQueue({ connection: { port }, name: "dealers", attempts: 1 });
    onTestFinished(() => queue.close());
    // A job for production is refused by a worker in test mode.
    await queue.enqueue({ user: user(1) }, { testMode: true });
    let stop = () => {};
    const worker = oplead(folder, ["worker"], {
      env,
      onStart: (child) => {
        stop = () => child.kill("SIGTERM");
      },
    });
    for (let tries = 0; tries < 200 && (await queue.status()).failed === 0; tries += 1) {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    stop();
    await worker;
    const status = await oplead(folder, ["queue", "status", "--json"], { env });
    expect(JSON.parse(status.stdout)).toMatchObject({ failed: 1, inbox: 1, failures: [{ code: "invalid_options" }] });
    const retried = await oplead(folder, ["queue", "retry-failed", "--json"], { env });
    expect(JSON.parse(retried.stdout)).toEqual({ retried: 1 });
    expect(await queue.status()).toMatchObject({ failed: 0, waiting: 1 });
    expect(fake.requests).toEqual([]);
  });

  it("refuses a queue beside a ledger that other processes cannot use, and a queue that the config does not have", async () => {
    const { env } = await openPlatform();
    const { folder } = await project((port) => `queue: { connection: { port: ${port} } },`);
    const refused = await oplead(folder, ["worker"], { env });
    expect(refused).toMatchObject({ code: 1, stdout: "" });
    expect(refused.stderr).toContain("one that processes share");
    const { folder: without } = await project(() => "");
    const missing = await oplead(without, ["queue", "status"], { env });
    expect(missing.stderr).toContain("queue: is missing");
  });
});
