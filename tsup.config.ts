import { readdirSync, readFileSync, rmSync } from "node:fs";
import { basename, resolve } from "node:path";
import { transform } from "esbuild";
import { type GetModuleInfo, type ManualChunksOption, type PreRenderedChunk, rollup } from "rollup";
import { defineConfig, type Options } from "tsup";
import { thirdParty, typescriptLoader } from "./scripts/bundling.ts";
import { writeDeclarations } from "./scripts/compiler.ts";
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
  text: "src/text.ts",
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
    // Used by the command alone, which finds them as `#parts` and `#probe`.
    parts: "src/parts.ts",
    probe: PROBE,
    // A file with a name that the command knows, so that the number formats of Excel are not in the package once more.
    workbook: "src/config/sources/workbook.ts",
  },
  format: "esm",
  target: "es2022",
  platform: "neutral",
  define,
  dts: false,
  splitting: true,
  // Not minified, so stack traces name functions and lines without maps, which took half of the package: see docs/explain/decisions.md.
  sourcemap: false,
  clean: ["!cli/**", "!platform/**"],
  removeNodeProtocol: false,
  // zod's mini form is a hundred modules on disk, which is what makes importing it slow: bundled, it is a few functions.
  // csv-parse, saxen, numfmt and libphonenumber-js are loaded when a file is read.
  noExternal: ["zod", "csv-parse", "escape-goat", "saxen", "numfmt", "libphonenumber-js"],
  // Chosen by the "imports" field of package.json where the package is installed: node:http and node:crypto on Node, fetch
  // and JavaScript elsewhere.
  // classic-level is an optional dependency, looked for when a file ledger is opened.
  external: ["#send", "#sha256", /^node:/, "stream", "classic-level"],
  esbuildPlugins: [typescriptLoader("dist", bundled.add), bundled.plugin],
  onSuccess: joinChunks,
});

const types = defineConfig({
  entry: Object.fromEntries(declared),
  format: ["esm", "cjs"],
  // The bundler drops the directive of src/core/run-time.ts.
  dts: { only: true, banner: `/// <reference lib="esnext.disposable" />` },
});

/** `plan-page` of `…/plan-page-JEJSLSKS.js`. */
const nameOf = (path: string): string => basename(path, ".js").replace(/-[A-Z\d]{8}$/, "");

/**
 * esbuild makes a chunk for each set of entry points that share something, forty of them, and each costs a process that imports it a
 * millisecond of CPU. Rollup joins them, and writes both formats.
 */
async function joinChunks(): Promise<void> {
  const files = readdirSync("dist").filter((name) => name.endsWith(".js"));
  const isChunk = (name: string): boolean => /-[A-Z\d]{8}\.js$/.test(name);
  const bundle = await rollup({
    input: files.filter((name) => !isChunk(name)).map((name) => resolve("dist", name)),
    external: /^(?![./]|\w:)|\.mjs$/,
    // Otherwise each file imports all shared chunks.
    treeshake: { moduleSideEffects: "no-external" },
    preserveEntrySignatures: "exports-only",
    onwarn: ({ code, message }) => {
      if (code === "CIRCULAR_CHUNK") throw new Error(message);
    },
  });
  const output = {
    dir: "dist",
    interop: "auto",
    manualChunks,
    hashCharacters: "base36",
    // Otherwise each entry point imports each chunk itself, also one that is loaded late.
    hoistTransitiveImports: false,
  } as const;
  const named = (extension: string) => ({
    entryFileNames: `[name].${extension}`,
    chunkFileNames: ({ name, isDynamicEntry }: PreRenderedChunk) =>
      `${isDynamicEntry ? nameOf(name) : "chunk"}-[hash].${extension}`,
  });
  await bundle.write({ ...output, ...named("js"), format: "esm", plugins: [smallPhones] });
  await bundle.write({ ...output, ...named("cjs"), format: "cjs", plugins: [lateRequire, smallPhones] });
  await bundle.close();
  for (const name of files.filter(isChunk)) rmSync(resolve("dist", name));
}

/** For Jest, which runs CommonJS where `import()` fails without a flag of Node. An `.mjs` file cannot be required. */
const lateRequire = {
  name: "late-require",
  renderChunk: (code: string) =>
    code.replace(/\bimport\((['"][^'"]+(?<!\.mjs)['"])\)/g, "Promise.resolve().then(() => require($1))"),
};

/** Hardly any of it is ours: the numbering plans of all countries. */
const smallPhones = {
  name: "small-phones",
  renderChunk: async (code: string, { name }: { readonly name: string }) =>
    nameOf(`${name}.js`) === "phones" ? (await transform(code, { minify: true })).code : null,
};

/** After the core, in this order: a chunk has what one of its entry points shares with others, or with what it loads late. */
const LAYERS = [
  ["text"],
  ["webhook", "bullmq", "redis"],
  ["coverage"],
  ["probe"],
  ["sync"],
  ["config"],
  ["parts"],
  ["testing"],
];

/** Undefined: a chunk for the set of entry points, as Rollup makes it. */
const manualChunks: ManualChunksOption = (id, { getModuleInfo }) => {
  const info = getModuleInfo(id);
  // What imports a package or a module of Node stays away from entry points that run without it.
  const isPackage = (id: string): boolean => getModuleInfo(id)?.isExternal === true && !id.startsWith("#");
  if (!info || info.isEntry || info.dynamicImporters.length > 0 || info.importedIds.some(isPackage)) return undefined;
  const entries = entriesOf(id, getModuleInfo);
  // Coverage and the batch share little besides: a chunk of their own would be one more, and would load late code with it.
  if (entries.has("index") || (entries.has("coverage") && entries.has("sync"))) return "index";
  // Coverage needs a quarter of the texts.
  if (entries.has("coverage") && entries.has("text")) return "coverage-text";
  return LAYERS.find((layer) => layer.some((entry) => entries.has(entry)))?.[0];
};

/** The entry points that import a file at once, directly or through others. */
function entriesOf(id: string, getModuleInfo: GetModuleInfo, seen = new Set<string>()): Set<string> {
  seen.add(id);
  const { isEntry = false, importers = [] } = getModuleInfo(id) ?? {};
  const above = importers
    .filter((path) => !seen.has(path))
    .flatMap((path) => [...entriesOf(path, getModuleInfo, seen)]);
  return new Set(isEntry ? [nameOf(id), ...above] : above);
}

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
  external: [/^oplead-sdk/, "#parts", "#probe", "classic-level"],
  // commander and cli-progress are CommonJS and require Node's modules.
  banner: {
    js: 'import { createRequire as __createRequire } from "node:module"; const require = __createRequire(import.meta.url);',
  },
  esbuildPlugins: [withoutChildProcess, oneYaml, oneWorkbook, bundled.plugin],
});

export default [library, types, platform, command];
