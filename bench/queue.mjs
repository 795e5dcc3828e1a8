// Users per second through the queue, beside plain BullMQ jobs that make one fetch: with the producer in the worker's process, and in its own.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { ask, CLIENT_CORE, SERVER_CORE, start } from "./lib/process.mjs";
import { hasRedis, startRedis } from "./lib/redis.mjs";
import { note, progress, table } from "./lib/report.mjs";
import { ROOT } from "./lib/setup.mjs";
import { median, rotate, round, spread } from "./lib/stats.mjs";
import { sampleUser } from "./sample-user.mjs";

const AT_ONCE = 8;
const PLAIN = "BullMQ, a job with one fetch";

/** @typedef {"plain" | "in-memory" | "in-redis"} Kind */
/** @typedef {{ name: string, kind: Kind, done: ReturnType<typeof counter>, close(): Promise<void> }} Contestant */
/** @typedef {Record<string, { perSecond: number, ratio: number, spread: number }>} Rates */

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
  const apart = start(CLIENT_CORE, "queue-producer.mjs");
  const here = new Map();
  for (const { kind } of contestants) here.set(kind, await producerOf(kind, redis.port, baseUrl));
  /** @type {Record<string, (kind: Kind, accounts: string[]) => Promise<unknown>>} */
  const producers = {
    users: (kind, accounts) => each(accounts, here.get(kind).enqueue),
    apart: (kind, accounts) => ask(apart, { kind, port: redis.port, baseUrl, accounts }),
  };
  let serial = 0;
  /** @type {Record<string, Rates>} */
  const results = {};
  for (const [place, produce] of Object.entries(producers)) {
    /** @type {Record<string, number[]>} */
    const measured = Object.fromEntries(contestants.map(({ name }) => [name, []]));
    for (let n = 0; n <= rounds; n += 1) {
      for (const { name, kind, done } of rotate(contestants, n)) {
        progress(`queue (${place}): round ${n} of ${rounds}, ${name}`);
        const accounts = Array.from({ length: jobs }, () => `ACC-${serial++}`);
        await ask(server, { kind: "count" });
        const startedAt = performance.now();
        const all = done.until(accounts.length);
        await produce(kind, accounts);
        await all;
        const seconds = (performance.now() - startedAt) / 1000;
        const { requests } = /** @type {{ requests: number }} */ (await ask(server, { kind: "count" }));
        if (requests !== jobs) throw new Error(`${name}: ${requests} requests for ${jobs} jobs`);
        // The first round warms up.
        if (n > 0) measured[name]?.push(jobs / seconds);
      }
    }
    results[place] = ratesOf(measured);
  }
  for (const contestant of contestants) await contestant.close();
  for (const producer of here.values()) await producer.close();
  apart.disconnect();
  server.disconnect();
  redis.close();
  for (const [place, rates] of Object.entries(results)) {
    table(
      `Users through a queue, ${place === "users" ? "producer and worker in one process" : "producer and worker each in a process"}, ${AT_ONCE} at once, a server that answers at once`,
      ["", "per second", "÷ plain", "± %"],
      Object.entries(rates).map(([name, { perSecond, ratio, spread }]) => [
        name,
        perSecond.toLocaleString("en"),
        ratio.toFixed(2),
        (spread * 100).toFixed(0),
      ]),
    );
  }
  return results;
}

/** @param {Record<string, number[]>} measured @returns {Rates} */
function ratesOf(measured) {
  const bare = measured[PLAIN] ?? [];
  return Object.fromEntries(
    Object.entries(measured).map(([name, perSecond]) => {
      const ratios = perSecond.map((value, at) => value / (bare[at] ?? Number.NaN));
      const rate = { perSecond: Math.round(median(perSecond)), ratio: round(median(ratios)) };
      return [name, { ...rate, spread: round(spread(ratios), 3) }];
    }),
  );
}

/** @param {Kind} kind @param {number} port @param {string} baseUrl */
export async function producerOf(kind, port, baseUrl) {
  if (kind === "plain") {
    const { Queue } = await import("bullmq");
    const connection = { port, maxRetriesPerRequest: null };
    const jobs = new Queue("plain", { connection, defaultJobOptions: { removeOnComplete: true } });
    return {
      enqueue: (/** @type {string} */ account) => jobs.add("user", sampleUser(account)),
      close: () => jobs.close(),
    };
  }
  const [{ createOplead }, { userQueue }] = await Promise.all([load("index"), load("bullmq")]);
  const users = userQueue(createOplead({ baseUrl, token: "t" }), {
    redis: `redis://127.0.0.1:${port}`,
    name: kind,
    encryptionKey: false,
  });
  return {
    enqueue: (/** @type {string} */ account) => users.enqueue({ user: sampleUser(account) }),
    close: () => users.close(),
  };
}

/** @param {number} port @param {string} baseUrl @returns {Promise<Contestant>} */
async function plain(port, baseUrl) {
  const { Worker } = await import("bullmq");
  const connection = { port, maxRetriesPerRequest: null };
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
  return { name: PLAIN, kind: "plain", done, close: () => worker.close() };
}

/** @param {string} name @param {number} port @param {string} baseUrl @param {boolean} inRedis @returns {Promise<Contestant>} */
async function ours(name, port, baseUrl, inRedis) {
  /** @type {Kind} */
  const kind = inRedis ? "in-redis" : "in-memory";
  const [{ createOplead }, { userQueue }, { redisLedger }, { memoryLedger }, { Redis }] = await Promise.all([
    load("index"),
    load("bullmq"),
    load("redis"),
    load("sync"),
    import("ioredis"),
  ]);
  const redis = new Redis(port);
  const oplead = createOplead({ baseUrl, token: "t", rateLimit: false, maxConcurrency: AT_ONCE });
  const users = userQueue(oplead, { redis: `redis://127.0.0.1:${port}`, name: kind, encryptionKey: false });
  const done = counter();
  const worker = users.startWorker({
    ledger: inRedis ? redisLedger(redis) : memoryLedger(),
    onUser: () => done.add(),
  });
  return {
    ...{ name, kind, done },
    async close() {
      await worker.close();
      await users.close();
      redis.disconnect();
    },
  };
}

/** @param {string} entry */
function load(entry) {
  return import(join(ROOT, "dist", `${entry}.js`));
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

/** @param {string[]} accounts @param {(account: string) => Promise<unknown>} task */
export async function each(accounts, task) {
  const rest = accounts.values();
  await Promise.all(
    Array.from({ length: 16 }, async () => {
      for (const account of rest) await task(account);
    }),
  );
}
