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
   * The character that separates cells. Default: the character that a line `sep=;` names, or else the most frequent of
   * `;`, `,` and tab in the first line.
   */
  readonly delimiter?: string | undefined;
  /**
   * The encoding of the file. Default: the byte order mark decides. Without one it is `"utf-8"`, or `"windows-1252"` if
   * hardly any accented letter is valid UTF-8. A UTF-8 file in which a few bytes are not UTF-8 is refused, with the
   * place of the first one.
   */
  readonly encoding?: TextEncoding | undefined;
  /**
   * Whether the file must end with a line break. A file without a final line break may be an incomplete copy, in which
   * the last cell `30` has become `3`. `"warn"`: a warning names the last row. `"required"`: the file is refused.
   * `"optional"`: no check. Default `"warn"`.
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
 * The rows of a CSV file, as Excel and databases write it: `;` or `,`, with or without a byte order mark, in UTF-8,
 * UTF-16 or Windows-1252, with line breaks inside quotation marks. Every cell stays text, so that postcodes and phone
 * numbers keep their zeros. Rows without any text are left out. Cells that are missing at the end of a row are empty.
 *
 * {@link RecordSource.warnings} names cells that a spreadsheet has probably damaged: postcodes that lost a leading
 * zero, and numbers written as `3,36E+10`.
 *
 * If a row has more cells than the header, using it in `map` throws {@link OpleadError} `invalid_input`. So the plan
 * reports only this row as invalid.
 *
 * @param file Path of the file, or `{ newest }`: see {@link NewestFile}. A relative path starts at the folder of the
 * config file, or, outside the command, at the working directory.
 * @throws {@link OpleadError} `source_failed`, while it is read, if the file cannot be read, has no usable header, or
 * is a workbook.
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
  // The whole file is read first, because its encoding is known only after its last byte.
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

/** Whether a file ends with a line break. In UTF-16, a zero byte stands before or after the line break. */
function endsWithLineBreak(bytes: Buffer): boolean {
  const last = bytes.at(-1) === 0 ? bytes.at(-2) : bytes.at(-1);
  return last === 0x0a || last === 0x0d;
}

/** Makes an issue from an error of the parser. The parser's message is left out, because it may quote a cell. */
function parserProblem(error: unknown): OpleadIssue | undefined {
  const code = errorCode(error);
  if (!code?.startsWith("CSV_")) return undefined;
  const { records } = error as { readonly records: number };
  const row = records + 1;
  return code === "CSV_QUOTE_NOT_CLOSED"
    ? issueAt("", tellConfig("quote_not_closed", { row }))
    : issueAt("", tellConfig("not_csv", { row, code }));
}

/**
 * Files of up to this many bytes are parsed in one call. Parsing in one call is twice as fast, and a small file does
 * not delay other work for long.
 */
const SMALL = 131_072;

/** Yields the rows of a file in groups. Blank rows are included, so that row numbers are those of a spreadsheet. */
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

/** The most frequent delimiter of the header, not counting text in quotation marks. */
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
  fed.catch(() => {}); // The parser fails with the same error where it is read.
  for await (const row of parser as AsyncIterable<string[]>) yield [row];
  await fed;
}

/**
 * Lets timers and sockets run before each piece of the file's text. Waiting for promises is not enough: timers and
 * sockets would wait until the end of the file.
 */
async function* leavingTurns(first: string, others: Iterable<string>): AsyncGenerator<string> {
  yield first;
  for (const piece of others) {
    await setImmediate();
    yield piece;
  }
}
