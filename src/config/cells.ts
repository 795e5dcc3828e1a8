import type { OpleadIssue, ValueProblem } from "../core/issues.ts";
import { issueAt } from "../core/issues.ts";
import { requireNoIssues } from "../core/validate.ts";
import { isObject } from "../core/values.ts";
import { tellConfig, tellRow } from "../locales/en/config.ts";
import { tellValue } from "../locales/en/core.ts";
import type { RuleBodies } from "../rules/types.ts";
import type { FieldKind } from "../sync/plan/mapping.ts";
import { isText } from "./sources/source.ts";
import type { CsvRow } from "./sources/table.ts";

/** How a field of {@link Columns} gets its value from columns; made by the helpers of {@link cell}. */
export interface Cell<Value> {
  /** Columns that are read. */
  readonly columns: readonly string[];
  /** Never set; refuses, at compile time, values of another type. */
  readonly "~value"?: Value | undefined;
}

export type Repair =
  | "postcodes_completed"
  | "postcodes_cleaned"
  | "phones_completed"
  | "phones_unified"
  | "countries_recoded"
  | "distances_read"
  | "counties_completed";

export interface CellRead {
  readonly value?: unknown;
  readonly repair?: Repair | undefined;
  readonly problem?: ValueProblem;
}

export interface RowFacts {
  readonly country: string | undefined;
}

export class ColumnCell implements Cell<never> {
  readonly kind: FieldKind;
  readonly columns: readonly string[];
  readonly read: (texts: readonly string[], row: RowFacts) => CellRead;
  readonly results: readonly string[];

  constructor(kind: FieldKind, columns: readonly string[], read: ColumnCell["read"], results: readonly string[] = []) {
    const where = `cell.${kind}`;
    const wrong = columns.some((column) => !isText(column));
    requireNoIssues(where, wrong ? [issueAt("column", tellConfig("not_column"))] : []);
    this.kind = kind;
    this.columns = columns;
    this.read = read;
    this.results = results;
  }
}

function cellOf(kind: FieldKind, column: string, read: (text: string, row: RowFacts) => CellRead): ColumnCell {
  return new ColumnCell(kind, [column], ([text = ""], row) => (text === "" ? {} : read(text, row)));
}

type Table = Readonly<Record<string, string | readonly string[]>>;

export function folded(text: string): string {
  return text
    .normalize("NFKD")
    .replace(/[\u0300-\u036f]/g, "")
    .toLowerCase()
    .replace(/[’‘ʼ´`]/g, "'")
    .replace(/\s+/g, " ")
    .trim()
    .replace(/\.$/, "");
}

// A folded text that stands for several values does not count.
function lookUpIn(where: string, table: Table): (text: string) => string | undefined {
  const issues: OpleadIssue[] = [];
  const [exact, similar] = [new Map<string, string>(), new Map<string, string | undefined>()];
  if (!isObject(table)) issues.push(issueAt("values", tellValue("not_object")));
  const entries = Object.entries(isObject(table) ? table : {}) as [string, string | readonly string[]][];
  for (const [value, given] of entries) {
    const texts = typeof given === "string" ? [given] : given;
    if (!Array.isArray(texts) || texts.some((text) => typeof text !== "string")) {
      issues.push(issueAt("values", tellConfig("not_texts", { value })));
      continue;
    }
    for (const text of texts as readonly string[]) {
      const other = exact.get(text.trim());
      if (other !== undefined && other !== value) {
        issues.push(issueAt("values", tellConfig("text_of_two", { text, values: [other, value] })));
      }
      exact.set(text.trim(), value);
    }
  }
  requireNoIssues(where, issues);
  for (const [value] of entries) if (!exact.has(value)) exact.set(value, value);
  for (const [text, value] of exact) {
    const letters = folded(text);
    const isShared = similar.has(letters) && similar.get(letters) !== value;
    similar.set(letters, isShared ? undefined : value);
  }
  return (text) => exact.get(text) ?? similar.get(folded(text));
}

// May be personal data.
function shownValue(value: string): string {
  return /@|\d{6}/.test(value) ? "[…]" : value.slice(0, 60);
}

function values<Code extends string>(
  column: string,
  table: Readonly<Record<Code, string | readonly string[]>>,
): Cell<Code> {
  const lookUp = lookUpIn("cell.values", table);
  const read = ([text = ""]: readonly string[]): CellRead => {
    const value = lookUp(text);
    if (value !== undefined) return { value };
    return text === "" ? {} : { problem: tellRow("value_unknown", { column, value: shownValue(text) }) };
  };
  return new ColumnCell("values", [column], read, Object.keys(table));
}

function always<Value extends string | number>(value: Value): Cell<Value> {
  const isWrong = typeof value !== "string" && typeof value !== "number";
  requireNoIssues("cell.always", isWrong ? [issueAt("value", tellValue("not_text_or_number"))] : []);
  return new ColumnCell("always", [], () => ({ value }), [String(value)]);
}

function prefix(text: string, column: string): Cell<string> {
  requireNoIssues("cell.prefix", isText(text) ? [] : [issueAt("text", tellValue("not_text"))]);
  return cellOf("prefix", column, (value) => ({ value: value.startsWith(text) ? value : text + value }));
}

function postcode(column: string): Cell<string> {
  return cellOf("postcode", column, (text, { country }) => {
    if (country !== "FR" || /^\d{5}$/.test(text)) return { value: text };
    // Accepts `75 001`, `F-75001`, and `75001.0` from programs that take a postcode for a number.
    const bare = /^(?:FR?\s*-\s*)?(\d{2}\s?\d{3}|[1-9]\d{3})(?:[.,]0+)?$/i.exec(text)?.[1]?.replace(/\s/g, "");
    if (bare === undefined) return { value: text };
    return bare.length === 5
      ? { value: bare, repair: "postcodes_cleaned" }
      : { value: `0${bare}`, repair: "postcodes_completed" };
  });
}

const PHONE_WITHOUT_ZERO = /^([1-9]\d{8})(?:[.,]0+)?$/;

function phone(column: string): Cell<string> {
  return cellOf("phone", column, (text, { country }) => {
    const bare = country === "FR" ? PHONE_WITHOUT_ZERO.exec(text)?.[1] : undefined;
    return bare === undefined ? { value: text } : { value: `0${bare}`, repair: "phones_completed" };
  });
}

let toE164: ((text: string, country: string | undefined) => string | undefined) | undefined;

// Late: the numbering plans take 80 kB.
export async function loadPhones(): Promise<void> {
  ({ toE164 } = await import("./phones.ts"));
}

function e164(column: string): Cell<string> {
  return cellOf("e164", column, (text, { country }) => {
    if (!toE164) throw new Error("cell.e164 is read by a plan only");
    const value = toE164(text, country) ?? text;
    return { value, repair: value === text ? undefined : "phones_unified" };
  });
}

// Groups of countries, or none, in Unicode's list of regions.
const NO_COUNTRIES = new Set(["EU", "EZ", "QO", "UN", "XA", "XB", "ZZ"]);

// Missing or different in Unicode's data.
const MORE_NAMES = {
  FR: ["France métropolitaine", "FRA"],
  GB: ["UK", "Grande-Bretagne"],
  US: ["USA"],
  NL: ["Hollande"],
};

let countries: ReadonlyMap<string, string> | undefined;

function countryNames(): ReadonlyMap<string, string> {
  const letters = [..."ABCDEFGHIJKLMNOPQRSTUVWXYZ"];
  const pairs = letters.flatMap((first) => letters.map((second) => first + second));
  const names = new Map<string, string>();
  for (const language of ["en", "fr"]) {
    const shown = new Intl.DisplayNames([language], { type: "region", fallback: "none" });
    for (const code of pairs) {
      const name = NO_COUNTRIES.has(code) ? undefined : shown.of(code);
      // Intl replaces the code of a former country by a present one.
      if (name === undefined || new Intl.Locale(`und-${code}`).region !== code) continue;
      for (const text of [code, name]) names.set(folded(text), code);
    }
  }
  for (const [code, more] of Object.entries(MORE_NAMES)) for (const name of more) names.set(folded(name), code);
  return names;
}

export function countryCode(text: string): string | undefined {
  countries ??= countryNames();
  return countries.get(folded(text));
}

function country(column: string, empty?: string): Cell<string> {
  const isWrong = empty !== undefined && !/^[A-Z]{2}$/.test(empty);
  requireNoIssues("cell.country", isWrong ? [issueAt("empty", tellValue("not_country_code"))] : []);
  return new ColumnCell("country", [column], ([text = ""]) => {
    if (text === "") return { value: empty };
    const code = countryCode(text);
    if (code === undefined) return { problem: tellRow("country_unknown", { column, value: shownValue(text) }) };
    return { value: code, repair: code === text ? undefined : "countries_recoded" };
  });
}

function kilometres(column: string): Cell<number> {
  return cellOf("kilometres", column, (text) => {
    const [, whole = "", part = ""] =
      /^(\d+|\d{1,3}(?:\s\d{3})+)(?:[.,](\d{1,2}))?\s*(?:kms?|kilom[eè]tres?|kilometers?)?\.?$/i.exec(text) ?? [];
    if (whole === "") return { problem: tellRow("distance_unknown", { column, value: shownValue(text) }) };
    const value = Number(`${whole.replace(/\s/g, "")}.${part || 0}`);
    return { value, repair: /^\d+(?:\.\d+)?$/.test(text) ? undefined : "distances_read" };
  });
}

const DATES = [
  /^(?<year>\d{4})-(?<month>\d\d)-(?<day>\d\d)(?:$|[T ])/,
  /^(?<day>\d\d?)[/. -](?<month>\d\d?)[/. -](?<year>\d{4}|\d\d)$/,
];

function date(column: string): Cell<`${number}-${number}-${number}`> {
  return cellOf("date", column, (text) => {
    const found = DATES.map((form) => form.exec(text)?.groups).find((groups) => groups !== undefined);
    const { year = "", month = "", day = "" } = found ?? {};
    const value = `${year.length === 2 ? `20${year}` : year}-${month.padStart(2, "0")}-${day.padStart(2, "0")}`;
    // Rejects 31/02, which Date would move to March.
    const isDay = found !== undefined && new Date(`${value}T00:00:00Z`).toJSON()?.startsWith(value);
    return isDay ? { value } : { problem: tellRow("date_unknown", { column, value: shownValue(text) }) };
  }) as Cell<`${number}-${number}-${number}`>;
}

const DEPARTMENT = /^(?:0[1-9]|1\d|2[1-9AB]|[3-8]\d|9[0-5]|97[1-6])$/;

function counties(column: string): Cell<RuleBodies["geographical"]> {
  return cellOf("counties", column, (text) => {
    const parts = partsOf(text);
    const numbers = parts.map((part) => part.toUpperCase().replace(/^\d$/, "0$&"));
    const wrong = numbers.findIndex((number) => !DEPARTMENT.test(number));
    if (wrong >= 0) {
      return { problem: tellRow("county_unknown", { column, value: shownValue(parts[wrong] ?? "") }) };
    }
    const handledCounties = numbers.map((number) => ({ handledCounty: { number } }));
    const value: RuleBodies["geographical"] = {
      handledCountries: [{ handledCountry: { code: "FR" }, handledCounties }],
    };
    return { value, repair: numbers.every((number, at) => number === parts[at]) ? undefined : "counties_completed" };
  });
}

function codes<Code extends string = string>(
  column: string,
  table?: Readonly<Record<Code, string | readonly string[]>>,
): Cell<readonly Code[]> {
  const lookUp = table === undefined ? undefined : lookUpIn("cell.codes", table);
  return cellOf("codes", column, (text) => {
    if (!lookUp) return { value: partsOf(text) };
    // The whole cell first: a text of the table may contain a comma.
    const whole = lookUp(text);
    if (whole !== undefined) return { value: [whole] };
    const found = partsOf(text).map((part) => ({ part, value: lookUp(part) }));
    const wrong = found.find(({ value }) => value === undefined);
    if (wrong) return { problem: tellRow("value_unknown", { column, value: shownValue(wrong.part) }) };
    return { value: [...new Set(found.map(({ value }) => value))] };
  });
}

function partsOf(text: string): string[] {
  return text
    .split(/[,;/|+\n]/)
    .map((part) => part.trim())
    .filter((part) => part !== "");
}

export function isTotal(text: string): boolean {
  return /^(?:(?:sous|sub|grand)[\s-]*)?(?:total|totaux|totals)\b/i.test(text);
}

const OF_A_PERSON = 2;

function notPerson(...columns: readonly [string, string, ...string[]]): Cell<"skip"> {
  const isShort = columns.length < OF_A_PERSON;
  requireNoIssues("cell.notPerson", isShort ? [issueAt("columns", tellConfig("two_columns"))] : []);
  return new ColumnCell("notPerson", columns, (texts) => {
    if (texts.some(isTotal)) return { value: "skip" };
    // A number in the first column may be an account number; in the other columns, of names, it is a total.
    const filled = texts.filter((text, at) => text !== "" && (at === 0 || !/^[\d\s.,]*$/.test(text))).length;
    return { value: filled < OF_A_PERSON ? "skip" : undefined };
  });
}

/**
 * Helpers for the fields of {@link columns}. Plans count their repairs, which are certainly right. A value that a
 * helper does not know makes its row invalid, and the message quotes it: use `values` and `codes` for categories, not
 * for names.
 *
 * ```ts
 * cell.values("Civilité", { "M.": ["M", "Monsieur"], Mme: ["Madame", "Mlle"] })
 * ```
 */
export const cell: {
  /**
   * The value whose texts contain the cell's text, or the value itself. Case, accents, the kind of apostrophe and a
   * final full stop are ignored unless they alone distinguish two values. The text `""` stands for an empty cell.
   */
  values<Code extends string>(column: string, table: Readonly<Record<Code, string | readonly string[]>>): Cell<Code>;
  /** The same value for every row. */
  always<Value extends string | number>(value: Value): Cell<Value>;
  /**
   * The column's text with a prefix, unless it begins with it. For account numbers of digits only, which could be an
   * Oplead ID.
   */
  prefix(text: string, column: string): Cell<string>;
  /**
   * A postcode. In France a lost zero is put back (`1000` becomes `01000`) and signs are dropped (`75 001`, `F-75001`).
   */
  postcode(column: string): Cell<string>;
  /** A phone number. In France a lost zero is put back: `612345678` becomes `0612345678`. */
  phone(column: string): Cell<string>;
  /**
   * A phone number in E.164, by the country of the address: `06 12 34 56 78` becomes `+33612345678`. A text that is no
   * valid number stays as it is. In a config in use, this changes the phone of nearly every user once. For plans: the map,
   * called by itself, throws.
   */
  e164(column: string): Cell<string>;
  /**
   * A country's code, from its code or its English or French name: `fr`, `France métropolitaine`. `empty`: the code for
   * an empty cell.
   */
  country(column: string, empty?: string): Cell<string>;
  /** A distance in km: `30`, `30 km`, `12,5`. */
  kilometres(column: string): Cell<number>;
  /**
   * A day, as `2026-01-31`, from `31/01/2026`, `31.1.26` or ISO 8601. In `skip` it leaves out rows whose day is over, such
   * as the end of a contract.
   */
  date(column: string): Cell<`${number}-${number}-${number}`>;
  /** Numbers of French departments: `29`, `1, 38, 2A`. */
  counties(column: string): Cell<RuleBodies["geographical"]>;
  /** Codes, separated by `,`, `;`, `/`, `|` or `+`. `table`: as in `values`. Default: the codes as written. */
  codes<Code extends string = string>(
    column: string,
    table?: Readonly<Record<Code, string | readonly string[]>>,
  ): Cell<readonly Code[]>;
  /**
   * For `skip`: leaves out rows such as totals and remarks, with at most one of the named columns filled. A number
   * counts as filled in the first column only, where it may be an account number and not a total.
   */
  notPerson(...columns: readonly [string, string, ...string[]]): Cell<"skip">;
} = { values, always, prefix, postcode, phone, e164, country, kilometres, date, counties, codes, notPerson };

export function isSameName(name: string): (other: string) => boolean {
  return (other) => other === name || folded(other) === folded(name);
}

// Names may differ in case and accents.
export class Row {
  readonly #record: Readonly<Record<string, unknown>>;

  constructor(record: unknown) {
    this.#record = isObject(record) ? record : {};
  }

  text(column: string): string {
    const value = this.#record[Object.hasOwn(this.#record, column) ? column : (this.#nameOf(column) ?? column)];
    if (typeof value === "string") return value.trim();
    return typeof value === "number" || typeof value === "boolean" || typeof value === "bigint" ? String(value) : "";
  }

  has(column: string): boolean {
    return Object.hasOwn(this.#record, column) || this.#nameOf(column) !== undefined;
  }

  get names(): string[] {
    return Object.keys(this.#record);
  }

  get given(): CsvRow {
    return this.#record as CsvRow;
  }

  #nameOf(column: string): string | undefined {
    const same = this.names.filter(isSameName(column));
    return same.length === 1 ? same[0] : undefined;
  }
}

export function nearestName(name: string, names: readonly string[]): string | undefined {
  const wanted = folded(name);
  const far = names.map((other) => ({ other, steps: distance(wanted, folded(other)) }));
  const [best] = far.sort((a, b) => a.steps - b.steps);
  if (best && best.steps <= Math.max(2, wanted.length / 3)) return best.other;
  return names.find((other) => folded(other).includes(wanted) || wanted.includes(folded(other)));
}

// Levenshtein distance.
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (const [i, letter] of [...a].entries()) {
    const next = [i + 1];
    for (let at = 0; at < b.length; at += 1) {
      const replaced = (row[at] ?? 0) + (letter === b[at] ? 0 : 1);
      next.push(Math.min(replaced, (row[at + 1] ?? 0) + 1, (next[at] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
