/** Runs the `oplead` command as a process. */
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { existsSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { onTestFinished } from "vitest";
import { createFakeOplead, type FakeOplead, type FakeOpleadOptions } from "../../src/testing/index.ts";
import { builtPackage } from "./built.ts";

/**
 * The command's file: the one of the package that is installed in the folder, or else one that is built from the sources. In
 * the second case a config in the folder imports the built package too.
 */
async function binFor(folder: string): Promise<string> {
  const modules = join(folder, "node_modules");
  const installed = join(modules, ".bin/oplead");
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
  /** Called with the process once it runs, to send it signals. */
  readonly onStart?: (child: ChildProcess) => void;
  /** A shell script to run instead of the command. It calls the command as `$OPLEAD`. */
  readonly shell?: string;
  /** The user that runs the command. Default: the one that runs the tests. */
  readonly uid?: number | undefined;
}

/**
 * Runs several commands in a folder, one after the other, in one process. For tests of what commands say: starting a process
 * takes longer than most commands.
 */
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

/** Runs the command in a folder to its end. */
export async function oplead(folder: string, args: readonly string[], options: RunOptions = {}): Promise<Ended> {
  const { input = "", onStart, shell, uid } = options;
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

/** Resolves when the process has written a text to stderr. */
export function said(child: ChildProcess, text: string): Promise<void> {
  return new Promise((resolve) => {
    waiting.set(child, [...(waiting.get(child) ?? []), [text, resolve]]);
  });
}

/**
 * The environment without this machine's variables for the command, GitHub, colours and language, and without CI, with
 * which Node shows no colours.
 */
function environment(extra: RunOptions["env"] = {}): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(
    ([name]) => !/^(?:CI$|OPLEAD_|GITHUB_|NO_COLOR|FORCE_COLOR|NODE_OPTIONS|VITEST|NODE_ENV|TEST)/.test(name),
  );
  return { ...Object.fromEntries(kept), LC_ALL: "C", ...extra };
}

/** A fake Oplead over HTTP in the process of the test, and the variables by which a command finds it. */
export async function openPlatform(options: FakeOpleadOptions = {}): Promise<{
  readonly fake: FakeOplead;
  readonly env: Record<string, string>;
  /** How many writes have come so far. */
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

/**
 * A config that reads `dealers.csv` and adds these lines. The fake acts at once, so a run after a killed one looks for a second, instead of ten,
 * whether a user arrives after all.
 */
export function configWith(lines = "", client = ""): string {
  return `import { csvSource, defineConfig, env } from "oplead-sdk/config";
export default defineConfig({
  client: {
    token: env("OPLEAD_TOKEN"), baseUrl: env("OPLEAD_BASE_URL"), rateLimit: { requests: 2000, perMs: 1000 },
    retry: { attempts: 2, baseMs: 5, maxMs: 10 }, settleMs: 1_000, ${client}
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

/** A CSV file with `count` dealers, as French Excel writes it. */
export function dealersCsv(count: number, more = ""): string {
  const rows = Array.from({ length: count }, (_, i) => `DLR-${i};Étienne ${i};p${i}@dealers.example;01000;30`);
  return `\ufeffref;name;email;zip;radius\r\n${rows.join("\r\n")}\r\n${more}`;
}

/** The arguments of the command that approves a refused plan. That command is the last line of the output. */
export function approvalIn(printed: string): string[] {
  const last = printed.trimEnd().split("\n").at(-1) ?? "";
  const [npx, name, ...words] = last.split(" ");
  if (npx !== "npx" || name !== "oplead") throw new Error(`no command in the last line: ${last}`);
  return words;
}
