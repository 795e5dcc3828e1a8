// CPU time per upsert, as a ratio to bare fetch in the same run.
import { peers } from "./clients.mjs";
import { ask, CLIENT_CORE, canPin, SERVER_CORE, STEADY_V8, start } from "./lib/process.mjs";
import { note, progress, table, targets } from "./lib/report.mjs";
import { isNoise, median, quartile, rotate, round } from "./lib/stats.mjs";
import { sampleUser } from "./sample-user.mjs";

/**
 * @typedef {{ scenario: "known" | "new", concurrency: number, calls: number }} Turn
 * @typedef {{ cpuUs: number, wallUs: number }} Cost per call
 * @typedef {{ cpuUs: number, cpuRatio: number, quartiles: number[], httpRatio: number, httpQuartiles: number[], wallUs: number }} Summary
 */

const CELLS = [
  { key: "known, 16 at once", scenario: /** @type {const} */ ("known"), concurrency: 16 },
  { key: "new, 16 at once", scenario: /** @type {const} */ ("new"), concurrency: 16 },
  { key: "known, sequential", scenario: /** @type {const} */ ("known"), concurrency: 1 },
  { key: "new, sequential", scenario: /** @type {const} */ ("new"), concurrency: 1 },
];
const AIMS = [0.36, 0.4, 0.46, 0.48];
// Short turns in many rounds: what disturbs one turn is not in the quartiles.
const FULL = { rounds: 21, calls: 250, warmUp: 6_000 };
const QUICK = { rounds: 3, calls: 250, warmUp: 2_000 };

/** @param {import("./run.mjs").Context} context */
export async function cpu({ ours, quick, only }) {
  const { rounds, calls, warmUp } = quick ? QUICK : FULL;
  const wanted = peers.filter((name) => !only || /^fetch|^node:http/.test(name) || only.includes(name));
  const names = ours ? ["oplead-sdk", "oplead-sdk on fetch", ...wanted] : wanted;
  if (!canPin) note("No taskset, or one core only: client and server share cores, and the numbers are rougher.");

  const server = start(SERVER_CORE, "cpu-server.mjs");
  /** @type {Map<string, import("./lib/process.mjs").ChildProcess>} */
  const processes = new Map();
  try {
    const { baseUrl } = await /** @type {Promise<{ baseUrl: string }>} */ (ask(server, { kind: "listen" }));
    for (const name of names) {
      const env = { OPLEAD_BENCH_ENTRY: ours?.entry };
      processes.set(name, start(CLIENT_CORE, "cpu-client.mjs", { args: [name, baseUrl], flags: STEADY_V8, env }));
    }
    for (const [name, client] of processes) {
      progress(`cpu: warming up ${name}`);
      await prepare(name, client, server, warmUp);
    }
    return show(names, await measure(processes, rounds, calls));
  } finally {
    for (const child of [server, ...processes.values()]) child.kill();
  }
}

/**
 * A long warm-up, and a check that this client does the same work as the others.
 * @param {string} name
 * @param {import("./lib/process.mjs").ChildProcess} client
 * @param {import("./lib/process.mjs").ChildProcess} server
 * @param {number} calls shared out over the cells
 */
async function prepare(name, client, server, calls) {
  const share = Math.ceil(calls / CELLS.length);
  // In turns, so that no cell is measured with code that was optimised for another.
  for (let part = 0; part < 2; part++) {
    for (const cell of CELLS) {
      await ask(client, { ...cell, calls: Math.ceil(share / 2) });
      const got = await /** @type {Promise<{ requests: number, bytes: number }>} */ (ask(server, { kind: "count" }));
      const due = Math.ceil(share / 2) * (cell.scenario === "new" ? 2 : 1);
      const bytes = due * JSON.stringify(sampleUser("NEW-0000")).length;
      if (got.requests !== due || got.bytes < bytes) {
        throw new Error(`${name} sent ${got.requests} requests, ${got.bytes} bytes; due: ${due}, ${bytes} or more`);
      }
    }
  }
}

/**
 * @param {Map<string, import("./lib/process.mjs").ChildProcess>} processes
 * @param {number} rounds
 * @param {number} calls
 * @returns {Promise<Map<string, Cost[]>>} by cell and client, one entry a round
 */
async function measure(processes, rounds, calls) {
  /** @type {Map<string, Cost[]>} */
  const costs = new Map();
  for (let index = 0; index < rounds; index++) {
    progress(`cpu: round ${index + 1} of ${rounds}`);
    for (const { key, ...cell } of CELLS) {
      for (const [name, client] of rotate([...processes], index)) {
        const cost = await /** @type {Promise<Cost>} */ (ask(client, { ...cell, calls }));
        costs.set(`${key}|${name}`, [...(costs.get(`${key}|${name}`) ?? []), cost]);
      }
    }
  }
  return costs;
}

/**
 * @param {string[]} names
 * @param {Map<string, Cost[]>} costs
 */
function show(names, costs) {
  /** @type {Record<string, Record<string, Summary>>} */
  const results = {};
  for (const { key } of CELLS) {
    const of = (/** @type {string} */ name, /** @type {keyof Cost} */ what = "cpuUs") =>
      (costs.get(`${key}|${name}`) ?? []).map((cost) => cost[what]);
    const over = (/** @type {string} */ name, /** @type {string} */ base) =>
      of(name).map((value, index) => value / (of(base)[index] ?? Number.NaN));
    const quartiles = (/** @type {number[]} */ ratios) =>
      [0.25, 0.75].map((share) => round(quartile(ratios, share), 3));
    results[key] = Object.fromEntries(
      names.map((name) => {
        const [toFetch, toHttp] = [over(name, "fetch"), over(name, "node:http")];
        return [
          name,
          {
            cpuUs: round(median(of(name)), 1),
            cpuRatio: round(median(toFetch), 3),
            quartiles: quartiles(toFetch),
            httpRatio: round(median(toHttp), 3),
            httpQuartiles: quartiles(toHttp),
            wallUs: round(median(of(name, "wallUs")), 1),
          },
        ];
      }),
    );
  }
  const cell = (/** @type {string} */ key, /** @type {string} */ name) => /** @type {Summary} */ (results[key]?.[name]);
  const keys = CELLS.map(({ key }) => key);
  const [busy = ""] = keys;
  const order = [...names].sort((a, b) => cell(busy, a).cpuRatio - cell(busy, b).cpuRatio);
  const shown = (/** @type {number} */ ratio, /** @type {number[]} */ [low = 0, high = 0]) =>
    `${ratio.toFixed(2)} (${low.toFixed(2)} to ${high.toFixed(2)})`;

  table(
    `CPU time per upsert ÷ bare fetch, median and quartiles (fetch: ${keys.map((key) => `${cell(key, "fetch").cpuUs.toFixed(0)} µs`).join(", ")})`,
    ["", ...keys],
    order.map((name) => [name, ...keys.map((key) => shown(cell(key, name).cpuRatio, cell(key, name).quartiles))]),
  );
  table(
    "CPU time per upsert ÷ bare node:http, median and quartiles",
    ["", ...keys],
    order.map((name) => [name, ...keys.map((key) => shown(cell(key, name).httpRatio, cell(key, name).httpQuartiles))]),
  );
  noise(keys, order, (key, name) => cell(key, name).cpuRatio);
  targets(verdicts(keys, names, (key, name) => cell(key, name).cpuRatio));
  return { upsert: results };
}

/**
 * @param {string[]} keys
 * @param {string[]} names
 * @param {(key: string, name: string) => number} ratio
 */
function noise(keys, names, ratio) {
  console.log("");
  for (const key of keys) {
    const control = ratio(key, "fetch (A/A)");
    const verdict = isNoise(control, 1) ? "" : ": OVER 10 %, this run proves nothing";
    note(`A/A control, ${key}: ${control.toFixed(2)}${verdict}`);
  }
  for (const self of names.filter((name) => name.startsWith("oplead-sdk"))) {
    for (const key of keys) {
      const close = names.filter((name) => name !== self && isNoise(ratio(key, name), ratio(key, self)));
      if (close.length > 0) note(`Under 10 % from ${self} (noise), ${key}: ${close.join("; ")}`);
    }
  }
}

/**
 * @param {string[]} keys
 * @param {string[]} names
 * @param {(key: string, name: string) => number} ratio
 * @returns {import("./lib/report.mjs").Verdict[]}
 */
function verdicts(keys, names, ratio) {
  if (!names.includes("oplead-sdk")) return [];
  const betweens = ["openapi-fetch", "openai", "ky", "@octokit/core"].filter((name) => names.includes(name));
  // Bare node:http, undici and fetch are floors, not peers.
  const rivals = names.filter((name) => !/^oplead-sdk|^fetch|^node:http|^undici/.test(name));
  return keys.flatMap((key, index) => {
    const lowest = (/** @type {string[]} */ among) => Math.min(...among.map((name) => ratio(key, name)));
    const own = { what: `oplead-sdk, ${key}`, value: ratio(key, "oplead-sdk") };
    const onFetch = { what: `oplead-sdk on fetch, ${key}`, value: ratio(key, "oplead-sdk on fetch") };
    return [
      { ...own, limit: AIMS[index] ?? 0 },
      ...(rivals.length > 0 ? [{ ...own, what: `${own.what}: the fastest peer`, limit: lowest(rivals) }] : []),
      { ...onFetch, limit: 1.15 },
      ...(betweens.length > 0
        ? [{ ...onFetch, what: `${onFetch.what}: ${betweens.join(", ")}`, limit: lowest(betweens) }]
        : []),
    ];
  });
}
