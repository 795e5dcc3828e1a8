// Programs compiled to JavaScript: tsx would first compile two hundred files for each process.
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build, type Plugin } from "esbuild";
import { inject } from "vitest";
import manifest from "../../package.json" with { type: "json" };
import { compilerOptions } from "../../tsconfig.json" with { type: "json" };

const root = fileURLToPath(new URL("../..", import.meta.url));

// Loaded from node_modules, as users do. The rest is bundled, as in dist/.
const OWN = new Set([...Object.keys(manifest.peerDependencies), ...Object.keys(manifest.optionalDependencies)]);

const installed: Plugin = {
  name: "installed",
  setup({ onResolve }) {
    // The loader looks for its hooks beside itself.
    onResolve({ filter: /\/typescript\/loader\.mjs$/ }, () => ({
      path: pathToFileURL(join(root, "src/config/typescript/loader.mjs")).href,
      external: true,
    }));
    onResolve({ filter: /^[\w@]/ }, ({ path }) =>
      OWN.has(path.split("/")[0] ?? "") ? { path: import.meta.resolve(path), external: true } : undefined,
    );
  },
};

async function bundle(entryPoints: Readonly<Record<string, string>>, outdir: string): Promise<void> {
  await build({
    absWorkingDir: root,
    entryPoints,
    outdir,
    outExtension: { ".js": ".mjs" },
    ...{ bundle: true, splitting: true, format: "esm", target: "node20", platform: "node", logLevel: "error" },
    plugins: [installed],
    // commander and cli-progress are CommonJS and require Node's modules.
    banner: {
      js: 'import { createRequire as __createRequire } from "node:module"; const require = __createRequire(import.meta.url);',
    },
  });
}

const ENTRIES = Object.entries(compilerOptions.paths).flatMap(([name, [file = ""]]) =>
  name.startsWith("oplead-sdk") ? [[name.replace(/^oplead-sdk/, "."), file] as const] : [],
);

export interface BuiltPackage {
  readonly folder: string;
  readonly modules: string;
  readonly main: string;
  readonly many: string;
}

const RUNBOOK = "docs/operate/runbook.md";

let built: Promise<BuiltPackage> | undefined;

export function builtPackage(): Promise<BuiltPackage> {
  built ??= onlyOnce();
  return built;
}

async function onlyOnce(): Promise<BuiltPackage> {
  const folder = join(inject("built"), "package");
  const failure = `${folder}.failed`;
  if (isFirst(`${folder}.lock`)) {
    try {
      const draft = `${folder}.draft`;
      await buildPackage(join(draft, "node_modules/oplead-sdk"));
      renameSync(draft, folder);
    } catch (error) {
      writeFileSync(failure, String(error));
      throw error;
    }
  }
  while (!existsSync(folder)) {
    if (existsSync(failure)) throw new Error(readFileSync(failure, "utf8"));
    await sleep(20);
  }
  const modules = join(folder, "node_modules");
  const home = join(modules, "oplead-sdk");
  return { folder, modules, main: join(home, "cli.mjs"), many: join(home, "many.mjs") };
}

function isFirst(lock: string): boolean {
  try {
    mkdirSync(lock);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

async function buildPackage(home: string): Promise<void> {
  const fileOf = (name: string): string => (name === "." ? "index" : name.slice(2));
  await bundle(
    Object.fromEntries([
      ["cli", "src/command/main.ts"],
      ["many", "test/support/many-commands.ts"],
      ...ENTRIES.map(([name, file]) => [fileOf(name), file]),
    ]),
    home,
  );
  const exports = Object.fromEntries(ENTRIES.map(([name]) => [name, `./${fileOf(name)}.mjs`]));
  writeFileSync(join(home, "package.json"), JSON.stringify({ name: "oplead-sdk", type: "module", exports }));
  // What the command reads beside itself.
  for (const path of [RUNBOOK, "deploy", "schema"]) cpSync(join(root, path), join(home, path), { recursive: true });
}

const programs = new Map<string, Promise<string>>();

export function builtProgram(url: URL): Promise<string> {
  const file = fileURLToPath(url);
  const known = programs.get(file) ?? buildProgram(file);
  programs.set(file, known);
  return known;
}

async function buildProgram(file: string): Promise<string> {
  const folder = mkdtempSync(join(inject("built"), "program-"));
  const name = basename(file, ".ts");
  await bundle({ [name]: file }, folder);
  return join(folder, `${name}.mjs`);
}
