// What a short process pays: for importing a library, and for a whole life of import, create, one upsert, exit.
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { clients, peers } from "./clients.mjs";
import { ask, CLIENT_CORE, nodeOn, SERVER_CORE, start } from "./lib/process.mjs";
import { note, progress, table, targets } from "./lib/report.mjs";
import { BENCH } from "./lib/setup.mjs";
import { isNoise, median, rotate, round } from "./lib/stats.mjs";

const LIBRARIES = [
  "ky",
  "openapi-fetch",
  "@octokit/core",
  "@workos-inc/node",
  "resend",
  "zod",
  "zod/mini",
  "openai",
  "@anthropic-ai/sdk",
  "stripe",
];
const BARE = "bare Node";

/** @typedef {{ name: string, args: string[], cwd: string }} Life how to start one process */

/** @param {import("./run.mjs").Context} context */
export async function cold({ ours, quick, only }) {
  const rounds = quick ? 8 : 20;
  const wanted = (/** @type {string} */ name) => !only || only.includes(name);
  const load = (/** @type {string} */ name, /** @type {string} */ code, cwd = BENCH) => ({
    name,
    args: ["--input-type=module", "-e", code],
    cwd,
  });
  const imports = timeLives("import", rounds, [
    load(BARE, ""),
    load(`${BARE} (A/A)`, ""),
    ...(ours ? [load("oplead-sdk", 'import "oplead-sdk"', ours.dir)] : []),
    ...LIBRARIES.filter(wanted).map((name) => load(name, `import "${name}"`)),
  ]);
  const bare = imports[BARE] ?? Number.NaN;
  const above = Object.fromEntries(Object.entries(imports).map(([name, ms]) => [name, round(ms - bare, 1)]));
  table(
    `import "…", on top of bare Node (${bare.toFixed(1)} ms), median of ${rounds} processes`,
    ["", "ms"],
    byValue(above).flatMap(([name, ms]) => (name === BARE ? [] : [[name, ms.toFixed(1)]])),
  );

  const server = start(SERVER_CORE, "cpu-server.mjs");
  /** @type {Record<string, number>} */
  let lives;
  try {
    const { baseUrl } = await /** @type {Promise<{ baseUrl: string }>} */ (ask(server, { kind: "listen" }));
    const names = Object.keys(clients).filter((name) => (peers.includes(name) ? keeps(name, only) : ours));
    if (ours) process.env.OPLEAD_BENCH_ENTRY = ours.entry;
    const script = join(BENCH, "cold-once.mjs");
    lives = timeLives(
      "process",
      rounds,
      names.map((name) => ({ name, args: [script, name, baseUrl], cwd: BENCH })),
    );
  } finally {
    server.kill();
  }
  const fetchLife = lives.fetch ?? Number.NaN;
  table(
    `A whole process: import, create, one upsert, exit (median of ${rounds})`,
    ["", "ms", "over bare fetch"],
    byValue(lives).map(([name, ms]) => [name, ms.toFixed(1), signed(ms - fetchLife)]),
  );

  report(above, lives);
  return { importMs: above, processMs: lives };
}

/**
 * Bare fetch is what the others are compared with: never left out.
 * @param {string} name
 * @param {string[] | undefined} only
 */
const keeps = (name, only) => !only || name.startsWith("fetch") || only.includes(name);

/**
 * @param {string} label
 * @param {number} rounds
 * @param {Life[]} lives
 * @returns {Record<string, number>} milliseconds
 */
function timeLives(label, rounds, lives) {
  /** @type {Map<string, number[]>} */
  const times = new Map(lives.map(({ name }) => [name, []]));
  // Round -1 fills the file cache and is not counted.
  for (let index = -1; index < rounds; index++) {
    progress(`cold: ${label}, round ${index + 1} of ${rounds}`);
    for (const { name, args, cwd } of rotate(lives, index + 1)) {
      const { command, args: all } = nodeOn(CLIENT_CORE, args);
      const started = performance.now();
      const run = spawnSync(command, all, { cwd, encoding: "utf8", timeout: 30_000 });
      const took = performance.now() - started;
      if (run.status !== 0) throw new Error(`${label} of ${name} failed (${run.signal ?? run.status}):\n${run.stderr}`);
      if (index >= 0) times.get(name)?.push(took);
    }
  }
  return Object.fromEntries([...times].map(([name, all]) => [name, round(median(all), 1)]));
}

/** @param {Record<string, number>} values */
const byValue = (values) => Object.entries(values).sort(([, a], [, b]) => a - b);

/** @param {number} ms */
const signed = (ms) => `${ms < 0 ? "−" : "+"}${Math.abs(ms).toFixed(1)}`;

/**
 * @param {Record<string, number>} imports above bare Node
 * @param {Record<string, number>} lives
 */
function report(imports, lives) {
  console.log("");
  note(
    `A/A control: bare Node against itself ${signed(imports[`${BARE} (A/A)`] ?? 0)} ms; smaller differences mean nothing.`,
  );
  const own = imports["oplead-sdk"];
  if (own === undefined) return;
  for (const [what, values] of /** @type {const} */ ([
    ["import", imports],
    ["whole process", lives],
  ])) {
    const self = values["oplead-sdk"] ?? Number.NaN;
    const close = Object.keys(values).filter((name) => name !== "oplead-sdk" && isNoise(values[name] ?? 0, self));
    if (close.length > 0) note(`Under 10 % from oplead-sdk (noise), ${what}: ${close.join("; ")}`);
  }
  const saved = (lives["oplead-sdk on fetch"] ?? Number.NaN) - (lives["oplead-sdk"] ?? Number.NaN);
  note(
    `The default transport takes ${saved.toFixed(1)} ms off the process, against the same on fetch (about 70 if it avoids fetch).`,
  );
  targets([{ what: 'import "oplead-sdk"', value: own, limit: 15, unit: "ms" }]);
}
