import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { mkdtempSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Cluster } from "ioredis";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { redisDeliveries, redisLedger } from "../../../src/redis/index.ts";
import { setEntry } from "../../support/entries.ts";
import { describeLedger, entriesOf, entry } from "../../support/ledger-contract.ts";
import { freePort, hasRedis } from "../../support/redis-server.ts";
import { user } from "../../support/users.ts";
import { isEmpty, QueueWorld, until } from "../bullmq/queue-world.ts";

const nodes: ChildProcess[] = [];
const directory = mkdtempSync(join(tmpdir(), "oplead-cluster-"));
let cluster: Cluster;
let opened = 0;

beforeAll(async () => {
  if (!hasRedis) return;
  const ports = [await freePort(), await freePort(), await freePort()];
  for (const port of ports) {
    const options = ["--port", `${port}`, "--cluster-port", `${await freePort()}`, "--cluster-enabled", "yes"];
    const files = ["--cluster-config-file", `${port}.conf`, "--save", "", "--dir", directory, "--bind", "127.0.0.1"];
    nodes.push(spawn("redis-server", [...options, ...files], { stdio: "ignore" }));
  }
  const create = ["--cluster", "create", ...ports.map((port) => `127.0.0.1:${port}`), "--cluster-yes"];
  for (let left = 50; ; left -= 1) {
    await new Promise((resolve) => setTimeout(resolve, 100));
    try {
      execFileSync("redis-cli", create, { stdio: "ignore" });
      break;
    } catch (error) {
      if (left === 0) throw error;
    }
  }
  cluster = new Cluster([{ host: "127.0.0.1", port: ports[0] ?? 0 }]);
});

afterAll(async () => {
  cluster?.disconnect();
  for (const node of nodes) node.kill("SIGKILL");
  await rm(directory, { recursive: true, force: true });
});

const newPrefix = () => `test-${opened++}:`;

if (hasRedis)
  describeLedger("redisLedger in a Redis Cluster", async () => redisLedger(cluster, { prefix: newPrefix() }));

it.skipIf(!hasRedis)("a ledger in a Redis Cluster lists the entries of all nodes, and has leases", async () => {
  const ledger = redisLedger(cluster, { prefix: newPrefix() });
  for (let at = 0; at < 100; at += 1) await setEntry(ledger, `ACC-${at}`, entry(`${at}`));
  expect(await entriesOf(ledger)).toHaveLength(100);
  const lease = await ledger.lease?.("ACC-1", new AbortController().signal);
  expect(lease?.left()).toBeGreaterThan(0);
  await lease?.release();
});

describe.skipIf(!hasRedis)("a queue of users in a Redis Cluster", () => {
  const world = new QueueWorld();

  it("the queue and the ledger share a client, which the queue does not close", async () => {
    const queue = world.open({ redis: cluster });
    const worker = world.work(queue, { ledger: redisLedger(cluster, { prefix: newPrefix() }) });
    for (let number = 1; number <= 20; number += 1) await queue.enqueue({ user: user(number) });
    expect(await queue.reconcileUser({ user: user(21) })).toMatchObject({ outcome: "created" });
    await until(() => isEmpty(queue));
    expect(world.fake.users).toHaveLength(21);
    expect(await queue.status()).toMatchObject({ failed: 0 });
    await worker.close();
    await queue.close();
    expect(await cluster.ping()).toBe("PONG");
  });
});

it.skipIf(!hasRedis)("a ledger whose cluster is not connected fails, and does not look empty", async () => {
  const lost = new Cluster([{ host: "127.0.0.1", port: 1 }], {
    clusterRetryStrategy: () => null,
    redisOptions: { connectTimeout: 100 },
  });
  lost.on("error", () => {});
  await expect(entriesOf(redisLedger(lost, { timeoutMs: 500 }))).rejects.toMatchObject({ code: "ledger_unavailable" });
});

it.skipIf(!hasRedis)("a delivery store in a Redis Cluster gives a delivery to one receiver", async () => {
  const prefix = newPrefix();
  const [one, other] = [redisDeliveries(cluster, { prefix }), redisDeliveries(cluster, { prefix })];
  expect([await one.claim("a", 1_000), await other.claim("a", 1_000)]).toEqual(["claimed", "busy"]);
  await one.add("a");
  expect(await other.claim("a", 1_000)).toBe("done");
});
