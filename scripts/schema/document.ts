/*
 * Turns a text (JSON or YAML) into a valid OpenAPI document of version 3: converts Swagger 2.0, and includes files beside it.
 */
import SwaggerParser from "@apidevtools/swagger-parser";
import swagger2openapi from "swagger2openapi";
import { parse } from "yaml";
import { normalise, plainData, toYaml } from "./normalise.ts";
import type { Reader } from "./read-source.ts";
import { parseDocument } from "./types.ts";
import { isTree, type Tree } from "./view.ts";

export interface ReadDocument {
  /** The document in its stable order. */
  readonly document: Tree;
  /** The document as the text that is kept in the repository. */
  readonly yaml: string;
  /** The format that it came in, such as `Swagger 2.0` or `OpenAPI 3.0.3`. */
  readonly dialect: string;
}

/** Parses, converts, completes, validates and orders a document. `url` is where it came from. */
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

/** Includes files that the document refers to, if the reader may read them: not from other hosts. */
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
    // The bundler's types are those of a valid document. Whether this one is valid is checked later.
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
    // The converter's types are those of a valid document. Whether this one is valid is checked later.
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
