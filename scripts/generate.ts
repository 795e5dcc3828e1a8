/**
 * Makes generated/schema.d.ts from schema/oplead.openapi.yaml. With --check it writes nothing and fails if the two differ.
 */
import { realpathSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { relative } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import SwaggerParser from "@apidevtools/swagger-parser";
import openapiTS, { astToString, type OpenAPI3 } from "openapi-typescript";
import { parse } from "yaml";

export const SCHEMA = new URL("../schema/oplead.openapi.yaml", import.meta.url);
const TYPES = new URL("../generated/schema.d.ts", import.meta.url);

const HEADER = `\
// Generated from schema/oplead.openapi.yaml by \`npm run generate\`, which overwrites it: change the document, not this file.

`;

/** Parses a document, as YAML or JSON, and rejects with the reason if types cannot be made from it. */
export async function parseDocument(text: string): Promise<OpenAPI3> {
  const document = parse(text) as OpenAPI3;
  const external = references(document).find((ref) => !ref.startsWith("#"));
  // openapi-typescript would fetch it, and the types would depend on the network or on whoever's disk it was.
  if (external !== undefined) throw new Error(`The reference "${external}" leaves the document.`);
  // A second copy, because the validator replaces the references in what it is given, and types need their names.
  await SwaggerParser.validate(parse(text), {
    resolve: { external: false },
    dereference: { circular: "ignore" },
  });
  return document;
}

/** The TypeScript declarations for a valid document. */
export async function renderTypes(document: OpenAPI3): Promise<string> {
  return HEADER + astToString(await openapiTS(structuredClone(document), { silent: true }));
}

/** Writes the types, or only compares them. Answers whether the file is up to date now, and what to tell the user. */
export async function generate({ check = false, schema = SCHEMA, types = TYPES } = {}): Promise<{
  ok: boolean;
  message: string;
}> {
  const rendered = await renderTypes(await parseDocument(await readFile(schema, "utf8")));
  const current = await readFile(types, "utf8").catch(() => "");
  // Git may check files out with CRLF.
  if (current.replaceAll("\r\n", "\n") === rendered) return { ok: true, message: `${name(types)} is up to date.` };
  if (check) {
    return { ok: false, message: `${name(types)} does not match ${name(schema)}. Run \`npm run generate\`.` };
  }
  await mkdir(new URL(".", types), { recursive: true });
  await writeFile(types, rendered);
  return { ok: true, message: `${name(types)} is written.` };
}

const name = (file: URL): string => relative("", fileURLToPath(file));

function references(node: unknown): string[] {
  if (typeof node !== "object" || node === null) return [];
  return Object.entries(node).flatMap(([key, value]) =>
    key === "$ref" && typeof value === "string" ? [value] : references(value),
  );
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { check: { type: "boolean", default: false } } });
  const { ok, message } = await generate({ check: values.check });
  if (ok) console.log(message);
  else console.error(message);
  process.exitCode = ok ? 0 : 1;
}

// Node resolves symbolic links in import.meta.url, but not in argv.
const script = process.argv[1];
if (script !== undefined && import.meta.url === pathToFileURL(realpathSync(script)).href) {
  main().catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  });
}
