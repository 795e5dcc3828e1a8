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

/** Marks a source of this file, so that the loader can look for missing variables in it. */
const SETTINGS = Symbol.for("oplead-sdk.config.settings");

/** Not enumerable, because the texts may be secrets and a log prints what is. */
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

/** The row's number, hidden from code that lists the columns. */
const ROW = Symbol("row");

/** The row of a record as a spreadsheet counts. Only records of tables have one. */
export function rowNumberOf(record: unknown): number | undefined {
  return (record as { readonly [ROW]?: number })[ROW];
}

export function withRowNumber<T extends object>(record: T, row: number): T {
  return Object.defineProperty(record, ROW, { value: row });
}

/** So many records are compared: a column that fits all of them is the one that `map` reads. */
const COMPARED = 1000;

/** The columns that still fit a field after some records. */
interface Fit {
  readonly columns: Set<string>;
  /** Texts that field and columns had in common. Two are enough. */
  readonly texts: Set<string>;
}

/**
 * Learns from what `map` made of the rows of a table which column fills which field. A column is named only if it is the only one whose text
 * was the field's in every record, empty where the field was, and if at least two texts differ: a constant of `map`, and two columns that
 * are alike, are not told apart. What `map` looks up or puts together has no column.
 */
class FieldColumns {
  readonly #fits = new Map<string, Fit>();
  /** Columns that had a text so far. They do not fill a field that had none. */
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

/** Without what `map` often mends: case, spaces, and zeros that a spreadsheet took. */
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

/** What a source was made of that holds as well for another file in its place. */
export interface Likeness {
  /** The {@link FileKind} of what it reads, and its options. */
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
  /** The records of a file in the place of a source, which is perhaps of another kind. */
  readonly read: (file: string, usual: Likeness) => RecordSource<unknown>;
}

/** By a symbol that every copy of the package has: the config may have been loaded with another one than the command. */
const LIKENESS = Symbol.for("oplead-sdk.config.likeness");

export function withLikeness<Source extends object>(source: Source, likeness: Likeness): Source {
  return Object.defineProperty(source, LIKENESS, { value: likeness });
}

/** Nothing for a source that was not made by this package. */
export function likenessOf(source: unknown): Likeness {
  return (typeof source === "function" && (source as { [LIKENESS]?: Likeness })[LIKENESS]) || {};
}
