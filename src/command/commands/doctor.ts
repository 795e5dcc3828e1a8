import { existsSync, realpathSync, statSync } from "node:fs";
import { basename, resolve } from "node:path";
import type { Command } from "commander";
import { createOplead, isOpleadError } from "oplead-sdk";
import { fileLedger, type Ledger, planSync, readPause } from "oplead-sdk/sync";
import type { LoadedConfig, PlatformFacts, TextLine } from "#parts";
import { addressOf } from "../../core/names.ts";
import { sendSamples } from "../../notify/notifiers.ts";
import type { Action, Context } from "../command.ts";
import { EXIT } from "../exit.ts";
import { notifySettings } from "../run/alerts.ts";
import { readLedgerMark } from "../run/notes.ts";
import { answerText, inEnglish, languageName, say, type Told, told } from "../say.ts";
import {
  addressChecks,
  answerChecks,
  answersOf,
  type Check,
  clockCheck,
  failureOf,
  packageCheck,
  queueChecks,
  sourceChecks,
} from "../setup/doctor-checks.ts";
import { type ConfigFlags, configFlags, helpNote } from "../shell/program.ts";
import { load } from "../workspace/load.ts";
import { holderOf, readToken } from "../workspace/workspace.ts";

async function notifyChecks(loaded: LoadedConfig): Promise<Check[]> {
  const { targets = [], ...options } = notifySettings(loaded) ?? {};
  if (targets.length === 0) return [answersOf(told("check_notify")).broken("notify_missing")];
  const samples = await sendSamples(targets, { language: languageName(), ...options });
  return samples.map(({ target, problem }) => {
    const { ok, broken } = answersOf(told("check_notify_target", { target }));
    return problem === undefined ? ok("sample_sent") : broken("sample_not_sent", { reason: problem });
  });
}

async function runChecks(context: Context, flags: ConfigFlags & { readonly notify?: boolean }): Promise<Check[]> {
  const isFake = flags.target === "fake";
  const checks: Check[] = [nodeCheck()];
  const loaded = await configCheck(flags, isFake, checks);
  const hasFileLedger = !isFake && typeof (loaded?.config.ledger ?? "") === "string" && loaded !== undefined;
  checks.push(
    await packageCheck("classic-level", "3", "the file ledger", () => import("classic-level"), hasFileLedger),
  );
  if (!loaded) return checks;
  const { client } = loaded.config;
  const url = new URL(addressOf(client?.baseUrl, process.env.OPLEAD_BASE_URL));
  checks.push(...(await sourceChecks(loaded.config, context.interrupts.signal)), ...envFileCheck(loaded));
  checks.push(...factsCheck(loaded), ...addressChecks(url), ...(await ledgerChecks(loaded, isFake)));
  checks.push(...(await pauseCheck(loaded, isFake)));
  if (flags.notify) checks.push(...(await notifyChecks(loaded)));
  if (isFake) return [...checks, answersOf(told("check_oplead")).skipped("oplead_is_fake")];
  const oplead = createOplead({ ...client, retry: false, timeoutMs: 15_000 });
  checks.push(...(await queueChecks(oplead, loaded.config)));
  const answers = await answerChecks(oplead, loaded.config.map, context.interrupts.signal);
  const isBroken = answers.some(({ state }) => state === "broken");
  return [...checks, ...answers, await clockCheck(isBroken ? undefined : url)];
}

// Warns of old facts, because a platform may change without notice.
function factsCheck({ config: { platform } }: LoadedConfig): Check[] {
  if (typeof platform !== "object" || !platform.facts) return [];
  const { ok, warning } = answersOf(told("check_facts"));
  const days = Math.floor((Date.now() - Date.parse((platform.facts as PlatformFacts).at)) / 86_400_000);
  // A date in the future: a clock was wrong, or a person edited the file.
  if (!(days >= -1)) return [warning("facts_undated")];
  return [days <= 90 ? ok("facts_fresh", { days }) : warning("facts_old", { days })];
}

function nodeCheck(): Check {
  const { ok, broken } = answersOf(told("check_node"));
  const { node: version } = process.versions;
  const [major = 0, minor = 0] = version.split(".").map(Number);
  if (major < 20 || (major === 20 && minor < 19)) return broken("node_too_old", { version });
  return ok("node_fits", { version });
}

// Requires no part of the config, so that a missing token is reported beside all other problems.
async function configCheck(flags: ConfigFlags, isFake: boolean, checks: Check[]): Promise<LoadedConfig | undefined> {
  const token = isFake ? "fake-token" : flags.tokenStdin ? await readToken() : undefined;
  try {
    const loaded = await load({
      file: flags.config,
      target: isFake ? undefined : flags.target,
      override: token === undefined ? {} : { client: { token } },
    });
    checks.push(answersOf(told("check_config")).ok("config_loaded", { file: loaded.file }));
    const { source, map, key } = loaded.config;
    if (source === undefined)
      checks.push(answersOf(told("check_config_part", { part: "source" })).broken("config_part_missing"));
    if (map === undefined)
      checks.push(answersOf(told("check_config_part", { part: "map" })).broken("config_part_missing"));
    if (key === undefined) checks.push(answersOf(told("check_config_part", { part: "key" })).warning("key_missing"));
    return loaded;
  } catch (error) {
    const issues = isOpleadError(error) ? error.issues : undefined;
    if (!issues) checks.push(answersOf(told("check_config")).broken("config_unusable", failureOf(error)));
    for (const { path, code = "invalid", message, parameters } of issues ?? []) {
      const answer = path === "client.token" ? "token_missing" : "option_wrong";
      const about = path === "" ? told("check_config") : told("check_config_part", { part: path });
      checks.push(answersOf(about).broken(answer, { code, reason: message, details: parameters }));
    }
    return undefined;
  }
}

function envFileCheck({ folder }: LoadedConfig): Check[] {
  return openFileCheck(resolve(folder, ".env"), told("check_config"));
}

// Warns if other users of the machine may open the file. Windows has no such permissions.
function openFileCheck(path: string, check: Told): Check[] {
  const mode = statSync(path, { throwIfNoEntry: false })?.mode ?? 0;
  if (process.platform === "win32" || (mode & 0o077) === 0) return [];
  return [answersOf(check).warning("env_file_open", { file: basename(path), mode: (mode & 0o777).toString(8) })];
}

async function ledgerChecks(loaded: LoadedConfig, isFake: boolean): Promise<Check[]> {
  const { config, folder } = loaded;
  const { ok, broken, warning } = answersOf(told("check_ledger"));
  const { ledger = "./oplead-ledger" } = config;
  const path = typeof ledger === "string" ? resolve(folder, ledger) : undefined;
  const { runs } = (isFake ? undefined : readLedgerMark(loaded)) ?? {};
  if (path !== undefined && !existsSync(path))
    return [runs === undefined ? ok("ledger_new", { path }) : warning("ledger_lost", { runs })];
  const opened = typeof ledger === "string" ? fileLedger(path ?? "", { ledgerKey: config.ledgerKey }) : ledger;
  try {
    const platform = (await opened.getInfo())?.platform?.baseUrl;
    if (platform !== undefined && !isFake && !(await isOfThisPlatform(opened, config.client))) {
      return [broken("ledger_of_other_platform", { platform })];
    }
    // A refused run makes the ledger anew.
    const isLost = runs !== undefined && (await opened.getInfo())?.lastRunId === undefined;
    const state = isLost ? warning("ledger_lost", { runs }) : ok("ledger_opened", { path, platform });
    return [state, ...(await keyChecks(opened, path))];
  } catch (error) {
    const holder = path === undefined ? undefined : holderOf(path, error);
    return [
      holder === undefined
        ? broken("ledger_unreadable", failureOf(error))
        : broken("ledger_in_use", { holder: inEnglish(holder) }),
    ];
  } finally {
    if (path !== undefined) await opened.close();
  }
}

async function keyChecks(ledger: Ledger, path: string | undefined): Promise<Check[]> {
  const { warning } = answersOf(told("check_ledger"));
  if (ledger.keyPlace === "store") return [warning("ledger_key_in_store")];
  const { problem } = await ledger.fingerprints();
  if (problem) return [warning("ledger_key_unusable", { problem })];
  return ledger.keyPlace === "file" && path !== undefined
    ? openFileCheck(`${realpathSync(path)}.key`, told("check_ledger"))
    : [];
}

// The pause of a ledger in a folder is a file beside it, which can be read during a run.
async function pauseCheck({ config, folder }: LoadedConfig, isFake: boolean): Promise<Check[]> {
  if (isFake) return [];
  const { warning, broken } = answersOf(told("check_pause"));
  const { ledger = "./oplead-ledger" } = config;
  const opened = typeof ledger === "string" ? fileLedger(resolve(folder, ledger)) : ledger;
  try {
    const pause = await readPause(opened);
    return pause ? [warning("runs_paused", { ...pause })] : [];
  } catch (error) {
    return [broken("pause_unreadable", failureOf(error))];
  } finally {
    if (typeof ledger === "string") await opened.close();
  }
}

// Planning no records compares the platforms and sends nothing.
async function isOfThisPlatform(ledger: Ledger, client: LoadedConfig["config"]["client"]): Promise<boolean> {
  try {
    await planSync(createOplead(client), { source: [], map: () => undefined, ledger, incremental: true });
    return true;
  } catch (error) {
    if (isOpleadError(error) && error.code === "ledger_mismatch") return false;
    throw error;
  }
}

interface DoctorFlags extends ConfigFlags {
  readonly notify?: boolean;
}

export function define(command: Command): Action {
  configFlags(command).option("--notify", say("doctor_notify"));
  helpNote(command, say("doctor_notes"));
  return doctor;
}

const SIGNS: Readonly<Record<Check["state"], string>> = { ok: "✓", warning: "!", broken: "✗", skipped: "·" };
const TONES: Readonly<Record<Check["state"], TextLine["tone"]>> = {
  ok: "good",
  warning: "notable",
  broken: "bad",
  skipped: undefined,
};

const doctor: Action<DoctorFlags> = async (context, _args, flags) => {
  const checks = await runChecks(context, flags);
  const plain = (text: string): TextLine => ({ text, tone: undefined });
  const lines = checks.flatMap((check): TextLine[] => {
    const { message, fix } = answerText(check);
    const line = say("name_and_what", { name: check.about, what: message });
    const checked = { text: `${SIGNS[check.state]} ${line}`, tone: TONES[check.state] };
    return [checked, ...(fix === undefined ? [] : [plain(`    ${fix}`)])];
  });
  const broken = checks.filter(({ state }) => state === "broken").length;
  const summary = broken === 0 ? say("nothing_broken") : say("checks_failed", { checks: broken });
  context.output.result([...lines, plain(""), plain(summary)], {
    broken,
    checks: checks.map(({ about, ...check }) => ({ name: inEnglish(about), ...check })),
  });
  return broken === 0 ? EXIT.success : EXIT.error;
};
