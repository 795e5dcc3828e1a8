import { setImmediate } from "node:timers/promises";
import { type TextEncoding, textOf } from "./decode.ts";
import type { Rows } from "./table.ts";

/** Bytes of a file that is parsed at once: that is twice as fast, and too short to be noticed by what else runs. */
const SMALL = 131_072;

/** Every row of a file, some at a time, blank rows included: a spreadsheet counts them. */
export async function* readCells(
  bytes: Buffer,
  title: string,
  options: { readonly delimiter?: string | undefined; readonly encoding?: TextEncoding | undefined },
): AsyncGenerator<Rows> {
  const chunks = await textOf(bytes, title, options.encoding);
  const first = chunks.next().value ?? "";
  // Excel's own first line. It is a setting, and no row for Excel either.
  const setting = /^sep=(.)\r?\n/i.exec(first);
  const text = setting ? first.slice(setting[0].length) : first;
  const delimiter = options.delimiter ?? setting?.[1] ?? delimiterOf(text);
  yield* bytes.length <= SMALL
    ? parseAtOnce(text + [...chunks].join(""), delimiter)
    : parsePieces(leavingTurns(text, chunks), delimiter);
}

/** The delimiter that the header has most of, outside quotation marks. */
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

/** Timers and sockets get a turn before each piece: promises alone would keep them waiting to the end of the file. */
async function* leavingTurns(first: string, others: Iterable<string>): AsyncGenerator<string> {
  yield first;
  for (const piece of others) {
    await setImmediate();
    yield piece;
  }
}
