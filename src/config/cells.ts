import type { OpleadIssue, ValueProblem } from "../core/issues.ts";
import { issueAt } from "../core/issues.ts";
import { requireNoIssues } from "../core/validate.ts";
import { isObject } from "../core/values.ts";
import { tellConfig, tellRow } from "../locales/en/config.ts";
import { tellValue } from "../locales/en/core.ts";
import type { GeographicalRule } from "../rules/geographical.ts";
import type { FieldKind } from "../sync/plan/mapping.ts";
import { isText } from "./sources/source.ts";
import type { CsvRow } from "./sources/table.ts";

/**
 * Describes how a field gets its value from columns. The helpers of {@link cell} make it for a field of {@link
 * Columns}.
 */
export interface Cell<Value> {
  /** The columns that the cell reads. */
  readonly columns: readonly string[];
  /** Never set. With it, the compiler refuses a cell whose values have the wrong type for the field. */
  readonly "~value"?: Value | undefined;
}

/** The code of a repair that is certainly right. It is the code of the warning that counts such repairs. */
export type Repair =
  | "postcodes_completed"
  | "postcodes_cleaned"
  | "phones_completed"
  | "countries_recoded"
  | "distances_read"
  | "counties_completed";

/** The result of reading the cells of a field: a value, the problem, or neither if the cells are empty. */
export interface CellRead {
  readonly value?: unknown;
  readonly repair?: Repair | undefined;
  readonly problem?: ValueProblem;
}

/** Values of a row that are read first, because reading the row's other fields may depend on them. */
export interface RowFacts {
  /** The code of the country in the row's address. */
  readonly country: string | undefined;
}

/** A {@link Cell} with the function that reads it. */
export class ColumnCell implements Cell<never> {
  readonly kind: FieldKind;
  readonly columns: readonly string[];
  readonly read: (texts: readonly string[], row: RowFacts) => CellRead;
  /** The values that the cell's table can give; empty if the cell has no table. */
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

/** Makes a cell that reads one column. If the column is empty, the field has no value. */
function cellOf(kind: FieldKind, column: string, read: (text: string, row: RowFacts) => CellRead): ColumnCell {
  return new ColumnCell(kind, [column], ([text = ""], row) => (text === "" ? {} : read(text, row)));
}

/**
 * For each value, the texts that stand for it: `{ PRF_SELLER: ["Vendeur", "Conseiller"], PRF_MANAGER: "Responsable" }`.
 */
type Table = Readonly<Record<string, string | readonly string[]>>;

/**
 * Reduces a text to what people compare: lower case without accents, without a full stop at the end, and with only one
 * kind of apostrophe and space.
 */
function folded(text: string): string {
  return text
    .normalize("NFKD")
    .replace(/[\u0300-\u036f]/g, "")
    .toLowerCase()
    .replace(/[’‘ʼ´`]/g, "'")
    .replace(/\s+/g, " ")
    .trim()
    .replace(/\.$/, "");
}

/**
 * Looks a text up in a table: first as it is written, then in the form that {@link folded} gives, unless this form
 * stands for several values.
 */
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

/** A value as a message quotes it. A value that looks like personal data is replaced. */
function shownValue(value: string): string {
  return /@|\d{6}/.test(value) ? "[…]" : value.slice(0, 60);
}

/** A cell with a table of values. An empty cell has the value of the text `""`, if the table has this text. */
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
    // Matches the postcodes that are repaired: `75 001`, `F-75001`, and `75001.0`, which comes from programs that take
    // a postcode for a number.
    const bare = /^(?:FR?\s*-\s*)?(\d{2}\s?\d{3}|[1-9]\d{3})(?:[.,]0+)?$/i.exec(text)?.[1]?.replace(/\s/g, "");
    if (bare === undefined) return { value: text };
    return bare.length === 5
      ? { value: bare, repair: "postcodes_cleaned" }
      : { value: `0${bare}`, repair: "postcodes_completed" };
  });
}

/** Matches a phone number that has lost its leading zero in a program that stored it as a number. */
const PHONE_WITHOUT_ZERO = /^([1-9]\d{8})(?:[.,]0+)?$/;

function phone(column: string): Cell<string> {
  return cellOf("phone", column, (text, { country }) => {
    const bare = country === "FR" ? PHONE_WITHOUT_ZERO.exec(text)?.[1] : undefined;
    return bare === undefined ? { value: text } : { value: `0${bare}`, repair: "phones_completed" };
  });
}

/** Codes in Unicode's list of regions that stand for groups of countries or for no country. */
const NO_COUNTRIES = new Set(["EU", "EZ", "QO", "UN", "XA", "XB", "ZZ"]);

/** Names of countries that Unicode's data do not have or write differently. */
const MORE_NAMES = {
  FR: ["France métropolitaine", "FRA"],
  GB: ["UK", "Grande-Bretagne"],
  US: ["USA"],
  NL: ["Hollande"],
};

let countries: ReadonlyMap<string, string> | undefined;

/** The codes of countries, by their names in English and French in the form of {@link folded}. */
function countryNames(): ReadonlyMap<string, string> {
  const letters = [..."ABCDEFGHIJKLMNOPQRSTUVWXYZ"];
  const pairs = letters.flatMap((first) => letters.map((second) => first + second));
  const names = new Map<string, string>();
  for (const language of ["en", "fr"]) {
    const shown = new Intl.DisplayNames([language], { type: "region", fallback: "none" });
    for (const code of pairs) {
      const name = NO_COUNTRIES.has(code) ? undefined : shown.of(code);
      // Codes of former countries are skipped: Intl replaces them by the code of a present country.
      if (name === undefined || new Intl.Locale(`und-${code}`).region !== code) continue;
      for (const text of [code, name]) names.set(folded(text), code);
    }
  }
  for (const [code, more] of Object.entries(MORE_NAMES)) for (const name of more) names.set(folded(name), code);
  return names;
}

/** The code of a country by its code or its name. */
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

/** The departments of France: 01 to 95 without 20, 2A, 2B, and the overseas departments. */
const DEPARTMENT = /^(?:0[1-9]|1\d|2[1-9AB]|[3-8]\d|9[0-5]|97[1-6])$/;

function counties(column: string): Cell<GeographicalRule> {
  return cellOf("counties", column, (text) => {
    const parts = partsOf(text);
    const numbers = parts.map((part) => part.toUpperCase().replace(/^\d$/, "0$&"));
    const wrong = numbers.findIndex((number) => !DEPARTMENT.test(number));
    if (wrong >= 0) {
      return { problem: tellRow("county_unknown", { column, value: shownValue(parts[wrong] ?? "") }) };
    }
    const handledCounties = numbers.map((number) => ({ handledCounty: { number } }));
    const value: GeographicalRule = { handledCountries: [{ handledCountry: { code: "FR" }, handledCounties }] };
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
    // The whole cell is looked up first, because a text of the table may itself contain a comma.
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

/** How many of the columns given to `notPerson` must be filled for a row to count as a person. */
const OF_A_PERSON = 2;

function notPerson(...columns: readonly [string, string, ...string[]]): Cell<"skip"> {
  const isShort = columns.length < OF_A_PERSON;
  requireNoIssues("cell.notPerson", isShort ? [issueAt("columns", tellConfig("two_columns"))] : []);
  return new ColumnCell("notPerson", columns, (texts) => {
    // In the first column, a number counts as filled, because it may be an account number. In the other columns it
    // does not, because a row of totals may have a number in the column of names.
    const filled = texts.filter((text, at) => text !== "" && (at === 0 || !/^[\d\s.,]*$/.test(text))).length;
    return { value: filled < OF_A_PERSON ? "skip" : undefined };
  });
}

/**
 * Helpers for the fields of {@link columns}. Each helper makes repairs that are certainly right, and plans count them.
 * A value that a helper does not know makes its row invalid, and the message quotes it: use `values` and `codes` for
 * columns of categories, not of names.
 *
 * ```ts
 * cell.values("Civilité", { "M.": ["M", "Monsieur"], Mme: ["Madame", "Mlle"] })
 * ```
 */
export const cell: {
  /**
   * Looks the cell's text up in a table, and gives the value for which the text stands. Case, accents, the kind of
   * apostrophe and a full stop at the end are ignored, unless the texts of two values differ only in these. A cell may
   * also hold the value itself. In a table, the text `""` stands for an empty cell.
   */
  values<Code extends string>(column: string, table: Readonly<Record<Code, string | readonly string[]>>): Cell<Code>;
  /** Gives every row the same value. */
  always<Value extends string | number>(value: Value): Cell<Value>;
  /**
   * The text of a column with a prefix, unless it begins with the prefix already. Use it for account numbers that have
   * only digits, because such a number could be an Oplead ID.
   */
  prefix(text: string, column: string): Cell<string>;
  /**
   * A postcode. For users in France a lost zero is put back (`1000` becomes `01000`), and signs are left out (`75 001`,
   * `F-75001`).
   */
  postcode(column: string): Cell<string>;
  /** A phone number. For users in France a lost zero is put back: `612345678` becomes `0612345678`. */
  phone(column: string): Cell<string>;
  /**
   * The code of a country, by its code or its name in English or French: `fr`, `France métropolitaine`. `empty`: the
   * code for an empty cell.
   */
  country(column: string, empty?: string): Cell<string>;
  /** A distance: `30`, `30 km`, `12,5`. */
  kilometres(column: string): Cell<number>;
  /** Departments of France, by their numbers: `29`, `1, 38, 2A`. */
  counties(column: string): Cell<GeographicalRule>;
  /**
   * Codes. A cell may hold several, with `,`, `;`, `/`, `|` or `+` between them. `table`: as in `values`. Default: the
   * codes as they are written.
   */
  codes<Code extends string = string>(
    column: string,
    table?: Readonly<Record<Code, string | readonly string[]>>,
  ): Cell<readonly Code[]>;
  /**
   * For `skip`: leaves out rows that do not describe a person, such as totals and remarks. A row is left out if at most
   * one of the named columns is filled. In the first named column a number counts as filled, because it may be an
   * account number. In the other columns a number does not count, because it may be a total.
   */
  notPerson(...columns: readonly [string, string, ...string[]]): Cell<"skip">;
} = { values, always, prefix, postcode, phone, country, kilometres, counties, codes, notPerson };

/** Makes a function that says whether a column's name equals `name`, apart from case, accents and apostrophes. */
export function isSameName(name: string): (other: string) => boolean {
  return (other) => other === name || folded(other) === folded(name);
}

/**
 * Reads a record by the names that the mapping has for the columns. The record's own names may differ in case and
 * accents.
 */
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

/**
 * The known name that is most similar to a given name; undefined if no known name is so similar that the given one
 * may be a misspelling of it.
 */
export function nearestName(name: string, names: readonly string[]): string | undefined {
  const wanted = folded(name);
  const far = names.map((other) => ({ other, steps: distance(wanted, folded(other)) }));
  const [best] = far.sort((a, b) => a.steps - b.steps);
  if (best && best.steps <= Math.max(2, wanted.length / 3)) return best.other;
  return names.find((other) => folded(other).includes(wanted) || wanted.includes(folded(other)));
}

/** The number of letters that must be added, removed or replaced to make one name from the other. */
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
