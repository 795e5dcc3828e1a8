import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { createOplead, isOpleadError } from "oplead-sdk";
import { type LoadedConfig, loadConfig } from "oplead-sdk/config";
import { fileLedger, type Ledger, planSync } from "oplead-sdk/sync";
import { describeHolder } from "../session/holder.ts";
import { readToken } from "../session/token-stdin.ts";
import type { Context } from "../shell/context.ts";
import type { ConfigFlags } from "../shell/flags.ts";
import { addressChecks } from "./address.ts";
import { answerCheck, clockCheck } from "./answer.ts";
import type { Check } from "./check.ts";

/** The oldest Node that loads .env files. */
const ENV_FILES = [20, 12];

/** All checks, from the ground up. A check that needs one that failed is skipped. */
export async function runChecks(context: Context, flags: ConfigFlags): Promise<Check[]> {
  const checks: Check[] = [nodeCheck()];
  const loaded = await configCheck(flags, checks);
  checks.push(await packageCheck("classic-level", "the file ledger needs it", "npm install classic-level@3"));
  if (!loaded) return checks;
  checks.push(...addressChecks(loaded.config.client?.baseUrl ?? process.env.OPLEAD_BASE_URL));
  checks.push(await ledgerCheck(loaded, flags.target === "fake"));
  if (flags.target === "fake")
    return [...checks, { name: "Oplead", state: "skipped", message: "the target is a fake" }];
  const oplead = createOplead({ ...loaded.config.client, retry: false, timeoutMs: 15_000 });
  let serverTime: { date: string | null; at: number } | undefined;
  const answer = await answerCheck(oplead, context.interrupts.signal);
  checks.push(answer);
  if (answer.state !== "broken") serverTime = await timeOf(loaded);
  checks.push(clockCheck(serverTime));
  return checks;
}

function nodeCheck(): Check {
  const { node } = process.versions;
  const [major = 0, minor = 0] = node.split(".").map(Number);
  const [oldMajor = 0, oldMinor = 0] = ENV_FILES;
  if (major < oldMajor) {
    return { name: "Node", state: "broken", message: `${node} is too old`, fix: "Install Node 20.12 or newer." };
  }
  if (major === oldMajor && minor < oldMinor && existsSync(".env")) {
    return { name: "Node", state: "broken", message: `${node} cannot load .env`, fix: "Install Node 20.12 or newer." };
  }
  return { name: "Node", state: "ok", message: node };
}

/** The config without what needs a token first, so that a missing token is one finding among others. */
async function configCheck(flags: ConfigFlags, checks: Check[]): Promise<LoadedConfig | undefined> {
  const isFake = flags.target === "fake";
  const token = flags.tokenStdin ? await readToken() : undefined;
  try {
    const loaded = await loadConfig({
      file: flags.config,
      target: isFake ? undefined : flags.target,
      override: isFake ? { client: { token: "fake-token" } } : token === undefined ? {} : { client: { token } },
    });
    const { config } = loaded;
    checks.push({ name: "Config", state: "ok", message: loaded.file });
    for (const part of ["source", "map", "key"] as const) {
      if (config[part] !== undefined) continue;
      const state = part === "key" ? "warning" : "broken";
      const fix =
        part === "key"
          ? "Add key: (row) => its account number, so that a row whose map throws still has one."
          : `Add ${part}.`;
      checks.push({ name: `Config, ${part}`, state, message: "is missing", fix });
    }
    return loaded;
  } catch (error) {
    const issues = isOpleadError(error) ? error.issues : undefined;
    const message = error instanceof Error ? error.message.split("\n")[0] : "cannot be loaded";
    if (!issues) checks.push({ name: "Config", state: "broken", message: message ?? "" });
    for (const issue of issues ?? []) {
      const isToken = issue.path === "client.token";
      checks.push({
        name: `Config, ${issue.path}`,
        state: "broken",
        message: issue.message,
        ...(isToken && {
          fix: "Put OPLEAD_TOKEN into the environment or into .env. Your Oplead platform administrator issues it.",
        }),
      });
    }
    return undefined;
  }
}

async function packageCheck(name: string, why: string, fix: string): Promise<Check> {
  try {
    await import(name);
    return { name: `Package ${name}`, state: "ok", message: "is installed" };
  } catch {
    return {
      name: `Package ${name}`,
      state: "warning",
      message: `cannot be loaded, and ${why}`,
      fix: `${fix} (or use another ledger)`,
    };
  }
}

async function ledgerCheck({ config, folder }: LoadedConfig, isFake: boolean): Promise<Check> {
  const { ledger = "./oplead-ledger" } = config;
  const isPath = typeof ledger === "string";
  const path = isPath ? resolve(folder, ledger) : undefined;
  if (path !== undefined && !existsSync(path)) {
    return { name: "Ledger", state: "ok", message: `${path} is not there yet: the first run makes it` };
  }
  const opened = isPath ? fileLedger(path ?? "") : ledger;
  try {
    const mismatch = isFake ? undefined : await mismatchOf(opened, config.client);
    if (mismatch !== undefined) {
      const fix = "Use another ledger for this platform; if the platform has moved: oplead ledger adopt";
      return { name: "Ledger", state: "broken", message: mismatch, fix };
    }
    const info = await opened.getInfo?.();
    const platform = info?.platform ? ` of ${info.platform.baseUrl}` : "";
    return { name: "Ledger", state: "ok", message: `${path ?? "is reachable"}${platform}` };
  } catch (error) {
    const holder = path === undefined ? undefined : describeHolder(path);
    const message = error instanceof Error ? error.message : "cannot be read";
    return {
      name: "Ledger",
      state: "broken",
      message,
      ...(holder && /is in use/.test(message) ? { fix: holder } : {}),
    };
  } finally {
    if (isPath) await opened.close();
  }
}

/** What is wrong if the ledger belongs to another platform. A plan without records compares the two and sends nothing. */
async function mismatchOf(ledger: Ledger, client: LoadedConfig["config"]["client"]): Promise<string | undefined> {
  try {
    await planSync(createOplead(client), { source: [], map: () => undefined, ledger, incremental: true });
  } catch (error) {
    if (isOpleadError(error) && error.code === "ledger_mismatch") return error.message.split(". ")[0];
    throw error;
  }
  return undefined;
}

/** The time of the server, by its header. Needs no token. */
async function timeOf({ config }: LoadedConfig): Promise<{ date: string | null; at: number } | undefined> {
  const url = config.client?.baseUrl ?? process.env.OPLEAD_BASE_URL ?? "https://api.oplead.com";
  try {
    const response = await fetch(url, { method: "HEAD", redirect: "manual", signal: AbortSignal.timeout(10_000) });
    return { date: response.headers.get("date"), at: Date.now() };
  } catch {
    return undefined;
  }
}
