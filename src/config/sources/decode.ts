import { isUtf8 } from "node:buffer";
import { setImmediate } from "node:timers/promises";
import { issueAt } from "../../core/issues.ts";
import { oneOf, type Schema } from "../../core/validate.ts";
import { tellConfig } from "../../locales/en/config.ts";
import { sourceRefused } from "./source.ts";

/** The encodings that spreadsheets and databases use in Western Europe. */
export type TextEncoding = "utf-8" | "utf-16le" | "utf-16be" | "windows-1252";

/** Checks that a value is a {@link TextEncoding}. */
export function encodingSchema(): Schema {
  return oneOf("utf-8", "utf-16le", "utf-16be", "windows-1252");
}

/**
 * How many bytes are decoded in one go. The number is small, because the requests of the same process wait meanwhile.
 */
const CHUNK = 65_536;

/** The byte order mark of UTF-8. */
const UTF8_MARK = Buffer.from([0xef, 0xbb, 0xbf]);

/** The characters of Windows-1252 for the bytes 0x80 to 0x9F. All other bytes mean the same as in Latin-1. */
const HIGH = "€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ";

/**
 * How many bytes are checked for valid UTF-8 in one go, before other work may run. Checking a gigabyte takes half a
 * second.
 */
const CHECKED = 4_194_304;

/** How many bytes are searched for characters of several bytes in one go, before other work may run. */
const COUNTED = 524_288;

/**
 * How many bytes at the beginning of a file show whether it is UTF-16 without a byte order mark. They hold the names of
 * the columns.
 */
const HEAD = 512;

/**
 * If there are at least this many invalid bytes for each valid character of several bytes, the valid ones are
 * accidental, and the text is Windows-1252.
 */
const BY_CHANCE = 10;

/**
 * The text of a file in pieces, without its byte order mark.
 *
 * @param encoding Default: UTF-16 is recognised by its byte order mark or the zero bytes of Western letters. Any other
 * text is UTF-8, or Windows-1252 if hardly any accented letter is valid UTF-8.
 * @throws {@link OpleadError} `source_failed` with the place, if a byte is not valid in the encoding, or if the text
 * has zero bytes.
 */
export async function textOf(
  bytes: Buffer,
  title: string,
  encoding?: TextEncoding | undefined,
): Promise<Generator<string>> {
  if (hasPadding(bytes))
    throw sourceRefused(title, issueAt("", tellConfig("zero_bytes", placeOf(bytes, firstZero(bytes)))), true);
  return decode(bytes, title, encoding ?? (await encodingOf(bytes)));
}

/**
 * Whether a file ends with zero bytes. In UTF-16, one zero byte at the end is normal. Several zero bytes are space that
 * was reserved and never written, so the copy is incomplete.
 */
function hasPadding(bytes: Buffer): boolean {
  return bytes.length >= 3 && bytes.subarray(-3).every((byte) => byte === 0);
}

/** The index of the first of the zero bytes at the end of a file. */
function firstZero(bytes: Buffer): number {
  let first = bytes.length;
  while (first > 0 && bytes[first - 1] === 0) first -= 1;
  return first;
}

/** The encoding of a text: UTF-16 by its byte order mark or zero bytes, otherwise UTF-8 or Windows-1252. */
export async function encodingOf(bytes: Buffer): Promise<TextEncoding> {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return "utf-16le";
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return "utf-16be";
  const unmarked = unmarkedUtf16(bytes);
  if (unmarked) return unmarked;
  // Validity is checked first, because most files are valid UTF-8, and the check is 50 times as fast as counting the
  // characters and the invalid bytes.
  return (await isValidUtf8(bytes)) || !(await isHardlyUtf8(bytes)) ? "utf-8" : "windows-1252";
}

async function isValidUtf8(bytes: Buffer): Promise<boolean> {
  for (let start = 0; start < bytes.length; ) {
    const end = endOfPiece(bytes, start, CHECKED);
    if (!isUtf8(bytes.subarray(start, end))) return false;
    start = end;
    await setImmediate();
  }
  return true;
}

/**
 * Whether a text has so few valid characters of several bytes, compared with its invalid bytes, that they are
 * accidental.
 */
async function isHardlyUtf8(bytes: Buffer): Promise<boolean> {
  // The byte order mark at the beginning does not count as a character.
  let characters = UTF8_MARK.equals(bytes.subarray(0, UTF8_MARK.length)) ? -1 : 0;
  let strange = 0;
  for (let start = 0; start < bytes.length; ) {
    const end = endOfPiece(bytes, start, COUNTED);
    for (let at = start; at < end; ) {
      const length = lengthAt(bytes, at);
      if (length === 0) strange += 1;
      else if (length > 1) characters += 1;
      at += Math.max(1, length);
    }
    start = end;
    await setImmediate();
  }
  return characters * BY_CHANCE <= strange;
}

/**
 * The byte order of UTF-16 without a mark. In UTF-16, each letter of Western languages has a zero byte, always on the
 * same side.
 */
function unmarkedUtf16(bytes: Buffer): TextEncoding | undefined {
  const zeros = [0, 0];
  const head = bytes.subarray(0, HEAD);
  for (const [at, byte] of head.entries()) if (byte === 0) zeros[at % 2] = (zeros[at % 2] as number) + 1;
  const [even = 0, odd = 0] = zeros;
  // In UTF-16 with Western letters, nearly all zero bytes are at even places, or nearly all at odd places. If they
  // are at both, or if there are few of them, the text is not UTF-16.
  if (even + odd <= head.length / 4 || Math.min(even, odd) * 10 > Math.max(even, odd)) return undefined;
  return odd > even ? "utf-16le" : "utf-16be";
}

/** The end of a piece of a file, moved so that the next piece does not begin inside a character. */
function endOfPiece(bytes: Buffer, start: number, size: number): number {
  const end = Math.min(start + size, bytes.length);
  for (let at = end; at > end - 4 && at > start; at -= 1) if ((bytes[at] ?? 0) >> 6 !== 0b10) return at;
  return end;
}

/** The length in bytes of the UTF-8 character that begins at this byte; 0 if no character begins there. */
function lengthAt(bytes: Buffer, at: number): number {
  const first = bytes[at] ?? 0;
  if (first < 0x80) return 1;
  const length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  return isUtf8(bytes.subarray(at, at + length)) && at + length <= bytes.length ? length : 0;
}

function* decode(bytes: Buffer, title: string, encoding: TextEncoding): Generator<string> {
  const decoder = encoding === "windows-1252" ? undefined : new TextDecoder(encoding, { fatal: true });
  // A program may write the UTF-8 byte order mark before a text in Windows-1252. The mark is removed, so that it does
  // not become part of the first column's name.
  const first = !decoder && UTF8_MARK.equals(bytes.subarray(0, UTF8_MARK.length)) ? UTF8_MARK.length : 0;
  for (let start = first; start < bytes.length; start += CHUNK) {
    const chunk = bytes.subarray(start, start + CHUNK);
    let text: string;
    try {
      text = decoder ? decoder.decode(chunk, { stream: start + CHUNK < bytes.length }) : windows1252(chunk);
    } catch {
      const place = placeOf(bytes, firstStrange(bytes, encoding), encoding);
      throw sourceRefused(title, issueAt("", tellConfig("strange_byte", { ...place, encoding })));
    }
    if (text.includes("\0"))
      throw sourceRefused(
        title,
        issueAt("", tellConfig("zero_bytes", placeOf(bytes, zeroIn(bytes, encoding), encoding))),
      );
    yield text;
  }
}
const isUtf16 = (encoding: TextEncoding): boolean => encoding.startsWith("utf-16");

/** The code unit at a place: one byte, or in UTF-16 two bytes. */
function unitAt(bytes: Buffer, at: number, encoding: TextEncoding): number {
  if (!isUtf16(encoding)) return bytes[at] ?? 0;
  const [first = 0, second = 0] = [bytes[at], bytes[at + 1]];
  return encoding === "utf-16le" ? first + 256 * second : 256 * first + second;
}

/** The place of the first byte that is not valid in the encoding. */
function firstStrange(bytes: Buffer, encoding: TextEncoding): number {
  let at = 0;
  if (!isUtf16(encoding)) {
    for (let length = 1; at < bytes.length && length > 0; at += length) length = lengthAt(bytes, at);
    return at;
  }
  for (; at + 1 < bytes.length; at += 2) {
    const kind = unitAt(bytes, at, encoding) >> 10;
    // A pair of surrogates is one character; a single surrogate is invalid.
    const isPair = kind === 0x36 && unitAt(bytes, at + 2, encoding) >> 10 === 0x37 && at + 3 < bytes.length;
    if (isPair) at += 2;
    else if (kind === 0x36 || kind === 0x37) return at;
  }
  return at;
}

function zeroIn(bytes: Buffer, encoding: TextEncoding): number {
  if (!isUtf16(encoding)) return bytes.indexOf(0);
  let at = 0;
  while (unitAt(bytes, at, encoding) !== 0) at += 2;
  return at;
}

/** The line and the column of a byte, both from 1, as an editor counts them. */
function placeOf(bytes: Buffer, position: number, encoding: TextEncoding = "utf-8") {
  const size = isUtf16(encoding) ? 2 : 1;
  let line = 1;
  let start = 0;
  for (let at = 0; at < position; at += size) {
    const unit = unitAt(bytes, at, encoding);
    if (unit !== 0x0a && (unit !== 0x0d || unitAt(bytes, at + size, encoding) === 0x0a)) continue;
    line += 1;
    start = at + size;
  }
  return { line, column: [...new TextDecoder(encoding).decode(bytes.subarray(start, position))].length + 1 };
}

/** Decodes without TextDecoder, because several versions of Node read Windows-1252 as Latin-1 (nodejs/node#60888). */
function windows1252(bytes: Buffer): string {
  return bytes
    .toString("latin1")
    .replace(/[\x80-\x9f]/g, (character) => HIGH[character.charCodeAt(0) - 0x80] as string);
}
