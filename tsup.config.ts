import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { defineConfig, type Options } from "tsup";
import { thirdParty, typescriptLoader } from "./scripts/bundling.ts";
import { writeDeclarations } from "./scripts/compiler.ts";
import { fewChunks } from "./scripts/few-chunks.ts";
import { type Manifest, runbookOf } from "./scripts/release.ts";

/** What can be imported; package.json's "exports" says by which name. */
const entries = {
  index: "src/index.ts",
  raw: "src/raw.ts",
  sync: "src/sync/index.ts",
  webhook: "src/webhook/index.ts",
  bullmq: "src/bullmq/index.ts",
  redis: "src/redis/index.ts",
  coverage: "src/coverage/index.ts",
  config: "src/config/index.ts",
  "coverage-france": "src/coverage/france.ts",
  otel: "src/otel.ts",
  testing: "src/testing/index.ts",
  msw: "src/testing/msw.ts",
};

const PROBE = "src/probe/index.ts";

/** What tsup bundles into one file of declarations for each entry point. From the sources it would make it with the slower compiler. */
const declarations = writeDeclarations(Object.values(entries), { isChecked: true });
process.once("exit", declarations.remove);
const declared = Object.entries(entries).map(([name, file]) => [
  name,
  `${declarations.folder}/${file.replace(/\.ts$/, ".d.ts")}`,
]);

const bundled = thirdParty({ licenses: "dist/THIRD-PARTY-LICENSES.txt", sbom: "dist/sbom.cdx.json" });

/** `error.docs` leads to the documentation that package.json names. The release fills it in before it builds. */
const manifest = JSON.parse(readFileSync("package.json", "utf8")) as Manifest;
const define = { OPLEAD_RUNBOOK: JSON.stringify(runbookOf(manifest)) ?? "undefined" };

const library = defineConfig({
  entry: {
    ...entries,
    // Used by the command alone, which finds it as `#probe`.
    probe: PROBE,
    // A file with a name that the command knows, so that the number formats of Excel are not in the package once more.
    workbook: "src/config/sources/workbook.ts",
  },
  format: ["esm", "cjs"],
  target: "es2022",
  platform: "neutral",
  define,
  dts: { entry: Object.fromEntries(declared) },
  splitting: true,
  // Not minified, so stack traces name functions and lines without maps, which took half of the package: see docs/explain/decisions.md.
  sourcemap: false,
  clean: ["!cli/**", "!platform/**"],
  removeNodeProtocol: false,
  // zod's mini form is a hundred modules on disk, which is what makes importing it slow: bundled, it is a few functions.
  // csv-parse, saxen and numfmt are loaded when a file is read.
  noExternal: ["zod", "csv-parse", "escape-goat", "saxen", "numfmt"],
  // Chosen by the "imports" field of package.json where the package is installed: node:http and node:crypto on Node, fetch
  // and JavaScript elsewhere.
  // classic-level is an optional dependency, looked for when a file ledger is opened.
  external: ["#send", "#sha256", /^node:/, "stream", "classic-level"],
  plugins: [
    fewChunks({
      core: "index",
      apart: [["coverage", "sync"]],
      shared: [["webhook", "bullmq", "redis"], ["coverage"], ["probe"], ["sync"], ["config"], ["testing"]],
    }),
  ],
  esbuildPlugins: [typescriptLoader("dist", bundled.add), bundled.plugin],
});

/** What differs by run time, each file by itself: `imports` of package.json chooses one of each pair. */
const platform = defineConfig({
  entry: {
    "send-fetch": "src/transport/send-fetch.ts",
    "send-node": "src/transport/send-node.ts",
    "sha256-noble": "src/core/sha256-noble.ts",
    "sha256-node": "src/core/sha256-node.ts",
  },
  outDir: "dist/platform",
  format: ["esm", "cjs"],
  target: "es2022",
  platform: "neutral",
  define,
  dts: false,
  splitting: false,
  treeshake: { moduleSideEffects: "no-external" },
  clean: true,
  removeNodeProtocol: false,
  // It has no CommonJS form.
  noExternal: ["@noble/hashes"],
  external: [/^node:/],
  esbuildPlugins: [bundled.plugin],
});

/**
 * commander loads node:child_process for commands that are programs of their own. There are none, and loading it takes some
 * of the time in which `--help` should be done.
 */
const withoutChildProcess: NonNullable<Options["esbuildPlugins"]>[number] = {
  name: "without-child-process",
  setup(build) {
    build.onResolve({ filter: /^(?:node:)?child_process$/ }, ({ importer }) => {
      return /[\\/]commander[\\/]/.test(importer) ? { path: "child_process", namespace: "empty" } : undefined;
    });
    build.onLoad({ filter: /.*/, namespace: "empty" }, () => ({ contents: "module.exports = {};" }));
  },
};

/** swagger2openapi and its oas-resolver each have a copy of yaml 1, of 70 kB. */
const oneYaml: NonNullable<Options["esbuildPlugins"]>[number] = {
  name: "one-yaml",
  setup(build) {
    build.onResolve({ filter: /^yaml$/ }, ({ importer, kind }) => {
      if (!/[\\/]node_modules[\\/]oas-\w+[\\/]/.test(importer)) return undefined;
      return build.resolve("yaml", { kind, resolveDir: resolve("node_modules/swagger2openapi") });
    });
  },
};

/** `init` reads workbooks by a file of the library. */
const oneWorkbook: NonNullable<Options["esbuildPlugins"]>[number] = {
  name: "one-workbook",
  setup(build) {
    build.onResolve({ filter: /^\.\/workbook\.ts$/ }, () => ({ path: "../workbook.js", external: true }));
  },
};

/** The command. It uses the package by the names of its entry points, as users do, so that little is in dist/ twice. */
const command = defineConfig({
  entry: { main: "src/command/main.ts" },
  outDir: "dist/cli",
  format: "esm",
  target: "node20",
  platform: "node",
  define,
  dts: false,
  splitting: true,
  minify: true,
  clean: true,
  // Taking off "node:" comes before the plugins, and would hide child_process from the one below.
  removeNodeProtocol: false,
  // Whoever installs the package gets no more packages for the command.
  noExternal: ["commander", "cli-progress", "prom-client"],
  external: [/^oplead-sdk/, "#probe", "classic-level"],
  // commander and cli-progress are CommonJS and require Node's modules.
  banner: {
    js: 'import { createRequire as __createRequire } from "node:module"; const require = __createRequire(import.meta.url);',
  },
  esbuildPlugins: [withoutChildProcess, oneYaml, oneWorkbook, bundled.plugin],
});

export default [library, platform, command];
