import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { parseEnv } from "node:util";
import { auditPlace } from "../audit/files.ts";
import { createOplead } from "../client/oplead.ts";
import { errorCode, invalid, isOpleadError, OpleadError } from "../core/errors.ts";
import type { PlatformFacts } from "../core/facts.ts";
import { issueAt, type OpleadIssue, within } from "../core/issues.ts";
import * as check from "../core/validate.ts";
import { isPlain, jsonIn, overlaid } from "../core/values.ts";
import { keyShape } from "../ledger/version.ts";
import { tellConfig } from "../locales/en/config.ts";
import { tellValue } from "../locales/en/core.ts";
import { notifyIssues } from "../notify/targets.ts";
import { readFacts } from "../probe/facts.ts";
import { mappingOf } from "../sync/plan/mapping.ts";
import { accountNumbers, coverageKinds, lastingKinds, sourceOf } from "../sync/read-options.ts";
import type { OpleadOptions, Platform } from "../transport/options.ts";
import {
  type ConfigTarget,
  type CoverageSettings,
  type FakeSettings,
  type OpleadConfig,
  type ProbeSettings,
  variableIssues,
  whileLoading,
} from "./config.ts";
import { repeatedKey } from "./repeated-keys.ts";
import { textOf } from "./sources/decode.ts";
import { readWhole, settingsOf } from "./sources/source.ts";

export type ConfigPart = "client" | "source" | "map" | "webhook" | "queue" | "notify";

const CONFIG_FILES = ["oplead.config.ts", "oplead.config.mts", "oplead.config.js", "oplead.config.mjs"];

export interface LoadOptions {
  readonly folder?: string | undefined;
  readonly file?: string | undefined;
  readonly target?: string | undefined;
  readonly override?: ConfigTarget | ((config: OpleadConfig) => ConfigTarget | Promise<ConfigTarget>) | undefined;
  readonly needs?: readonly ConfigPart[] | undefined;
}

export interface LoadedConfig {
  readonly file: string;
  readonly folder: string;
  readonly target: string | undefined;
  readonly platformFile?: string | undefined;
  readonly config: OpleadConfig;
}

export async function loadConfig(options: LoadOptions = {}): Promise<LoadedConfig> {
  const { target, override, needs = ["client"] } = options;
  const file = findConfigFile(options.folder ?? process.cwd(), options.file);
  const folder = dirname(file);
  await loadEnvFile(join(folder, ".env"));
  const given = await whileLoading(folder, () => evaluate(file));
  await refuseRepeatedKeys(file);
  if (!isPlain(given)) {
    throw wrong(file, [issueAt("", tellConfig("no_config"))]);
  }
  const chosen = target === undefined ? {} : targetOf(file, given.targets, target);
  const merged = mergeTarget(given, chosen);
  const { platform, issue: unreadable } = await platformIn(folder, merged.platform);
  const known = platform ? { ...merged, platform } : merged;
  const laid = mergeTarget(known, (typeof override === "function" ? await override(known) : override) ?? {});
  const config = withKey(withPlatform(laid));
  const issues = configIssues(config, needs);
  if (unreadable && laid.platform === merged.platform) issues.push(unreadable);
  if (issues.length > 0) throw wrong(file, issues);
  const platformFile = typeof merged.platform === "string" ? merged.platform : undefined;
  return { file, folder, target, platformFile, config };
}

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
          `There is no ${files} in ${folder}. Write one with: npx oplead-sdk init`,
          tellConfig("no_config_in", { folder, files }),
        ] as const)
      : ([
          `There are several config files: ${found.join(", ")}. Keep one.`,
          tellConfig("several_configs", { files: found }),
        ] as const);
  throw new OpleadError("invalid_options", problem, { issues: [issueAt("", told)] });
}

// `process.loadEnvFile` reads only UTF-8 without a byte order mark; Notepad and PowerShell write others.
async function loadEnvFile(path: string): Promise<void> {
  if (!existsSync(path)) return;
  const bytes = await readWhole(path, ".env");
  const text = [...(await textOf(bytes, ".env"))].join("");
  for (const [name, value] of Object.entries(parseEnv(text))) process.env[name] ??= value;
}

async function evaluate(file: string): Promise<unknown> {
  try {
    return await importDefault(file);
  } catch (error) {
    if (isOpleadError(error)) throw error;
    // No personal data: no record has been read yet.
    const message = error instanceof Error ? error.message : `a ${typeof error} was thrown`;
    const isMissing = /MODULE_NOT_FOUND$/.test(errorCode(error) ?? "");
    const syntax = isMissing ? undefined : await syntaxIssue(file, message);
    if (syntax) throw new OpleadError("invalid_options", syntax.message, { cause: error, issues: [syntax] });
    const hint = isMissing ? " Install it beside the config, for example: npm install oplead-sdk" : "";
    const told = tellConfig(isMissing ? "module_missing" : "not_loaded", { problem: message });
    const issues = [issueAt(basename(file), told)];
    throw new OpleadError("invalid_options", `${file} cannot be loaded: ${message}${hint}`, { cause: error, issues });
  }
}

async function syntaxIssue(file: string, message: string): Promise<OpleadIssue | undefined> {
  const text = await readFile(file, "utf8");
  const found = transformedPlace(file, message) ?? (/\.m?js$/.test(file) ? await checkedPlace(text) : undefined);
  if (!found) return undefined;
  return issueAt("", tellConfig(hintFor(found.problem), { ...placeIn(file, text, found), problem: found.problem }));
}

function placeIn(file: string, text: string, { row, column }: { readonly row: number; readonly column: number }) {
  const line = (text.split(/\r?\n/)[row - 1] ?? "").slice(0, 160);
  // The line may hold a secret.
  const shown = /token|secret|password|key/i.test(line) ? line.replace(/(["'`]).*/, "$1…") : line;
  const mark = `${shown.slice(0, column - 1).replace(/\S/g, " ")}^`;
  return { place: `${basename(file)}:${row}:${column}`, line: shown, mark };
}

async function refuseRepeatedKeys(file: string): Promise<void> {
  const text = await readFile(file, "utf8");
  const found = repeatedKey(text);
  if (!found) return;
  const issue = issueAt("", tellConfig("key_twice", { ...placeIn(file, text, found), name: found.name }));
  throw new OpleadError("invalid_options", issue.message, { issues: [issue] });
}

interface FoundPlace {
  readonly row: number;
  readonly column: number;
  readonly problem: string;
}

// Sucrase's message: `Error transforming /path/oplead.config.ts: Unexpected token, expected "," (5:3)`.
function transformedPlace(file: string, message: string): FoundPlace | undefined {
  const [, problem = "", row, column] = /: ([^:]*) \((\d+):(\d+)\)$/.exec(message) ?? [];
  if (row === undefined || !message.includes(file)) return undefined;
  return { row: Number(row), column: Number(column), problem };
}

// A failed import does not tell the place, `node --check` does.
async function checkedPlace(text: string): Promise<FoundPlace | undefined> {
  const told = await new Promise<string>((resolve) => {
    const child = execFile(process.execPath, ["--input-type=module", "--check", "-"], (_error, _stdout, stderr) =>
      resolve(stderr),
    );
    // The process may end before it has read its input.
    child.stdin?.on("error", () => {}).end(text);
  });
  const [first = "", , carets = ""] = told.split("\n");
  const row = /:(\d+)$/.exec(first.trim())?.[1];
  const problem = /^SyntaxError: (.*)$/m.exec(told)?.[1];
  if (row === undefined || problem === undefined) return undefined;
  return { row: Number(row), column: Math.max(0, carets.indexOf("^")) + 1, problem };
}

function hintFor(problem: string) {
  if (/end of input|^Unexpected token '?[)\]}]|expected "[)\]}]"/.test(problem)) return "bracket_missing";
  if (/^Unexpected (?:identifier|string|number)|expected ","|missing \) after argument list/.test(problem))
    return "comma_missing";
  return /Unterminated|Invalid or unexpected token/.test(problem) ? "quote_missing" : "syntax_error";
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

// Merged with the target's field by field; other parts are replaced.
const SECTIONS = new Set(["client", "guard", "stop", "webhook", "fake"]);

function mergeTarget(config: OpleadConfig, target: ConfigTarget): OpleadConfig {
  const merged: Record<string, unknown> = { ...config };
  for (const [name, value] of Object.entries(target)) {
    const base = merged[name];
    if (SECTIONS.has(name) && isPlain(base) && isPlain(value)) merged[name] = overlaid(base, value);
    else if (value !== undefined) merged[name] = value;
  }
  return merged;
}

function withKey(config: OpleadConfig): OpleadConfig {
  const { key = mappingOf(config.map)?.key } = config;
  return { ...config, key };
}

function withPlatform(config: OpleadConfig): OpleadConfig {
  const { platform } = config;
  // The check of the config refuses other types later.
  if (typeof platform !== "object" || !(config.client === undefined || isPlain(config.client))) return config;
  const client: OpleadOptions = config.client ?? {};
  // Set here too: users are checked before the client is made.
  const facts = platform.facts as Partial<PlatformFacts> | undefined;
  const numericAccountNumbers = facts?.facts?.idType?.value === "uuid" || undefined;
  return { ...config, client: { ...client, platform: { numericAccountNumbers, ...platform, ...client.platform } } };
}

async function platformIn(folder: string, given: unknown): Promise<{ platform?: Platform; issue?: OpleadIssue }> {
  // A NUL belongs to the placeholder of an unset variable.
  if (typeof given !== "string" || given.includes("\0")) return {};
  try {
    const content = Object(jsonIn(await readFile(resolve(folder, given), "utf8")));
    // `readFacts` says what is wrong with a file that holds no facts.
    return { platform: { ...content, facts: readFacts(content.facts) } };
  } catch (error) {
    const [first] = (isOpleadError(error) && error.issues) || [];
    if (first) return { issue: { ...first, path: first.path === "" ? "platform" : `platform.facts.${first.path}` } };
    return { issue: issueAt("platform", tellConfig("no_facts_file", { code: errorCode(error) ?? "" })) };
  }
}

function wrong(file: string, issues: readonly OpleadIssue[]): OpleadError {
  const name = basename(file);
  const error = invalid("invalid_options", `${name} is not valid.`, issues);
  // For the command's translated sentence. Not enumerable, so that the error's JSON lacks it.
  return Object.defineProperty(error, "file", { value: name });
}

function configIssues(config: OpleadConfig, needs: readonly ConfigPart[]): OpleadIssue[] {
  const needsClient = needs.includes("client");
  // A command that sends nothing to Oplead needs no token.
  const missing = missingVariables(needsClient ? config : { ...config, client: undefined });
  const seen = new Set(missing.map(({ path }) => path));
  const absent = needs
    .filter((part) => part !== "client" && config[part] === undefined)
    .map((part) => issueAt(part, tellConfig("needed")));
  const { ledger, ledgerKey, notify } = config;
  if (notify !== undefined) absent.push(...notifyIssues(notify).map((found) => within("notify", found)));
  const isUnused = ledgerKey !== undefined && typeof ledger === "object" && ledger.keyPlace !== "option";
  if (isUnused) absent.push(issueAt("ledgerKey", tellConfig("key_without_ledger")));
  const others = [...absent, ...findIssues(config), ...(needsClient ? clientIssues(config.client) : [])];
  // A value with an unset variable is reported once.
  return [...missing, ...others.filter(({ path }) => !seen.has(path))];
}

const findIssues: check.FindIssues = check.issueFinder(() => {
  const isText = (value: unknown): boolean => typeof value === "string" && value.trim() !== "";
  const object = check.valueThat(isPlain, tellValue("not_object"));
  const list = check.valueThat(Array.isArray, tellValue("not_list"));
  const config = check.options<OpleadConfig>({
    client: object,
    source: sourceOf(tellConfig("not_source")),
    map: check.func(),
    ...lastingKinds(),
    newUsers: accountNumbers(),
    ledger: check.unless(
      isText,
      check.withMethods(["get", "replace", "entries", "readNote", "close"], tellConfig("not_ledger_or_folder")),
    ),
    ledgerKey: keyShape().ledgerKey,
    webhook: object,
    queue: object,
    coverage: check.unless(
      (value) => typeof value === "boolean",
      check.options<CoverageSettings>({ universe: check.record(), company: check.text(), ...coverageKinds() }),
    ),
    notify: check.valueThat(() => true, tellValue("not_list")),
    audit: check.falseOr(check.unless(isText, auditPlace())),
    platform: check.falseOr(check.unless(isText, object)),
    language: check.oneOf("en", "fr"),
    labels: check.unless(isText, check.listOf(check.text(), tellValue("not_list"))),
    probe: check.options<ProbeSettings>({ allowTestCreate: check.boolean(), lagMs: check.wholeNumber(0, 60_000) }),
    fake: check.options<FakeSettings>({ profiles: list, disabledRules: list }),
    trigger: object,
    targets: object,
  });
  return config;
});

function clientIssues(client: unknown): OpleadIssue[] {
  if (client !== undefined && !isPlain(client)) return [];
  try {
    createOplead(client);
    return [];
  } catch (error) {
    if (!isOpleadError(error) || error.issues === undefined) throw error;
    return error.issues.map((found) => ({ ...found, path: found.path === "" ? "client" : `client.${found.path}` }));
  }
}

function missingVariables(value: unknown, path = ""): OpleadIssue[] {
  const missing = variableIssues(path, typeof value === "string" ? value : settingsOf(value).join(" "));
  if (Array.isArray(value) && value.every((item) => typeof item === "string")) {
    return value.flatMap((item, at) => variableIssues(`${path}[${at}]`, item));
  }
  if (Array.isArray(value) && path.startsWith("notify")) {
    return value.flatMap((item, at) => missingVariables(item, `${path}[${at}]`));
  }
  if (missing.length > 0 || !isPlain(value)) return missing;
  return Object.entries(value).flatMap(([name, inner]) =>
    // A target that is not used may need variables of other machines.
    path === "" && name === "targets" ? [] : missingVariables(inner, path === "" ? name : `${path}.${name}`),
  );
}

const NOT_NATIVE = new Set([
  "ERR_UNKNOWN_FILE_EXTENSION",
  "ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX",
  "ERR_INVALID_TYPESCRIPT_SYNTAX",
  "ERR_UNSUPPORTED_NODE_MODULES_TYPE_STRIPPING",
  "ERR_MODULE_NOT_FOUND",
]);

// Since Node 22.18 and 23.6.
const stripsTypes = (): boolean => Boolean((process.features as { typescript?: unknown }).typescript);

async function importDefault(path: string): Promise<unknown> {
  const isTypeScript = /\.m?ts$/.test(path);
  if (isTypeScript && !stripsTypes()) return importTransformed(path);
  try {
    const module: { readonly default?: unknown } = await import(pathToFileURL(path).href);
    return module.default;
  } catch (error) {
    if (!mayLoadTransformed(error, path, isTypeScript)) throw error;
    return importTransformed(path);
  }
}

// The loader also knows enums, imports without endings, and ESM in a `.js` file of a CommonJS package, but no namespaces.
function mayLoadTransformed(error: unknown, path: string, isTypeScript: boolean): boolean {
  const code = errorCode(error);
  if (isTypeScript) return code !== undefined && NOT_NATIVE.has(code);
  // Node may have taken the file for the wrong kind of module. If its syntax is wrong, the loader fails too.
  return error instanceof SyntaxError && path.endsWith(".js");
}

async function importTransformed(path: string): Promise<unknown> {
  const { importTypeScript } = await import("./typescript/loader.mjs");
  return importTypeScript(path);
}
