// Users per second through the queue, beside plain BullMQ jobs that make one fetch.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { ask, SERVER_CORE, start } from "./lib/process.mjs";
import { hasRedis, startRedis } from "./lib/redis.mjs";
import { note, progress, table } from "./lib/report.mjs";
import { ROOT } from "./lib/setup.mjs";
import { median, rotate, round, spread } from "./lib/stats.mjs";
import { sampleUser } from "./sample-user.mjs";

const AT_ONCE = 8;
const PLAIN = "BullMQ, a job with one fetch";

/** @typedef {{ name: string, perSecond: number[], run(accounts: string[]): Promise<void>, close(): Promise<void> }} Contestant */

/** @param {import("./run.mjs").Context} context */
export async function queue({ quick }) {
  if (!hasRedis || !existsSync(join(ROOT, "dist", "bullmq.js"))) {
    note("queue: needs redis-server and a build; left out.");
    return {};
  }
  const [jobs, rounds] = quick ? [300, 3] : [2_000, 7];
  const redis = await startRedis();
  const server = start(SERVER_CORE, "cpu-server.mjs");
  const { baseUrl } = /** @type {{ baseUrl: string }} */ (await ask(server, { kind: "listen" }));
  const contestants = [
    await plain(redis.port, baseUrl),
    await ours("oplead-sdk, ledger in memory", redis.port, baseUrl, false),
    await ours("oplead-sdk, ledger in Redis", redis.port, baseUrl, true),
  ];
  let serial = 0;
  for (let n = 0; n <= rounds; n += 1) {
    for (const contestant of rotate(contestants, n)) {
      progress(`queue: round ${n} of ${rounds}, ${contestant.name}`);
      // New accounts each time: what the ledger has is not sent again.
      const accounts = Array.from({ length: jobs }, () => `ACC-${serial++}`);
      await ask(server, { kind: "count" });
      const startedAt = performance.now();
      await contestant.run(accounts);
      const seconds = (performance.now() - startedAt) / 1000;
      const { requests } = /** @type {{ requests: number }} */ (await ask(server, { kind: "count" }));
      if (requests !== jobs) throw new Error(`${contestant.name}: ${requests} requests for ${jobs} jobs`);
      // The first round warms up.
      if (n > 0) contestant.perSecond.push(jobs / seconds);
    }
  }
  for (const contestant of contestants) await contestant.close();
  server.disconnect();
  redis.close();
  const bare = contestants[0]?.perSecond ?? [];
  /** @type {Record<string, { perSecond: number, ratio: number, spread: number }>} */
  const results = {};
  for (const { name, perSecond } of contestants) {
    const ratios = perSecond.map((value, at) => value / (bare[at] ?? Number.NaN));
    results[name] = {
      perSecond: Math.round(median(perSecond)),
      ratio: round(median(ratios)),
      spread: round(spread(ratios), 3),
    };
  }
  table(
    `Users through a queue, one producer and one worker in one process, ${AT_ONCE} at once, a server that answers at once`,
    ["", "per second", "÷ plain", "± %"],
    Object.entries(results).map(([name, { perSecond, ratio, spread }]) => [
      name,
      perSecond.toLocaleString("en"),
      ratio.toFixed(2),
      (spread * 100).toFixed(0),
    ]),
  );
  return { users: results };
}

/** @param {number} port @param {string} baseUrl @returns {Promise<Contestant>} */
async function plain(port, baseUrl) {
  const { Queue, Worker } = await import("bullmq");
  const connection = { port, maxRetriesPerRequest: null };
  const jobs = new Queue("plain", { connection, defaultJobOptions: { removeOnComplete: true } });
  const done = counter();
  const worker = new Worker(
    "plain",
    async ({ data }) => {
      const response = await fetch(`${baseUrl}/v1/users/${data.accountNumber}`, {
        method: "PUT",
        headers: { "content-type": "application/json", authorization: "Bearer t" },
        body: JSON.stringify(data),
      });
      await response.json();
      done.add();
    },
    { connection, concurrency: AT_ONCE },
  );
  return {
    name: PLAIN,
    perSecond: [],
    async run(accounts) {
      const all = done.until(accounts.length);
      await each(accounts, (account) => jobs.add("user", sampleUser(account)));
      await all;
    },
    async close() {
      await worker.close();
      await jobs.close();
    },
  };
}

/** @param {string} name @param {number} port @param {string} baseUrl @param {boolean} inRedis @returns {Promise<Contestant>} */
async function ours(name, port, baseUrl, inRedis) {
  const load = (/** @type {string} */ entry) => import(join(ROOT, "dist", `${entry}.js`));
  const [{ createOplead }, { userQueue }, { redisLedger }, { memoryLedger }, { Redis }] = await Promise.all([
    load("index"),
    load("bullmq"),
    load("redis"),
    load("sync"),
    import("ioredis"),
  ]);
  const redis = new Redis(port);
  const oplead = createOplead({ baseUrl, token: "t", rateLimit: false, maxConcurrency: AT_ONCE });
  const users = userQueue(oplead, { redis: { port }, name: inRedis ? "in-redis" : "in-memory" });
  const done = counter();
  const worker = users.startWorker({
    ledger: inRedis ? redisLedger(redis) : memoryLedger(),
    onUser: () => done.add(),
  });
  return {
    name,
    perSecond: [],
    async run(accounts) {
      const all = done.until(accounts.length);
      await each(accounts, (account) => users.enqueue({ user: sampleUser(account) }));
      await all;
    },
    async close() {
      await worker.close();
      await users.close();
      redis.disconnect();
    },
  };
}

function counter() {
  let count = 0;
  let wanted = Number.POSITIVE_INFINITY;
  let reached = () => {};
  return {
    add() {
      count += 1;
      if (count === wanted) reached();
    },
    /** @param {number} many @returns {Promise<void>} */
    until(many) {
      wanted = count + many;
      return new Promise((resolve) => {
        reached = resolve;
      });
    },
  };
}

/** Sixteen at once. @param {string[]} accounts @param {(account: string) => Promise<unknown>} task */
async function each(accounts, task) {
  const rest = accounts.values();
  await Promise.all(
    Array.from({ length: 16 }, async () => {
      for (const account of rest) await task(account);
    }),
  );
}
