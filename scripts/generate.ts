/**
 * Makes the files of generated/: the types and facts from the schema, and the data of the test kit. With --check it writes nothing,
 * and fails if a file is stale.
 */
import { readFile } from "node:fs/promises";
import SwaggerParser from "@apidevtools/swagger-parser";
import openapiTS, { astToString, type OpenAPI3 } from "openapi-typescript";
import { parse } from "yaml";
import { type Generated, isMain, main, writeOrCompare } from "./generated-file.ts";
import { generateMap } from "./make-france-map.ts";
import { generatePlaces } from "./make-france-places.ts";
import { generateReference } from "./make-reference.ts";
import { generateReportAssets } from "./make-report-assets.ts";
import { generateRequestChecks } from "./make-request-checks.ts";
import { printable } from "./printable.ts";
import { readFacts, renderFacts as render } from "./schema/facts.ts";
import type { Tree } from "./schema/view.ts";

export const SCHEMA = new URL("../schema/oplead.openapi.yaml", import.meta.url);
export const TYPES = new URL("../generated/schema.d.ts", import.meta.url);
export const FACTS = new URL("../generated/facts.ts", import.meta.url);

const HEADER = `\
// Generated from schema/oplead.openapi.yaml by \`npm run generate\`, which overwrites it: change the document, not this file.

`;

/** Parses a document, as YAML or JSON, and rejects with the reason if types cannot be made from it. */
export async function parseDocument(text: string): Promise<OpenAPI3> {
  const document = parse(text) as OpenAPI3;
  const found = references(document);
  const external = found.find((reference) => !reference.startsWith("#"));
  // openapi-typescript would fetch it, and the types would depend on the network or on a local file.
  if (external !== undefined) throw new Error(`The reference "${external}" leaves the document.`);
  // A second copy, because the validator changes the document that it is given.
  const copy = parse(text);
  await SwaggerParser.validate(copy, {
    resolve: { external: false },
    // References stay as they are: replaced by their targets, schemas that use each other would grow exponentially.
    dereference: { circular: "ignore", excludedPathMatcher: () => true },
  });
  // Left in place, references are not followed by the validator. This rejects where one leads to nothing.
  const targets = await SwaggerParser.resolve(copy, { resolve: { external: false } });
  for (const reference of new Set(found)) targets.get(reference);
  return document;
}

/** The TypeScript declarations for a valid document. */
export async function renderTypes(document: OpenAPI3): Promise<string> {
  return HEADER + astToString(await openapiTS(structuredClone(document), { silent: true }));
}

/** The facts of a valid document that the package needs at run time, as a module. */
export function renderFacts(document: OpenAPI3): string {
  // readFacts takes a document of any dialect; openapi-typescript's type names only one.
  return HEADER + render(readFacts(document as unknown as Tree));
}

/** Writes the types, and the facts if a place for them is given. With `check` it only compares them. */
export async function generate({
  check = false,
  schema = SCHEMA,
  types = TYPES,
  facts,
}: {
  check?: boolean;
  schema?: URL;
  types?: URL;
  facts?: URL;
} = {}): Promise<Generated> {
  const document = await parseDocument(await readFile(schema, "utf8"));
  const written = [await writeOrCompare(types, await renderTypes(document), check)];
  if (facts) written.push(await writeOrCompare(facts, renderFacts(document), check));
  return { ok: written.every(({ ok }) => ok), message: written.map(({ message }) => message).join("\n") };
}

function references(node: unknown): string[] {
  if (typeof node !== "object" || node === null) return [];
  return Object.entries(node).flatMap(([key, value]) =>
    key === "$ref" && typeof value === "string" ? [value] : references(value),
  );
}

if (isMain(import.meta.url)) {
  main(
    (options) => generate({ ...options, facts: FACTS }),
    generateRequestChecks,
    generateReference,
    generatePlaces,
    generateMap,
    generateReportAssets,
  ).catch((error: unknown) => {
    console.error(printable(error instanceof Error ? error.message : String(error)));
    process.exitCode = 1;
  });
}
