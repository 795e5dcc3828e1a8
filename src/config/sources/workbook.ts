import { setImmediate } from "node:timers/promises";
import { crc32, createInflateRaw } from "node:zlib";
import { addLocale, dateFromSerial, format, getFormatDateInfo, getFormatFromId, getFormatInfo } from "numfmt";
import { Parser } from "saxen";

// No chart or macro sheets.
export interface SheetEntry {
  readonly name: string;
  readonly isHidden: boolean;
  readonly part: ZipPart;
}

export interface Workbook {
  readonly sheets: readonly SheetEntry[];
  readonly strings: readonly string[];
  readonly textOf: (value: number, style: number) => string;
  // Patterns of number formats that cannot be read.
  readonly unknownFormats: ReadonlySet<string>;
}

// Such as `.xlsb` or `.docx`.
export class OtherArchive extends Error {}

// No table of people is so large. Sheets are read in pieces, other parts at once.
const MOST_AT_ONCE = 268_435_456;
const MOST_OF_SHEET = 1_073_741_824;

export class TooLarge extends Error {}

export async function openWorkbook(bytes: Buffer): Promise<Workbook> {
  const zip = openZip(bytes);
  const [path = ""] = await targets(zip, "", "officeDocument");
  const main = zip.get(path);
  if (main === undefined || path.endsWith(".bin")) throw new OtherArchive();
  const named: { name: string; isHidden: boolean; id: string }[] = [];
  let is1904 = false;
  await read(main, {
    open: (tag, given) => {
      const attributes = given();
      if (tag === "workbookPr") is1904 = /^(?:1|true)$/.test(attributes.date1904 ?? "");
      const [, id = ""] = Object.entries(attributes).find(([name]) => /^\w+:id$/.test(name)) ?? [];
      if (tag === "sheet")
        named.push({ name: attributes.name ?? "", isHidden: /hidden/i.test(attributes.state ?? ""), id });
    },
  });
  const paths = await relations(zip, path, "worksheet");
  const sheets = named.flatMap(({ name, isHidden, id }) => {
    const part = zip.get(paths.get(id) ?? "");
    return part ? [{ name, isHidden, part }] : [];
  });
  if (sheets.some(({ part }) => part.size > MOST_OF_SHEET)) throw new TooLarge();
  const [strings, formats] = [[] as string[], [] as string[]];
  for (const [kind, handler] of [
    ["sharedStrings", stringsInto(strings)],
    ["styles", formatsInto(formats)],
  ] as const) {
    for (const target of await targets(zip, path, kind)) {
      const part = zip.get(target);
      if (part) await read(part, handler);
    }
  }
  const texts = new Map<string, NumberText>();
  const unknownFormats = new Set<string>();
  const textOf = (value: number, style: number): string => {
    const pattern = formats[style] ?? "General";
    try {
      const text = texts.get(pattern) ?? numberText(pattern, is1904);
      texts.set(pattern, text);
      return text(value);
    } catch {
      texts.set(pattern, inFull);
      unknownFormats.add(pattern);
      return inFull(value);
    }
  };
  return { sheets, strings, textOf, unknownFormats };
}

async function targets(zip: ReadonlyMap<string, ZipPart>, from: string, kind: string): Promise<string[]> {
  return [...(await relations(zip, from, kind)).values()];
}

async function relations(zip: ReadonlyMap<string, ZipPart>, from: string, kind: string): Promise<Map<string, string>> {
  const folder = from.slice(0, from.lastIndexOf("/") + 1);
  const part = zip.get(`${folder}_rels/${from.slice(folder.length)}.rels`);
  const found = new Map<string, string>();
  if (!part) return found;
  await read(part, {
    open: (tag, given) => {
      const { Id = "", Type = "", Target = "" } = given();
      const isWanted = tag === "Relationship" && Type.endsWith(`/${kind}`);
      if (isWanted) found.set(Id, new URL(Target.toLowerCase(), `file:///${folder}`).pathname.slice(1));
    },
  });
  return found;
}

const read = async (part: ZipPart, handler: XmlHandler): Promise<void> => {
  if (part.size > MOST_AT_ONCE) throw new TooLarge();
  for await (const _piece of readXml(part, handler));
};

// Parts in different fonts are joined, phonetic hints left out.
function stringsInto(strings: string[]): XmlHandler {
  let [text, isText, isHint] = ["", false, false];
  return {
    open: (tag) => {
      if (tag === "si") text = "";
      if (tag === "rPh") isHint = true;
      isText = tag === "t" && !isHint;
    },
    text: (piece) => {
      if (isText) text += piece;
    },
    close: (tag) => {
      isText = false;
      if (tag === "rPh") isHint = false;
      if (tag === "si") strings.push(unescaped(text));
    },
  };
}

function formatsInto(formats: string[]): XmlHandler {
  const own = new Map<string, string>();
  let isCell = false;
  return {
    open: (tag, given) => {
      const { numFmtId = "0", formatCode = "General" } = given();
      if (tag === "numFmt") own.set(numFmtId, formatCode);
      if (tag === "cellXfs") isCell = true;
      if (tag === "xf" && isCell) formats.push(own.get(numFmtId) ?? getFormatFromId(Number(numFmtId)) ?? "General");
    },
    close: (tag) => {
      if (tag === "cellXfs") isCell = false;
    },
  };
}

// Excel writes `_x000D_` for a character that XML cannot hold.
export function unescaped(text: string): string {
  return text.includes("_x")
    ? text.replace(/_x([0-9A-F]{4})_/gi, (_, code) => String.fromCharCode(Number.parseInt(code, 16)))
    : text;
}

export interface XmlHandler {
  readonly open?: (name: string, attributes: () => Attributes) => void;
  readonly text?: (text: string) => void;
  readonly close?: (name: string) => void;
}

export type Attributes = Readonly<Record<string, string>>;

// Bytes between two tags. Excel allows 32,767 characters in a cell.
const LONGEST_TEXT = 4_194_304;

const local = (name: string): string => name.slice(name.indexOf(":") + 1);

// Refuses a DTD. Other work runs after each piece.
export async function* readXml(part: ZipPart, { open, text, close }: XmlHandler): AsyncGenerator<void> {
  let silent = 0;
  // The parser's message may quote the document.
  const fail = (): never => {
    throw new Error("not XML");
  };
  const parser = new Parser()
    .on("openTag", (name, attributes) => {
      silent = 0;
      open?.(local(name), () => decodedAll(attributes()));
    })
    .on("closeTag", (name) => {
      silent = 0;
      close?.(local(name));
    })
    .on("text", (piece) => text?.(decoded(piece)))
    .on("cdata", (piece) => text?.(piece))
    .on("attention", fail)
    .on("warn", fail)
    .on("error", fail);
  const decoder = new TextDecoder("utf-8", { fatal: true });
  for await (const piece of part.read()) {
    silent += piece.length;
    if (silent > LONGEST_TEXT) throw new Error("a text without end");
    parser.write(decoder.decode(piece, { stream: true }));
    yield;
  }
  parser.end();
}

// An unknown locale: a decimal point, no separators of thousands.
const PLAIN = "zz";
let isPrepared = false;

// Excel keeps no more digits.
const EXACT = 1e15;

// Days between the two calendars of workbooks.
const DAYS_1904 = 1462;

export type NumberText = (value: number) => string;

// Writes numbers as Excel shows them: `01000` in the format `00000`, a day as `2026-01-31`, with `T` and the time if
// shown. Numbers that Excel would shorten (`3.36E+10`) are written in full.
function numberText(pattern: string, is1904: boolean): NumberText {
  if (!isPrepared) addLocale({ group: "", decimal: "." }, PLAIN);
  isPrepared = true;
  const { type, isDate } = getFormatInfo(pattern);
  if (type === "general" || type === "text" || type === "scientific") return inFull;
  const shown = (value: number): string => {
    const text = format(pattern, value, { locale: PLAIN, overflow: "" }).trim();
    return text === "" ? inFull(value) : text;
  };
  if (!isDate) return shown;
  const { year, month, day, hours } = getFormatDateInfo(pattern);
  if (!year && !month && !day) return shown;
  return (value) => {
    const parts = dateFromSerial(is1904 ? value + DAYS_1904 : value);
    if (value < 0 || parts === null || (parts[0] ?? 0) > 9999) return inFull(value);
    const [date, time] = [parts.slice(0, 3), parts.slice(3, 6)].map((list) =>
      list.map((part) => String(part).padStart(2, "0")),
    );
    return date?.join("-") + (hours && time?.some((part) => part !== "00") ? `T${time.join(":")}` : "");
  };
}

// Excel counts with 15 digits, a workbook stores more.
function inFull(value: number): string {
  return Math.abs(value) >= EXACT ? value.toExponential().replace("e+", "E+") : String(Number(value.toPrecision(15)));
}

export interface ZipPart {
  readonly size: number;
  // Throws if the bytes are damaged, or have another size than the archive says.
  readonly read: () => AsyncIterable<Buffer>;
}

const END = Buffer.from("PK\x05\x06", "latin1");
const [ENTRY, PART] = [0x02014b50, 0x04034b50];

// Bytes read at a time: they take a few milliseconds, even before V8 optimises.
const PIECE = 32_768;

const END_BYTES = 65_557;

function openZip(bytes: Buffer): ReadonlyMap<string, ZipPart> {
  const end = bytes.lastIndexOf(END);
  if (end < 0 || bytes.length - end > END_BYTES) throw new Error("no end of the archive");
  const count = bytes.readUInt16LE(end + 10);
  const parts = new Map<string, ZipPart>();
  let at = bytes.readUInt32LE(end + 16);
  for (let entry = 0; entry < count; entry += 1) {
    if (bytes.readUInt32LE(at) !== ENTRY) throw new Error("no entry of the archive");
    const [flags, method] = [bytes.readUInt16LE(at + 8), bytes.readUInt16LE(at + 10)];
    const [sum, packed, size] = [16, 20, 24].map((field) => bytes.readUInt32LE(at + field)) as [number, number, number];
    const [name, extra, comment] = [28, 30, 32].map((field) => bytes.readUInt16LE(at + field)) as [
      number,
      number,
      number,
    ];
    const place = bytes.readUInt32LE(at + 42);
    const isEncrypted = (flags & 1) === 1;
    const read = (): AsyncIterable<Buffer> => {
      if (isEncrypted || (method !== 0 && method !== 8)) throw new Error("not readable");
      return unpacked(packedBytes(bytes, place, packed), method === 8, size, sum);
    };
    parts.set(
      bytes
        .toString("utf8", at + 46, at + 46 + name)
        .replaceAll("\\", "/")
        .toLowerCase(),
      { size, read },
    );
    at += 46 + name + extra + comment;
  }
  return parts;
}

function packedBytes(bytes: Buffer, place: number, length: number): Buffer {
  if (bytes.readUInt32LE(place) !== PART) throw new Error("no part of the archive");
  const start = place + 30 + bytes.readUInt16LE(place + 26) + bytes.readUInt16LE(place + 28);
  if (start + length > bytes.length) throw new Error("a part is cut");
  return bytes.subarray(start, start + length);
}

async function* unpacked(packed: Buffer, isDeflated: boolean, size: number, sum: number): AsyncGenerator<Buffer> {
  let crc = 0;
  let length = 0;
  for await (const piece of isDeflated ? createInflateRaw({ chunkSize: PIECE }).end(packed) : inPieces(packed)) {
    length += piece.length;
    // A part larger than the archive says could fill the memory.
    if (length > size) break;
    crc = crc32(piece, crc);
    yield piece;
  }
  if (length !== size || crc !== sum) throw new Error("a part was changed");
}

// Other work runs before each piece.
async function* inPieces(bytes: Buffer): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += PIECE) {
    await setImmediate();
    yield bytes.subarray(at, at + PIECE);
  }
}

const NAMED: Readonly<Record<string, string>> = { amp: "&", apos: "'", gt: ">", lt: "<", quot: '"' };

// The parser's own decoding damages characters beyond U+FFFF.
function decoded(text: string): string {
  if (!text.includes("&")) return text;
  return text.replace(/&(?:#(\d+)|#x([0-9a-f]+)|(\w+));/gi, (_, decimal?: string, hex?: string, name = "") => {
    if (decimal ?? hex) return String.fromCodePoint(decimal ? Number(decimal) : Number.parseInt(hex as string, 16));
    const character = NAMED[name];
    if (character === undefined) throw new Error("an entity of its own");
    return character;
  });
}

function decodedAll(attributes: Attributes): Attributes {
  return Object.fromEntries(Object.entries(attributes).map(([name, value]) => [name, decoded(value)]));
}
