import type { AuditPlace } from "../audit/files.ts";
import type { UserQueueOptions } from "../bullmq/options.ts";
import { invalid } from "../core/errors.ts";
import type { PlatformFacts } from "../core/facts.ts";
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
import type { OpleadOptions } from "../transport/options.ts";
import type { MappedEvent, UserWebhookOptions } from "../webhook/options.ts";

/**
 * The config of the `oplead` command. Every field is optional, because commands need different parts. A command reports
 * a part that it needs and that is missing. `rowOf` defaults to the rows that {@link csvSource} counts.
 */
export interface OpleadConfig<
  SourceRecord = unknown,
  Event = unknown,
  User extends MappedRecord = MappedRecord,
  Entry extends MappedEvent = MappedEvent,
> extends Omit<
    SyncOptions<SourceRecord>,
    // These names are left out: options that belong to a single run, and options that a config writes in a different
    // form.
    | Exclude<keyof ApplyOptions, "stop" | "onMissing">
    | "source"
    | "map"
    | "ledger"
    | "ledgerMark"
    | "adoptPlatform"
    | "sourceFile"
    | "made"
    | "resend"
    | "coverage"
    | "now"
  > {
  /** Options of `createOplead`. */
  readonly client?: OpleadOptions | undefined;
  /**
   * The records to sync: `csvSource`, `jsonSource`, `restSource`, any iterable, or a function that returns such a
   * source.
   */
  readonly source?: SyncOptions<SourceRecord>["source"] | undefined;
  /** Makes a user from a record. If it returns null or undefined, the record is left out. */
  readonly map?: SyncOptions<SourceRecord, User>["map"] | undefined;
  /**
   * The memory of what Oplead has accepted for each user: a folder (a {@link fileLedger}) or a ledger. Default
   * `"./oplead-ledger"`.
   */
  readonly ledger?: string | Ledger | undefined;
  /**
   * The {@link LedgerKeyOptions.ledgerKey} of the ledger in a folder. A ledger that is given as an object got its key
   * when it was made.
   */
  readonly ledgerKey?: LedgerKeyOptions["ledgerKey"];
  /**
   * The options of the webhook that `oplead serve` runs. The webhook uses the config's ledger, unless its options name
   * a different one.
   */
  readonly webhook?: UserWebhookOptions<Event, Entry> | undefined;
  /**
   * The queue of `oplead worker`, `oplead sync --queue` and `oplead serve --queue`: options of `userQueue`
   * (`oplead-sdk/bullmq`). The queue uses {@link OpleadConfig.ledger}, which must be a ledger that several processes
   * can share.
   */
  readonly queue?: UserQueueOptions | undefined;
  /**
   * If set, `oplead plan` says which areas gain or lose their users. It also sets the leads that {@link
   * OpleadConfig.policies}, `oplead coverage` and `oplead explain` judge. `true`: all leads of France as the package
   * knows it (`oplead-sdk/coverage/france`), with the codes that rules name. Default false: `oplead plan` says nothing
   * about areas, and policies, `oplead coverage` and `oplead explain` judge the same leads as with `true`.
   */
  readonly coverage?: boolean | CoverageSettings | undefined;
  /**
   * The file to which runs, `oplead serve` and `oplead worker` add their lines: one file, or `{ file, keepDays }` for a
   * file each day (UTC). See {@link auditFile}. Default `"./oplead-audit.jsonl"`; `false`: none.
   */
  readonly audit?: string | AuditPlace | false | undefined;
  /**
   * The targets to which `oplead sync` and `oplead apply` send alerts about runs with a problem: a list, or an object
   * with the list as `targets`, the language and the name of the platform. See {@link notifiers}. Default: none.
   */
  readonly notify?: readonly AlertTarget[] | NotifySettings | undefined;
  /**
   * Facts that `oplead probe` learned about the platform: the path of the file that it wrote, or its content. It
   * becomes `facts` of the client, and `--target fake` behaves like that platform. `false`: no facts, for example in a
   * target for a platform that was not probed. Default: none.
   */
  readonly facts?: string | PlatformFacts | false | undefined;
  /**
   * The language of all texts of the command: its output, alerts, pages and CSVs. `--language` and `OPLEAD_LANGUAGE`,
   * which may be in the file `.env`, override it. JSON, codes and log fields stay English. Default: the language of the
   * system.
   */
  readonly language?: "en" | "fr" | undefined;
  /**
   * The columns of the source whose texts the command shows beside an account number, such as the name of a dealer:
   * `["Concession", "Ville"]`. The command reads them from the source each time, and stores them nowhere. Records
   * without them are shown without a label. Labels need the option `key`, which {@link columns} sets. Default: none.
   */
  readonly labels?: string | readonly string[] | undefined;
  /** Settings of `oplead probe`, such as the consent to create test users without a terminal. */
  readonly probe?: ProbeSettings | undefined;
  /**
   * The platform that `oplead fake` and `--target fake` play. Default: the profiles that the mapping names, or three
   * example profiles; all rules enabled.
   */
  readonly fake?: FakeSettings | undefined;
  /** How the source signs its deliveries, for `oplead trigger`: the options of `signDelivery`. Default: unsigned. */
  readonly trigger?: TriggerSettings | undefined;
  /**
   * Further platforms, such as a test platform, by the name that `--target` takes. The fields of a target replace those
   * of the config; some objects, such as `client`, are merged field by field.
   */
  readonly targets?: Readonly<Record<string, ConfigTarget<SourceRecord, Event>>> | undefined;
}

/** The fields of the config that a target replaces. */
export type ConfigTarget<SourceRecord = unknown, Event = unknown> = Omit<
  OpleadConfig<SourceRecord, Event>,
  "targets" | "webhook"
> & { readonly webhook?: Partial<UserWebhookOptions<Event>> | undefined };

/** The options of `signDelivery` (`oplead-sdk/testing`): the scheme, the secrets and, depending on the scheme, more. */
export interface TriggerSettings {
  /** The scheme of the signature. */
  readonly scheme: "standardWebhooks" | "hmacSignature" | "stripeStyle";
  /** The secrets that the source signs with. */
  readonly secrets: readonly string[];
  readonly [option: string]: unknown;
}

/**
 * The leads that policies, `oplead coverage` and `oplead explain` judge. Parts that are left out have the same values
 * as with `coverage: true`.
 */
export type CoverageSettings = Omit<PolicyCoverage, "universe"> & {
  /** All leads that can exist. If `countries` is left out, the universe is France. */
  readonly universe?: Partial<Universe> | undefined;
  /** The name of the company, shown on the page of `oplead coverage`. Default: none. */
  readonly company?: string | undefined;
};

/** Settings of `oplead probe`. */
export interface ProbeSettings {
  /**
   * Whether the flag `--allow-test-create`, which lets the probe create test users, works without a terminal. Default
   * false.
   */
  readonly allowTestCreate?: boolean | undefined;
  /** How long a write may take to show in reads, in milliseconds, 0 to 60,000. Default 5,000. */
  readonly lagMs?: number | undefined;
}

/** The platform that the fake Oplead imitates. */
export interface FakeSettings {
  /**
   * The profiles of the imitated platform. Default: the codes that a mapping of {@link columns} lists, or else
   * `PRF_NETWORK` > `PRF_REGION` > `PRF_DEALER`.
   */
  readonly profiles?: readonly UserProfile[] | undefined;
  /** Rules that the imitated platform has not enabled. Default: none. */
  readonly disabledRules?: readonly RuleName[] | undefined;
}

/**
 * Gives the content of `oplead.config.ts` back unchanged. It exists for its types: `map` and `key` get the records of
 * `source`.
 */
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

/**
 * While the command loads a config, a variable that is not set leaves a placeholder in the text instead of an error. So
 * the command can list all missing variables with their places, and a target may still replace some of these values.
 * `Symbol.for` gives all copies of this package the same symbol. The config may have loaded a second copy of the
 * package, as ESM beside CommonJS.
 */
const KEY = Symbol.for("oplead-sdk.config.loading");

/** The folder of the config file while it is being loaded; otherwise undefined. */
const globals = globalThis as { [KEY]?: string | undefined };

/**
 * A placeholder is the variable's name between two NUL characters. No environment variable, path or header can contain
 * a NUL, so nothing else looks like a placeholder.
 */
const PLACEHOLDER = /\0([^\0]+)\0/g;

/**
 * An environment variable.
 *
 * @param name Its name, for example `"OPLEAD_TOKEN"`.
 * @param fallback The value if the variable is not set or empty. Without it the variable is required.
 * @throws {@link OpleadError} `invalid_options` with the variable's name if it is required and not set. While the
 * command loads a file, a missing variable is listed together with the other problems of the file.
 */
export function env(name: string, fallback?: string): string {
  if (typeof name !== "string") throw invalid("invalid_options", "env", [issueAt("name", tellValue("not_text"))]);
  const value = process.env[name];
  if (value !== undefined && value !== "") return value;
  if (fallback !== undefined) return fallback;
  if (globals[KEY] !== undefined) return `\0${name}\0`;
  throw invalid("invalid_options", "env", [issueAt(name, tellConfig("variables_not_set", { names: [name] }))]);
}

/**
 * Runs a task. During the task, {@link env} returns placeholders for missing variables, and relative paths start at
 * `folder`.
 */
export async function whileLoading<T>(folder: string, task: () => Promise<T>): Promise<T> {
  globals[KEY] = folder;
  try {
    return await task();
  } finally {
    globals[KEY] = undefined;
  }
}

/**
 * The folder at which relative paths start: the folder of the config file while it is being loaded, otherwise the
 * working directory.
 */
export function baseFolder(): string {
  return globals[KEY] ?? process.cwd();
}

/**
 * The issue for a text of a config that contains placeholders of variables which are not set; empty for a text without
 * placeholders.
 */
export function variableIssues(path: string, text: string): OpleadIssue[] {
  const names = [...text.matchAll(PLACEHOLDER)].map(([, name = ""]) => name);
  return names.length === 0 ? [] : [issueAt(path, tellConfig("variables_not_set", { names }))];
}
