/** From a source to a valid document. */
import { createHash } from "node:crypto";
import { type ReadDocument, readDocument } from "./document.ts";
import { publicName, type Reader } from "./read-source.ts";
import { findDocument, looksLikePage } from "./swagger-ui.ts";
import { isTree } from "./view.ts";

export interface Pulled extends ReadDocument {
  readonly how: string;
  readonly origin: {
    readonly source: string;
    readonly pulledAt: string;
    readonly version: string;
    readonly format: string;
    readonly sha256: string;
  };
}

/** Reads a source: a document, or the page of Swagger UI that shows it. */
export async function readSource(reader: Reader): Promise<Pulled> {
  const start = await reader.read(reader.start);
  const page = looksLikePage(start.text) ? await findDocument(start, reader) : undefined;
  const text = page === undefined ? start : "url" in page ? await reader.read(page.url) : undefined;
  const written = text?.text ?? (page as { document: unknown }).document;
  const url = text?.url ?? start.url;
  const read = await readDocument(written, url, reader);
  const { info } = read.document;
  return {
    ...read,
    how: page === undefined ? "The source is the document itself." : `A Swagger UI page; the document is ${page.how}.`,
    origin: {
      source: publicName(url),
      pulledAt: new Date().toISOString(),
      version: String(isTree(info) ? info.version : "unknown"),
      format: read.dialect,
      sha256: createHash("sha256")
        .update(text?.bytes ?? JSON.stringify(written))
        .digest("hex"),
    },
  };
}
