import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { createOplead, isOpleadError } from "oplead-sdk";
import { type LoadedConfig, loadConfig } from "oplead-sdk/config";
import { fileLedger, type Ledger, planSync } from "oplead-sdk/sync";
import type { Context } from "../command.ts";
import { describeHolder } from "../session/holder.ts";
import { readToken } from "../session/session.ts";
import type { ConfigFlags } from "../shell/flags.ts";
import { type Check, resultsOf } from "./check.ts";
import { addressChecks, answerCheck, clockCheck } from "./network.ts";

/** All checks, from the ground up. A check that needs one that failed is skipped. */
export async function runChecks(context: Context, flags: ConfigFlags): Promise<Check[]> {
  const isFake = flags.target === "fake";
  const checks: Check[] = [nodeCheck()];
  const loaded = await configCheck(flags, isFake, checks);
  checks.push(await packageCheck());
  if (!loaded) return checks;
  const { client } = loaded.config;
  const url = new URL(client?.baseUrl ?? process.env.OPLEAD_BASE_URL ?? "https://api.oplead.com");
  checks.push(...addressChecks(url), await ledgerCheck(loaded, isFake));
  if (isFake) return [...checks, resultsOf("Oplead").skipped("the target is a fake")];
  const oplead = createOplead({ ...client, retry: false, timeoutMs: 15_000 });
  const answer = await answerCheck(oplead, context.interrupts.signal);
  return [...checks, answer, await clockCheck(answer.state === "broken" ? undefined : url)];
}

/** Node 20.12 is the oldest that loads .env files. */
function nodeCheck(): Check {
  const { ok, broken } = resultsOf("Node");
  const { node } = process.versions;
  const [major = 0, minor = 0] = node.split(".").map(Number);
  const fix = "Install Node 20.12 or newer.";
  if (major < 20) return broken(`${node} is too old`, fix);
  if (major === 20 && minor < 12 && existsSync(".env")) return broken(`${node} cannot load .env`, fix);
  return ok(node);
}

/** The config without what needs a token first, so that a missing token is one finding among others. */
async function configCheck(flags: ConfigFlags, isFake: boolean, checks: Check[]): Promise<LoadedConfig | undefined> {
  const token = isFake ? "fake-token" : flags.tokenStdin ? await readToken() : undefined;
  try {
    const loaded = await loadConfig({
      file: flags.config,
      target: isFake ? undefined : flags.target,
      override: token === undefined ? {} : { client: { token } },
    });
    checks.push(resultsOf("Config").ok(loaded.file));
    const { source, map, key } = loaded.config;
    if (source === undefined) checks.push(resultsOf("Config, source").broken("is missing", "Add source."));
    if (map === undefined) checks.push(resultsOf("Config, map").broken("is missing", "Add map."));
    if (key === undefined) {
      const fix = "Add key: (row) => its account number, so that a row whose map throws still has one.";
      checks.push(resultsOf("Config, key").warning("is missing", fix));
    }
    return loaded;
  } catch (error) {
    const issues = isOpleadError(error) ? error.issues : undefined;
    const message = error instanceof Error ? error.message.split("\n")[0] : "cannot be loaded";
    if (!issues) checks.push(resultsOf("Config").broken(message ?? ""));
    const tokenFix =
      "Put OPLEAD_TOKEN into the environment or into .env. Your Oplead platform administrator issues it.";
    for (const { path, message } of issues ?? []) {
      checks.push(resultsOf(`Config, ${path}`).broken(message, path === "client.token" ? tokenFix : undefined));
    }
    return undefined;
  }
}

async function packageCheck(): Promise<Check> {
  const name = "classic-level";
  const { ok, warning } = resultsOf(`Package ${name}`);
  try {
    await import(name);
    return ok("is installed");
  } catch {
    const fix = "npm install classic-level@3 (or use another ledger)";
    return warning("cannot be loaded, and the file ledger needs it", fix);
  }
}

async function ledgerCheck({ config, folder }: LoadedConfig, isFake: boolean): Promise<Check> {
  const { ok, broken } = resultsOf("Ledger");
  const { ledger = "./oplead-ledger" } = config;
  const isPath = typeof ledger === "string";
  const path = isPath ? resolve(folder, ledger) : undefined;
  if (path !== undefined && !existsSync(path)) return ok(`${path} is not there yet: the first run makes it`);
  const opened = isPath ? fileLedger(path ?? "") : ledger;
  try {
    const mismatch = isFake ? undefined : await mismatchOf(opened, config.client);
    if (mismatch !== undefined) {
      return broken(mismatch, "Use another ledger for this platform; if the platform has moved: oplead ledger adopt");
    }
    const info = await opened.getInfo?.();
    const platform = info?.platform ? ` of ${info.platform.baseUrl}` : "";
    return ok(`${path ?? "is reachable"}${platform}`);
  } catch (error) {
    const message = error instanceof Error ? error.message : "cannot be read";
    const isInUse = path !== undefined && /is in use/.test(message);
    return broken(message, isInUse ? describeHolder(path) : undefined);
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
