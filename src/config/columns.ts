import { invalid, OpleadError } from "../core/errors.ts";
import { issueAt, type OpleadIssue } from "../core/issues.ts";
import { requireNoIssues } from "../core/validate.ts";
import { isObject, similarTo } from "../core/values.ts";
import type { Version } from "../ledger/version.ts";
import { tellConfig } from "../locales/en/config.ts";
import { tellValue } from "../locales/en/core.ts";
import { tellWarning } from "../locales/en/sync.ts";
import type { SourceUser } from "../reconcile/content.ts";
import { type RuleName, ruleNames, type UserRules } from "../rules/rules.ts";
import { type FieldFacts, type MappingFacts, type MappingReading, withMapping } from "../sync/plan/mapping.ts";
import type { SyncWarning } from "../sync/types/messages.ts";
import {
  type Cell,
  type CellRead,
  ColumnCell,
  isSameName,
  loadPhones,
  nearestName,
  type Repair,
  Row,
  type RowFacts,
} from "./cells.ts";
import { isText, rowNumberOf } from "./sources/source.ts";
import type { CsvRow } from "./sources/table.ts";

/**
 * Source of a field of {@link Columns}: a column, whose text is taken as it is; a helper of {@link cell}; or a function
 * of the row.
 */
export type Field<Value> = string | Cell<Value> | ((row: CsvRow) => Value | undefined);

/** The fields of a user with their columns. Optional fields may be omitted. */
export interface Columns {
  readonly accountNumber: Field<string>;
  readonly civility: Field<string>;
  readonly lastname: Field<string>;
  readonly firstname?: Field<string> | undefined;
  readonly login: Field<string>;
  readonly email: Field<string>;
  readonly phone?: Field<string> | undefined;
  readonly mobile?: Field<string> | undefined;
  readonly company?: Field<string> | undefined;
  /** Code. */
  readonly profile: Field<string>;
  /** Account number. An empty cell means no parent. */
  readonly parentUserIdentifier?: Field<string> | undefined;
  readonly address: {
    readonly street?: Field<string> | undefined;
    readonly zipCode: Field<string>;
    readonly city: Field<string>;
    /** Code. */
    readonly country: Field<string>;
  };
  /** Fields of your platform: see {@link UserInput.custom}. */
  readonly custom?: Readonly<Record<string, Field<unknown>>> | undefined;
  /**
   * A rule whose cell is empty is not sent: Oplead keeps the present one. Competences and contact profiles may be lists
   * of codes.
   */
  readonly rules?:
    | {
        readonly [Name in RuleName]?:
          | Exclude<
              Field<UserRules[Name] | (Name extends "competences" | "contactProfiles" ? readonly string[] : never)>,
              string
            >
          | undefined;
      }
    | undefined;
  /** See {@link SourceUser.version}. */
  readonly version?: Field<Version> | undefined;
  /** Value for the option `key` of the config. Default: the account number. */
  readonly key?: Field<string> | undefined;
  /**
   * Rows to leave out: a cell gives `"skip"` or a day that is over, or a function returns true. With a list `keep` in `cell.values`, a row
   * with a value in neither list is invalid; without it, such a row is kept.
   */
  readonly skip?:
    | Cell<"skip" | "keep">
    | Cell<`${number}-${number}-${number}`>
    | readonly (Cell<"skip" | "keep"> | Cell<`${number}-${number}-${number}`>)[]
    | ((row: CsvRow) => boolean)
    | undefined;
}

// Maps paths in `Columns` to paths in `SourceUser`.
const PLACES: Readonly<Record<string, string>> = {
  ...Object.fromEntries(ruleNames.map((name) => [`rules.${name}`, `rules.${name}`])),
  accountNumber: "accountNumber",
  civility: "civility",
  lastname: "lastname",
  firstname: "firstname",
  login: "login",
  email: "email",
  phone: "phone",
  mobile: "mobile",
  company: "company",
  profile: "profile.code",
  parentUserIdentifier: "parentUserIdentifier",
  "address.street": "address.street",
  "address.zipCode": "address.zipCode",
  "address.city": "address.city",
  "address.country": "address.country.code",
  version: "version",
  key: "key",
  skip: "skip",
};

// Without a value it becomes an empty text, which the check of users reports with its column.
const REQUIRED = [
  "accountNumber",
  "civility",
  "lastname",
  "login",
  "email",
  "profile",
  "address.zipCode",
  "address.city",
  "address.country",
];

const GROUPS = ["address", "rules", "custom"];

type Source = string | ColumnCell | ((row: CsvRow) => unknown);

interface Placed {
  readonly name: string;
  readonly path: string;
  readonly source: Source;
}

// Categories and numbers, no personal data: doctor may show an example.
const SHOWABLE: ReadonlySet<string> = new Set(["values", "postcode", "country", "kilometres", "counties", "codes"]);

/**
 * A `map` from a table: which column fills which field. It also sets the config's `key`. A row with a value that no
 * table knows is invalid. Warnings of the plan tell what was repaired and which rows `skip` left out. A column that the
 * file lacks ends the run. Names match whatever their case, accents and apostrophes. `oplead doctor` shows the column
 * of each field.
 *
 * ```ts
 * map: columns({
 * accountNumber: "Matricule",
 * civility: cell.values("Civilité", { "M.": ["M", "Monsieur"], Mme: "Madame" }),
 * lastname: "Nom", login: "Matricule", email: "Courriel",
 * profile: cell.values("Fonction", { PRF_SELLER: ["Vendeur", "Conseiller"] }),
 * address: { zipCode: cell.postcode("Code postal"), city: "Ville", country: cell.country("Pays", "FR") },
 * rules: { maxDistance: cell.kilometres("Rayon") },
 * skip: cell.values("Statut", { skip: ["Sorti", "Suspendu"] }),
 * })
 * ```
 *
 * @throws {@link OpleadError} `invalid_options` that lists every unknown, missing or wrong field.
 */
export function columns(fields: Columns): (record: object) => SourceUser | null | undefined {
  const found = new Map<string, Source>();
  const issues: OpleadIssue[] = [];
  readFields(fields, "", found, issues);
  for (const name of REQUIRED) {
    const isReported = issues.some(({ path }) => path === name || name.startsWith(`${path}.`));
    if (!found.has(name) && !isReported) issues.push(issueAt(name, tellValue("required")));
  }
  requireNoIssues("columns", issues);
  const mapping = new ColumnsMapping(found, skipsOf(fields.skip));
  return withMapping((record: object) => mapping.reading().map(record), mapping);
}

function readFields(given: unknown, group: string, found: Map<string, Source>, issues: OpleadIssue[]): void {
  if (!isObject(given)) {
    issues.push(issueAt(group, tellValue("not_object")));
    return;
  }
  const start = group === "" ? "" : `${group}.`;
  const siblings = [...Object.keys(PLACES), ...GROUPS]
    .filter((path) => path.startsWith(start))
    .map((path) => path.slice(start.length).replace(/\..*/, ""));
  const known = [...new Set(siblings)];
  for (const [name, source] of Object.entries(given)) {
    const path = start + name;
    if (source === undefined || path === "skip") continue;
    if (group === "" && GROUPS.includes(name)) readFields(source, name, found, issues);
    else if (group !== "custom" && !Object.hasOwn(PLACES, path)) {
      issues.push(issueAt(path, tellConfig("unknown_mapping_field", { known, similar: similarTo(name, known) })));
    } else if (group === "rules" && isText(source)) issues.push(issueAt(path, tellConfig("not_rule_helper")));
    else if (isSource(source)) found.set(path, source);
    else issues.push(issueAt(path, tellConfig("not_field")));
  }
}

function isSource(source: unknown): source is Source {
  return isText(source) || source instanceof ColumnCell || typeof source === "function";
}

function skipsOf(skip: Columns["skip"]): Source[] {
  const all: readonly unknown[] = skip === undefined ? [] : Array.isArray(skip) ? skip : [skip];
  const issues = all.flatMap((one) => (isSource(one) && !isText(one) ? [] : [issueAt("skip", tellConfig("not_skip"))]));
  requireNoIssues("columns", issues);
  return all.filter(isSource);
}

class ColumnsMapping {
  readonly placed: readonly Placed[];
  readonly inOrder: readonly Placed[];
  readonly skips: readonly Source[];
  readonly sources: readonly Source[];
  readonly columns: Readonly<Record<string, string>>;
  readonly #key: Source | undefined;
  #newest: ColumnsReading | undefined;

  constructor(found: ReadonlyMap<string, Source>, skips: readonly Source[]) {
    const all = [...found].map(([name, source]) => ({ name, path: PLACES[name] ?? name, source }));
    // The country first: the form of a postcode depends on it.
    const isCountry = ({ name }: Placed): number => Number(name === "address.country");
    this.placed = all.filter(({ name }) => name !== "key");
    this.inOrder = [...this.placed].sort((a, b) => isCountry(b) - isCountry(a));
    this.skips = skips;
    this.sources = [...this.placed.map(({ source }) => source), ...skips];
    this.#key = found.get("key") ?? found.get("accountNumber");
    const [skip] = skips.flatMap(columnsOf);
    this.columns = Object.fromEntries([
      ...all.flatMap(({ path, source }) => columnsOf(source).map((column) => [path, column])),
      ...(skip === undefined ? [] : [["skip", skip]]),
    ]);
  }

  readonly key = (record: unknown): string | undefined => {
    if (this.#key === undefined) return undefined;
    const { value } = readFrom(this.#key, new Row(record), { country: undefined });
    return value === undefined ? undefined : String(value);
  };

  codesOf(path: string): readonly string[] {
    const source = this.placed.find((one) => one.path === path)?.source;
    return source instanceof ColumnCell ? source.results : [];
  }

  async open(): Promise<MappingReading> {
    if (this.placed.some(({ source }) => kindOf(source) === "e164")) await loadPhones();
    return this.reading();
  }

  reading(): MappingReading {
    this.#newest = new ColumnsReading(this);
    return this.#newest;
  }

  unused(): readonly string[] {
    return this.sources.some((source) => typeof source === "function") ? [] : (this.#newest?.explain().unused ?? []);
  }

  answers({ code, path }: OpleadIssue): boolean {
    const reads = (kinds: readonly string[]): boolean =>
      this.sources.some((source) => {
        return source instanceof ColumnCell && kinds.includes(source.kind) && source.columns.some(isSameName(path));
      });
    if (code === "zip_codes_lost_zero") return reads(["postcode"]);
    // The author of `cell.values` knows the values that mean "has left".
    return code === "state_of_leaver" && reads(["values"]);
  }
}

function columnsOf(source: Source): readonly string[] {
  if (typeof source === "string") return [source];
  return source instanceof ColumnCell ? source.columns : [];
}

function readFrom(source: Source, row: Row, facts: RowFacts): CellRead {
  if (typeof source === "string") return { value: row.text(source) || undefined };
  if (typeof source === "function") return { value: source(row.given) ?? undefined };
  const texts = source.columns.map((column) => row.text(column));
  return source.read(texts, facts);
}

interface Seen {
  readonly rows: number[];
  count: number;
}

const NAMED_ROWS = 5;

// More unknown values probably mean the wrong column.
const NAMED_VALUES = 20;

class ColumnsReading implements MappingReading {
  readonly #mapping: ColumnsMapping;
  readonly #repairs = new Map<string, Seen & { readonly column: string; readonly repair: Repair }>();
  readonly #leftOut = new Map<string, Seen & { readonly column: string }>();
  readonly #unknown = new Map<string, Seen & { readonly column: string; readonly value: string }>();
  readonly #examples = new Map<string, NonNullable<FieldFacts["example"]>>();
  readonly #today = localDay();
  #unused: readonly string[] = [];

  constructor(mapping: ColumnsMapping) {
    this.#mapping = mapping;
  }

  readonly map = (record: unknown): SourceUser | null => {
    const row = new Row(record);
    const number = rowNumberOf(record);
    const issues: OpleadIssue[] = [];
    if (this.#isSkipped(row, number, issues)) return null;
    const values = new Map<string, unknown>();
    let country: string | undefined;
    for (const { name, path, source } of this.#mapping.inOrder) {
      const { value, repair, problem } = readFrom(source, row, { country });
      if (problem) {
        issues.push(issueAt(path, problem));
        this.#noteUnknown(problem, number);
      }
      if (name === "address.country" && typeof value === "string") country = value;
      const [column = ""] = columnsOf(source);
      if (repair) count(this.#repairs, `${repair} ${column}`, { column, repair }, number);
      this.#noteExample(path, source, row, value);
      values.set(name, value ?? (REQUIRED.includes(name) && !problem ? "" : undefined));
    }
    if (issues.length > 0) throw invalid("invalid_input", number === undefined ? "columns" : `row ${number}`, issues);
    return userOf(values);
  };

  begin(record: unknown): void {
    const row = new Row(record);
    const used = this.#mapping.sources.flatMap(columnsOf);
    this.#unused = row.names.filter((name) => !used.some(isSameName(name)));
    // Tables only: a JSON record may lack a field that the next one has.
    if (rowNumberOf(record) === undefined) return;
    const absent = [...new Set(used)].filter((column) => !row.has(column));
    if (absent.length === 0) return;
    const named = absent.map((name) => ({ name, similar: nearestName(name, row.names) }));
    const issue = issueAt("map", tellConfig("header_lacks", { absent: named }));
    throw new OpleadError("source_failed", issue.message, { retryable: false, issues: [issue] });
  }

  warnings(): SyncWarning[] {
    const said = ({ column, rows, count }: Seen & { readonly column: string }) => {
      return { column, count, rows, more: count - rows.length };
    };
    const unknown = [...this.#unknown.values()].sort((a, b) => b.count - a.count).slice(0, NAMED_VALUES);
    return [
      ...unknown.map((seen) => tellWarning("value_not_in_config", { ...said(seen), value: seen.value })),
      ...[...this.#leftOut.values()].map((seen) => tellWarning("rows_left_out", said(seen))),
      ...[...this.#repairs.values()].map((seen) => tellWarning(seen.repair, said(seen))),
    ];
  }

  explain(): MappingFacts {
    const { placed, skips } = this.#mapping;
    const all = [...placed, ...skips.map((source) => ({ path: "skip", source }))];
    const fields = all.map(({ path, source }) => ({
      field: path,
      column: columnsOf(source).join(" + ") || undefined,
      by: kindOf(source),
      example: this.#examples.get(path),
    }));
    return { fields, unused: this.#unused };
  }

  #isSkipped(row: Row, number: number | undefined, issues: OpleadIssue[]): boolean {
    for (const source of this.#mapping.skips) {
      const { value, problem } = readFrom(source, row, { country: undefined });
      const [column = ""] = columnsOf(source);
      const isOver = source instanceof ColumnCell && source.kind === "date" && String(value ?? "9") < this.#today;
      if (value === "skip" || value === true || isOver) {
        count(this.#leftOut, column, { column }, number);
        return true;
      }
      if (problem && source instanceof ColumnCell && (source.kind === "date" || source.results.includes("keep"))) {
        issues.push(issueAt("skip", problem));
        this.#noteUnknown(problem, number);
      }
    }
    return false;
  }

  #noteUnknown({ parameters }: NonNullable<CellRead["problem"]>, row: number | undefined): void {
    const { column, value } = parameters as { readonly column: string; readonly value: string };
    count(this.#unknown, `${column}\0${value}`, { column, value }, row);
  }

  #noteExample(path: string, source: Source, row: Row, value: unknown): void {
    const known = this.#examples.get(path);
    // A changed example tells more than an unchanged one.
    if ((known && known.from !== known.to) || value === undefined || !SHOWABLE.has(kindOf(source))) return;
    const [column = ""] = columnsOf(source);
    this.#examples.set(path, {
      from: row.text(column),
      to: typeof value === "object" ? JSON.stringify(value) : `${value}`,
    });
  }
}

function localDay(): string {
  const now = new Date();
  return new Date(now.getTime() - now.getTimezoneOffset() * 60_000).toISOString().slice(0, 10);
}

function kindOf(source: Source): FieldFacts["by"] {
  if (typeof source === "string") return "column";
  return source instanceof ColumnCell ? source.kind : "function";
}

function count<Extra>(seen: Map<string, Seen & Extra>, key: string, extra: Extra, row: number | undefined): void {
  const one = seen.get(key) ?? { rows: [], count: 0, ...extra };
  one.count += 1;
  if (row !== undefined && one.rows.length < NAMED_ROWS) one.rows.push(row);
  seen.set(key, one);
}

function userOf(values: ReadonlyMap<string, unknown>): SourceUser {
  const part = (start: string): Record<string, unknown> =>
    Object.fromEntries(
      [...values].flatMap(([name, value]) =>
        name.startsWith(start) && value !== undefined ? [[name.slice(start.length), value]] : [],
      ),
    );
  const { profile, version, ...fields } = part("");
  const direct = Object.fromEntries(Object.entries(fields).filter(([name]) => !name.includes(".")));
  const { country, ...address } = part("address.");
  const { competences, ...rules } = part("rules.");
  const custom = part("custom.");
  const user: Record<string, unknown> = {
    ...direct,
    profile: { code: profile },
    address: { ...address, country: { code: country } },
  };
  if (Object.keys(custom).length > 0) user.custom = custom;
  if (competences !== undefined) rules.competences = asRanges(competences);
  // Safe: every user is checked before anything is sent.
  return { user, rules, ...(version !== undefined && { version }) } as unknown as SourceUser;
}

function asRanges(competences: unknown): unknown {
  const isCodes = Array.isArray(competences) && competences.every((one) => typeof one === "string");
  return isCodes ? competences.map((code) => ({ range: { code } })) : competences;
}
