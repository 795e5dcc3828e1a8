/**
 * What the engine costs beside the simplest code that does the same, in one run: an event of a webhook beside a handler that verifies the
 * signature, checks the form and sends one request; nights beside a script that hashes, compares and sends. Needs `npm run build`.
 *
 *     node bench/engine.mjs                    # both, a few minutes
 *     node bench/engine.mjs webhook --quick    # one part, less of it
 */
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs, promisify } from "node:util";
import { createOplead } from "../dist/index.js";
import { fileLedger, memoryLedger, planSync } from "../dist/sync.js";
import { createUserWebhook, standardWebhooks } from "../dist/webhook.js";
import { answer, ask, CLIENT_CORE, nodeOn, SERVER_CORE, STEADY_V8, start } from "./lib/process.mjs";
import { note, progress, table, targets } from "./lib/report.mjs";
import { median, quartile, rotate } from "./lib/stats.mjs";
import { bareHandler, deliveryOf, KEY } from "./lib/webhook.mjs";
import { send } from "./light.mjs";
import { sampleUser } from "./sample-user.mjs";

const TOKEN = "engine-bench-token";
const HEADERS = { authorization: `Bearer ${TOKEN}`, "content-type": "application/json" };
const AT_ONCE = 16;

/** @param {string} baseUrl */
const clientOf = (baseUrl) => createOplead({ token: TOKEN, baseUrl, rateLimit: false, maxConcurrency: AT_ONCE });

/** Works on the items, several at once. */
async function each(items, work) {
  const queue = items[Symbol.iterator]();
  const worker = async () => {
    for (const item of queue) await work(item);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
}

/** The processor time and the time on the clock that a task takes, in milliseconds. */
async function measured(task) {
  const [before, begun] = [process.cpuUsage(), performance.now()];
  await task();
  const { user, system } = process.cpuUsage(before);
  return { cpu: (user + system) / 1000, wall: performance.now() - begun };
}

// Webhook

async function webhook(baseUrl, { rounds, events }) {
  const options = { verify: standardWebhooks({ secrets: [KEY] }), map: (user) => ({ user }) };
  const oplead = clientOf(baseUrl);
  const handlers = {
    "bare handler": bareHandler(baseUrl, TOKEN),
    "no ledger": createUserWebhook(oplead, options),
    "with a ledger": createUserWebhook(oplead, { ...options, ledger: memoryLedger() }),
  };
  const costs = Object.fromEntries(Object.keys(handlers).map((name) => [name, []]));
  for (let round = -3; round < rounds; round += 1) {
    for (const [name, handler] of rotate(Object.entries(handlers), round + 3)) {
      const requests = Array.from({ length: events }, (_, number) => deliveryOf(sampleUser(`ACC-${number % 500}`)));
      const cost = await measured(() =>
        each(requests, async (request) => {
          const { status } = await handler(request);
          if (status !== 200) throw new Error(`${name} answered ${status}`);
        }),
      );
      // The first rounds warm up, and fill the ledger.
      if (round >= 0) costs[name].push({ cpu: (cost.cpu * 1000) / events, wall: (cost.wall * 1000) / events });
    }
  }
  return costs;
}

// Nights

function recordOf(number, prefix) {
  const user = { ...sampleUser(`${prefix}-${String(number).padStart(6, "0")}`), parentUserIdentifier: undefined };
  return { user, radius: 10 + (number % 40) };
}

function* records(count, prefix) {
  for (let number = 0; number < count; number += 1) yield recordOf(number, prefix);
}

/** @typedef {{ baseUrl: string, count: number, prefix: string, folder: string }} Night accounts with the prefix NEW are new to Oplead */

async function ourNight({ baseUrl, count, prefix, folder }) {
  const ledger = fileLedger(join(folder, "ledger"));
  const plan = await planSync(clientOf(baseUrl), {
    source: () => records(count, prefix),
    map: ({ user, radius }) => ({ user, rules: { maxDistance: { maxDistance: radius } } }),
    ledger,
    checks: false,
  });
  const toSend = plan.counts.new + plan.counts.changed;
  if (toSend > 0) {
    const { counts, failed } = await plan.apply({ approve: plan.hash });
    if (failed.length > 0) throw failed[0].error;
    if (counts.created + counts.updated !== toSend)
      throw new Error(`sent ${JSON.stringify(counts)} of ${toSend} users`);
  }
  await ledger.close();
  return toSend;
}

/** The simplest script: a file of hashes tells what was sent, and is read and written at once. */
async function scriptNight({ baseUrl, count, prefix, folder }) {
  const path = join(folder, "hashes.json");
  const known = existsSync(path) ? JSON.parse(readFileSync(path, "utf8")) : {};
  const hashOf = (value) => createHash("sha256").update(JSON.stringify(value)).digest("base64url");
  const toSend = [];
  for (const { user, radius } of records(count, prefix)) {
    const rule = { maxDistance: radius };
    const hashes = { user: hashOf(user), rule: hashOf(rule) };
    const before = known[user.accountNumber];
    if (before?.user !== hashes.user || before?.rule !== hashes.rule) toSend.push({ user, rule, hashes });
  }
  await each(toSend, async ({ user, rule, hashes }) => {
    const call = (method, path, body) => send(`${baseUrl}/v1/users${path}`, { method, headers: HEADERS, body });
    const body = JSON.stringify(user);
    let { status, text } = await call("PUT", `/${user.accountNumber}`, body);
    if (status === 404) ({ status, text } = await call("POST", "", body));
    const { id } = JSON.parse(text);
    const set = await call("PUT", `/${id}/rule/max-distance`, JSON.stringify(rule));
    if (status > 201 || set.status !== 200) throw new Error(`answered ${status} and ${set.status}`);
    known[user.accountNumber] = { id, ...hashes };
  });
  if (toSend.length > 0) writeFileSync(path, JSON.stringify(known));
  return toSend.length;
}

const nights = { ours: ourNight, script: scriptNight };

async function night(baseUrl, { rounds, users, unchanged }) {
  const names = Object.keys(nights).flatMap((who) => [`unchanged, ${who}`, `first, ${who}`]);
  const costs = Object.fromEntries(names.map((name) => [name, []]));
  const folder = mkdtempSync(join(tmpdir(), "engine-"));
  const run = async (who, facts) => {
    const { stdout } = await promisify(execFile)(...commandOf(["night", who, JSON.stringify(facts)]));
    return JSON.parse(stdout);
  };
  try {
    for (const who of Object.keys(nights)) {
      mkdirSync(join(folder, who));
      await run(who, { baseUrl, count: unchanged, prefix: "ACC", folder: join(folder, who) });
    }
    for (let round = 0; round < rounds; round += 1) {
      for (const who of rotate(Object.keys(nights), round)) {
        progress(`nights: round ${round + 1} of ${rounds}, ${who}`);
        const kept = { baseUrl, count: unchanged, prefix: "ACC", folder: join(folder, who) };
        costs[`unchanged, ${who}`].push(await run(who, kept));
        const fresh = { baseUrl, count: users, prefix: "NEW", folder: join(folder, `${who}-${round}`) };
        mkdirSync(fresh.folder);
        costs[`first, ${who}`].push(await run(who, fresh));
      }
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return costs;
}

/** An Oplead that answers at once: each user has an ID of its own, and those with the prefix NEW are created first. */
async function serve() {
  const notFound = JSON.stringify({ code: "not_found", message: "User not found." });
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk) => {
      body += chunk;
    });
    request.on("end", () => {
      const [path, name = ""] = request.url.split("/users/");
      if (path.includes("/settings/")) {
        response.writeHead(200, { "content-type": "application/json" });
        response.end("[]");
        return;
      }
      const status = name.startsWith("NEW") ? 404 : name === "" ? 201 : 200;
      const user = status === 404 ? undefined : JSON.parse(body);
      const id = Number(/\d+$/.exec(user?.accountNumber)?.[0]) + 1_000_000;
      response.writeHead(status, { "content-type": "application/json" });
      response.end(status === 404 ? notFound : JSON.stringify({ id, ...user }));
    });
  });
  server.keepAliveTimeout = 600_000;
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  answer(() => ({ baseUrl: `http://127.0.0.1:${server.address().port}` }));
}

// Processes and tables

function commandOf(args) {
  const { command, args: all } = nodeOn(CLIENT_CORE, [...STEADY_V8, fileURLToPath(import.meta.url), ...args]);
  return [command, all];
}

const FULL = { webhook: { rounds: 15, events: 1000 }, nights: { rounds: 7, users: 50_000, unchanged: 300_000 } };
const QUICK = { webhook: { rounds: 7, events: 400 }, nights: { rounds: 3, users: 3_000, unchanged: 30_000 } };

/** What is compared, in one part: the name, its baseline, the ratio that it ought to keep to. */
const ROWS = {
  webhook: [
    ["no ledger", "bare handler", 1.6],
    ["with a ledger", "bare handler", 1.6],
  ],
  nights: [
    ["unchanged, ours", "unchanged, script", 2],
    ["first, ours", "first, script", 1.2],
  ],
};

const [mode, ...rest] = process.argv.slice(2);
if (mode === "events") {
  const [baseUrl, settings] = rest;
  console.log(JSON.stringify(await webhook(baseUrl, JSON.parse(settings))));
} else if (mode === "night") {
  const [who, facts] = rest;
  const cost = await measured(() => nights[who](JSON.parse(facts)));
  console.log(JSON.stringify({ ...cost, peak: process.resourceUsage().maxRSS / 1024 }));
} else if (mode === "server") {
  await serve();
} else {
  await compare();
}

async function compare() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { quick: { type: "boolean", default: false } },
  });
  const settings = values.quick ? QUICK : FULL;
  const parts = positionals.length > 0 ? positionals : Object.keys(ROWS);
  const server = start(SERVER_CORE, "engine.mjs", { args: ["server"] });
  const verdicts = [];
  try {
    const { baseUrl } = await ask(server, { kind: "listen" });
    for (const part of parts) {
      const costs =
        part === "webhook"
          ? JSON.parse(
              (await promisify(execFile)(...commandOf(["events", baseUrl, JSON.stringify(settings.webhook)]))).stdout,
            )
          : await night(baseUrl, settings.nights);
      progress("");
      verdicts.push(...show(part, costs));
    }
  } finally {
    server.kill();
  }
  targets(verdicts);
}

function show(part, costs) {
  const unit = part === "webhook" ? "µs" : "ms";
  const of = (name, what) => costs[name].map((cost) => cost[what]);
  // Each round by itself: what slows the machine for a while slows both.
  const ratios = (name, base, what) => of(name, what).map((value, round) => value / of(base, what)[round]);
  const shown = (name, base, what) => {
    const all = ratios(name, base, what);
    return `${median(all).toFixed(2)} (${quartile(all, 0.25).toFixed(2)} to ${quartile(all, 0.75).toFixed(2)})`;
  };
  table(
    `${part}: processor time and time on the clock ÷ baseline, median and quartiles`,
    ["", `CPU ${unit}`, `baseline ${unit}`, "CPU ratio", "time ratio"],
    ROWS[part].map(([name, base]) => [
      name,
      median(of(name, "cpu")).toFixed(0),
      median(of(base, "cpu")).toFixed(0),
      shown(name, base, "cpu"),
      shown(name, base, "wall"),
    ]),
  );
  if (part === "nights") note(`Peak memory, unchanged: ${Math.round(median(of("unchanged, ours", "peak")))} MiB`);
  return ROWS[part].map(([name, base, limit]) => ({
    what: `${part}, ${name}`,
    value: median(ratios(name, base, "cpu")),
    limit,
  }));
}
