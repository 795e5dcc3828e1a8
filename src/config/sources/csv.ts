import { basename, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { errorCode } from "../../base/error-code.ts";
import { invalid } from "../../base/errors.ts";
import { issueBy } from "../../base/issues.ts";
import { CONFIG } from "../../base/texts/en/config.ts";
import { baseFolder } from "../env.ts";
import { CellFindings } from "./cell-findings.ts";
import { readCells } from "./csv-cells.ts";
import type { TextEncoding } from "./decode.ts";
import { checkCsvOptions, checkPath } from "./read-options.ts";
import { incomplete, type RecordSource, readWhole, recordSource, type Suspicions, sourceFailed } from "./source.ts";

/** A row of a CSV file: the text of each cell, without white space around it, by the name of its column. */
export type CsvRow<Column extends string = string> = Readonly<Record<Column, string>>;

/** Options of {@link csvSource}. */
export interface CsvOptions<Column extends string = string> {
  /** The columns that the file must have. With them, a typing error in `map` is a type error. Default: any. */
  readonly columns?: readonly Column[] | undefined;
  /** Separates cells. Default: whichever of `;`, `,` and tab the first line has most of, or what a line `sep=;` says. */
  readonly delimiter?: string | undefined;
  /** The encoding of the file. Default: a byte order mark tells; else `"utf-8"` if the file is valid UTF-8, and `"windows-1252"` if it is not. */
  readonly encoding?: TextEncoding | undefined;
  /**
   * Whether the file ends with a line break. One that does not may be half copied, and `;3` may have been `;30`. `"warn"` points out the last
   * row, `"required"` refuses the file, `"optional"` says nothing. Default `"warn"`.
   */
  readonly finalNewline?: "required" | "warn" | "optional" | undefined;
  /**
   * For how many milliseconds the file must not have changed. One that was changed later is waited for, at most ten times as long, and then
   * refused. Whatever this is, a file whose size or time of change differs between the first and the last byte read is refused. Default 0.
   */
  readonly minAgeMs?: number | undefined;
}

/**
 * The rows of a CSV file, as Excel and databases write it: `;` or `,`, with or without a byte order mark, in UTF-8,
 * UTF-16 or Windows-1252, with line breaks inside quotation marks. Every cell stays text, so that postcodes and phone
 * numbers keep their zeros. Rows without any text are passed over. Cells that are missing at the end of a row are empty.
 *
 * {@link RecordSource.warnings} points out what a spreadsheet has probably damaged: postcodes that lost a leading zero, and
 * numbers written as `3,36E+10`.
 *
 * A row with more cells than the header is not read by guessing: using it in `map` throws {@link OpleadError} `invalid_input`,
 * so that the row is reported and the others go on.
 *
 * @param file Path of the file. A relative one starts at the folder of the config file, or, outside the command, at the
 * working directory.
 * @throws {@link OpleadError} `source_failed`, while it is read, if the file cannot be read or has no usable header.
 */
export function csvSource<Column extends string = string>(
  file: string | URL,
  options: CsvOptions<Column> = {},
): RecordSource<CsvRow<Column>> {
  checkPath("csvSource", "file", file);
  checkCsvOptions(options);
  const path = file instanceof URL ? fileURLToPath(file) : resolve(baseFolder(), file);
  const title = basename(path);
  return recordSource({
    title,
    settings: [String(file)],
    rowOf: (row) => (row as WithRow)[ROW],
    read: (found) => readRows(path, title, options, found),
  });
}

const issue = /* @__PURE__ */ issueBy(CONFIG);

/** The row's number, hidden from code that lists the columns. */
const ROW = Symbol("row");

interface WithRow {
  readonly [ROW]?: number;
}

async function* readRows<Column extends string>(
  path: string,
  title: string,
  options: CsvOptions<Column>,
  { warn, suspect }: Suspicions,
): AsyncGenerator<CsvRow<Column>> {
  // Its encoding shows only at the end.
  const bytes = await readWhole(path, title, options.minAgeMs);
  const { finalNewline = "warn" } = options;
  const isOpen = finalNewline !== "optional" && bytes.length > 0 && !endsWithLineBreak(bytes);
  if (isOpen && finalNewline === "required") throw incomplete(title, "no_final_newline");
  let columns: readonly string[] | undefined;
  let findings = new CellFindings([]);
  let row = 0;
  let record = -1;
  let lastFilled = 0;
  try {
    for await (const rows of readCells(bytes, options)) {
      for (const cells of rows) {
        row += 1;
        if (cells.every((cell) => cell.trim() === "")) continue;
        lastFilled = row;
        if (columns) {
          record += 1;
          yield rowOf<Column>(columns, cells, { record, row }, findings);
        } else {
          columns = headerOf(cells, title, options.columns);
          findings = new CellFindings(columns);
        }
      }
    }
  } catch (error) {
    const problem = parserProblem(error);
    throw problem === undefined ? error : sourceFailed(title, problem);
  }
  if (!columns) throw sourceFailed(title, "the file is empty: the first row must name the columns");
  for (const finding of findings.issues()) warn(finding);
  for (const [at, finding] of findings.byRecord()) suspect(at, finding);
  if (!isOpen || lastFilled !== row || record < 0) return;
  const cut = issue("", "may_be_cut", { row });
  warn(cut);
  suspect(record, cut);
}

/** In UTF-16 a zero byte is beside the one of the line break. */
function endsWithLineBreak(bytes: Buffer): boolean {
  const last = bytes.at(-1) === 0 ? bytes.at(-2) : bytes.at(-1);
  return last === 0x0a || last === 0x0d;
}

function headerOf(cells: readonly string[], title: string, required: readonly string[] = []): string[] {
  const columns = cells.map((cell) => cell.trim());
  const twice = columns.find((name, index) => name !== "" && columns.indexOf(name) !== index);
  if (twice !== undefined) throw sourceFailed(title, `two columns have the name ${JSON.stringify(twice)}`);
  const absent = required.filter((name) => !columns.includes(name));
  if (absent.length === 0) return columns;
  const hint = absent.map((name) => {
    const similar = columns.find((column) => plain(column) === plain(name));
    return JSON.stringify(name) + (similar === undefined ? "" : ` (there is ${JSON.stringify(similar)})`);
  });
  throw sourceFailed(title, `the header lacks ${hint.join(", ")}`);
}

function plain(name: string): string {
  return name.toLowerCase().replace(/[\s_-]/g, "");
}

function rowOf<Column extends string>(
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
      record[column] = cell;
      findings.look(index, cell, place);
    }
  }
  return Object.defineProperty(record, ROW, { value: row }) as CsvRow<Column>;
}

/** Which cell of such a row belongs to which column is not known, so none is given. */
function refuse(row: number, cells: readonly string[], columns: readonly string[]): never {
  const problem = issue("", "surplus_cells", { cells: cells.length, columns: columns.length });
  throw invalid("invalid_input", `row ${row}`, [problem]);
}

/** The parser's own words may quote a cell. */
function parserProblem(error: unknown): string | undefined {
  const code = errorCode(error);
  if (!code?.startsWith("CSV_")) return undefined;
  const { records } = error as { readonly records: number };
  const row = `row ${records + 1}`;
  if (code === "CSV_QUOTE_NOT_CLOSED") return `the quotation mark that opens in ${row} is never closed`;
  return `${row} is not CSV (${code})`;
}
