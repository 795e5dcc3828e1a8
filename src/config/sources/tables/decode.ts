import { isUtf8 } from "node:buffer";
import { setImmediate } from "node:timers/promises";

/** How text is written as bytes: what spreadsheets and databases write in Western Europe. */
export type TextEncoding = "utf-8" | "utf-16le" | "utf-16be" | "windows-1252";

/** As much text as is handed on at once: the reader shares the event loop with the requests. */
const CHUNK = 65_536;

/** The byte order mark of UTF-8. */
const UTF8_MARK = Buffer.from([0xef, 0xbb, 0xbf]);

/** Windows-1252 gives these characters to the bytes 0x80 to 0x9F; all other bytes are those of Latin-1. */
const HIGH = "€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ";

/** As many bytes as are checked at once: a gigabyte takes half a second. */
const CHECKED = 4_194_304;

/** How much of a file tells UTF-16 without a byte order mark: its names of columns. */
const HEAD = 512;

/** The order of UTF-16 without a byte order mark: each letter of Western languages has a zero byte, on one side. */
function unmarkedUtf16(bytes: Buffer): TextEncoding | undefined {
  const zeros = [0, 0];
  const head = bytes.subarray(0, HEAD);
  for (const [at, byte] of head.entries()) if (byte === 0) zeros[at % 2] = (zeros[at % 2] as number) + 1;
  const [even = 0, odd = 0] = zeros;
  if (even + odd <= head.length / 4) return undefined;
  return odd > even ? "utf-16le" : "utf-16be";
}

/** A byte order mark, or zero bytes, tell UTF-16; else whether the text is valid UTF-8. */
export async function encodingOf(bytes: Buffer): Promise<TextEncoding> {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return "utf-16le";
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return "utf-16be";
  const unmarked = unmarkedUtf16(bytes);
  if (unmarked) return unmarked;
  for (let start = 0; start < bytes.length; ) {
    let end = Math.min(start + CHECKED, bytes.length);
    // The next piece must not begin inside a character.
    while (end > start && (bytes[end] ?? 0) >> 6 === 0b10) end -= 1;
    if (end === start || !isUtf8(bytes.subarray(start, end))) return "windows-1252";
    start = end;
    await setImmediate();
  }
  return "utf-8";
}

/** The text in pieces, without its byte order mark. */
export function* decode(bytes: Buffer, encoding: TextEncoding): Generator<string> {
  const decoder = encoding === "windows-1252" ? undefined : new TextDecoder(encoding);
  // A program that puts the mark of UTF-8 before a text in Windows-1252 must not change the name of the first column.
  const first = !decoder && UTF8_MARK.equals(bytes.subarray(0, UTF8_MARK.length)) ? UTF8_MARK.length : 0;
  for (let start = first; start < bytes.length; start += CHUNK) {
    const chunk = bytes.subarray(start, start + CHUNK);
    yield decoder ? decoder.decode(chunk, { stream: start + CHUNK < bytes.length }) : windows1252(chunk);
  }
}

/** Not by TextDecoder: several versions of Node read Windows-1252 as Latin-1 (nodejs/node#60888). */
function windows1252(bytes: Buffer): string {
  return bytes
    .toString("latin1")
    .replace(/[\x80-\x9f]/g, (character) => HIGH[character.charCodeAt(0) - 0x80] as string);
}
