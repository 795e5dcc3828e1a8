import { setImmediate } from "node:timers/promises";
import { errorCode } from "../../core/errors.ts";
import { issueAt, type OpleadIssue } from "../../core/issues.ts";
import * as check from "../../core/validate.ts";
import { tellConfig, tellRow } from "../../locales/en/config.ts";
import { tellValue } from "../../locales/en/core.ts";
import { encodingSchema, type TextEncoding, textOf } from "./decode.ts";
import { fileSource, refuseOtherKinds, type SourceFile } from "./file.ts";
import { type FileKind, type RecordSource, readWhole, type Suspicions, sourceRefused, withLikeness } from "./source.ts";
import { type CsvRow, type Rows, readTable, type TableOptions, tableKinds, tableOptionsOf } from "./table.ts";

/** Options of {@link csvSource}. */
export interface CsvOptions<Column extends string = string> extends TableOptions<Column> {
  /**
   * Separates cells. Default: named by a line `sep=;`, or else the most frequent of `;`, `,` and tab in the first line.
   */
  readonly delimiter?: string | undefined;
  /**
   * Encoding. Default: by the byte order mark; without one `"utf-8"`, or `"windows-1252"` if hardly any accented letter
   * is valid UTF-8. UTF-8 with a few invalid bytes is refused, with the place of the first.
   */
  readonly encoding?: TextEncoding | undefined;
  /**
   * Line break at the end of the file; without one it may be an incomplete copy, whose last cell `30` has become `3`.
   * `"warn"` names the last row, `"required"` refuses the file, `"optional"` checks nothing. Default `"warn"`.
   */
  readonly finalNewline?: "required" | "warn" | "optional" | undefined;
}

const checkOptions = check.optionsCheck<CsvOptions>("csvSource", () =>
  check.options({
    ...tableKinds(),
    delimiter: check.valueWithout((value) =>
      typeof value !== "string" ? tellValue("not_text") : value === "" ? tellValue("empty") : undefined,
    ),
    encoding: encodingSchema(),
    finalNewline: check.oneOf("required", "warn", "optional"),
  }),
);

/**
 * The rows of a CSV file of Excel or a database: `;` or `,`, UTF-8, UTF-16 or Windows-1252, line breaks inside
 * quotation marks. Cells stay text, so postcodes and phone numbers keep their zeros. Rows without text are left out;
 * cells missing at the end of a row are empty.
 *
 * {@link RecordSource.warnings} names cells that a spreadsheet probably damaged: postcodes without their leading zero,
 * numbers such as `3,36E+10`.
 *
 * A row with more cells than the header throws {@link OpleadError} `invalid_input` in `map`: the plan reports only this
 * row as invalid.
 *
 * @param file Path, or `{ newest }`: see {@link NewestFile}. A relative one starts at the config file's folder, outside
 * the command at the working directory.
 * @throws {@link OpleadError} `source_failed`, while it is read: the file cannot be read, has no usable header, or is a
 * workbook.
 */
export function csvSource<Column extends string = string>(
  file: SourceFile,
  options: CsvOptions<Column> = {},
): RecordSource<CsvRow<Column>> {
  checkOptions(options);
  const source = fileSource("csvSource", file, (path, title, found) => readRows(path, title, options, found));
  return withLikeness(source, { kind: "csv", options });
}

export const csvFiles: FileKind = {
  kind: "csv",
  endings: [".csv", ".tsv", ".txt"],
  read: (file, usual) => csvSource(file, tableOptionsOf(usual, "csv")),
};

async function* readRows<Column extends string>(
  path: string,
  title: string,
  options: CsvOptions<Column>,
  found: Suspicions,
): AsyncGenerator<CsvRow<Column>> {
  // Only the last byte decides the encoding.
  const bytes = await readWhole(path, title, options.minAgeMs);
  refuseOtherKinds(bytes, title, "csvSource");
  const { finalNewline = "warn" } = options;
  const isOpen = finalNewline !== "optional" && bytes.length > 0 && !endsWithLineBreak(bytes);
  if (isOpen && finalNewline === "required")
    throw sourceRefused(title, issueAt("", tellConfig("no_final_newline")), true);
  const end = { header: 0, lastRow: 0, lastFilled: 0, lastRecord: -1 };
  try {
    yield* readTable(title, readCells(bytes, title, options), options, found, end);
  } catch (error) {
    const problem = parserProblem(error);
    throw problem === undefined ? error : sourceRefused(title, problem);
  }
  if (!isOpen || end.lastFilled !== end.lastRow || end.lastRecord < 0) return;
  const cut = issueAt("", tellRow("may_be_cut", { row: end.lastRow }));
  found.warn(cut);
  found.suspect(end.lastRecord, cut);
}

// In UTF-16 a zero byte stands beside the line break.
function endsWithLineBreak(bytes: Buffer): boolean {
  const last = bytes.at(-1) === 0 ? bytes.at(-2) : bytes.at(-1);
  return last === 0x0a || last === 0x0d;
}

// The parser's message may quote a cell.
function parserProblem(error: unknown): OpleadIssue | undefined {
  const code = errorCode(error);
  if (!code?.startsWith("CSV_")) return undefined;
  const { records } = error as { readonly records: number };
  const row = records + 1;
  return code === "CSV_QUOTE_NOT_CLOSED"
    ? issueAt("", tellConfig("quote_not_closed", { row }))
    : issueAt("", tellConfig("not_csv", { row, code }));
}

// Files up to this size are parsed in one call: twice as fast, and other work waits only briefly.
const SMALL = 131_072;

// Yields blank rows too, so that row numbers are those of a spreadsheet.
export async function* readCells(
  bytes: Buffer,
  title: string,
  options: { readonly delimiter?: string | undefined; readonly encoding?: TextEncoding | undefined },
): AsyncGenerator<Rows> {
  const chunks = await textOf(bytes, title, options.encoding);
  const first = chunks.next().value ?? "";
  // Excel's `sep=` line is not a row.
  const setting = /^sep=(.)\r?\n/i.exec(first);
  const text = setting ? first.slice(setting[0].length) : first;
  const delimiter = options.delimiter ?? setting?.[1] ?? delimiterOf(text);
  yield* bytes.length <= SMALL
    ? parseAtOnce(text + [...chunks].join(""), delimiter)
    : parsePieces(leavingTurns(text, chunks), delimiter);
}

function delimiterOf(text: string): string {
  const header = (/[^\r\n]*\S[^\r\n]*/.exec(text)?.[0] ?? "").replace(/"[^"]*"/g, "");
  const count = (delimiter: string): number => header.split(delimiter).length;
  return [";", ",", "\t"].reduce((best, other) => (count(other) > count(best) ? other : best));
}

const optionsFor = (delimiter: string) => ({
  delimiter,
  record_delimiter: ["\r\n", "\n", "\r"],
  relax_column_count: true,
  relax_quotes: true,
});

async function* parseAtOnce(text: string, delimiter: string): AsyncGenerator<Rows> {
  const { parse } = await import("csv-parse/sync");
  yield parse(text, optionsFor(delimiter)) as string[][];
}

async function* parsePieces(pieces: AsyncIterable<string>, delimiter: string): AsyncGenerator<Rows> {
  const [{ parse }, { Readable }, { pipeline }] = await Promise.all([
    import("csv-parse"),
    import("node:stream"),
    import("node:stream/promises"),
  ]);
  const parser = parse(optionsFor(delimiter));
  const fed = pipeline(Readable.from(pieces), parser);
  fed.catch(() => {}); // The loop below throws the same error.
  for await (const row of parser as AsyncIterable<string[]>) yield [row];
  await fed;
}

// Only promises: timers and sockets would wait until the end of the file.
async function* leavingTurns(first: string, others: Iterable<string>): AsyncGenerator<string> {
  yield first;
  for (const piece of others) {
    await setImmediate();
    yield piece;
  }
}
