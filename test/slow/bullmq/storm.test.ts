import type { ChildProcess } from "node:child_process";
import { describe, expect, it, onTestFinished } from "vitest";
import { mostInASecond, watchStalls } from "../../../examples/cluster/arrivals.ts";
import { Processes } from "../../../examples/cluster/processes.ts";
import { createOplead } from "../../../src/index.ts";
import { seededRandom } from "../../../src/testing/arguments.ts";
import { createFakeOplead, type FakeOplead } from "../../../src/testing/index.ts";
import { builtProgram } from "../../support/built.ts";
import { faultCases } from "../../support/fault-matrix.ts";
import { hasRedis, startRedis } from "../../support/redis-server.ts";
import { NEWEST, openQueue, phoneAt, type StormSettings } from "./storm-parts.ts";

const LOCK_MS = 4_000;
const SEED = 7;
const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

const KILLS = Number(process.env.STORM_KILLS ?? 5);

describe.skipIf(!hasRedis)("a storm of deliveries over two receivers, three workers and a nightly run", () => {
  it("a storm of kills, restarts, failed answers and wrong clocks leaves every account once, newest", async () => {
    const [accounts, limit] = [Number(process.env.STORM_ACCOUNTS ?? 500), Number(process.env.STORM_LIMIT ?? 250)];
    const seen = await storm(accounts, limit, KILLS, 2, 600_000);
    expect(seen.killed).toBe(KILLS);
    expect(seen.redisRestarted).toBe(2);
    // A timer may fire a moment early.
    expect(seen.frozenLocks).toBeGreaterThan(1.99);
    expect(seen.failedShare).toBeGreaterThan(0.25);
    expect(seen.duplicates).toEqual([]);
    expect(seen.users).toBe(accounts);
    expect(seen.notAtNewest).toEqual([]);
    expect(seen.left).toMatchObject({ waiting: 0, active: 0, delayed: 0, failed: 0, inbox: 0 });
    // On a busy machine answers of Redis come late, and some requests start at once.
    expect(seen.mostInASecond).toBeLessThanOrEqual(limit * 1.04);
  });
});

async function storm(accounts: number, limit: number, kills: number, redisRestarts: number, clocksApartMs: number) {
  const startedAt = performance.now();
  const redis = await startRedis({ appendfsync: "always" });
  // Accepts duplicates, so that they are noticed.
  const fake = createFakeOplead({ uniqueAccountNumbers: false, now: () => performance.timeOrigin + performance.now() });
  const server = await fake.listen();
  failOften(fake);
  const stalls = watchStalls();
  const settings: StormSettings = {
    baseUrl: server.url,
    redisPort: Number(new URL(redis.url).port),
    ...{ accounts, limit, lockMs: LOCK_MS, seed: SEED, deliverMs: kills * 2_000 },
  };
  const processes = new Processes();
  onTestFinished(async () => {
    stalls.end();
    await processes.endAll();
    await server.close();
    await redis.close();
  });
  const start = async (name: string, more: Partial<StormSettings> = {}, clockMs = 0) => {
    const args = [
      await builtProgram(new URL(`storm-${name}-child.ts`, import.meta.url)),
      JSON.stringify({ ...settings, ...more }),
    ];
    const { child, line } = processes.start(args, { STORM_CLOCK_MS: String(clockMs) });
    return { child, ready: () => line(/^ready ?(.*)/), done: () => line(/^done (.*)/) };
  };
  const urls = await Promise.all([0, 1].map(async (at) => (await start("receiver", {}, at * clocksApartMs)).ready()));
  const startWorker = async (at: number) => {
    const worker = await start("worker", {}, (at - 1) * clocksApartMs);
    await worker.ready();
    return worker.child;
  };
  const workers = await Promise.all([0, 1, 2].map(startWorker));
  const sending = (await start("sender", { receivers: urls })).done();
  const planning = (await start("planner", {}, -clocksApartMs)).done();

  const random = seededRandom(SEED);
  // Frozen for so many times its lock and lease.
  let [killed, redisRestarted, frozenLocks] = [0, 0, 0];
  for (let round = 1; round <= kills; round += 1) {
    await sleep(500 + random() * 1_000);
    const at = Math.floor(random() * 3);
    const victim = workers[at] as ChildProcess;
    if (round === Math.ceil(kills / 2)) {
      // Longer than its lock and lease, so that others take over.
      const stoppedAt = performance.now();
      victim.kill("SIGSTOP");
      await sleep(LOCK_MS * 2);
      victim.kill("SIGCONT");
      frozenLocks = (performance.now() - stoppedAt) / LOCK_MS;
      await sleep(1_000);
    }
    victim.kill("SIGKILL");
    killed += 1;
    workers[at] = await startWorker(at);
    if (redisRestarts > 0 && round % Math.ceil(kills / (redisRestarts + 1)) === 0 && round < kills) {
      await redis.kill();
      await sleep(300);
      await redis.start();
      redisRestarted += 1;
    }
  }
  const stormMs = performance.now() - startedAt;
  const [sent, planned] = await Promise.all([sending, planning]);
  const queue = openQueue(settings, createOplead({ token: "fake-token", baseUrl: server.url }));
  let left = await queue.status();
  for (let tries = 0; tries < 400 && left.waiting + left.active + left.delayed + left.inbox > 0; tries += 1) {
    await sleep(200);
    left = await queue.status();
  }
  await queue.close();
  const times = fake.requests.map(({ time }) => time);
  const seen = {
    ...{ accounts, limit, killed, redisRestarted, frozenLocks, left },
    ...{ duplicates: fake.duplicates(), users: fake.users.length },
    notAtNewest: fake.users.flatMap(({ accountNumber, phone }) =>
      phone === phoneAt(NEWEST) ? [] : [`${accountNumber}: ${phone}`],
    ),
    failedShare: fake.requests.filter(({ fault }) => fault !== undefined).length / fake.requests.length,
    mostInASecond: mostInASecond(times, stalls.all, limit),
  };
  const seconds = Math.round((performance.now() - startedAt) / 100) / 10;
  console.log(
    `storm: ${JSON.stringify({ ...seen, requests: times.length, sent, planned, stormMs: Math.round(stormMs), seconds, stalls: stalls.all.length, mostAsCounted: mostInASecond(times, [], limit) })}`,
  );
  return seen;
}

// Three of ten answers. Few 429s: each slows all workers down.
function failOften(fake: FakeOplead): void {
  const others = faultCases.filter(({ name }) => name !== "429");
  let passed = 1;
  for (const [at, { as, when }] of others.entries()) {
    // Of the requests that earlier faults let pass.
    const share = 0.3 / others.length;
    fake.fail({ as, when, share: share / passed, seed: SEED + at });
    passed -= share;
  }
  fake.fail({ as: { status: 429, retryAfter: "1" }, share: 0.0005, seed: SEED });
}
