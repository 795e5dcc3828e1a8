/** A document's validity, and its TypeScript declarations. */
import SwaggerParser from "@apidevtools/swagger-parser";
import openapiTS, { astToString, type OpenAPI3 } from "openapi-typescript";
import { parse } from "yaml";

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
export async function declarationsOf(document: OpenAPI3): Promise<string> {
  return astToString(await openapiTS(structuredClone(document), { silent: true }));
}

function references(node: unknown): string[] {
  if (typeof node !== "object" || node === null) return [];
  return Object.entries(node).flatMap(([key, value]) =>
    key === "$ref" && typeof value === "string" ? [value] : references(value),
  );
}
