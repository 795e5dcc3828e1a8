/**
 * Compares what the built package costs with the committed figures of bench/regressions.json, and fails where it costs more.
 *
 *     npm run build && npm run regressions              # what CI runs, about ten seconds
 *     npm run regressions -- --save                     # after a change that is meant: commit the file with it
 *
 * Requests are counted by a server and must be the same. CPU time is a ratio to plain work of the same kind, done in turns in the
 * same process (imports: in processes in turns). The fastest of all rounds counts on both sides, because other work on the machine can only make
 * a round slower, and a ratio may exceed its figure by six tenths: what fails is a mistake and no noise.
 */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { createOplead } from "../dist/index.js";
import { memoryLedger, planSync, syncUsers } from "../dist/sync.js";
import { createFakeOplead } from "../dist/testing.js";
import { createUserWebhook, standardWebhooks } from "../dist/webhook.js";
import { ask, SERVER_CORE, start } from "./lib/process.mjs";
import { ROOT } from "./lib/setup.mjs";
import { bareHandler, deliveryOf, KEY } from "./lib/webhook.mjs";
import { send } from "./light.mjs";
import { sampleUser } from "./sample-user.mjs";

const FIGURES = new URL("regressions.json", import.meta.url);
const MARGIN = 1.6;
const TOKEN = "regressions-token";

/** @typedef {{ requests: Record<string, number>, cpuRatios: Record<string, number> }} Figures */

/** @param {number} number @param {string} prefix */
const userOf = (number, prefix) => {
  const accountNumber = `${prefix}-${String(number).padStart(5, "0")}`;
  const { parentUserIdentifier: _, ...user } = sampleUser(accountNumber);
  return { ...user, civility: "Mme", profile: { code: "PRF_NETWORK" } };
};
/** @param {number} count @param {string} prefix */
const usersOf = (count, prefix) => Array.from({ length: count }, (_, number) => userOf(number, prefix));

async function requests() {
  const fake = createFakeOplead({ token: TOKEN });
  const listener = await fake.listen();
  const oplead = createOplead({ token: TOKEN, baseUrl: listener.url, rateLimit: false });
  /** @type {Record<string, number>} */
  const counted = {};
  let seen = 0;
  const count = async (/** @type {string} */ what, /** @type {() => Promise<unknown>} */ task) => {
    await task();
    counted[what] = fake.requests.length - seen;
    seen = fake.requests.length;
  };
  const rules = { maxDistance: { maxDistance: 40 }, profileTypes: ["pro"] };
  const people = usersOf(100, "NIGHT");
  const night = {
    map: (/** @type {(typeof people)[number]} */ user) => ({ user, rules: { maxDistance: { maxDistance: 40 } } }),
    ledger: memoryLedger(),
    guard: /** @type {const} */ (false),
  };
  const changed = people.map((user, at) =>
    at < 5 ? { ...user, city: "", lastname: `${user.lastname}-Martin` } : user,
  );
  await count("upsert of a new user", () => oplead.upsertUser(userOf(1, "ONE")));
  await count("upsert of a known user", () => oplead.upsertUser(userOf(1, "ONE")));
  await count("upsert of a known user with two rules", () => oplead.upsertUser(userOf(1, "ONE"), { rules }));
  await count("first night of 100 users with a rule each", () => syncUsers(oplead, { source: people, ...night }));
  await count("night in which nothing changed", () => syncUsers(oplead, { source: people, ...night }));
  await count("night in which five users changed", () => syncUsers(oplead, { source: changed, ...night }));
  await listener.close();
  return counted;
}

/** @param {{ rounds: number, prepare?: () => any, task: (prepared: any) => unknown, plain: (prepared: any) => unknown }} work */
async function ratio({ rounds, prepare, task, plain }) {
  const fastest = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  for (let round = 0; round < rounds; round += 1) {
    for (const [at, work] of [task, plain].entries()) {
      const prepared = prepare?.();
      const before = process.cpuUsage();
      await work(prepared);
      const { user, system } = process.cpuUsage(before);
      fastest[at] = Math.min(/** @type {number} */ (fastest[at]), user + system);
    }
  }
  return /** @type {number} */ (fastest[0]) / /** @type {number} */ (fastest[1]);
}

async function upsert() {
  const server = start(SERVER_CORE, "cpu-server.mjs");
  const { baseUrl } = await /** @type {Promise<{ baseUrl: string }>} */ (ask(server, { kind: "listen" }));
  const oplead = createOplead({ token: TOKEN, baseUrl, rateLimit: false });
  const users = usersOf(100, "ACC");
  const headers = { authorization: `Bearer ${TOKEN}`, "content-type": "application/json" };
  const each = async (/** @type {(user: (typeof users)[number]) => Promise<unknown>} */ work) => {
    const queue = users[Symbol.iterator]();
    const worker = async () => {
      for (const user of queue) await work(user);
    };
    await Promise.all(Array.from({ length: 8 }, worker));
  };
  const found = await ratio({
    rounds: 30,
    task: () => each((user) => oplead.upsertUser(user)),
    plain: () =>
      each(async (user) => {
        const body = JSON.stringify(user);
        const { text } = await send(`${baseUrl}/v1/users/${user.accountNumber}`, { method: "PUT", headers, body });
        return JSON.parse(text);
      }),
  });
  server.kill();
  return found;
}

async function webhook() {
  const server = start(SERVER_CORE, "engine.mjs", { args: ["server"] });
  const { baseUrl } = await /** @type {Promise<{ baseUrl: string }>} */ (ask(server, { kind: "listen" }));
  const oplead = createOplead({ token: TOKEN, baseUrl, rateLimit: false });
  const options = {
    verify: standardWebhooks({ secrets: [KEY] }),
    map: (/** @type {ReturnType<typeof userOf>} */ user) => ({ user }),
  };
  const users = usersOf(100, "ACC");
  const prepare = () => users.map(deliveryOf);
  const eachBy = (/** @type {(request: Request) => Promise<Response>} */ handler) => {
    return async (/** @type {Request[]} */ deliveries) => {
      const queue = deliveries[Symbol.iterator]();
      const worker = async () => {
        for (const delivery of queue) {
          const { status } = await handler(delivery);
          if (status !== 200) throw new Error(`the webhook answered ${status}`);
        }
      };
      await Promise.all(Array.from({ length: 8 }, worker));
    };
  };
  const plain = eachBy(bareHandler(baseUrl, TOKEN));
  const ledger = memoryLedger();
  const found = {
    "event of a webhook": await ratio({ rounds: 30, prepare, task: eachBy(createUserWebhook(oplead, options)), plain }),
    "event of a webhook with a ledger": await ratio({
      rounds: 30,
      prepare,
      task: eachBy(createUserWebhook(oplead, { ...options, ledger })),
      plain,
    }),
  };
  server.kill();
  return found;
}

function plan() {
  const source = usersOf(20_000, "ACC");
  const oplead = createOplead({ token: TOKEN, baseUrl: "http://127.0.0.1:1" });
  const map = (/** @type {(typeof source)[number]} */ user) => ({ user });
  return ratio({
    rounds: 2,
    task: async () => {
      const { counts } = await planSync(oplead, { source, map, checks: false, ledger: memoryLedger() });
      if (counts.new !== source.length) throw new Error(`${counts.new} of ${source.length} users are new`);
    },
    plain: () => {
      const hash = createHash("sha256");
      for (const user of source) hash.update(createHash("sha256").update(JSON.stringify(user)).digest("base64url"));
      return hash.digest();
    },
  });
}

function imports() {
  const names = ["index", "sync"];
  const codes = new Map([
    ["bare", ""],
    ["plain", 'import "zod";'],
  ]);
  for (const name of names) codes.set(name, `import "./dist/${name}.js";`);
  /** @type {Map<string, number>} */
  const fastest = new Map();
  for (let round = 0; round < 6; round += 1) {
    for (const [name, code] of codes) {
      const ended = `${code} const { user, system } = process.cpuUsage(); console.log(user + system);`;
      const run = spawnSync(process.execPath, ["--input-type=module", "-e", ended], { cwd: ROOT, encoding: "utf8" });
      if (run.status !== 0) throw new Error(run.stderr);
      fastest.set(name, Math.min(fastest.get(name) ?? Number.POSITIVE_INFINITY, Number(run.stdout)));
    }
  }
  const above = (/** @type {string} */ name) => (fastest.get(name) ?? 0) - (fastest.get("bare") ?? 0);
  return Object.fromEntries(names.map((name) => [`import of ${name}`, above(name) / above("plain")]));
}

/** @returns {Promise<Figures>} */
async function measure() {
  const counted = await requests();
  const found = {
    "upsert of a known user": await upsert(),
    ...(await webhook()),
    "plan of 20,000 new users": await plan(),
    ...imports(),
  };
  const cpuRatios = Object.fromEntries(Object.entries(found).map(([what, value]) => [what, Number(value.toFixed(2))]));
  return { requests: counted, cpuRatios };
}

const now = await measure();
/** @type {Figures} */
const committed = process.argv.includes("--save") ? now : JSON.parse(readFileSync(FIGURES, "utf8"));
const problems = [];
for (const [what, value] of Object.entries(now.requests)) {
  console.log(`${what}: ${value} requests (${committed.requests[what]})`);
  if (value !== committed.requests[what])
    problems.push(`${what}: ${value} requests in place of ${committed.requests[what]}`);
}
for (const [what, value] of Object.entries(now.cpuRatios)) {
  const limit = (committed.cpuRatios[what] ?? 0) * MARGIN;
  console.log(`${what}: ${value} times the plain work (${committed.cpuRatios[what]}, at most ${limit.toFixed(2)})`);
  if (!(value <= limit))
    problems.push(`${what}: ${value} times the plain work, at most ${limit.toFixed(2)} is allowed`);
}
if (process.argv.includes("--save")) writeFileSync(FIGURES, `${JSON.stringify(now, null, 2)}\n`);
for (const problem of problems) console.error(`WORSE ${problem}`);
process.exit(problems.length === 0 ? 0 : 1);
