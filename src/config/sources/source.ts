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
 * A source that `planSync` reads, with the rows, columns and suspected damage of its records. Each reading starts anew.
 *
 * An intersection: of a generic function that returns a plain function type, TypeScript infers the records too late for
 * `map`.
 */
export type RecordSource<SourceRecord> = ((request?: SourceRequest) => AsyncIterable<SourceRecord>) &
  SourceFacts<SourceRecord>;

/** What a source tells about its records. */
export interface SourceFacts<SourceRecord> {
  /**
   * Name in messages: the file, or the address without its query. With `{ newest }`, the pattern until a file was read.
   */
  readonly title: string;
  /**
   * Row as a spreadsheet counts, the header being row 1; undefined without rows. For joined sources the place: `"rh.csv
   * row 12"`.
   */
  rowOf(record: SourceRecord): number | string | undefined;
  /**
   * Damage that the last reading suspected and that did not stop it; the path is the column. Holds no personal data.
   */
  warnings(): readonly OpleadIssue[];
  /**
   * Records with suspicious values in the last reading: damaged, or a state that says "has left". `planSync` reports
   * them as suspicious.
   */
  suspected(): readonly SuspectedRecord[];
  /** When the file of the last reading was last changed, in milliseconds since 1970. Undefined without a file. */
  changedAt?(): number | undefined;
  /** Notes the user that `map` made, to find {@link SourceFacts.columns}. Called by `planSync` for each record. */
  noteUser(record: SourceRecord, made: MadeUser): void;
  /** The column that fills each field, by its path, as far as the last reading makes it certain. */
  columns(): Readonly<Record<string, string>>;
}

export interface Suspicions {
  readonly warn: (warning: OpleadIssue) => void;
  readonly suspect: (record: number, issue: OpleadIssue) => void;
}

interface SourceParts<SourceRecord> {
  readonly title: string;
  // Texts of the source's options, in which the config loader looks for unset variables.
  readonly settings: readonly (string | undefined)[];
  readonly read: (found: Suspicions, request: SourceRequest) => AsyncIterable<SourceRecord>;
  readonly rowOf?: (record: SourceRecord) => number | string | undefined;
  readonly changedAt?: () => number | undefined;
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
    ...(parts.changedAt && { changedAt: parts.changedAt }),
    warnings: () => found,
    suspected: () => {
      // If `map` fills a field from the column that says who left, these users are sent on purpose.
      const filling = new Set(Object.values(columns.certain()));
      return suspected.filter(({ issue: { path, code } }) => code !== "state_of_leaver" || !filling.has(path));
    },
    noteUser: (record: SourceRecord, made: MadeUser) => columns.compare(record, made),
    columns: () => columns.certain(),
  });
  return withSettings(source, parts.settings);
}

const SETTINGS = Symbol.for("oplead-sdk.config.settings");

// Not enumerable: texts may be secrets, and logs print enumerable fields.
export function withSettings<T extends object>(part: T, settings: readonly (string | undefined)[]): T {
  return Object.defineProperty(part, SETTINGS, { value: settings });
}

export function settingsOf(source: unknown): readonly (string | undefined)[] {
  const settings = typeof source === "function" ? (source as { [SETTINGS]?: unknown })[SETTINGS] : undefined;
  return Array.isArray(settings) ? settings : [];
}

/** The user that `map` made of a record. */
export interface MadeUser {
  readonly user: unknown;
  readonly rules?: unknown;
}

// A symbol: hidden from code that lists columns.
const ROW = Symbol("row");

export function rowNumberOf(record: unknown): number | undefined {
  return (record as { readonly [ROW]?: number })[ROW];
}

export function withRowNumber<T extends object>(record: T, row: number): T {
  return Object.defineProperty(record, ROW, { value: row });
}

// Records compared with their users to find columns.
const COMPARED = 1000;

// Columns with the field's text in every record so far.
interface Fit {
  readonly columns: Set<string>;
  // At most two texts: a second one rules out a constant of `map`.
  readonly texts: Set<string>;
}

// Certain only if no other column fits, and the field had two texts: one may be a constant of `map`.
class FieldColumns {
  readonly #fits = new Map<string, Fit>();
  // Not the column of a field that was always empty.
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

// Removes what `map` may repair: case, spaces and leading zeros.
function plain(text: string): string {
  return text.toLowerCase().replace(/\s/g, "").replace(/^0+/, "");
}

export const isText = (value: unknown): value is string => typeof value === "string" && value.trim() !== "";

export function checkPath(where: string, name: string, value: unknown): void {
  if (!isText(value) && !(value instanceof URL)) requireNoIssues(where, [issueAt(name, tellConfig("not_path"))]);
}

export function firstOf<T>(list: readonly T[]): { readonly first: readonly T[]; readonly more: number } {
  const first = list.slice(0, 5);
  return { first, more: list.length - first.length };
}

// The message must not quote records. `retryable`: for example once the file is copied completely.
export function sourceRefused(title: string, found: ValueProblem, retryable = false, cause?: unknown): OpleadError {
  // The title is in the path: the translated error is made from the issue alone.
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

export function fileFailed(title: string, error: unknown): OpleadError {
  const code = errorCode(error) ?? "no code";
  const found = Object.hasOwn(FILE_PROBLEMS, code)
    ? issueAt("", tellConfig(FILE_PROBLEMS[code as keyof typeof FILE_PROBLEMS]))
    : issueAt("", tellConfig("file_unreadable", { code }));
  return sourceRefused(title, found, mayPass(error), error);
}

// Never returns a part of a file that is being replaced.
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

// Longest wait, in multiples of `minAgeMs`.
const PATIENCE = 10;

async function comesOfAge(path: string, minAgeMs: number): Promise<boolean> {
  const end = performance.now() + PATIENCE * minAgeMs;
  let before = await stat(path);
  while (performance.now() < end) {
    const missing = minAgeMs - (Date.now() - before.mtimeMs);
    if (missing <= 0) return true;
    // Limited: a file server's clock may be ahead.
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

export interface Likeness {
  readonly kind?: string;
  readonly options?: object;
  readonly joined?: {
    readonly main: unknown;
    with(main: RecordSource<unknown>): RecordSource<unknown>;
  };
}

export interface FileKind {
  readonly kind: string;
  readonly endings: readonly string[];
  readonly read: (file: string, usual: Likeness) => RecordSource<unknown>;
}

// `Symbol.for`: the config may load a second copy of the package.
const LIKENESS = Symbol.for("oplead-sdk.config.likeness");

export function withLikeness<Source extends object>(source: Source, likeness: Likeness): Source {
  return Object.defineProperty(source, LIKENESS, { value: likeness });
}

export function likenessOf(source: unknown): Likeness {
  return (typeof source === "function" && (source as { [LIKENESS]?: Likeness })[LIKENESS]) || {};
}
