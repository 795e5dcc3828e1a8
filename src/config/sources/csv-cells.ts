import { decode, encodingOf, type TextEncoding } from "./decode.ts";

/** How the cells of a file are told apart; see `CsvOptions`. */
export interface CellOptions {
  readonly delimiter?: string | undefined;
  readonly encoding?: TextEncoding | undefined;
}

/** Rows, each a list of cells. */
export type CsvRows = readonly (readonly string[])[];

const QUOTE = '"'.charCodeAt(0);

/** A file of so many bytes is parsed at once: that is twice as fast, and too short to be noticed by what else runs. */
const SMALL = 131_072;

/** Every row of a file, some at a time, blank rows included: a spreadsheet counts them. */
export async function* readCells(bytes: Buffer, options: CellOptions): AsyncGenerator<CsvRows> {
  const chunks = decode(bytes, options.encoding ?? encodingOf(bytes));
  const first = chunks.next().value ?? "";
  // Excel's own first line. It is a setting, and no row for Excel either.
  const setting = /^sep=(.)\r?\n/i.exec(first);
  const text = setting ? first.slice(setting[0].length) : first;
  const delimiter = options.delimiter ?? setting?.[1] ?? delimiterOf(text);
  function* pieces(): Generator<string> {
    yield text;
    yield* chunks;
  }
  const isPlain = !bytes.includes(QUOTE) && /^[^"\r\n]+$/.test(delimiter);
  if (isPlain) yield* splitRows(pieces(), delimiter);
  else yield* parseRows(pieces(), delimiter, bytes.length <= SMALL);
}

/** The delimiter that the header has most of, outside quotation marks. */
function delimiterOf(text: string): string {
  const header = (/[^\r\n]*\S[^\r\n]*/.exec(text)?.[0] ?? "").replace(/"[^"]*"/g, "");
  const count = (delimiter: string): number => header.split(delimiter).length;
  return [";", ",", "\t"].reduce((best, other) => (count(other) > count(best) ? other : best));
}

/** A text without quotation marks: every line is a row and every delimiter ends a cell. A fraction of a parser's time. */
function* splitRows(pieces: Iterable<string>, delimiter: string): Generator<CsvRows> {
  let rest = "";
  for (const piece of pieces) {
    // The last line may go on in the next piece, and so may a line end of two characters.
    const safe = piece.endsWith("\r") ? piece.slice(0, -1) : piece;
    const end = Math.max(safe.lastIndexOf("\n"), safe.lastIndexOf("\r")) + 1;
    if (end > 0) yield rowsOf(rest + piece.slice(0, end), delimiter);
    rest = (end > 0 ? "" : rest) + piece.slice(end);
  }
  if (rest !== "") yield rowsOf(rest, delimiter);
}

/** The rows of whole lines. */
function rowsOf(text: string, delimiter: string): CsvRows {
  const lines = text.split(/\r\n|\n|\r/);
  // A line end is at the end of a row, not between two.
  if (lines.at(-1) === "") lines.pop();
  return lines.map((line) => line.split(delimiter));
}

async function* parseRows(pieces: Iterable<string>, delimiter: string, atOnce: boolean): AsyncGenerator<CsvRows> {
  const options = {
    delimiter,
    record_delimiter: ["\r\n", "\n", "\r"],
    relax_column_count: true,
    relax_quotes: true,
  };
  if (atOnce) {
    const { parse } = await import("csv-parse/sync");
    yield parse([...pieces].join(""), options) as string[][];
    return;
  }
  const [{ parse }, { Readable }, { pipeline }] = await Promise.all([
    import("csv-parse"),
    import("node:stream"),
    import("node:stream/promises"),
  ]);
  const parser = parse(options);
  const fed = pipeline(Readable.from(pieces), parser);
  fed.catch(() => {}); // The parser fails with the same error where it is read.
  for await (const row of parser as AsyncIterable<string[]>) yield [row];
  await fed;
}
