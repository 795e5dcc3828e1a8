import { isUtf8 } from "node:buffer";
import { setImmediate } from "node:timers/promises";
import { issueAt } from "../../core/issues.ts";
import { oneOf, type Schema } from "../../core/validate.ts";
import { tellConfig } from "../../locales/en/config.ts";
import { sourceRefused } from "./source.ts";

/** Encodings of spreadsheets and databases in Western Europe. */
export type TextEncoding = "utf-8" | "utf-16le" | "utf-16be" | "windows-1252";

export function encodingSchema(): Schema {
  return oneOf("utf-8", "utf-16le", "utf-16be", "windows-1252");
}

// Bytes decoded at a time: few, because other requests wait meanwhile.
const CHUNK = 65_536;

const UTF8_MARK = Buffer.from([0xef, 0xbb, 0xbf]);

// Windows-1252 differs from Latin-1 in 0x80 to 0x9F only.
const HIGH = "€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ";

// Checked at a time, in bytes: a gigabyte takes half a second.
const CHECKED = 4_194_304;

const COUNTED = 524_288;

// The names of the columns show UTF-16 without a mark.
const HEAD = 512;

// So many invalid bytes for each valid multi-byte character: these are accidental, the text is Windows-1252.
const BY_CHANCE = 10;

// Throws `source_failed` with the place of an invalid byte.
export async function textOf(
  bytes: Buffer,
  title: string,
  encoding?: TextEncoding | undefined,
): Promise<Generator<string>> {
  if (hasPadding(bytes))
    throw sourceRefused(title, issueAt("", tellConfig("zero_bytes", placeOf(bytes, firstZero(bytes)))), true);
  return decode(bytes, title, encoding ?? (await encodingOf(bytes)));
}

// Several zero bytes at the end were reserved and never written: an incomplete copy. UTF-16 may end with one.
function hasPadding(bytes: Buffer): boolean {
  return bytes.length >= 3 && bytes.subarray(-3).every((byte) => byte === 0);
}

function firstZero(bytes: Buffer): number {
  let first = bytes.length;
  while (first > 0 && bytes[first - 1] === 0) first -= 1;
  return first;
}

export async function encodingOf(bytes: Buffer): Promise<TextEncoding> {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return "utf-16le";
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return "utf-16be";
  const unmarked = unmarkedUtf16(bytes);
  if (unmarked) return unmarked;
  // Most files are valid UTF-8, and `isValidUtf8` is 50 times as fast as `isHardlyUtf8`.
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

async function isHardlyUtf8(bytes: Buffer): Promise<boolean> {
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

// Western letters in UTF-16 have a zero byte, always on one side.
function unmarkedUtf16(bytes: Buffer): TextEncoding | undefined {
  const zeros = [0, 0];
  const head = bytes.subarray(0, HEAD);
  for (const [at, byte] of head.entries()) if (byte === 0) zeros[at % 2] = (zeros[at % 2] as number) + 1;
  const [even = 0, odd = 0] = zeros;
  if (even + odd <= head.length / 4 || Math.min(even, odd) * 10 > Math.max(even, odd)) return undefined;
  return odd > even ? "utf-16le" : "utf-16be";
}

// Moved so that no piece begins inside a character.
function endOfPiece(bytes: Buffer, start: number, size: number): number {
  const end = Math.min(start + size, bytes.length);
  for (let at = end; at > end - 4 && at > start; at -= 1) if ((bytes[at] ?? 0) >> 6 !== 0b10) return at;
  return end;
}

// 0: no character begins here.
function lengthAt(bytes: Buffer, at: number): number {
  const first = bytes[at] ?? 0;
  if (first < 0x80) return 1;
  const length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  return isUtf8(bytes.subarray(at, at + length)) && at + length <= bytes.length ? length : 0;
}

function* decode(bytes: Buffer, title: string, encoding: TextEncoding): Generator<string> {
  const decoder = encoding === "windows-1252" ? undefined : new TextDecoder(encoding, { fatal: true });
  // A program may write it before Windows-1252; it must not enter the first column's name.
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

function unitAt(bytes: Buffer, at: number, encoding: TextEncoding): number {
  if (!isUtf16(encoding)) return bytes[at] ?? 0;
  const [first = 0, second = 0] = [bytes[at], bytes[at + 1]];
  return encoding === "utf-16le" ? first + 256 * second : 256 * first + second;
}

function firstStrange(bytes: Buffer, encoding: TextEncoding): number {
  let at = 0;
  if (!isUtf16(encoding)) {
    for (let length = 1; at < bytes.length && length > 0; at += length) length = lengthAt(bytes, at);
    return at;
  }
  for (; at + 1 < bytes.length; at += 2) {
    const kind = unitAt(bytes, at, encoding) >> 10;
    // A pair of surrogates is one character, a single one is invalid.
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

// Some versions of Node decode Windows-1252 as Latin-1 (nodejs/node#60888).
function windows1252(bytes: Buffer): string {
  return bytes
    .toString("latin1")
    .replace(/[\x80-\x9f]/g, (character) => HIGH[character.charCodeAt(0) - 0x80] as string);
}
