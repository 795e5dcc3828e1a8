// What has to be there before anything is measured: the peers, and our package as it would be published.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

export const BENCH = fileURLToPath(new URL("..", import.meta.url));
export const ROOT = fileURLToPath(new URL("../..", import.meta.url));

/**
 * @typedef {object} Ours
 * @property {string} dir where the packed tarball is installed
 * @property {string} tarball
 * @property {string} entry URL of a module that re-exports the package
 */

/**
 * @param {string[]} args
 * @param {string} cwd
 * @returns {string} standard output
 */
export function npm(args, cwd) {
  const run = spawnSync("npm", args, { cwd, encoding: "utf8", maxBuffer: 1 << 26 });
  if (run.status !== 0) throw new Error(`npm ${args.join(" ")} failed:\n${run.stderr || run.error}`);
  return run.stdout;
}

export function ensurePeers() {
  const current = Object.entries(peerVersions()).every(([name, version]) => {
    const manifest = join(BENCH, "node_modules", name, "package.json");
    return existsSync(manifest) && JSON.parse(readFileSync(manifest, "utf8")).version === version;
  });
  if (current) return;
  console.log("Installing the peers (npm ci in bench/) …");
  npm(["ci"], BENCH);
}

/** @returns {Record<string, string>} what bench/package.json pins */
export function peerVersions() {
  return JSON.parse(readFileSync(join(BENCH, "package.json"), "utf8")).dependencies;
}

/** @type {string | undefined} one for the whole run, gone when it ends */
let scratch;

export function temporaryDirectory() {
  if (!scratch) {
    const dir = mkdtempSync(join(tmpdir(), "oplead-bench-"));
    process.on("exit", () => rmSync(dir, { recursive: true, force: true }));
    scratch = dir;
  }
  return mkdtempSync(join(scratch, "part-"));
}

/**
 * Packs the repository root and installs the tarball, so that what is measured is what is published.
 * @returns {Ours | undefined} undefined while there is no build to pack
 */
export function installOurs() {
  if (!existsSync(join(ROOT, "dist", "index.js"))) return undefined;
  const packed = temporaryDirectory();
  npm(["pack", "--ignore-scripts", "--pack-destination", packed], ROOT);
  const tarball = join(packed, /** @type {string} */ (readdirSync(packed).find((name) => name.endsWith(".tgz"))));
  const dir = temporaryDirectory();
  writeFileSync(join(dir, "package.json"), '{ "private": true, "type": "module" }\n');
  npm(["install", "--omit=dev", "--no-audit", "--no-fund", "--prefer-offline", tarball], dir);
  const entry = join(dir, "entry.mjs");
  writeFileSync(entry, 'export * from "oplead-sdk";\n');
  return { dir, tarball, entry: pathToFileURL(entry).href };
}

/** @param {Record<string, string>} files */
export function project(files) {
  const dir = temporaryDirectory();
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(join(dir, name, ".."), { recursive: true });
    writeFileSync(join(dir, name), text);
  }
  return dir;
}

export function machine() {
  const { length, 0: first } = cpus();
  return {
    cpu: first?.model.trim() ?? "unknown",
    cores: length,
    node: process.version,
    date: new Date().toISOString(),
  };
}
