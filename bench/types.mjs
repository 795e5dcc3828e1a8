// What a consumer's `tsc` pays for each client's types: a small program, over an empty file with the same settings.
import { spawnSync } from "node:child_process";
import { copyFileSync, existsSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { ourCall, ourConsumer, peerConsumers } from "./consumers.mjs";
import { note, progress, table, targets } from "./lib/report.mjs";
import { BENCH, project, ROOT } from "./lib/setup.mjs";
import { isNoise, round } from "./lib/stats.mjs";

const OURS = "oplead-sdk";
const SCHEMA = join(ROOT, "generated", "schema.d.ts");

/**
 * @typedef {{ instantiations: number, types: number, memoryKb: number, checkSeconds: number, seconds: number, errors: number, firstError: string | undefined }} Check
 * @typedef {{ skipLibCheck: Check, fullCheck: Check }} Both
 */

/** @param {import("./run.mjs").Context} context */
export async function types({ ours, only }) {
  const own = ours && (await ourConsumer(ours.entry));
  const subjects = [
    ...(ours && own
      ? [
          { name: OURS, ...own, modules: join(ours.dir, "node_modules") },
          { name: `${OURS}, one call`, ...ourCall, modules: join(ours.dir, "node_modules") },
        ]
      : []),
    ...Object.entries(peerConsumers)
      .filter(([name]) => !only || only.some((wanted) => name.startsWith(wanted)))
      .filter(([name]) => !name.startsWith("openapi-fetch") || existsSync(SCHEMA))
      .map(([name, consumer]) => ({ name, ...consumer, modules: join(BENCH, "node_modules") })),
  ];
  /** @type {Record<string, Both>} */
  const results = {};
  for (const { name, code, types: ambient, modules } of subjects) {
    progress(`types: ${name}`);
    const over = (/** @type {boolean} */ skipLibCheck) => {
      const empty = check("export {};\n", modules, ambient, skipLibCheck);
      const full = check(code, modules, ambient, skipLibCheck);
      return {
        ...full,
        instantiations: full.instantiations - empty.instantiations,
        types: full.types - empty.types,
        memoryKb: full.memoryKb - empty.memoryKb,
        checkSeconds: round(full.checkSeconds - empty.checkSeconds),
        seconds: round(full.seconds - empty.seconds),
      };
    };
    results[name] = { skipLibCheck: over(true), fullCheck: over(false) };
  }
  show(results, own?.missing ?? []);
  return { overEmptyFile: results };
}

/**
 * @param {string} code
 * @param {string} modules the node_modules it resolves from
 * @param {string[]} ambient
 * @param {boolean} skipLibCheck
 * @returns {Check}
 */
function check(code, modules, ambient, skipLibCheck) {
  const compilerOptions = {
    target: "ES2022",
    lib: ["ES2022", "DOM", "DOM.Iterable"],
    module: "nodenext",
    strict: true,
    exactOptionalPropertyTypes: true,
    noEmit: true,
    types: ambient,
    skipLibCheck,
  };
  const dir = project({
    "package.json": '{ "private": true, "type": "module" }\n',
    "tsconfig.json": JSON.stringify({ compilerOptions, files: ["consumer.ts"] }),
    "consumer.ts": code,
  });
  symlinkSync(modules, join(dir, "node_modules"));
  if (existsSync(SCHEMA)) copyFileSync(SCHEMA, join(dir, "schema.d.ts"));
  const tsc = join(BENCH, "node_modules", "typescript", "bin", "tsc");
  const args = [tsc, "-p", ".", "--extendedDiagnostics", "--pretty", "false"];
  const { stdout } = spawnSync(process.execPath, args, { cwd: dir, encoding: "utf8" });
  const number = (/** @type {string} */ label) =>
    Number(new RegExp(`^${label}:\\s+([\\d.]+)`, "m").exec(stdout)?.[1] ?? Number.NaN);
  const errors = stdout.match(/^.*error TS\d+:.*$/gm) ?? [];
  return {
    instantiations: number("Instantiations"),
    types: number("Types"),
    memoryKb: number("Memory used"),
    checkSeconds: number("Check time"),
    seconds: number("Total time"),
    errors: errors.length,
    // From the package on: where it lay is of no interest.
    firstError: errors[0]?.replace(/^.*node_modules\//, ""),
  };
}

/**
 * @param {Record<string, Both>} results
 * @param {string[]} missing
 */
function show(results, missing) {
  const rows = Object.entries(results).sort(
    ([, a], [, b]) => a.skipLibCheck.instantiations - b.skipLibCheck.instantiations,
  );
  const cells = (/** @type {Check} */ { instantiations, types, memoryKb, checkSeconds, seconds, errors }) => [
    instantiations.toLocaleString("en"),
    types.toLocaleString("en"),
    (memoryKb / 1000).toFixed(1),
    checkSeconds.toFixed(2),
    seconds.toFixed(2),
    errors,
  ];
  const head = ["instantiations", "types", "MB", "check s", "total s", "errors"];
  table(
    "Type-check of a consumer, over an empty file: with skipLibCheck | without",
    ["", ...head, `| ${head[0]}`, ...head.slice(1)],
    rows.map(([name, { skipLibCheck, fullCheck }]) => [name, ...cells(skipLibCheck), ...cells(fullCheck)]),
  );
  console.log("");
  note("The time of one tsc varies by more than 10 %: the instantiations are exact.");
  for (const [name, { skipLibCheck, fullCheck }] of rows) {
    const error = skipLibCheck.firstError ?? fullCheck.firstError;
    if (error) note(`${name}, first error: ${error}`);
  }
  if (missing.length > 0) note(`Left out, not in this build: ${missing.join(", ")}`);
  const own = results[OURS];
  if (!own) return;
  const close = rows.filter(
    ([name, row]) =>
      !name.startsWith(OURS) && isNoise(row.skipLibCheck.instantiations, own.skipLibCheck.instantiations),
  );
  if (close.length > 0) note(`Under 10 % from ${OURS}, with skipLibCheck: ${close.map(([name]) => name).join("; ")}`);
  targets([
    { what: "instantiations, skipLibCheck", value: own.skipLibCheck.instantiations, limit: 50 },
    { what: "instantiations, without", value: own.fullCheck.instantiations, limit: 1500 },
    { what: "errors, both ways", value: own.skipLibCheck.errors + own.fullCheck.errors, limit: 0 },
  ]);
}
