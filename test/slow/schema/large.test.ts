import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { gunzipSync } from "node:zlib";
import { expect, it } from "vitest";
import { renderFacts, renderTypes } from "../../../scripts/generate.ts";
import { compare } from "../../../scripts/schema/compare.ts";
import { readDocument } from "../../../scripts/schema/document.ts";
import { operationNames } from "../../../scripts/schema/facts.ts";
import { openReader } from "../../../scripts/schema/read-source.ts";
import { published } from "../../schema/documents.ts";
import { tool } from "../toolbox.ts";

const LARGE: [name: string, packageName: string, version: string, file: string, dialect: string, operations: number][] =
  [
    ["Kubernetes", "kubernetes-client", "9.0.0", "lib/specs/swagger-1.13.json.gz", "Swagger 2.0", 500],
    ["Blockfrost", "@blockfrost/openapi", "0.1.93", "openapi.yaml", "OpenAPI 3.0", 100],
    ["ReadMe", "@readme/oas-examples", "8.2.2", "3.1/json/readme.json", "OpenAPI 3.1", 50],
  ];

it.each(LARGE)(
  "the large document of %s is read, and its differences are found",
  async (_name, packageName, version, file, dialect, operations) => {
    const path = join(await tool(packageName, version), "node_modules", packageName, file);
    const bytes = await readFile(path);
    const text = (file.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString("utf8");
    const read = await readDocument(text, pathToFileURL(path), openReader(path, undefined));
    expect(read.dialect).toContain(dialect);
    expect(await renderTypes(read.document as never)).toContain("export interface paths");
    expect(renderFacts(read.document as never)).toContain('"idField": "id"');

    const findings = compare(published(), read.document);
    const gone = findings.filter(({ verdict, what }) => verdict === "refuted" && what === "operation");
    expect(gone).toHaveLength(operationNames.length);
    expect(findings.filter(({ verdict, what }) => verdict === "new" && what === "operation").length).toBeGreaterThan(
      operations,
    );
  },
);
