/*
 * The common parts of all sources: the source itself, the columns that fill fields, files, and the likeness by which a file replaces a source.
 */

import type { Stats } from "node:fs";
import { open, stat } from "node:fs/promises";
import { asError, errorCode, invalid, isOpleadError, mayPass, OpleadError } from "../../core/errors.ts";
import { issueAt, type OpleadIssue } from "../../core/issues.ts";
import { sleep } from "../../core/time.ts";
import { requireNoIssues } from "../../core/validate.ts";
import { EVERYTHING, isObject } from "../../core/values.ts";
import { tellConfig } from "../../locales/en/config.ts";
import type { SourceRequest, SuspectedRecord } from "../../sync/types/options.ts";
import { variableIssues } from "../config.ts";

/**
 * A source that `planSync` can read, and that can say more about its records. Each reading starts from the beginning.
 *
 * These are two types, because TypeScript infers the records of a generic function too late for `map` if it returns a plain function.
 */
export type RecordSource<SourceRecord> = ((request?: SourceRequest) => AsyncIterable<SourceRecord>) &
  SourceFacts<SourceRecord>;

/** Statements of a source about its records. */
export interface SourceFacts<SourceRecord> {
  /** Its name in messages: the name of the file, or the address without its query. With `{ newest }` it is the pattern until a file is read. */
  readonly title: string;
  /**
   * The row of a record as a spreadsheet counts, the header being row 1; undefined for a source without rows. If several sources are joined, the
   * place: `"rh.csv row 12"`.
   */
  rowOf(record: SourceRecord): number | string | undefined;
  /**
   * The damage that the last reading suspected and that did not stop it, each with the column as its path. Holds no personal data.
   */
  warnings(): readonly OpleadIssue[];
  /** The same damage by record. `planSync` lists these records as suspicious. */
  suspected(): readonly SuspectedRecord[];
  /** Takes the user that `map` made of a record, so that {@link SourceFacts.columns} can be told. `planSync` calls it. */
  noteUser(record: SourceRecord, made: MadeUser): void;
  /** The columns from which `map` fills fields, by the path of the field, if they are certain after the last reading. */
  columns(): Readonly<Record<string, string>>;
}

/** Takes the suspicions of a reading: about the file as a whole, and about a record. */
export interface Suspicions {
  readonly warn: (warning: OpleadIssue) => void;
  readonly suspect: (record: number, issue: OpleadIssue) => void;
}

interface SourceParts<SourceRecord> {
  readonly title: string;
  /** Texts of the configuration. They must not name environment variables that are not set. */
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
      // If a column of states fills a field, Oplead is meant to know the state, so the user is not sent by mistake.
      const filling = new Set(Object.values(columns.certain()));
      return suspected.filter(({ issue: { path, code } }) => code !== "state_of_leaver" || !filling.has(path));
    },
    noteUser: (record: SourceRecord, made: MadeUser) => columns.compare(record, made),
    columns: () => columns.certain(),
  });
  return withSettings(source, parts.settings);
}

/** Marks a source of this file, so that the loader can look for missing variables in it. */
const SETTINGS = Symbol.for("oplead-sdk.config.settings");

/** Keeps the texts of a source. They are not enumerable, because they may be secrets and logs print enumerable fields. */
export function withSettings<T extends object>(part: T, settings: readonly (string | undefined)[]): T {
  return Object.defineProperty(part, SETTINGS, { value: settings });
}

/** The texts a source was made with; none for anything else. */
export function settingsOf(source: unknown): readonly (string | undefined)[] {
  const settings = typeof source === "function" ? (source as { [SETTINGS]?: unknown })[SETTINGS] : undefined;
  return Array.isArray(settings) ? settings : [];
}

/** The user that `map` made of a record. */
export interface MadeUser {
  readonly user: unknown;
  readonly rules?: unknown;
}

/** The key of the row's number. A symbol, so that code that lists the columns does not see it. */
const ROW = Symbol("row");

/** The row of a record as a spreadsheet counts. Only records of tables have one. */
export function rowNumberOf(record: unknown): number | undefined {
  return (record as { readonly [ROW]?: number })[ROW];
}

export function withRowNumber<T extends object>(record: T, row: number): T {
  return Object.defineProperty(record, ROW, { value: row });
}

/** The number of records that are compared. A column that fits all of them is the one that `map` reads. */
const COMPARED = 1000;

/** The columns that still fit a field after some records. */
interface Fit {
  readonly columns: Set<string>;
  /** Different texts that the field had. Two are enough. */
  readonly texts: Set<string>;
}

/**
 * Finds which column of a table fills which field, from the users that `map` made of the rows. A column is named only if no other column had the same
 * text as the field in every record, and if the field had at least two different texts: otherwise it may be a constant of `map`. A field that `map`
 * looks up or puts together has no column.
 */
class FieldColumns {
  readonly #fits = new Map<string, Fit>();
  /** The columns that had a text so far. They do not fill a field that was empty in earlier records. */
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

  /** The columns that are certain, by the path of the field. */
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

/** A text without the differences that `map` often repairs: case, spaces, and zeros that a spreadsheet took. */
function plain(text: string): string {
  return text.toLowerCase().replace(/\s/g, "").replace(/^0+/, "");
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

/** A file that is refused. `retryable`: it may be right later, for example once it has been copied. */
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
 * Reads a file as a whole, so that it is not read in part while it is replaced. `minAgeMs`: waits until it has not changed for this long.
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

/** The settings of a source that also hold for another file in its place. */
export interface Likeness {
  /** The kind of file that it reads, and its options. */
  readonly kind?: string;
  readonly options?: object;
  readonly joined?: {
    readonly main: unknown;
    /** The same join with another source in the place of the first. */
    with(main: RecordSource<unknown>): RecordSource<unknown>;
  };
}

/** Files that one source reads. */
export interface FileKind {
  readonly kind: string;
  /** Endings of their names, in small letters. */
  readonly endings: readonly string[];
  /** Reads a file in place of a source, which may be of another kind. */
  readonly read: (file: string, usual: Likeness) => RecordSource<unknown>;
}

/** A symbol that all copies of the package share, because the config may have loaded another copy than the command. */
const LIKENESS = Symbol.for("oplead-sdk.config.likeness");

export function withLikeness<Source extends object>(source: Source, likeness: Likeness): Source {
  return Object.defineProperty(source, LIKENESS, { value: likeness });
}

/** The likeness of a source; empty for a source that this package did not make. */
export function likenessOf(source: unknown): Likeness {
  return (typeof source === "function" && (source as { [LIKENESS]?: Likeness })[LIKENESS]) || {};
}
