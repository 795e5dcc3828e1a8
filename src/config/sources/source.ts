import type { Stats } from "node:fs";
import { open, stat } from "node:fs/promises";
import { errorCode, mayPass } from "../../base/error-code.ts";
import { asError, invalid, isOpleadError, OpleadError } from "../../base/errors.ts";
import { issueAt, type OpleadIssue } from "../../base/issues.ts";
import { EVERYTHING } from "../../base/records.ts";
import { sleep } from "../../base/time/waits.ts";
import { requireNoIssues } from "../../base/validation/validate.ts";
import { tellConfig } from "../../locales/en/config.ts";
import type { SourceRequest, SuspectedRecord } from "../../sync/types/source.ts";
import { variableIssues } from "../env.ts";
import { FieldColumns, type MadeUser } from "./field-columns.ts";

/**
 * A source that `planSync` can read, and that can say more about its records. Reading it again starts anew.
 *
 * Two types, because TypeScript would infer the records of a generic function that returns a plain function too late for `map`.
 */
export type RecordSource<SourceRecord> = ((request?: SourceRequest) => AsyncIterable<SourceRecord>) &
  SourceFacts<SourceRecord>;

/** Statements of a source about its records. */
export interface SourceFacts<SourceRecord> {
  /** Its name in messages: that of the file, or the address without its query. With `{ newest }`: the pattern, and once it was read the file's name. */
  readonly title: string;
  /**
   * The row of a record as a spreadsheet counts, the header being row 1. None for sources without rows. Where several sources are joined, its
   * place: `"rh.csv row 12"`.
   */
  rowOf(record: SourceRecord): number | string | undefined;
  /**
   * Damage that the last reading suspects and that stopped nothing, each with the column as its path. Holds no personal data.
   */
  warnings(): readonly OpleadIssue[];
  /** The same by record, all of them: `planSync` lists these records as suspicious. */
  suspected(): readonly SuspectedRecord[];
  /** Takes what `map` made of a record, so that {@link SourceFacts.columns} can be told. `planSync` calls it. */
  noteUser(record: SourceRecord, made: MadeUser): void;
  /** The columns of a table from which `map` fills fields, by the path of the field: those that are certain after the last reading. */
  columns(): Readonly<Record<string, string>>;
}

/** Takes what a reading suspects: for the file as a whole, and by record. */
export interface Suspicions {
  readonly warn: (warning: OpleadIssue) => void;
  readonly suspect: (record: number, issue: OpleadIssue) => void;
}

interface SourceParts<SourceRecord> {
  readonly title: string;
  /** Texts of the configuration: none may name an environment variable that is not set. */
  readonly settings: readonly (string | undefined)[];
  readonly read: (found: Suspicions, request: SourceRequest) => AsyncIterable<SourceRecord>;
  readonly rowOf?: (record: SourceRecord) => number | string | undefined;
}

/** Marks a source of this file, so that the loader can look for missing variables in it. */
const SETTINGS = Symbol.for("oplead-sdk.config.settings");

export function recordSource<SourceRecord>(parts: SourceParts<SourceRecord>): RecordSource<SourceRecord> {
  let found: OpleadIssue[] = [];
  let suspected: SuspectedRecord[] = [];
  let columns = new FieldColumns();
  const read = (request: SourceRequest = EVERYTHING): AsyncIterable<SourceRecord> => {
    const missing = variableIssues("source", parts.settings.join(" "));
    if (missing.length > 0) throw invalid("invalid_options", parts.title, missing);
    found = [];
    suspected = [];
    columns = new FieldColumns();
    const suspicions: Suspicions = {
      warn: (warning) => found.push(warning),
      suspect: (record, issue) => suspected.push({ record, issue }),
    };
    return parts.read(suspicions, request);
  };
  Object.defineProperty(read, "title", { get: () => parts.title, enumerable: true });
  const source = Object.assign(read as typeof read & { readonly title: string }, {
    rowOf: parts.rowOf ?? (() => undefined),
    warnings: () => found,
    suspected: () => {
      // A state that fills a field is Oplead's to know: nothing says that such a user is sent by mistake.
      const filling = new Set(Object.values(columns.certain()));
      return suspected.filter(({ issue: { path, code } }) => code !== "state_of_leaver" || !filling.has(path));
    },
    noteUser: (record: SourceRecord, made: MadeUser) => columns.compare(record, made),
    columns: () => columns.certain(),
  });
  return withSettings(source, parts.settings);
}

/** Not enumerable, because the texts may be secrets and a log prints what is. */
export function withSettings<T extends object>(part: T, settings: readonly (string | undefined)[]): T {
  return Object.defineProperty(part, SETTINGS, { value: settings });
}

/** The texts a source was made with; none for anything else. */
export function settingsOf(source: unknown): readonly (string | undefined)[] {
  const settings = typeof source === "function" ? (source as { [SETTINGS]?: unknown })[SETTINGS] : undefined;
  return Array.isArray(settings) ? settings : [];
}

/** A source that cannot be read. The message must not quote its records. */
export function sourceFailed(title: string, what: string, retryable = false, cause?: unknown): OpleadError {
  return new OpleadError("source_failed", `${title}: ${what}`, { retryable, cause: cause && asError(cause) });
}

export const isText = (value: unknown): value is string => typeof value === "string" && value.trim() !== "";

/** @throws {@link OpleadError} `invalid_options`. */
export function checkPath(where: string, name: string, value: unknown): void {
  if (!isText(value) && !(value instanceof URL)) requireNoIssues(where, [issueAt(name, tellConfig("not_path"))]);
}

/** The first of a list, which a message names, and how many there are besides. */
export function firstOf<T>(list: readonly T[]): { readonly first: readonly T[]; readonly more: number } {
  const first = list.slice(0, 5);
  return { first, more: list.length - first.length };
}

/** A file that is not read. `retryable`: it may be right later, for example when it has been copied. */
export function fileRefused(title: string, found: OpleadIssue, retryable = false, cause?: unknown): OpleadError {
  // The file is the place of the problem: an error in another language is made of its issues.
  const options = { retryable, issues: [{ ...found, path: title }], cause: cause && asError(cause) };
  return new OpleadError("source_failed", `${title}: ${found.message}`, options);
}

const FILE_PROBLEMS = {
  ENOENT: "file_missing",
  EISDIR: "file_is_folder",
  EACCES: "file_forbidden",
  ERR_FS_FILE_TOO_LARGE: "file_too_large",
  EPERM: "file_forbidden",
} as const;

/** A file that the system cannot read. */
export function fileFailed(title: string, error: unknown): OpleadError {
  const code = errorCode(error) ?? "no code";
  const found = Object.hasOwn(FILE_PROBLEMS, code)
    ? issueAt("", tellConfig(FILE_PROBLEMS[code as keyof typeof FILE_PROBLEMS]))
    : issueAt("", tellConfig("file_unreadable", { code }));
  return fileRefused(title, found, mayPass(error), error);
}

/**
 * A file as a whole, so that one that is replaced meanwhile is not read half. `minAgeMs`: waits until it has not changed for so long.
 *
 * @throws {@link OpleadError} `source_failed`, also for a file that changes while it is read.
 */
export async function readWhole(path: string, title: string, minAgeMs = 0): Promise<Buffer> {
  try {
    if (minAgeMs > 0 && !(await comesOfAge(path, minAgeMs)))
      throw fileRefused(title, issueAt("", tellConfig("file_changes")), true);
    const file = await open(path);
    try {
      const before = await file.stat();
      const bytes = await file.readFile();
      if (before.isFile() && isChanged(before, await file.stat()))
        throw fileRefused(title, issueAt("", tellConfig("file_changes")), true);
      return bytes;
    } finally {
      await file.close();
    }
  } catch (error) {
    throw isOpleadError(error) ? error : fileFailed(title, error);
  }
}

/** Maximum wait for a file that keeps changing, as a multiple of `minAgeMs`. */
const PATIENCE = 10;

/** Waits until a file has not changed for `minAgeMs`. False if it changes again and again. */
async function comesOfAge(path: string, minAgeMs: number): Promise<boolean> {
  const end = performance.now() + PATIENCE * minAgeMs;
  let before = await stat(path);
  while (performance.now() < end) {
    const missing = minAgeMs - (Date.now() - before.mtimeMs);
    if (missing <= 0) return true;
    // The clock of a file server may be ahead.
    await sleep(Math.min(missing, minAgeMs));
    const now = await stat(path);
    if (!isChanged(before, now)) return true;
    before = now;
  }
  return false;
}

function isChanged(before: Stats, now: Stats): boolean {
  return before.size !== now.size || before.mtimeMs !== now.mtimeMs;
}
