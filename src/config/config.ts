import type { AuditPlace } from "../audit/files.ts";
import type { UserQueueOptions } from "../bullmq/options.ts";
import { invalid } from "../core/errors.ts";
import { issueAt, type OpleadIssue } from "../core/issues.ts";
import type { PolicyCoverage, Universe } from "../coverage/types.ts";
import type { Ledger } from "../ledger/ledger.ts";
import type { LedgerKeyOptions } from "../ledger/version.ts";
import { tellConfig } from "../locales/en/config.ts";
import { tellValue } from "../locales/en/core.ts";
import type { AlertTarget, NotifySettings } from "../notify/options.ts";
import type { UserProfile } from "../rules/countries.ts";
import type { RuleName } from "../rules/rules.ts";
import type { ApplyOptions, MappedRecord, SyncOptions } from "../sync/types/options.ts";
import type { OpleadOptions, Platform } from "../transport/options.ts";
import type { MappedEvent, UserWebhookOptions } from "../webhook/options.ts";

/**
 * The config of the `oplead` command. Commands need different parts and report those that are missing. `rowOf` defaults
 * to the rows that {@link csvSource} counts.
 */
export interface OpleadConfig<
  SourceRecord = unknown,
  Event = unknown,
  User extends MappedRecord = MappedRecord,
  Entry extends MappedEvent = MappedEvent,
> extends Omit<
    SyncOptions<SourceRecord>,
    // Options of a single run, and options with another form in a config.
    | Exclude<keyof ApplyOptions, "stop" | "onMissing">
    | "source"
    | "map"
    | "ledger"
    | "advanced"
    | "resend"
    | "retryHeld"
    | "coverage"
    | "now"
  > {
  /** Options of `createOplead`. */
  readonly client?: OpleadOptions | undefined;
  /**
   * Account numbers of people who are really new or other ones, although Oplead has a user with their login or e-mail
   * address (`possible_twin`). Default: none.
   */
  readonly newUsers?: readonly string[] | undefined;
  /** The records: `csvSource`, `jsonSource`, `restSource`, an iterable, or a function that returns one. */
  readonly source?: SyncOptions<SourceRecord>["source"] | undefined;
  /** Makes a user from a record; null or undefined leaves it out. */
  readonly map?: SyncOptions<SourceRecord, User>["map"] | undefined;
  /**
   * What Oplead has accepted for each user: a folder (a {@link fileLedger}) or a ledger. Default `"./oplead-ledger"`.
   */
  readonly ledger?: string | Ledger | undefined;
  /** {@link LedgerKeyOptions.ledgerKey} of a ledger in a folder. A ledger object has its own. */
  readonly ledgerKey?: LedgerKeyOptions["ledgerKey"];
  /** Webhook of `oplead serve`. Uses the config's ledger, unless it names another. */
  readonly webhook?: UserWebhookOptions<Event, Entry> | undefined;
  /**
   * Queue of `oplead worker`, `oplead sync --queue` and `oplead serve --queue`: options of `userQueue`
   * (`oplead-sdk/bullmq`). Uses {@link OpleadConfig.ledger}, which several processes must be able to share.
   */
  readonly queue?: UserQueueOptions | undefined;
  /**
   * Makes `oplead plan` say which areas gain or lose their users, and sets the leads that {@link
   * OpleadConfig.policies}, `oplead coverage` and `oplead explain` judge. `true`: all leads of France
   * (`oplead-sdk/coverage/france`) with the codes that rules name. Default false: a plan names no areas; the rest is as
   * with `true`.
   */
  readonly coverage?: boolean | CoverageSettings | undefined;
  /**
   * File for the lines of runs, `oplead serve` and `oplead worker`, or `{ file, keepDays }` for one a day (UTC): see
   * {@link auditFile}. Default `"./oplead-audit.jsonl"`; `false`: none.
   */
  readonly audit?: string | AuditPlace | false | undefined;
  /**
   * Where `oplead sync` and `oplead apply` send alerts about runs with a problem: `targets`, or an object with them,
   * the language and the platform's name. See {@link notifiers}. Default: none.
   */
  readonly notify?: readonly AlertTarget[] | NotifySettings | undefined;
  /**
   * What differs by platform: the path of the file that `oplead probe` writes, or the content. Fields of
   * `client.platform` replace its own. Its facts also set the behaviour of `--target fake`. `false`: none, for example
   * in a target that was not probed. Default: none.
   */
  readonly platform?: string | Platform | false | undefined;
  /**
   * Language of the command's output, alerts, pages and CSVs; `--language` and `OPLEAD_LANGUAGE` (also in `.env`)
   * override it. JSON, codes and log fields stay English. Default: the language of the system.
   */
  readonly language?: "en" | "fr" | undefined;
  /**
   * Columns shown beside an account number, such as a dealer's name: `["Concession", "Ville"]`. Read from the source
   * each time and stored nowhere. Needs the option `key`, which {@link columns} sets. Default: none.
   */
  readonly labels?: string | readonly string[] | undefined;
  /** Settings of `oplead probe`. */
  readonly probe?: ProbeSettings | undefined;
  /**
   * The platform of `oplead fake` and `--target fake`. Default: the profiles that the mapping names, or three examples;
   * all rules enabled.
   */
  readonly fake?: FakeSettings | undefined;
  /** How the source signs deliveries, for `oplead trigger`: options of `signDelivery`. Default: unsigned. */
  readonly trigger?: TriggerSettings | undefined;
  /**
   * Further platforms by the name that `--target` takes. Their fields replace those of the config; some objects, such
   * as `client`, are merged field by field.
   */
  readonly targets?: Readonly<Record<string, ConfigTarget<SourceRecord, Event>>> | undefined;
}

/** The fields of the config that a target replaces. */
export type ConfigTarget<SourceRecord = unknown, Event = unknown> = Omit<
  OpleadConfig<SourceRecord, Event>,
  "targets" | "webhook"
> & { readonly webhook?: Partial<UserWebhookOptions<Event>> | undefined };

/** Options of `signDelivery` (`oplead-sdk/testing`). */
export interface TriggerSettings {
  /** Named like its verifier in `oplead-sdk/webhook`. */
  readonly scheme: "standardWebhooks" | "hmacSignature" | "stripeStyle";
  /** Secrets that the source signs with. */
  readonly secrets: readonly string[];
  readonly [option: string]: unknown;
}

/**
 * The leads that policies, `oplead coverage` and `oplead explain` judge. Omitted parts are as with `coverage: true`.
 */
export type CoverageSettings = Omit<PolicyCoverage, "universe"> & {
  /** All possible leads; without `countries`, France. */
  readonly universe?: Partial<Universe> | undefined;
  /** Company name on the page of `oplead coverage`. Default: none. */
  readonly company?: string | undefined;
};

/** Settings of `oplead probe`. */
export interface ProbeSettings {
  /** Lets `--allow-test-create`, with which the probe creates test users, work without a terminal. Default false. */
  readonly allowTestCreate?: boolean | undefined;
  /** Time until a write shows in reads, in ms, 0 to 60,000. Default 5,000. */
  readonly lagMs?: number | undefined;
}

/** The platform of the fake Oplead. */
export interface FakeSettings {
  /** Profiles. Default: the codes that {@link columns} list, or else `PRF_NETWORK` > `PRF_REGION` > `PRF_DEALER`. */
  readonly profiles?: readonly UserProfile[] | undefined;
  /** Rules that are not enabled. Default: none. */
  readonly disabledRules?: readonly RuleName[] | undefined;
}

/** Returns the content of `oplead.config.ts` unchanged, with types: `map` and `key` get the records of `source`. */
export function defineConfig<
  SourceRecord = unknown,
  Event = unknown,
  User extends MappedRecord = MappedRecord,
  Entry extends MappedEvent = MappedEvent,
>(config: OpleadConfig<SourceRecord, Event, User, Entry>): OpleadConfig<SourceRecord, Event>;
export function defineConfig<SourceRecord, Event>(
  config: OpleadConfig<SourceRecord, Event>,
): OpleadConfig<SourceRecord, Event> {
  return config;
}

// While the command loads a config, an unset variable leaves a placeholder, so that all are listed and a target may
// replace some. `Symbol.for`: the config may load a second copy of the package.
const KEY = Symbol.for("oplead-sdk.config.loading");

// The config file's folder while it is loaded.
const globals = globalThis as { [KEY]?: string | undefined };

// Between NULs, which no variable, path or header can contain.
const PLACEHOLDER = /\0([^\0]+)\0/g;

/**
 * An environment variable.
 *
 * @param name For example `"OPLEAD_TOKEN"`.
 * @param fallback The value if it is not set or empty. Omit it to require the variable.
 * @throws {@link OpleadError} `invalid_options` if a required variable is not set. While the command loads a file, the
 * variable is listed with the file's other problems.
 */
export function env(name: string, fallback?: string): string {
  if (typeof name !== "string") throw invalid("invalid_options", "env", [issueAt("name", tellValue("not_text"))]);
  const value = process.env[name];
  if (value !== undefined && value !== "") return value;
  if (fallback !== undefined) return fallback;
  if (globals[KEY] !== undefined) return `\0${name}\0`;
  throw invalid("invalid_options", "env", [issueAt(name, tellConfig("variables_not_set", { names: [name] }))]);
}

export async function whileLoading<T>(folder: string, task: () => Promise<T>): Promise<T> {
  globals[KEY] = folder;
  try {
    return await task();
  } finally {
    globals[KEY] = undefined;
  }
}

export function baseFolder(): string {
  return globals[KEY] ?? process.cwd();
}

export function variableIssues(path: string, text: string): OpleadIssue[] {
  const names = [...text.matchAll(PLACEHOLDER)].map(([, name = ""]) => name);
  return names.length === 0 ? [] : [issueAt(path, tellConfig("variables_not_set", { names }))];
}
