// `npm run generate`. With --check it writes nothing, and fails if a file is stale.
import { readFile } from "node:fs/promises";
import type { OpenAPI3 } from "openapi-typescript";
import { generateDocs } from "./docs/generate.ts";
import { type Generated, isMain, main, writeOrCompare } from "./generated-file.ts";
import { generateApiReport } from "./make-api-report.ts";
import { generateMap } from "./make-france-map.ts";
import { generatePlaces } from "./make-france-places.ts";
import { generatePageAssets } from "./make-page-assets.ts";
import { generateReference } from "./make-reference.ts";
import { generateRequestChecks } from "./make-request-checks.ts";
import { generateArchitecture } from "./pictures/architecture.ts";
import { printable } from "./printable.ts";
import { declarationsOf, parseDocument } from "./schema/document.ts";
import { readFacts, renderFacts as render } from "./schema/facts.ts";
import type { Tree } from "./schema/view.ts";

export const SCHEMA = new URL("../schema/oplead.openapi.yaml", import.meta.url);
export const TYPES = new URL("../generated/schema.d.ts", import.meta.url);
export const FACTS = new URL("../generated/facts.ts", import.meta.url);

const HEADER = `\
// Generated from schema/oplead.openapi.yaml by \`npm run generate\`, which overwrites it: change the document, not this file.

`;

export async function renderTypes(document: OpenAPI3): Promise<string> {
  return HEADER + (await declarationsOf(document));
}

export function renderFacts(document: OpenAPI3): string {
  // readFacts takes any dialect; openapi-typescript's type names only one.
  return HEADER + render(readFacts(document as unknown as Tree));
}

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

if (isMain(import.meta.url)) {
  main(
    (options) => generate({ ...options, facts: FACTS }),
    generateRequestChecks,
    generateReference,
    generatePlaces,
    generateMap,
    generatePageAssets,
    generateArchitecture,
    generateApiReport,
    generateDocs,
  ).catch((error: unknown) => {
    console.error(printable(error instanceof Error ? error.message : String(error)));
    process.exitCode = 1;
  });
}
