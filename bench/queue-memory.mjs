// node bench/queue-memory.mjs [10000 100000 1000000]: memory of planner, worker and Redis, each as a process. Needs a build and redis-server.
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { answer, ask, SERVER_CORE, start } from "./lib/process.mjs";
import { startRedis } from "./lib/redis.mjs";
import { note, progress, table } from "./lib/report.mjs";
import { machine, ROOT } from "./lib/setup.mjs";
import { sampleUser } from "./sample-user.mjs";

/** More than this many users are not brought by a real worker, and not put into Redis: it would take more than five minutes. */
const REAL = 20_000;
const MB = 1e6;

const load = (/** @type {string} */ entry) => import(`${ROOT}dist/${entry}.js`);
const { Redis } = await import("ioredis");

/**
 * @typedef {{ users: number, port: number, baseUrl: string }} Task
 * @typedef {{ users: number, plannerMb: number, planSeconds: number, workerMb: number, backlogMb: number, ledgerMb: number, simulated: boolean }} Row
 */

/** @param {Task} task */
async function plan({ users, port, baseUrl }) {
  const [{ createOplead }, { redisLedger }, { planSync }] = await Promise.all([
    load("index"),
    load("redis"),
    load("sync"),
  ]);
  const redis = new Redis(port);
  const oplead = createOplead({ baseUrl, token: "t", rateLimit: false });
  const ledger = redisLedger(redis, { prefix: `plan-${users}:` });
  function* source() {
    for (let number = 0; number < users; number += 1) yield number;
  }
  const map = (/** @type {number} */ number) => ({ user: topLevel(number) });
  const startedAt = performance.now();
  const made = await planSync(oplead, { source, map, ledger, guard: false });
  const planMs = performance.now() - startedAt;
  const queue = {
    reconcileUser: async (/** @type {any} */ { user }) => ({
      ...{ accountNumber: user.accountNumber, testMode: false, id: "1", outcome: "created", applied: ["user"] },
      ...{ unverifiable: [], failed: [], notSent: [], held: [], revision: 1, requests: 1, retries: 0 },
    }),
    saveReport: async () => {},
  };
  await made.apply({ queue });
  redis.disconnect();
  return { ...peak(), planMs };
}

/** @param {Task} task */
async function work({ users, port, baseUrl }) {
  const [{ createOplead }, { redisLedger }, { userQueue }] = await Promise.all([
    load("index"),
    load("redis"),
    load("bullmq"),
  ]);
  const redis = new Redis(port);
  const oplead = createOplead({ baseUrl, token: "t", rateLimit: false });
  const queue = userQueue(oplead, { redis: `redis://127.0.0.1:${port}`, name: `users-${users}`, encryptionKey: false });
  let done = 0;
  const finished = new Promise((resolve) => {
    queue.startWorker({
      ledger: redisLedger(redis, { prefix: `work-${users}:` }),
      onUser: () => {
        done += 1;
        if (done === Math.min(users, REAL)) resolve(undefined);
      },
    });
  });
  await finished;
  return peak();
}

/** @param {number} number */
function topLevel(number) {
  const { parentUserIdentifier: _, ...user } = sampleUser(`ACC-${number}`);
  return user;
}

function peak() {
  return { mb: Math.round((process.resourceUsage().maxRSS * 1024) / MB) };
}

if (process.send) {
  answer(({ kind, ...task }) => (kind === "plan" ? plan(task) : work(task)));
} else {
  await measure();
}

async function measure() {
  const given = process.argv.slice(2).filter((text) => /^\d+$/.test(text));
  const sizes = given.length > 0 ? given.map(Number) : [10_000, 100_000, 1_000_000];
  const redisServer = await startRedis();
  const redis = new Redis(redisServer.port);
  const server = start(SERVER_CORE, "cpu-server.mjs");
  const { baseUrl } = /** @type {{ baseUrl: string }} */ (await ask(server, { kind: "listen" }));
  const script =
    fileURLToPath(import.meta.url)
      .split("/")
      .at(-1) ?? "";
  const run = async (/** @type {string} */ kind, /** @type {number} */ users) => {
    progress(`queue-memory: ${kind}, ${users} users`);
    const child = start(0, script);
    const result = await ask(child, { kind, users, port: redisServer.port, baseUrl });
    child.kill();
    return /** @type {{ mb: number, planMs?: number }} */ (result);
  };
  const used = async () => Number(/used_memory:(\d+)/.exec(await redis.info("memory"))?.[1]);
  const [{ createOplead }, { userQueue }] = await Promise.all([load("index"), load("bullmq")]);
  const oplead = createOplead({ baseUrl, token: "t" });

  /** @type {Row[]} */
  const rows = [];
  let perUser = { backlog: 0, ledger: 0 };
  for (const users of sizes) {
    const planner = await run("plan", users);
    const real = Math.min(users, REAL);
    await redis.flushall();
    const before = await used();
    const queue = userQueue(oplead, {
      redis: `redis://127.0.0.1:${redisServer.port}`,
      name: `users-${users}`,
      encryptionKey: false,
    });
    progress(`queue-memory: ${real} users into the queue`);
    for (let first = 0; first < real; first += 500) {
      const batch = Array.from({ length: Math.min(500, real - first) }, (_, at) => topLevel(first + at));
      await Promise.all(batch.map((user) => queue.enqueue({ user })));
    }
    const backlog = (await used()) - before;
    const worker = await run("work", users);
    await queue.close();
    const ledger = (await used()) - before;
    perUser = { backlog: backlog / real, ledger: ledger / real };
    rows.push({
      users,
      plannerMb: planner.mb,
      planSeconds: Math.round((planner.planMs ?? 0) / 100) / 10,
      workerMb: worker.mb,
      backlogMb: Math.round((perUser.backlog * users) / MB),
      ledgerMb: Math.round((perUser.ledger * users) / MB),
      simulated: users > REAL,
    });
  }
  table(
    "Memory in MB: planner and worker at their peak, Redis with all users waiting, and with all in the ledger",
    ["users", "planner", "worker", "Redis, waiting", "Redis, done"],
    rows.map(({ users, plannerMb, workerMb, backlogMb, ledgerMb, simulated }) => {
      const mark = simulated ? " *" : "";
      return [users.toLocaleString("en"), plannerMb, `${workerMb}${mark}`, `${backlogMb}${mark}`, `${ledgerMb}${mark}`];
    }),
  );
  note(
    `* simulated: ${REAL.toLocaleString("en")} users measured, Redis multiplied up. The planner's workers are a stand-in.`,
  );
  if (process.argv.includes("--save")) {
    const file = new URL("./results.json", import.meta.url);
    const results = JSON.parse(readFileSync(file, "utf8"));
    const others = (results.queueMemory?.rows ?? []).filter((/** @type {Row} */ row) => !sizes.includes(row.users));
    const all = [...rows, ...others].sort((a, b) => a.users - b.users);
    results.queueMemory = { machine: machine(), measured: REAL, rows: all };
    writeFileSync(file, `${JSON.stringify(results, null, 2)}\n`);
  }
  redis.disconnect();
  server.disconnect();
  redisServer.close();
}
