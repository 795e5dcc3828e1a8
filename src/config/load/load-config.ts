import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import * as util from "node:util";
import { errorCode } from "../../base/error-code.ts";
import { invalid, isOpleadError, OpleadError } from "../../base/errors.ts";
import { issueAt, type OpleadIssue } from "../../base/issues.ts";
import { isPlain } from "../../base/validation/is-object.ts";
import * as check from "../../base/validation/validate.ts";
import type { PlatformFacts } from "../../facts.ts";
import { tellConfig } from "../../locales/en/config.ts";
import { tellValue } from "../../locales/en/core.ts";
import { readFacts } from "../../probe/read-facts.ts";
import type { ConfigTarget, OpleadConfig } from "../config.ts";
import { whileLoading } from "../env.ts";
import { readWhole } from "../sources/source.ts";
import { textOf } from "../sources/tables/decode.ts";
import { type ConfigPart, configIssues } from "./check.ts";
import { importDefault } from "./import-module.ts";
import { mergeTarget } from "./merge.ts";

/** Missing before Node 20.12, so not imported by name. */
const { parseEnv } = util as Partial<typeof util>;

/** In this order. */
const CONFIG_FILES = ["oplead.config.ts", "oplead.config.mts", "oplead.config.js", "oplead.config.mjs"];

/** Options of {@link loadConfig}. */
export interface LoadOptions {
  /** The folder to look in. Default: the working directory. */
  readonly folder?: string | undefined;
  /** The file, if it is another than `oplead.config.{ts,mts,js,mjs}`. */
  readonly file?: string | undefined;
  /** The name of a target of the config. */
  readonly target?: string | undefined;
  /** Laid over the config and its target, for example a token. A function gets the two merged. */
  readonly override?: ConfigTarget | ((config: OpleadConfig) => ConfigTarget | Promise<ConfigTarget>) | undefined;
  /** The parts that must be there; `client` also checks that there is a token. Default: `["client"]`. */
  readonly needs?: readonly ConfigPart[] | undefined;
  /** Whether the `.env` file beside the config is loaded. It does not replace variables that are set. Default true. */
  readonly envFile?: boolean | undefined;
}

const checkOptions = check.optionsCheck<LoadOptions>("loadConfig", () =>
  check.options({
    folder: check.text(),
    file: check.text(),
    target: check.text(),
    override: check.unless((value) => typeof value === "function", check.valueThat(isPlain, tellValue("not_object"))),
    needs: check.valueThat(Array.isArray, tellValue("not_list")),
    envFile: check.boolean(),
  }),
);

/** A config that was read and checked. */
export interface LoadedConfig {
  /** The file. */
  readonly file: string;
  /** Its folder: relative paths in the config start here. */
  readonly folder: string;
  readonly target: string | undefined;
  /** The path of its file of facts, as it is written there. */
  readonly factsFile?: string | undefined;
  /** The config with its target and the override merged into it. */
  readonly config: OpleadConfig;
}

/**
 * Loads `oplead.config.{ts,mts,js,mjs}` as the command does: with the `.env` file beside it, TypeScript on any version of
 * Node, and one target merged over the rest.
 *
 * @throws {@link OpleadError} `invalid_options`: there is no such file, it throws, or something in it is wrong; `issues`
 * lists every problem with its path.
 */
export async function loadConfig(options: LoadOptions = {}): Promise<LoadedConfig> {
  checkOptions(options);
  const { target, override, envFile = true, needs = ["client"] } = options;
  const file = findConfigFile(options.folder ?? process.cwd(), options.file);
  const folder = dirname(file);
  if (envFile) await loadEnvFile(join(folder, ".env"));
  const given = await whileLoading(folder, () => evaluate(file));
  if (!isPlain(given)) {
    throw wrong(file, [issueAt("", tellConfig("no_config"))]);
  }
  const chosen = target === undefined ? {} : targetOf(file, given.targets, target);
  const merged = mergeTarget(given, chosen);
  const { facts, issue: unreadable } = await factsIn(folder, merged.facts);
  const known = { ...merged, ...(facts && { facts }) };
  const laid = mergeTarget(known, (typeof override === "function" ? await override(known) : override) ?? {});
  const config = withFacts(laid);
  const issues = configIssues(config, needs);
  if (unreadable && laid.facts === merged.facts) issues.push(unreadable);
  if (issues.length > 0) throw wrong(file, issues);
  const factsFile = typeof merged.facts === "string" ? merged.facts : undefined;
  return { file, folder, target, factsFile, config };
}

/** Facts are an option of the client. */
function withFacts(config: OpleadConfig): OpleadConfig {
  const { facts, client = {} } = config;
  // What else stands there is refused when the config is checked.
  if (typeof facts !== "object" || !isPlain(client)) return config;
  // As the client decides it: the source is read before there is one.
  const numericAccountNumbers = (facts as Partial<PlatformFacts>).facts?.idType?.value === "uuid" || undefined;
  return { ...config, client: { facts, numericAccountNumbers, ...client } };
}

/** The facts of a config; why they cannot be read, where they are a file that cannot. */
async function factsIn(folder: string, given: unknown): Promise<{ facts?: PlatformFacts; issue?: OpleadIssue }> {
  // A path with a NUL names a variable that is not set.
  if (typeof given !== "string" || given.includes("\0")) return {};
  try {
    return { facts: readFacts(await readFile(resolve(folder, given), "utf8")) };
  } catch (error) {
    const [first] = (isOpleadError(error) && error.issues) || [];
    if (first) return { issue: { ...first, path: first.path === "" ? "facts" : `facts.${first.path}` } };
    return { issue: issueAt("facts", tellConfig("no_facts_file", { code: errorCode(error) ?? "" })) };
  }
}

/** The path of the config file: the one that was named, else the one in the folder. */
function findConfigFile(folder: string, file: string | undefined): string {
  if (file !== undefined) {
    const path = resolve(folder, file);
    if (existsSync(path)) return path;
    throw new OpleadError("invalid_options", `There is no config file ${path}.`, {
      issues: [issueAt("", tellConfig("no_config_file", { path }))],
    });
  }
  const found = CONFIG_FILES.map((name) => resolve(folder, name)).filter((path) => existsSync(path));
  const [first, ...others] = found;
  if (first !== undefined && others.length === 0) return first;
  const files = "oplead.config.{ts,mts,js,mjs}";
  const [problem, told] =
    first === undefined
      ? ([
          `There is no ${files} in ${folder}. Write one with: npx oplead init`,
          tellConfig("no_config_in", { folder, files }),
        ] as const)
      : ([
          `There are several config files: ${found.join(", ")}. Keep one.`,
          tellConfig("several_configs", { files: found }),
        ] as const);
  throw new OpleadError("invalid_options", problem, { issues: [issueAt("", told)] });
}

/** As Node's own loader does, which came with 20.12 and reads UTF-8 without a byte order mark only. Notepad and PowerShell write others. */
async function loadEnvFile(path: string): Promise<void> {
  if (!existsSync(path)) return;
  if (parseEnv === undefined) {
    throw new OpleadError(
      "invalid_options",
      `${path} cannot be loaded by Node ${process.versions.node}: use 20.12 or newer.`,
      { issues: [issueAt("", tellConfig("env_file_needs_node", { path, version: process.versions.node }))] },
    );
  }
  const bytes = await readWhole(path, ".env");
  const text = [...(await textOf(bytes, ".env"))].join("");
  for (const [name, value] of Object.entries(parseEnv(text))) process.env[name] ??= value;
}

async function evaluate(file: string): Promise<unknown> {
  try {
    return await importDefault(file);
  } catch (error) {
    if (isOpleadError(error)) throw error;
    // Shown as it is: it is about the author's own file, and no record has been read yet.
    const message = error instanceof Error ? error.message : `a ${typeof error} was thrown`;
    const isMissing = /MODULE_NOT_FOUND$/.test(errorCode(error) ?? "");
    const hint = isMissing ? " Install it beside the config, for example: npm install oplead-sdk" : "";
    const told = tellConfig(isMissing ? "module_missing" : "not_loaded", { problem: message });
    const issues = [issueAt(basename(file), told)];
    throw new OpleadError("invalid_options", `${file} cannot be loaded: ${message}${hint}`, { cause: error, issues });
  }
}

function targetOf(file: string, targets: unknown, name: string): ConfigTarget {
  const known = new Map(Object.entries(isPlain(targets) ? targets : {}));
  const target = known.get(name);
  if (isPlain(target)) return target;
  const path = `targets.${name}`;
  throw wrong(file, [
    known.has(name)
      ? issueAt(path, tellValue("not_object"))
      : issueAt(path, tellConfig("unknown_target", { known: [...known.keys()] })),
  ]);
}

function wrong(file: string, issues: readonly OpleadIssue[]): OpleadError {
  return invalid("invalid_options", `${basename(file)} is not valid.`, issues);
}
