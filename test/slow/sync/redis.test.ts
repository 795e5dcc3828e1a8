import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { mkdtempSync } from "node:fs";
import { rm } from "node:fs/promises";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import KeyvRedis from "@keyv/redis";
import Keyv from "keyv";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { UserInput } from "../../../src/index.ts";
import { keyvLedger, planSync, syncUsers } from "../../../src/sync/index.ts";
import { describeLedger } from "../../support/ledger-contract.ts";
import { fiveRules, openWorld, users } from "../../support/sync-users.ts";

const isInstalled = canRun("redis-server");
if (!isInstalled)
  console.warn("Skipped: keyvLedger over Redis. There is no redis-server here (apt-get install redis-server).");

describe.skipIf(!isInstalled)("keyvLedger over Redis", () => {
  let server: ChildProcess;
  let url: string;
  let directory: string;
  const stores: KeyvRedis<unknown>[] = [];

  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), "oplead-redis-"));
    const port = await freePort();
    url = `redis://127.0.0.1:${port}`;
    const options = ["--port", String(port), "--bind", "127.0.0.1", "--save", "", "--dir", directory];
    server = spawn("redis-server", options, { stdio: "ignore" });
    await untilItListens(port);
  });

  afterAll(async () => {
    for (const store of stores) await store.disconnect(true).catch(() => {});
    server.kill("SIGKILL");
    await rm(directory, { recursive: true, force: true });
  });

  function open(namespace: string, timeoutMs?: number) {
    const store = new KeyvRedis<unknown>(url, { throwOnErrors: true, connectionTimeout: 500 });
    stores.push(store);
    const keyv = new Keyv(store, { namespace, throwOnErrors: true });
    // Somebody has to listen, or Node takes the lost connection for an unhandled error.
    keyv.on("error", () => {});
    return keyvLedger(keyv, { timeoutMs });
  }

  let opened = 0;
  describeLedger(
    "as a ledger",
    async () => {
      opened += 1;
      return open(`contract-${opened}`);
    },
    false,
  );

  it("makes the next run free, also one of another process", async () => {
    const world = await openWorld();
    const options = { source: users(200), map: (user: UserInput) => ({ user, rules: fiveRules }) };
    expect(await syncUsers(world.connect(), { ...options, ledger: open("sync") })).toMatchObject({
      status: "complete",
    });
    world.newRequests();
    const again = await syncUsers(world.connect(), { ...options, ledger: open("sync") });
    expect(again.counts).toMatchObject({ unchanged: 200 });
    expect(world.newRequests()).toBe(0);
    const other = await planSync(world.connect(), { ...options, ledger: open("elsewhere") });
    expect(other.counts).toMatchObject({ new: 200 });
    await world.close();
  });

  it("fails when Redis is gone: an empty ledger would make every user look new", async () => {
    const world = await openWorld();
    const ledger = open("sync", 500);
    expect(await ledger.get("ACC-1")).toBeDefined();
    server.kill("SIGKILL");
    await new Promise((resolve) => server.once("exit", resolve));
    const options = { source: users(200), map: (user: UserInput) => ({ user }), ledger };
    await expect(planSync(world.connect(), options)).rejects.toMatchObject({ code: "ledger_unavailable" });
    await expect(ledger.get("ACC-1")).rejects.toMatchObject({ code: "ledger_unavailable" });
    expect(world.fake.requests).toEqual([]);
    await world.close();
  });
});

function canRun(command: string): boolean {
  try {
    execFileSync(command, ["--version"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}

async function untilItListens(port: number): Promise<void> {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const isUp = await new Promise<boolean>((resolve) => {
      const socket = connect(port, "127.0.0.1", () => resolve(true)).on("error", () => resolve(false));
      socket.on("connect", () => socket.destroy());
    });
    if (isUp) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error("redis-server does not listen");
}
