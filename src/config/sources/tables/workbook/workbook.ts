import { getFormatFromId } from "numfmt";
import { type NumberText, numberText } from "./number-text.ts";
import { readXml, type XmlHandler } from "./xml.ts";
import { openZip, type ZipPart } from "./zip.ts";

/** A sheet of cells. Charts and macros are none. */
export interface SheetEntry {
  readonly name: string;
  readonly isHidden: boolean;
  readonly part: ZipPart;
}

export interface Workbook {
  readonly sheets: readonly SheetEntry[];
  /** The texts of its cells, each once. */
  readonly strings: readonly string[];
  /** Writes a number of a cell with this style. */
  readonly textOf: (value: number, style: number) => string;
}

/** A file that opens as a ZIP archive and is no workbook of cells in XML. */
export class OtherArchive extends Error {}

/** More than this is in no table that people maintain. What is unpacked at once stays in memory, a sheet is read in pieces. */
const MOST_AT_ONCE = 268_435_456;
const MOST_OF_SHEET = 1_073_741_824;

/** A workbook that would take too much memory or time. */
export class TooLarge extends Error {}

const read = async (part: ZipPart, handler: XmlHandler): Promise<void> => {
  if (part.size > MOST_AT_ONCE) throw new TooLarge();
  for await (const _piece of readXml(part, handler));
};

/** Opens a workbook. Throws {@link OtherArchive}, {@link TooLarge}, and any error where the file is damaged. */
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
  const textOf = (value: number, style: number): string => {
    const pattern = formats[style] ?? "General";
    const text = texts.get(pattern) ?? numberText(pattern, is1904);
    texts.set(pattern, text);
    return text(value);
  };
  return { sheets, strings, textOf };
}

async function targets(zip: ReadonlyMap<string, ZipPart>, from: string, kind: string): Promise<string[]> {
  return [...(await relations(zip, from, kind)).values()];
}

/** The parts of one kind that a part names, by the id it gives them. */
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

/** Texts are stored once; parts in other fonts are joined, and how to pronounce them is left out. */
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

/** The patterns of the formats, by style. */
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

/** Excel writes characters that XML cannot hold as `_x000D_`. */
export function unescaped(text: string): string {
  return text.includes("_x")
    ? text.replace(/_x([0-9A-F]{4})_/gi, (_, code) => String.fromCharCode(Number.parseInt(code, 16)))
    : text;
}
