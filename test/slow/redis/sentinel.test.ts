import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { mkdtempSync, writeFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Redis } from "ioredis";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { redisLedger } from "../../../src/redis/index.ts";
import { type Ledger, type LedgerMark, syncUsers } from "../../../src/sync/index.ts";
import { freePort, hasRedis } from "../../support/redis-server.ts";
import { user } from "../../support/users.ts";
import { isEmpty, QueueWorld, until } from "../bullmq/queue-world.ts";

const MASTER = "users";
const REPLICAS = 5;
const directory = mkdtempSync(join(tmpdir(), "oplead-sentinel-"));
const servers = new Map<number, ChildProcess>();
let sentinelPort = 0;
let redis: Redis;

const connect = () =>
  new Redis({ sentinels: [{ host: "127.0.0.1", port: sentinelPort }], name: MASTER, sentinelRetryStrategy: () => 50 });

const ask = (port: number, ...command: string[]) => {
  try {
    return execFileSync("redis-cli", ["-p", `${port}`, ...command], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    });
  } catch {
    return "";
  }
};

// Not by `get-master-addr-by-name`, which names the new primary during the failover: if that is killed then, Sentinel
// never ends it.
const primary = () => Number(/^port\n(\d+)/m.exec(ask(sentinelPort, "sentinel", "master", MASTER))?.[1]);

async function startServer(primaryPort?: number) {
  const port = await freePort();
  const options = ["--port", `${port}`, "--bind", "127.0.0.1", "--save", "", "--dir", directory];
  if (primaryPort !== undefined) options.push("--replicaof", "127.0.0.1", `${primaryPort}`);
  servers.set(port, spawn("redis-server", [...options, "--repl-diskless-sync-delay", "0"], { stdio: "ignore" }));
  await until(() => ask(port, "ping").includes("PONG"));
  return port;
}

const replicas = () => Number(/connected_slaves:(\d+)/.exec(ask(primary(), "info", "replication"))?.[1]);

const isAlive = (server: ChildProcess | undefined) => server?.exitCode === null && server.signalCode === null;

// As a power cut; until the other replicas follow the new primary.
async function failOver(meanwhile?: () => Promise<unknown>) {
  const port = primary();
  servers.get(port)?.kill("SIGKILL");
  await meanwhile?.();
  await until(() => primary() !== port);
  const left = [...servers].filter(([other, server]) => other !== sentinelPort && isAlive(server)).length - 1;
  await until(() => ask(primary(), "info", "replication").includes("role:master") && replicas() === left);
}

beforeAll(async () => {
  if (!hasRedis) return;
  const first = await startServer();
  for (let replica = 1; replica <= REPLICAS; replica += 1) await startServer(first);
  sentinelPort = await freePort();
  const config = join(directory, "sentinel.conf");
  writeFileSync(
    config,
    [
      `port ${sentinelPort}`,
      "bind 127.0.0.1",
      `dir ${directory}`,
      `sentinel monitor ${MASTER} 127.0.0.1 ${first} 1`,
      `sentinel down-after-milliseconds ${MASTER} 2000`,
      `sentinel failover-timeout ${MASTER} 5000`,
    ].join("\n"),
  );
  servers.set(sentinelPort, spawn("redis-server", [config, "--sentinel"], { stdio: "ignore" }));
  await until(() => ask(sentinelPort, "sentinel", "master", MASTER).includes(`num-slaves\n${REPLICAS}`));
  redis = connect();
});

afterAll(async () => {
  redis?.disconnect();
  for (const server of servers.values()) server.kill("SIGKILL");
  await rm(directory, { recursive: true, force: true });
});

describe.skipIf(!hasRedis)("a Redis behind Sentinel whose primary is killed", () => {
  const world = new QueueWorld();

  const night = (ledger: Ledger, ledgerMark?: LedgerMark, phone?: string) =>
    syncUsers(world.client(), {
      source: Array.from({ length: 200 }, (_, number) => user(number, { phone })),
      map: (one) => ({ user: one }),
      ledger,
      advanced: { ledgerMark },
      guard: { minUsers: 200, maxChanged: 1 },
    });

  it("a queue loses no user that it acknowledged and that was replicated, and creates none twice", async () => {
    const ledger = redisLedger(redis, { prefix: "queue:" });
    const queue = world.open({ redis, timeoutMs: 2_000 });
    for (let number = 1; number <= 20; number += 1) await queue.enqueue({ user: user(number), version: 1 });
    expect(await redis.wait(REPLICAS, 10_000)).toBe(REPLICAS);
    let refused = 0;
    const enqueue = (number: number, version: number) =>
      until(async () => {
        try {
          await queue.enqueue({ user: user(number, { phone: `${version}` }), version });
          return true;
        } catch (error) {
          expect(error).toMatchObject({ code: "queue_unavailable", retryable: true });
          refused += 1;
          return false;
        }
      });
    await failOver(async () => {
      await enqueue(1, 2);
      await enqueue(21, 1);
    });
    expect(refused).toBeGreaterThan(0);
    world.work(queue, { ledger });
    await until(() => isEmpty(queue));
    expect(world.fake.users.map(({ accountNumber }) => accountNumber)).toHaveLength(21);
    expect(world.fake.user("ACC-1")).toMatchObject({ phone: "2" });
    expect(await queue.status()).toMatchObject({ failed: 0 });
    expect(await queue.reconcileUser({ user: user(21, { phone: "1" }), version: 1 })).toMatchObject({
      outcome: "unchanged",
    });
  });

  it("a ledger whose replica had every write is accepted after the failover", async () => {
    const ledger = redisLedger(redis, { prefix: "night:" });
    const first = await night(ledger);
    expect(first.counts).toMatchObject({ created: 200 });
    expect(await redis.wait(replicas(), 10_000)).toBeGreaterThan(0);
    await failOver();
    const sent = world.fake.requests.length;
    expect(await night(ledger, first.ledgerMark)).toMatchObject({ status: "complete", counts: { unchanged: 200 } });
    expect(world.fake.requests).toHaveLength(sent);
  });

  it("a ledger whose replica missed writes is refused as an older copy until all is sent again", async () => {
    const ledger = redisLedger(redis, { prefix: "gap:" });
    const first = await night(ledger);
    const others = [...servers].filter(
      ([port, server]) => ![primary(), sentinelPort].includes(port) && isAlive(server),
    );
    for (const [, server] of others) server.kill("SIGSTOP");
    ask(primary(), "client", "kill", "type", "replica"); // else the run would wait for it in the socket
    const missed = await night(ledger, first.ledgerMark, "1");
    await failOver(async () => {
      for (const [, server] of others) server.kill("SIGCONT");
    });
    await expect(night(ledger, missed.ledgerMark, "1")).rejects.toMatchObject({
      code: "sync_refused",
      findings: [{ code: "ledger_restored" }],
    });
  });
});
