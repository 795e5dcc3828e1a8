// A text, or a page of Swagger UI, as a valid document of OpenAPI 3, and that as declarations.

import { createHash } from "node:crypto";
import SwaggerParser from "@apidevtools/swagger-parser";
import openapiTS, { astToString, type OpenAPI3 } from "openapi-typescript";
import swagger2openapi from "swagger2openapi";
import { parse } from "yaml";
import { normalise, plainData, toYaml } from "./normalise.ts";
import { publicName, type Reader } from "./read-source.ts";
import { findDocument, looksLikePage } from "./swagger-ui.ts";
import { isTree, type Tree } from "./view.ts";

export interface ReadDocument {
  readonly document: Tree;
  readonly yaml: string;
  readonly dialect: string;
}

export async function readDocument(source: unknown, url: URL, reader: Reader): Promise<ReadDocument> {
  const written = plainData(typeof source === "string" ? parseText(source) : source);
  const dialect = dialectOf(written);
  const whole = await withFilesBeside(written as Tree, url, reader);
  const document = normalise(dialect === "Swagger 2.0" ? await converted(whole) : whole, url);
  const yaml = toYaml(document);
  try {
    await parseDocument(yaml);
  } catch (error) {
    throw new Error(
      `The document is not valid: ${firstLines(error)}\nSave the document, repair that place, and give the file as the source.`,
    );
  }
  return { document, yaml, dialect };
}

function parseText(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (notJson) {
    if (/^\s*[{[]/.test(text)) throw new Error(`The document is broken JSON: ${(notJson as Error).message}`);
  }
  try {
    return parse(text);
  } catch (notYaml) {
    throw new Error(`The document is neither JSON nor YAML: ${firstLines(notYaml)}`);
  }
}

function dialectOf(document: unknown): string {
  if (isTree(document)) {
    if (String(document.swagger) === "2.0" || document.swagger === 2) return "Swagger 2.0";
    if (/^3\.[01](?:\.|$)/.test(String(document.openapi))) return `OpenAPI ${document.openapi}`;
    const version = document.openapi ?? document.swagger;
    if (version !== undefined) throw new Error(`OpenAPI ${version} is not supported. Supported are 2.0, 3.0 and 3.1.`);
  }
  throw new Error("This is not an OpenAPI document: it has neither `openapi` nor `swagger`.");
}

// Not from other hosts.
async function withFilesBeside(document: Tree, url: URL, reader: Reader): Promise<Tree> {
  const references = referencesIn(document);
  if (references.every((reference) => reference.startsWith("#"))) return document;
  for (const reference of references) checkReference(reference, url, reader);
  let refusal: unknown;
  const read = async (file: { url: string }) => {
    try {
      return plainData(parseText((await reader.read(new URL(file.url))).text));
    } catch (error) {
      refusal ??= error;
      throw error;
    }
  };
  const options = {
    // The bundler's own readers would read any host and any file.
    resolve: { file: false, http: false, beside: { order: 1, canRead: true, read } },
    // Our reader gives parsed data.
    parse: {
      ...{ json: false, yaml: false, text: false, binary: false },
      beside: { order: 1, canRead: true, parse: ({ data }: { data: unknown }) => data },
    },
  };
  try {
    // The parser's types are those of a valid document; this one is checked later.
    return (await SwaggerParser.bundle(
      url.href,
      document as never,
      options as SwaggerParser.Options,
    )) as unknown as Tree;
  } catch (error) {
    throw refusal ?? error;
  }
}

function checkReference(reference: string, url: URL, reader: Reader): void {
  if (reference.startsWith("#")) return;
  const target = new URL(reference, url);
  const isHere = target.protocol === reader.start.protocol && target.host === reader.start.host;
  if (!isHere) throw new Error(`The reference "${reference}" leads to another host and is not followed.`);
}

function referencesIn(node: unknown, seen = new Set<unknown>()): string[] {
  if (typeof node !== "object" || node === null || seen.has(node)) return [];
  seen.add(node);
  return Object.entries(node).flatMap(([name, value]) =>
    name === "$ref" && typeof value === "string" ? [value] : referencesIn(value, seen),
  );
}

async function converted(document: Tree): Promise<Tree> {
  try {
    // The type is that of a valid document, which is checked later.
    const { openapi } = await swagger2openapi.convertObj(document as never, { patch: true, warnOnly: true });
    return openapi as unknown as Tree;
  } catch (error) {
    throw new Error(`Swagger 2.0 cannot be converted: ${firstLines(error)}`);
  }
}

function firstLines(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.split("\n").slice(0, 4).join("\n").slice(0, 1_000);
}

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

export async function parseDocument(text: string): Promise<OpenAPI3> {
  const document = parse(text) as OpenAPI3;
  const found = referencesIn(document);
  const external = found.find((reference) => !reference.startsWith("#"));
  // openapi-typescript would fetch it, and the types depend on the network.
  if (external !== undefined) throw new Error(`The reference "${external}" leaves the document.`);
  // The validator changes what it is given.
  const copy = parse(text);
  await SwaggerParser.validate(copy, {
    resolve: { external: false },
    // Replaced by their targets, schemas that use each other would grow exponentially.
    dereference: { circular: "ignore", excludedPathMatcher: () => true },
  });
  // The validator does not follow them. This rejects where one leads to nothing.
  const targets = await SwaggerParser.resolve(copy, { resolve: { external: false } });
  for (const reference of new Set(found)) targets.get(reference);
  return document;
}

export async function declarationsOf(document: OpenAPI3): Promise<string> {
  return astToString(await openapiTS(structuredClone(document), { silent: true }));
}
