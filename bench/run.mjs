// node bench/run.mjs [cpu|cold|imports|bundle|install|types|queue …] [--quick] [--save] [--only=openai,ky]
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { note, progress } from "./lib/report.mjs";
import { BENCH, ensurePeers, installOurs, machine } from "./lib/setup.mjs";

/**
 * @typedef {object} Context
 * @property {import("./lib/setup.mjs").Ours | undefined} ours undefined while there is no build
 * @property {boolean} quick
 * @property {string[] | undefined} only peers to measure; undefined = all
 */

const PARTS = {
  cpu: async () => (await import("./cpu.mjs")).cpu,
  cold: async () => (await import("./cold.mjs")).cold,
  imports: async () => (await import("./imports.mjs")).imports,
  bundle: async () => (await import("./bundle.mjs")).bundle,
  install: async () => (await import("./install.mjs")).install,
  types: async () => (await import("./types.mjs")).types,
  queue: async () => (await import("./queue.mjs")).queue,
};
/** Write bench/results.json themselves, so they run only with --save. */
const SCRIPTS = [
  // Without a million users, which alone take six minutes.
  ["queue-memory.mjs", "10000", "100000"],
  ["command.mjs", "--rounds", "5", "--peers", join(BENCH, "node_modules/.commands")],
];
const RESULTS = new URL("./results.json", import.meta.url);

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    quick: { type: "boolean", default: false },
    save: { type: "boolean", default: false },
    only: { type: "string" },
  },
});
const unknown = positionals.filter((name) => !(name in PARTS));
if (unknown.length > 0) {
  console.error(`no such part: ${unknown.join(", ")}; there are ${Object.keys(PARTS).join(", ")}`);
  process.exit(2);
}
if (values.save && values.only) {
  console.error("--save keeps whole parts: not with --only");
  process.exit(2);
}
const chosen = /** @type {(keyof typeof PARTS)[]} */ (positionals.length > 0 ? positionals : Object.keys(PARTS));

// Ends as if by itself, so that what was made for the run is removed.
process.once("SIGINT", () => process.exit(130));

ensurePeers();
/** @type {Context} */
const context = { ours: installOurs(), quick: values.quick, only: values.only?.split(",") };
const here = machine();
console.log(`${here.cpu}, ${here.cores} cores, Node ${here.node}${values.quick ? ", quick: expect noise" : ""}`);
if (!context.ours) note("There is no dist/ yet (npm run build): only the peers are measured.");

/** @type {Record<string, object>} */
const results = values.save && existsSync(RESULTS) ? JSON.parse(readFileSync(RESULTS, "utf8")) : {};
for (const name of chosen) {
  const part = await PARTS[name]();
  const startedAt = performance.now();
  const result = await part(context);
  progress("");
  note(`${name}: ${Math.round((performance.now() - startedAt) / 1000)} s`);
  results[name] = { machine: here, quick: values.quick, ...result };
}
if (values.save) {
  writeFileSync(RESULTS, `${JSON.stringify(results, null, 2)}\n`);
  for (const [script = "", ...args] of positionals.length === 0 ? SCRIPTS : []) {
    const { status } = spawnSync(process.execPath, [join(BENCH, script), ...args, "--save"], { stdio: "inherit" });
    if (status !== 0) process.exit(1);
  }
  console.log("\nSaved to bench/results.json.");
}
