import { Parser } from "saxen";
import type { ZipPart } from "./zip.ts";

/** Takes the parts of a document, with names without prefixes. */
export interface XmlHandler {
  readonly open?: (name: string, attributes: () => Attributes) => void;
  readonly text?: (text: string) => void;
  readonly close?: (name: string) => void;
}

export type Attributes = Readonly<Record<string, string>>;

/** As much text without an element is no cell: it holds 32,767 characters. */
const LONGEST_TEXT = 4_194_304;

const local = (name: string): string => name.slice(name.indexOf(":") + 1);

/** Reads an XML document piece by piece, and lets others have a turn after each. A document with a DTD is none of a workbook, and fails. */
export async function* readXml(part: ZipPart, { open, text, close }: XmlHandler): AsyncGenerator<void> {
  let silent = 0;
  // The parser's own words may quote the document.
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

const NAMED: Readonly<Record<string, string>> = { amp: "&", apos: "'", gt: ">", lt: "<", quot: '"' };

/** Not by saxen, which halves characters beyond U+FFFF. */
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
