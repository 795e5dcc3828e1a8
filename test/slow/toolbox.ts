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

export function tool(name: string, version: string): Promise<string> {
  return tools([`${name}@${version}`]);
}

export const REPOSITORY = fileURLToPath(new URL("../..", import.meta.url));
const OWN = new Set(Object.entries(manifest.devDependencies).map(([name, version]) => `${name}@${version}`));

export async function tools(specs: readonly string[]): Promise<string> {
  if (specs.every((spec) => OWN.has(spec))) return REPOSITORY;
  const folder = join(TOOLBOX, specs.join(" ").replaceAll("/", "+"));
  if (existsSync(folder)) return folder;
  await mkdir(TOOLBOX, { recursive: true });
  const lock = `${folder}.lock`;
  while (!(await takesLock(lock))) {
    await sleep(200);
    if (existsSync(folder)) return folder;
  }
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

const LOCKED_MS = 10 * 60_000;

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

export async function install(folder: string, specs: readonly string[]): Promise<void> {
  await writeFile(join(folder, "package.json"), JSON.stringify({ private: true }));
  const flags = ["--ignore-scripts", "--prefer-offline", "--no-audit", "--no-fund", "--no-package-lock"];
  await run("npm", ["install", ...flags, ...specs], { cwd: folder, env: outsideEnv() });
}

// An inner npm would take the project outside `npm run`, or its settings, for its own.
export function outsideEnv(extra: Record<string, string> = {}): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(
    ([name]) => !/^npm_(package|lifecycle|command|config_(local_prefix|ignore_scripts|nodedir))/.test(name),
  );
  return { ...Object.fromEntries(kept), ...extra };
}
