/*
 * What all sources share: their type, how they find which column fills which field, how they read files, and the
 * settings that a file takes over from the source that it replaces (option `sourceFile`).
 */

import type { Stats } from "node:fs";
import { open, stat } from "node:fs/promises";
import { asError, errorCode, invalid, isOpleadError, mayPass, OpleadError } from "../../core/errors.ts";
import { issueAt, type OpleadIssue, type ValueProblem } from "../../core/issues.ts";
import { sleep } from "../../core/time.ts";
import { requireNoIssues } from "../../core/validate.ts";
import { EVERYTHING, isObject } from "../../core/values.ts";
import { tellConfig } from "../../locales/en/config.ts";
import type { SourceRequest, SuspectedRecord } from "../../sync/types/options.ts";
import { variableIssues } from "../config.ts";

/**
 * A source that `planSync` can read, and that can tell rows, columns and suspected damage of its records. Each reading
 * starts from the beginning.
 *
 * The type is an intersection with {@link SourceFacts}. If a generic function returned a plain function type,
 * TypeScript would infer its records too late for `map`.
 */
export type RecordSource<SourceRecord> = ((request?: SourceRequest) => AsyncIterable<SourceRecord>) &
  SourceFacts<SourceRecord>;

/** The facts that a source can tell about its records. */
export interface SourceFacts<SourceRecord> {
  /**
   * The name of the source in messages: the name of the file, or the address without its query. With `{ newest }`, it
   * is the pattern until a file has been read.
   */
  readonly title: string;
  /**
   * The row of a record as a spreadsheet counts, the header being row 1; undefined for a source without rows. If
   * several sources are joined, the place: `"rh.csv row 12"`.
   */
  rowOf(record: SourceRecord): number | string | undefined;
  /**
   * The damage that the last reading suspected in the file, and that did not stop the reading. The path of each issue
   * is the column. Issues hold no personal data.
   */
  warnings(): readonly OpleadIssue[];
  /**
   * The records in which the last reading found suspicious values: damaged values, or a state that says that the person
   * has left. `planSync` reports these records as suspicious.
   */
  suspected(): readonly SuspectedRecord[];
  /**
   * Takes note of the user that `map` made from a record, to find out {@link SourceFacts.columns}. `planSync` calls
   * this function for each record.
   */
  noteUser(record: SourceRecord, made: MadeUser): void;
  /**
   * For the path of each field, the column from which `map` fills it. Only columns that are certain after the last
   * reading are listed.
   */
  columns(): Readonly<Record<string, string>>;
}

/** Collects suspected damage while a source is read: in the file as a whole (`warn`), and in one record (`suspect`). */
export interface Suspicions {
  readonly warn: (warning: OpleadIssue) => void;
  readonly suspect: (record: number, issue: OpleadIssue) => void;
}

interface SourceParts<SourceRecord> {
  readonly title: string;
  /**
   * The texts among the arguments with which the source was made, such as its address and headers. The loader of
   * configs looks in them for environment variables that are not set.
   */
  readonly settings: readonly (string | undefined)[];
  readonly read: (found: Suspicions, request: SourceRequest) => AsyncIterable<SourceRecord>;
  readonly rowOf?: (record: SourceRecord) => number | string | undefined;
}

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
      // If `map` fills a field of the user from a column that says who has left, such users are sent on purpose, so
      // that Oplead gets the value of the column. Then there is no warning about users who have left.
      const filling = new Set(Object.values(columns.certain()));
      return suspected.filter(({ issue: { path, code } }) => code !== "state_of_leaver" || !filling.has(path));
    },
    noteUser: (record: SourceRecord, made: MadeUser) => columns.compare(record, made),
    columns: () => columns.certain(),
  });
  return withSettings(source, parts.settings);
}

/**
 * The field in which a source keeps the texts of its options, so that the loader of configs can find missing variables
 * in them.
 */
const SETTINGS = Symbol.for("oplead-sdk.config.settings");

/**
 * Keeps the texts of a source's options in a field of the source. The field is not enumerable, because texts may be
 * secrets, and logs print enumerable fields.
 */
export function withSettings<T extends object>(part: T, settings: readonly (string | undefined)[]): T {
  return Object.defineProperty(part, SETTINGS, { value: settings });
}

/**
 * The texts that {@link withSettings} kept for a source: its path or address and other texts of its options. Empty for
 * a value that is not a source made by this package.
 */
export function settingsOf(source: unknown): readonly (string | undefined)[] {
  const settings = typeof source === "function" ? (source as { [SETTINGS]?: unknown })[SETTINGS] : undefined;
  return Array.isArray(settings) ? settings : [];
}

/** The user that `map` made from a record. */
export interface MadeUser {
  readonly user: unknown;
  readonly rules?: unknown;
}

/**
 * The key under which a record has its row number. It is a symbol, so that code that lists the columns does not see it.
 */
const ROW = Symbol("row");

/** The row of a record as a spreadsheet counts. Only records of tables have one. */
export function rowNumberOf(record: unknown): number | undefined {
  return (record as { readonly [ROW]?: number })[ROW];
}

export function withRowNumber<T extends object>(record: T, row: number): T {
  return Object.defineProperty(record, ROW, { value: row });
}

/**
 * How many records are compared with their users. A column that has the same text as a field in all these records is
 * taken for the column that `map` reads.
 */
const COMPARED = 1000;

/** For one field: the columns that had the same text as the field in every record so far. */
interface Fit {
  readonly columns: Set<string>;
  /** The texts that the field had in the records so far, each once. At most two are kept. */
  readonly texts: Set<string>;
}

/**
 * Finds which column of a table fills which field, from the users that `map` made of the rows. A column is named only
 * if no other column had the same text as the field in every record, and if the field had at least two different texts:
 * otherwise it may be a constant of `map`. A field that `map` looks up or puts together has no column.
 */
class FieldColumns {
  readonly #fits = new Map<string, Fit>();
  /**
   * The columns that had a text in a record so far. They cannot be the column of a field that was empty in all records
   * so far.
   */
  readonly #filled = new Set<string>();
  #count = 0;

  compare(record: unknown, { user, rules }: MadeUser): void {
    if (this.#count >= COMPARED || rowNumberOf(record) === undefined) return;
    this.#count += 1;
    const cells = new Map(Object.entries(record as object).flatMap(([name, text]) => pairOf(name, text)));
    const fields = new Map([...textsIn(user, ""), ...textsIn(rules, "rules.")]);
    for (const path of fields.keys()) {
      if (this.#fits.has(path)) continue;
      const columns = new Set([...cells.keys()].filter((name) => !this.#filled.has(name)));
      this.#fits.set(path, { columns, texts: new Set() });
    }
    for (const [path, { columns, texts }] of this.#fits) {
      const text = fields.get(path) ?? "";
      for (const name of columns) if ((cells.get(name) ?? "") !== text) columns.delete(name);
      if (text !== "" && columns.size > 0 && texts.size < 2) texts.add(text);
    }
    for (const [name, text] of cells) if (text !== "") this.#filled.add(name);
  }

  /** The column of each field, by the field's path, as far as it is certain. */
  certain(): Record<string, string> {
    return Object.fromEntries(
      [...this.#fits].flatMap(([path, { columns, texts }]) =>
        columns.size === 1 && texts.size === 2 ? [...columns].map((name) => [path, name] as const) : [],
      ),
    );
  }
}

function pairOf(name: string, value: unknown): [string, string][] {
  return typeof value === "string" || typeof value === "number" ? [[name, plain(String(value))]] : [];
}

function textsIn(value: unknown, path: string): [string, string][] {
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([name, inner]) =>
    isObject(inner) ? textsIn(inner, `${path}${name}.`) : pairOf(path + name, inner),
  );
}

/**
 * A text in a form in which it can be compared although `map` repaired it: without case, spaces and the leading zeros
 * that spreadsheets remove.
 */
function plain(text: string): string {
  return text.toLowerCase().replace(/\s/g, "").replace(/^0+/, "");
}

export const isText = (value: unknown): value is string => typeof value === "string" && value.trim() !== "";

/**
 * Checks a path.
 *
 * @throws {@link OpleadError} `invalid_options`.
 */
export function checkPath(where: string, name: string, value: unknown): void {
  if (!isText(value) && !(value instanceof URL)) requireNoIssues(where, [issueAt(name, tellConfig("not_path"))]);
}

/** The first items of a list, which a message names, and how many more there are. */
export function firstOf<T>(list: readonly T[]): { readonly first: readonly T[]; readonly more: number } {
  const first = list.slice(0, 5);
  return { first, more: list.length - first.length };
}

/**
 * The error of a source, such as a file, that cannot be read or is refused. Its message must not quote records.
 * `retryable`: whether a later attempt may succeed, for example when the file has been copied completely.
 */
export function sourceRefused(title: string, found: ValueProblem, retryable = false, cause?: unknown): OpleadError {
  // The issue names the file in its path, because the translation of the error is made from the issue alone and must
  // name the file too.
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

/** The error of a file that the system cannot read. */
export function fileFailed(title: string, error: unknown): OpleadError {
  const code = errorCode(error) ?? "no code";
  const found = Object.hasOwn(FILE_PROBLEMS, code)
    ? issueAt("", tellConfig(FILE_PROBLEMS[code as keyof typeof FILE_PROBLEMS]))
    : issueAt("", tellConfig("file_unreadable", { code }));
  return sourceRefused(title, found, mayPass(error), error);
}

/**
 * Reads a complete file, and never a part of it while it is being replaced. `minAgeMs`: waits until the file has not
 * changed for this many milliseconds.
 *
 * @throws {@link OpleadError} `source_failed`, also for a file that changes while it is read.
 */
export async function readWhole(path: string, title: string, minAgeMs = 0): Promise<Buffer> {
  try {
    if (minAgeMs > 0 && !(await comesOfAge(path, minAgeMs)))
      throw sourceRefused(title, issueAt("", tellConfig("file_changes")), true);
    const file = await open(path);
    try {
      const before = await file.stat();
      const bytes = await file.readFile();
      if (before.isFile() && isChanged(before, await file.stat()))
        throw sourceRefused(title, issueAt("", tellConfig("file_changes")), true);
      return bytes;
    } finally {
      await file.close();
    }
  } catch (error) {
    throw isOpleadError(error) ? error : fileFailed(title, error);
  }
}

/** How long to wait for a file that keeps changing, as a multiple of `minAgeMs`. */
const PATIENCE = 10;

/**
 * Waits until a file has not changed for `minAgeMs` milliseconds. Returns false if the file still changes after
 * {@link PATIENCE} times that long.
 */
async function comesOfAge(path: string, minAgeMs: number): Promise<boolean> {
  const end = performance.now() + PATIENCE * minAgeMs;
  let before = await stat(path);
  while (performance.now() < end) {
    const missing = minAgeMs - (Date.now() - before.mtimeMs);
    if (missing <= 0) return true;
    // The wait is limited, because the clock of a file server may be ahead, so that the last change seems to be in the
    // future.
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

/**
 * What a file takes over from the source that it replaces. A file replaces the source if a run has the option
 * `sourceFile`.
 */
export interface Likeness {
  /** The kind of file that the source reads, and the source's options. */
  readonly kind?: string;
  readonly options?: object;
  readonly joined?: {
    readonly main: unknown;
    /** Makes the join again with a different main source. */
    with(main: RecordSource<unknown>): RecordSource<unknown>;
  };
}

/** A kind of file, which one function reads. */
export interface FileKind {
  readonly kind: string;
  /** The endings of file names, in lower case. */
  readonly endings: readonly string[];
  /**
   * Makes a source that reads `file` in place of the usual source. `usual`: the kind and the options of the usual
   * source, which may read files of a different kind.
   */
  readonly read: (file: string, usual: Likeness) => RecordSource<unknown>;
}

/**
 * `Symbol.for` gives all copies of this package the same symbol. The config may have loaded a second copy beside that
 * of the command.
 */
const LIKENESS = Symbol.for("oplead-sdk.config.likeness");

export function withLikeness<Source extends object>(source: Source, likeness: Likeness): Source {
  return Object.defineProperty(source, LIKENESS, { value: likeness });
}

/**
 * What a file that is read in place of a source takes over from the source: its kind, its options and its join. Empty
 * for a source that this package did not make.
 */
export function likenessOf(source: unknown): Likeness {
  return (typeof source === "function" && (source as { [LIKENESS]?: Likeness })[LIKENESS]) || {};
}
