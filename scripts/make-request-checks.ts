// ajv compiles here and not in the fake: the package has no validator, and strict mode works where `eval` is forbidden.
// Only the fake's operations: the live document may have a hundred more.
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { Ajv } from "ajv";
import standalone from "ajv/dist/standalone/index.js";
import { build } from "esbuild";
import { parse } from "yaml";
import { operationNames, operationTable, templateOf } from "../src/testing/api.ts";
import { writeOrCompare } from "./generated-file.ts";
import { resolve, viewOf } from "./schema/view.ts";

export const DOCUMENT = new URL("../schema/oplead.openapi.yaml", import.meta.url);
const CHECKS = new URL("../generated/request-checks.ts", import.meta.url);

const HEADER = `\
// Generated from schema/oplead.openapi.yaml by scripts/make-request-checks.ts, which overwrites it: change the document, not this file.
// Plain JavaScript, as the validator writes it.
// @ts-nocheck
`;

export async function generateRequestChecks({ check = false } = {}) {
  return writeOrCompare(CHECKS, await makeRequestChecks(await readFile(DOCUMENT, "utf8")), check);
}

// biome-ignore lint/suspicious/noExplicitAny: a document of any shape, read as it comes
type Json = any;

export async function makeRequestChecks(text: string): Promise<string> {
  const document: Json = asJsonSchema(parse(text));
  const resolved = (node: Json): Json => resolve(node, document);

  const bodies: Record<string, Json> = {};
  const table = operationNames.map((name) => {
    const { method } = operationTable[name];
    const template = templateOf(name);
    // Parameters may have other names: only their place counts.
    const path = Object.keys(document.paths).find((each) => each.replace(/\{[^}]*\}/g, "*") === template);
    const item = document.paths[path ?? ""];
    const operation = item?.[method.toLowerCase()];
    if (!operation) throw new Error(`The document has no ${method} ${template}, which the fake answers.`);
    const parameters: Json[] = [...(item.parameters ?? []), ...(operation.parameters ?? [])].map(resolved);
    const query = Object.fromEntries(
      parameters
        .filter((parameter) => parameter.in === "query")
        .map(({ name, required = false, schema }) => [name, { required, values: valuesOf(resolved(schema)) }]),
    );
    const body = resolved(operation.requestBody);
    const schema = body?.content?.["application/json"]?.schema;
    if (schema) bodies[name] = schema;
    const types = Object.keys(body?.content ?? {});
    const facts = { query, bodyRequired: body?.required ?? false, types, fields: fieldsOf(schema, document) };
    return `${name}: { ...${JSON.stringify(facts)}, checkBody: ${schema ? name : undefined} }`;
  });

  const ajv = new Ajv({
    // OpenAPI has keywords and formats that ajv does not know.
    strict: false,
    logger: false,
    allErrors: true,
    inlineRefs: false,
    code: { source: true, esm: true },
    formats: { email: /^[^\s@]+@[^\s@]+\.[^\s@]+$/ },
  });
  ajv.addSchema({ $id: "document", components: document.components, bodies });
  const functions = Object.fromEntries(Object.keys(bodies).map((name) => [name, `document#/bodies/${name}`]));
  const code = standalone(ajv, functions).replaceAll("export const", "const");
  const similar = 'export { similarTo } from "../src/core/values.ts";';
  return HEADER + (await bundle(`${similar}\n${code}\nexport const requestChecks = {\n${table.join(",\n")}\n};`));
}

function fieldsOf(schema: unknown, document: Json, path = "", depth = 0): Record<string, string[]> {
  const { fields } = viewOf(schema, document);
  if (fields.size === 0 || depth > 5) return {};
  const inner = [...fields].map(([name, field]) =>
    fieldsOf(field.schema, document, path === "" ? name : `${path}.${name}`, depth + 1),
  );
  return Object.assign({ [path]: [...fields.keys()] }, ...inner);
}

function valuesOf(schema: Json): string[] | undefined {
  if (schema?.type === "boolean") return ["true", "false"];
  return schema?.enum?.map(String);
}

// Where OpenAPI 3.0 and JSON Schema differ. ajv would compile the prose in.
function asJsonSchema(node: unknown, holdsNames = false): unknown {
  if (Array.isArray(node)) return node.map((item) => asJsonSchema(item));
  if (typeof node !== "object" || node === null) return node;
  const kept: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(node)) {
    const isProse = key.startsWith("x-") || ["description", "example", "summary", "title"].includes(key);
    if (holdsNames || !isProse) kept[key] = asJsonSchema(value, key === "properties" && !holdsNames);
  }
  for (const [exclusive, bound] of [
    ["exclusiveMinimum", "minimum"],
    ["exclusiveMaximum", "maximum"],
  ] as const) {
    if (kept[exclusive] === true) kept[exclusive] = kept[bound];
    else if (kept[exclusive] === false) delete kept[exclusive];
  }
  return kept;
}

async function bundle(contents: string): Promise<string> {
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: fileURLToPath(new URL("./", import.meta.url)) },
    bundle: true,
    format: "esm",
    target: "es2022",
    minify: true,
    lineLimit: 160,
    write: false,
  });
  return outputFiles[0]?.text ?? "";
}
