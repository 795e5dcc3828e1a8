import { type ChildProcess, execFile, spawn } from "node:child_process";
import { existsSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { onTestFinished } from "vitest";
import { createFakeOplead, type FakeOplead, type FakeOpleadOptions } from "../../src/testing/index.ts";
import { builtPackage } from "./built.ts";
import { folderWith } from "./folder.ts";

// Of the installed package in the folder, or else built from the sources; a config there then imports the built one.
async function binFor(folder: string): Promise<string> {
  const modules = join(folder, "node_modules");
  const installed = join(modules, ".bin/oplead-sdk");
  if (existsSync(installed)) return installed;
  const built = await builtPackage();
  if (!existsSync(modules)) symlinkSync(built.modules, modules, "junction");
  return built.main;
}

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly input?: string;
  readonly onStart?: (child: ChildProcess) => void;
  // Runs instead of the command, which it calls as `$OPLEAD`.
  readonly shell?: string;
  readonly uid?: number | undefined;
}

// In one process, for tests of what commands say: starting one takes longer than most commands.
export async function opleadEach(
  folder: string,
  commands: readonly (readonly string[])[],
  env: RunOptions["env"] = {},
): Promise<readonly Pick<Ended, "code" | "stdout" | "stderr">[]> {
  const { many, modules } = await builtPackage();
  const link = join(folder, "node_modules");
  if (!existsSync(link)) symlinkSync(modules, link, "junction");
  const options = { cwd: folder, env: environment(env), maxBuffer: 1e8 };
  const { stdout } = await promisify(execFile)(process.execPath, [many, JSON.stringify(commands)], options);
  return JSON.parse(stdout);
}

// The words of a line are parted by spaces.
type Line = string | readonly string[];

export async function oplead(folder: string, line: Line, options: RunOptions = {}): Promise<Ended> {
  const { input = "", onStart, shell, uid } = options;
  const args = typeof line === "string" ? line.split(" ") : line;
  const env = environment(options.env);
  const quote = (word: string): string => `'${word.replaceAll("'", `'\\''`)}'`;
  const words = [await binFor(folder), ...args];
  const [program, given] =
    shell === undefined
      ? [process.execPath, words]
      : ["bash", ["-c", shell.replaceAll("$OPLEAD", [process.execPath, ...words].map(quote).join(" "))]];
  const child = spawn(program, given, { cwd: folder, env, uid });
  onTestFinished(() => {
    child.kill("SIGKILL");
  });
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
    for (const [wanted, resolve] of waiting.get(child) ?? []) if (stderr.includes(wanted)) resolve();
  });
  child.stdin.on("error", () => {}); // A command that reads none may end before it is written.
  child.stdin.end(input);
  onStart?.(child);
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code, signal) => resolve({ code, signal, stdout, stderr }));
  });
}

const waiting = new WeakMap<ChildProcess, [wanted: string, resolve: () => void][]>();

export function said(child: ChildProcess, text: string): Promise<void> {
  return new Promise((resolve) => {
    waiting.set(child, [...(waiting.get(child) ?? []), [text, resolve]]);
  });
}

// Without this machine's variables, and without CI, with which Node shows no colours.
function environment(extra: RunOptions["env"] = {}): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(
    ([name]) => !/^(?:CI$|OPLEAD_|GITHUB_|NO_COLOR|FORCE_COLOR|NODE_OPTIONS|VITEST|NODE_ENV|TEST)/.test(name),
  );
  return { ...Object.fromEntries(kept), LC_ALL: "C", ...extra };
}

export async function openPlatform(options: FakeOpleadOptions = {}): Promise<{
  readonly fake: FakeOplead;
  readonly env: Record<string, string>;
  writes(): number;
}> {
  const fake = createFakeOplead(options);
  const server = await fake.listen();
  onTestFinished(() => server.close());
  return {
    fake,
    env: { OPLEAD_TOKEN: "fake-token", OPLEAD_BASE_URL: server.url },
    writes: () => fake.requests.filter(({ method }) => method !== "GET").length,
  };
}

// A platform of its own for a project, and `run`, which starts the command there.
export async function onPlatform(project: Promise<string>, options?: FakeOpleadOptions) {
  const [platform, folder] = await Promise.all([openPlatform(options), project]);
  const { env } = platform;
  return { ...platform, folder, run: (line: Line, more?: RunOptions) => oplead(folder, line, { env, ...more }) };
}

// Reads `dealers.csv`. The fake acts at once, so after a killed run a second is enough to see whether a user arrives.
export function configWith(lines = "", client = ""): string {
  return `import { csvSource, defineConfig, env } from "oplead-sdk/config";
export default defineConfig({
  client: {
    token: env("OPLEAD_TOKEN"), baseUrl: env("OPLEAD_BASE_URL"), rateLimit: { requests: 2000, perMs: 1000 },
    retry: { attempts: 2, baseMs: 5 }, platform: { settleMs: 1_000 }, ${client}
  },
  source: csvSource("dealers.csv"),
  key: (row) => row.ref,
  map: (row) => ({
    user: {
      accountNumber: row.ref, civility: "Mme", lastname: row.name, login: row.email, email: row.email,
      profile: { code: "PRF_NETWORK" },
      address: { zipCode: row.zip, city: "Bourg-en-Bresse", country: { code: "FR" } },
    },
    rules: row.radius ? { maxDistance: Number(row.radius) } : {},
  }),
  ${lines}
});
`;
}

// As French Excel writes it.
export function dealersCsv(count: number, more = ""): string {
  const rows = Array.from({ length: count }, (_, i) => `DLR-${i};Étienne ${i};p${i}@dealers.example;01000;30`);
  return `\ufeffref;name;email;zip;radius\r\n${rows.join("\r\n")}\r\n${more}`;
}

export function projectWith(
  lines?: string,
  csv = dealersCsv(3),
  more: Readonly<Record<string, string | Uint8Array>> = {},
): Promise<string> {
  return folderWith({ "oplead.config.mjs": configWith(lines), "dealers.csv": csv, ...more });
}

// The command that approves a refused plan is the last line of the output.
export function approvalIn(printed: string): string[] {
  const last = printed.trimEnd().split("\n").at(-1) ?? "";
  const [npx, name, ...words] = last.split(" ");
  if (npx !== "npx" || name !== "oplead-sdk") throw new Error(`no command in the last line: ${last}`);
  return words;
}
