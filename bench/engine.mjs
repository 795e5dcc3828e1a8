/**
 * What the engine costs beside the simplest code that does the same, in one run: an event of a webhook beside a handler that verifies the
 * signature, checks the form and sends one request; nights beside a script that hashes, compares and sends. Needs `npm run build`.
 *
 *     node bench/engine.mjs                    # both, about ten minutes
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
const clientOf = (baseUrl, options = {}) =>
  createOplead({ token: TOKEN, baseUrl, rateLimit: false, maxConcurrency: AT_ONCE, ...options });

async function each(items, work) {
  const queue = items[Symbol.iterator]();
  const worker = async () => {
    for (const item of queue) await work(item);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
}

async function measured(task) {
  const [before, begun] = [process.cpuUsage(), performance.now()];
  await task();
  const { user, system } = process.cpuUsage(before);
  return { cpu: (user + system) / 1000, wall: performance.now() - begun };
}

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

function recordOf(number, prefix) {
  const user = { ...sampleUser(`${prefix}-${String(number).padStart(6, "0")}`), parentUserIdentifier: undefined };
  return { user, radius: 10 + (number % 40) };
}

function* records(count, prefix, from = 0) {
  for (let number = from; number < from + count; number += 1) yield recordOf(number, prefix);
}

/** @typedef {{ baseUrl: string, count: number, prefix: string, folder: string }} Night accounts with the prefix NEW are new to Oplead */

async function ourNight({ baseUrl, count, prefix, folder, from }, client = clientOf(baseUrl)) {
  const ledger = fileLedger(join(folder, "ledger"));
  const plan = await planSync(client, {
    source: () => records(count, prefix, from),
    incremental: from !== undefined,
    map: ({ user, radius }) => ({ user, rules: { maxDistance: { maxDistance: radius } } }),
    ledger,
    checks: false,
  });
  const toSend = plan.counts.new + plan.counts.changed;
  if (toSend > 0) {
    const { counts } = await plan.apply({ approve: plan.hash });
    if (counts.created + counts.updated !== toSend)
      throw new Error(`sent ${JSON.stringify(counts)} of ${toSend} users`);
  }
  await ledger.close();
  return toSend;
}

/**
 * First nights whose requests this process answers itself: they leave the same ledger in a fraction of the time. One
 * for every 50,000 users, because a first night holds all users in memory.
 */
async function fill(facts) {
  const answered = async (request) => {
    const { status, text } = answerTo(new URL(request.url).pathname, await request.text());
    return new Response(text, { status, headers: { "content-type": "application/json" } });
  };
  const options = { fetch: (input, init) => answered(new Request(input, init)), maxConcurrency: 128 };
  for (let from = 0; from < facts.count; from += 50_000) {
    const count = Math.min(50_000, facts.count - from);
    await ourNight({ ...facts, from, count }, clientOf(facts.baseUrl, options));
  }
}

async function scriptNight({ baseUrl, count, prefix, folder }, request = send) {
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
    const call = (method, path, body) => request(`${baseUrl}/v1/users${path}`, { method, headers: HEADERS, body });
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
const fills = {
  ours: fill,
  script: (facts) => scriptNight(facts, async (url, { body }) => answerTo(new URL(url).pathname, body)),
};

async function night({ baseUrl, slowUrl }, settings) {
  const names = ROWS.nights.flatMap(({ name, base }) => [name, base]);
  const costs = Object.fromEntries(names.map((name) => [name, []]));
  const folder = mkdtempSync(join(tmpdir(), "engine-"));
  const run = async (what, who, facts) => {
    mkdirSync(facts.folder, { recursive: true });
    const { stdout } = await promisify(execFile)(...commandOf([what, who, JSON.stringify(facts)]));
    return JSON.parse(stdout);
  };
  const unchanged = { baseUrl, count: settings.unchanged.users, prefix: "ACC" };
  const first = { baseUrl, count: settings.first.users, prefix: "NEW" };
  const slow = { baseUrl: slowUrl, count: settings.slow.users, prefix: "NEW" };
  const parts = [
    ["unchanged", settings.unchanged.rounds, (who) => ({ ...unchanged, folder: join(folder, who) })],
    ["first", settings.first.rounds, (who, round) => ({ ...first, folder: join(folder, `${who}-${round}`) })],
    [SLOW, settings.slow.rounds, (who, round) => ({ ...slow, folder: join(folder, `${who}-slow-${round}`) })],
  ];
  try {
    for (const who of Object.keys(nights)) {
      progress(`nights: ${who} gets to know ${unchanged.count} users`);
      await run("fill", who, { ...unchanged, folder: join(folder, who) });
    }
    for (const [what, rounds, factsOf] of parts) {
      for (let round = 0; round < rounds; round += 1) {
        for (const who of rotate(Object.keys(nights), round)) {
          progress(`nights: ${what}, round ${round + 1} of ${rounds}, ${who}`);
          costs[`${what}, ${who}`].push(await run("night", who, factsOf(who, round)));
        }
      }
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return costs;
}

const NOT_FOUND = JSON.stringify({ code: "not_found", message: "User not found." });

function answerTo(path, body) {
  const [before, name = ""] = path.split("/users/");
  if (before.includes("/settings/")) return { status: 200, text: "[]" };
  const status = name.startsWith("NEW") ? 404 : name === "" ? 201 : 200;
  if (status === 404) return { status, text: NOT_FOUND };
  const user = JSON.parse(body);
  const id = Number(/\d+$/.exec(user.accountNumber)?.[0]) + 1_000_000;
  return { status, text: JSON.stringify({ id, ...user }) };
}

async function serve(ms) {
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk) => {
      body += chunk;
    });
    request.on("end", () => {
      const { status, text } = answerTo(request.url, body);
      const end = () => {
        response.writeHead(status, { "content-type": "application/json" });
        response.end(text);
      };
      if (ms > 0) setTimeout(end, ms);
      else end();
    });
  });
  server.keepAliveTimeout = 600_000;
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  answer(() => ({ baseUrl: `http://127.0.0.1:${server.address().port}` }));
}

function commandOf(args) {
  const { command, args: all } = nodeOn(CLIENT_CORE, [...STEADY_V8, fileURLToPath(import.meta.url), ...args]);
  return [command, all];
}

const SLOW_MS = 20;
const SLOW = `first at ${SLOW_MS} ms a request`;

const FULL = {
  webhook: { rounds: 15, events: 1000 },
  nights: {
    unchanged: { users: 300_000, rounds: 5 },
    first: { users: 50_000, rounds: 3 },
    slow: { users: 3_000, rounds: 3 },
  },
};
const QUICK = {
  webhook: { rounds: 7, events: 400 },
  nights: {
    unchanged: { users: 30_000, rounds: 3 },
    first: { users: 3_000, rounds: 3 },
    slow: { users: 1_000, rounds: 3 },
  },
};

const ROWS = {
  webhook: [
    { name: "no ledger", base: "bare handler", limit: 1.5, of: "cpu" },
    { name: "with a ledger", base: "bare handler", limit: 2.3, of: "cpu" },
  ],
  nights: [
    { name: "unchanged, ours", base: "unchanged, script", limit: 2.5, of: "cpu" },
    { name: "first, ours", base: "first, script", limit: 1.2, of: "cpu" },
    { name: `${SLOW}, ours`, base: `${SLOW}, script`, limit: 1.2, of: "wall" },
  ],
};

const [mode, ...rest] = process.argv.slice(2);
if (mode === "events") {
  const [baseUrl, settings] = rest;
  console.log(JSON.stringify(await webhook(baseUrl, JSON.parse(settings))));
} else if (mode === "night" || mode === "fill") {
  const [who, facts] = rest;
  const cost = await measured(() => (mode === "fill" ? fills : nights)[who](JSON.parse(facts)));
  console.log(JSON.stringify({ ...cost, peak: process.resourceUsage().maxRSS / 1024 }));
} else if (mode === "server") {
  await serve(Number(rest[0] ?? 0));
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
  const servers = [0, SLOW_MS].map((ms) => start(SERVER_CORE, "engine.mjs", { args: ["server", String(ms)] }));
  const verdicts = [];
  try {
    const [{ baseUrl }, { baseUrl: slowUrl }] = await Promise.all(servers.map((one) => ask(one, { kind: "listen" })));
    for (const part of parts) {
      const costs =
        part === "webhook"
          ? JSON.parse(
              (await promisify(execFile)(...commandOf(["events", baseUrl, JSON.stringify(settings.webhook)]))).stdout,
            )
          : await night({ baseUrl, slowUrl }, settings.nights);
      progress("");
      verdicts.push(...show(part, costs, settings[part]));
    }
  } finally {
    for (const server of servers) server.kill();
  }
  targets(verdicts);
}

function show(part, costs, settings) {
  const unit = part === "webhook" ? "µs" : "ms";
  const of = (name, what) => costs[name].map((cost) => cost[what]);
  const ratios = (name, base, what) => of(name, what).map((value, round) => value / of(base, what)[round]);
  const shown = (name, base, what) => {
    const all = ratios(name, base, what);
    return `${median(all).toFixed(2)} (${quartile(all, 0.25).toFixed(2)} to ${quartile(all, 0.75).toFixed(2)})`;
  };
  table(
    `${part}: processor time and time on the clock ÷ baseline, median and quartiles`,
    ["", `CPU ${unit}`, `baseline ${unit}`, "CPU ratio", "time ratio"],
    ROWS[part].map(({ name, base }) => [
      name,
      median(of(name, "cpu")).toFixed(0),
      median(of(base, "cpu")).toFixed(0),
      shown(name, base, "cpu"),
      shown(name, base, "wall"),
    ]),
  );
  if (part === "nights") {
    const told = Object.entries(settings).map(
      ([what, { users, rounds }]) => `${what} ${users} users, ${rounds} rounds`,
    );
    note(`Nights: ${told.join("; ")}.`);
    note("The unchanged users came from first nights whose requests each process answered itself.");
    note(`Peak memory, unchanged: ${Math.round(median(of("unchanged, ours", "peak")))} MiB`);
  }
  return ROWS[part].map(({ name, base, limit, of: what }) => ({
    what: `${part}, ${name}${what === "wall" ? ", by the clock" : ""}`,
    value: median(ratios(name, base, what)),
    limit,
  }));
}
