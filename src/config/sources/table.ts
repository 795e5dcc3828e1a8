import { invalid, type OpleadError } from "../../core/errors.ts";
import { issueAt, type OpleadIssue } from "../../core/issues.ts";
import * as check from "../../core/validate.ts";
import { tellConfig, tellRow } from "../../locales/en/config.ts";
import { tellValue } from "../../locales/en/core.ts";
import { firstOf, type Likeness, type Suspicions, sourceRefused, withRowNumber } from "./source.ts";

export type Rows = readonly (readonly string[])[];

/** A row of a CSV file or a workbook: trimmed texts by column. */
export type CsvRow<Column extends string = string> = Readonly<Record<Column, string>>;

/** Options of CSV and Excel sources. */
export interface TableOptions<Column extends string = string> {
  /**
   * Columns that the file must have, and the only ones that `map` may read by type. A file with two columns of one name
   * is refused, unless both are listed: `"Nom"` is the left one, `"Nom (2)"` the right one. Default: any columns.
   */
  readonly columns?: readonly Column[] | undefined;
  /** Row that names the columns, as a spreadsheet counts; rows above are left out. Default: the first with any text. */
  readonly headerRow?: number | undefined;
  /**
   * Time without a change before the file is read, in ms; a younger file is awaited up to ten times as long, then
   * refused. A file that changes while it is read is always refused. Default 0.
   */
  readonly minAgeMs?: number | undefined;
}

export const tableKinds = (): check.OptionalKinds<TableOptions> => ({
  columns: check.unless(
    (value) => Array.isArray(value) && value.length === 0,
    check.listOf(check.text(), tellValue("not_list")),
  ),
  headerRow: check.wholeNumber(1, 1_048_576),
  minAgeMs: check.number(0, check.MAX_TIMER_MS),
});

export function tableOptionsOf({ kind, options }: Likeness, of: string): TableOptions {
  const usual: TableOptions = options ?? {};
  return kind === of ? usual : { columns: usual.columns };
}

// As in a spreadsheet. 0 and -1: no such row.
interface TableEnd {
  header: number;
  lastRow: number;
  lastFilled: number;
  lastRecord: number;
}

// For a formula without a value; no cell can contain this.
export const NO_VALUE = "\0formula";

export async function* readTable<Column extends string>(
  title: string,
  table: AsyncIterable<Rows>,
  { columns: required, headerRow = 0 }: TableOptions<Column>,
  { warn, suspect }: Suspicions,
  end: TableEnd = { header: 0, lastRow: 0, lastFilled: 0, lastRecord: -1 },
): AsyncGenerator<CsvRow<Column>> {
  let columns: readonly string[] | undefined;
  let findings = new CellFindings([]);
  for await (const rows of table) {
    for (const cells of rows) {
      end.lastRow += 1;
      if (end.lastRow < headerRow || cells.every((cell) => cell.trim() === "")) continue;
      end.lastFilled = end.lastRow;
      if (columns) {
        end.lastRecord += 1;
        yield recordOf<Column>(columns, cells, { record: end.lastRecord, row: end.lastRow }, findings);
      } else {
        if (headerRow > 0 && end.lastRow > headerRow) throw emptyHeader(title, headerRow);
        end.header = end.lastRow;
        columns = headerOf(cells, title, required);
        findings = new CellFindings(columns);
      }
    }
  }
  if (!columns && headerRow > 0) throw emptyHeader(title, headerRow);
  if (!columns) throw sourceRefused(title, issueAt("", tellConfig("file_empty")));
  for (const finding of findings.issues()) warn(finding);
  for (const [at, finding] of findings.byRecord()) {
    suspect(at, finding);
  }
  for (const [at, finding] of findings.states()) suspect(at, finding);
}

function emptyHeader(title: string, row: number): OpleadError {
  return sourceRefused(title, issueAt("", tellConfig("header_empty", { row })));
}

function headerOf(cells: readonly string[], title: string, required: readonly string[] | undefined): string[] {
  const columns = numbered(cells);
  const twice = columns.find((name, index) => {
    const own = cells[index]?.trim() ?? "";
    if (columns.indexOf(name) !== index) return name !== "";
    return name !== own && (!required || (required.includes(own) && !required.includes(name)));
  });
  if (twice !== undefined) {
    const name = twice.replace(/ \(\d+\)$/, "");
    throw sourceRefused(title, issueAt("", tellConfig("columns_twice", { name, second: twice })));
  }
  const absent = (required ?? []).filter((name) => !columns.includes(name));
  if (absent.length === 0) return columns;
  const named = absent.map((name) => ({ name, similar: columns.find((column) => plain(column) === plain(name)) }));
  throw sourceRefused(title, issueAt("", tellConfig("header_lacks", { absent: named })));
}

// Adds `(2)` to a repeated name.
export function numbered(cells: readonly string[]): string[] {
  const seen = new Map<string, number>();
  return cells.map((cell) => {
    const name = cell.trim();
    const times = (seen.get(name) ?? 0) + 1;
    seen.set(name, times);
    return name === "" || times === 1 ? name : `${name} (${times})`;
  });
}

function plain(name: string): string {
  return name.toLowerCase().replace(/[\s_-]/g, "");
}

function recordOf<Column extends string>(
  columns: readonly string[],
  cells: readonly string[],
  place: { readonly record: number; readonly row: number },
  findings: CellFindings,
): CsvRow<Column> {
  const hasSurplus = cells.slice(columns.length).some((cell) => cell.trim() !== "");
  const { row } = place;
  const record: Record<string, string> = {};
  for (const [index, column] of columns.entries()) {
    if (column === "") continue;
    if (hasSurplus) Object.defineProperty(record, column, { get: () => refuse(row, cells, columns), enumerable: true });
    else {
      const cell = (cells[index] ?? "").trim();
      record[column] = cell === NO_VALUE ? "" : cell;
      findings.look(index, cell, place);
    }
  }
  return withRowNumber(record, row) as CsvRow<Column>;
}

// It is not known which cell belongs to which column.
function refuse(row: number, cells: readonly string[], columns: readonly string[]): never {
  const problem = issueAt("", tellRow("surplus_cells", { cells: cells.length, columns: columns.length }));
  throw invalid("invalid_input", `row ${row}`, [problem]);
}

// In the languages of Oplead's countries, without spaces and accents.
const ZIP_COLUMN = /^(?:zip|zipcode|postalcode|postcode|plz|cp|codepostal|codpostal|cap|codicepostale)$/;

// A number that lost its last digits: `3,36E+10`.
const SHORTENED = /^\d[.,]\d+E\+\d+$/i;

const ERROR_VALUE =
  /^#(?:N\/A|REF!|VALUE!|VALEUR!|DIV\/0!|NAME\?|NOM\?|NUM!|NOMBRE!|NULL!|NUL!|SPILL!|EPARS!|CALC!|GETTING_DATA)$/;

const GONE =
  /^(?:sorti|parti|inacti[fv]|desactive|quitte|archive|suspendu|demissionnaire|licencie|retraite|radie|ferme|cloture|(?:cd[di]|contrat)termine)e?s?$|^fin(?:de)?contrat$|^(?:inactive|disabled|terminated|archived|suspended|resigned|dismissed|retired|closed|left)$/;

export function saysGone(state: string): boolean {
  return GONE.test(lettersOf(state));
}

// A column with more values does not say who left.
export const MOST_STATES = 12;

const FIVE_DIGITS = /^\d{5}$/;
const FOUR_DIGITS = /^\d{4}$/;

const DAMAGES = ["zip_codes_lost_zero", "numbers_shortened", "error_cells", "formulas_without_value"] as const;

type Damage = (typeof DAMAGES)[number];

interface Column {
  readonly name: string;
  readonly isZip: boolean;
  fiveDigits: number;
  readonly places: Readonly<Record<Damage, Place[]>>;
  // Key: a value. Content: its records if it means "has left", else false. No map if there are too many values.
  states: Map<string, number[] | false> | undefined;
}

interface Place {
  readonly record: number;
  readonly row: number;
}

class CellFindings {
  readonly #columns: readonly Column[];

  constructor(names: readonly string[]) {
    this.#columns = names.map((name) => {
      const letters = lettersOf(name);
      const places = { zip_codes_lost_zero: [], numbers_shortened: [], error_cells: [], formulas_without_value: [] };
      return { name, isZip: ZIP_COLUMN.test(letters), fiveDigits: 0, places, states: new Map() };
    });
  }

  look(index: number, cell: string, place: Place): void {
    const column = this.#columns[index];
    if (column?.isZip && FIVE_DIGITS.test(cell)) column.fiveDigits += 1;
    if (column?.isZip && FOUR_DIGITS.test(cell)) column.places.zip_codes_lost_zero.push(place);
    if (cell.includes("+") && SHORTENED.test(cell)) column?.places.numbers_shortened.push(place);
    if (cell.startsWith("#") && ERROR_VALUE.test(cell)) column?.places.error_cells.push(place);
    if (cell === NO_VALUE) column?.places.formulas_without_value.push(place);
    if (column?.states && column.states.get(cell) !== false)
      column.states = withState(column.states, cell, place.record);
  }

  issues(): OpleadIssue[] {
    return this.#found().map(({ damage, name, places }) => {
      const { first, more } = firstOf(places.map(({ row }) => row));
      return issueAt(name, tellRow(damage, { column: name, rows: first, more }));
    });
  }

  *byRecord(): Generator<readonly [record: number, OpleadIssue]> {
    for (const { damage, name, places } of this.#found()) {
      for (const { record, row } of places)
        yield [record, issueAt(name, tellRow(damage, { column: name, rows: [row], more: 0 }))];
    }
  }

  // Not part of `issues()`: `map` may leave out the rows of leavers.
  *states(): Generator<readonly [record: number, OpleadIssue]> {
    for (const { name, states } of this.#columns) {
      for (const [value, records] of states ?? []) {
        for (const record of records || []) yield [record, issueAt(name, tellRow("state_of_leaver", { value }))];
      }
    }
  }

  #found() {
    const found = DAMAGES.flatMap((damage) =>
      this.#columns.map(({ name, fiveDigits, places: { [damage]: places } }) => {
        // As many with four digits as with five: maybe Belgian or Swiss postcodes.
        const isUsual = damage === "zip_codes_lost_zero" && fiveDigits <= places.length;
        return { damage, name, places: isUsual ? [] : places };
      }),
    );
    return found.filter(({ places }) => places.length > 0);
  }
}

function withState(states: NonNullable<Column["states"]>, cell: string, record: number): Column["states"] {
  const known = states.get(cell);
  if (known) known.push(record);
  else if (states.size === MOST_STATES) return undefined;
  else states.set(cell, saysGone(cell) ? [record] : false);
  return states;
}

function lettersOf(text: string): string {
  return text
    .normalize("NFD")
    .toLowerCase()
    .replace(/[^a-z]/g, "");
}
