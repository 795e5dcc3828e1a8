/**
 * Compilers and run times that are too big, or too many, for devDependencies. Each is an npm package of a fixed version, installed
 * once into the user's cache folder and found there by later runs.
 */
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rename, rm, stat, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import manifest from "../../package.json" with { type: "json" };

const run = promisify(execFile);

const TOOLBOX =
  process.env.OPLEAD_TOOLBOX ?? join(process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache"), "oplead-sdk");

/** Resolves to a folder whose node_modules/NAME is the package; rejects with npm's own words when it can't be had. */
export function tool(name: string, version: string): Promise<string> {
  return tools([`${name}@${version}`]);
}

export const REPOSITORY = fileURLToPath(new URL("../..", import.meta.url));
/** What the repository has in its own node_modules: `NAME@VERSION` of each. */
const OWN = new Set(Object.entries(manifest.devDependencies).map(([name, version]) => `${name}@${version}`));

/** As {@link tool}, for packages that are used together: `NAME@VERSION` of each. */
export async function tools(specs: readonly string[]): Promise<string> {
  if (specs.every((spec) => OWN.has(spec))) return REPOSITORY;
  const folder = join(TOOLBOX, specs.join(" ").replaceAll("/", "+"));
  if (existsSync(folder)) return folder;
  await mkdir(TOOLBOX, { recursive: true });
  const lock = `${folder}.lock`;
  while (!(await takesLock(lock))) {
    // Another test installs them.
    await sleep(200);
    if (existsSync(folder)) return folder;
  }
  // The package is installed in a draft folder and moved when it is complete, so that a killed run or another run leaves no half package.
  const draft = await mkdtemp(join(TOOLBOX, "draft-"));
  try {
    if (existsSync(folder)) return folder;
    await install(draft, specs);
    await rename(draft, folder);
  } catch (error) {
    if (!existsSync(folder)) throw error;
  } finally {
    await rm(draft, { recursive: true, force: true });
    await rm(lock, { recursive: true, force: true });
  }
  return folder;
}

/** A test that still holds a lock after this time was killed. */
const LOCKED_MS = 10 * 60_000;

/** Takes a lock. Resolves to false if another test has it. */
async function takesLock(lock: string): Promise<boolean> {
  try {
    await mkdir(lock);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    const since = await stat(lock).catch(() => undefined);
    if (since && Date.now() - since.mtimeMs > LOCKED_MS) await rm(lock, { recursive: true, force: true });
    return false;
  }
}

/** `npm install` in a folder that is no project yet. No install scripts: none of the packages used here needs one. */
export async function install(folder: string, specs: readonly string[]): Promise<void> {
  await writeFile(join(folder, "package.json"), JSON.stringify({ private: true }));
  const flags = ["--ignore-scripts", "--prefer-offline", "--no-audit", "--no-fund", "--no-package-lock"];
  await run("npm", ["install", ...flags, ...specs], { cwd: folder, env: outsideEnv() });
}

/** The environment without what `npm run` adds to it: that would tell an inner npm about the project outside. */
export function outsideEnv(extra: Record<string, string> = {}): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(
    ([name]) => !/^npm_(package|lifecycle|command|config_local_prefix)/.test(name),
  );
  return { ...Object.fromEntries(kept), ...extra };
}
