import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { generate, SCHEMA } from "../../scripts/generate.ts";
import { parseDocument } from "../../scripts/schema/document.ts";

type Tree = { [key: string]: unknown };

const text = await readFile(SCHEMA, "utf8");
// Rejects if the document is not valid.
const document = (await parseDocument(text)) as unknown as Tree;

// A document pulled from Oplead says nothing of provenance.
const handWritten = (document.info as Tree)["x-hand-written"] === true;

describe.runIf(handWritten)("the operations", () => {
  const operations = Object.entries(document.paths as Tree).flatMap(([path, item]) =>
    Object.entries(item as Tree).map(([method, operation]) => ({ path, method, operation: operation as Tree })),
  );

  it.each(operations.map(({ path, method, operation }) => [method, path, operation] as const))(
    "the operation %s %s has the parameter `test` if and only if it writes",
    (method, _path, operation) => {
      const parameters = ((operation.parameters ?? []) as Tree[]).map((parameter) => resolve(parameter, document));
      const test = parameters.find((parameter) => parameter.name === "test");
      expect(test === undefined).toBe(method === "get");
      if (test !== undefined) expect(test).toMatchObject({ in: "query", required: false, schema: { type: "boolean" } });
    },
  );

  it("no schema forbids fields that it does not list", () => {
    const closed = [...everyObject(document)].filter(([, node]) => node.additionalProperties === false);
    expect(closed.map(([path]) => path)).toEqual([]);
  });
});

describe("npm run generate", () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "oplead-schema-"));
  });
  afterAll(() => rm(folder, { recursive: true }));

  const inFolder = (name: string) => pathToFileURL(join(folder, name));

  it("generate() with check reports a stale or absent file, and does not change it", async () => {
    const types = inFolder("stale.d.ts");
    const stale = { ok: false, message: expect.stringContaining("Run `npm run generate`") };
    expect(await generate({ check: true, types })).toEqual(stale);
    await writeFile(types, "export {};\n");
    expect(await generate({ check: true, types })).toEqual(stale);
    expect(await readFile(types, "utf8")).toBe("export {};\n");
  });

  it("parseDocument() refuses a document that is not valid OpenAPI", async () => {
    await expect(
      parseDocument("openapi: 3.0.3\ninfo: { title: x, version: '1' }\npaths: { users: {} }"),
    ).rejects.toThrow(/validation failed/i);
    await expect(parseDocument("just text")).rejects.toThrow();
  });

  it("parseDocument() refuses a reference that leaves the document", async () => {
    const elsewhere = text.replaceAll("#/components/schemas/CodeReference", "https://example.com/code.yaml");
    await expect(parseDocument(elsewhere)).rejects.toThrow('"https://example.com/code.yaml" leaves the document');
  });
});

function* everyObject(node: unknown, path: string[] = []): Generator<[path: string, node: Tree]> {
  if (typeof node !== "object" || node === null) return;
  if (isTree(node)) yield [path.join(" > "), node];
  for (const [key, value] of Object.entries(node)) yield* everyObject(value, [...path, key]);
}

function isTree(value: unknown): value is Tree {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function at(node: unknown, ...keys: string[]): unknown {
  return keys.reduce((current, key) => {
    if (!isTree(current) || !(key in current)) throw new Error(`The document has no ${keys.join(" > ")}.`);
    return current[key];
  }, node);
}

function resolve(node: Tree, root: Tree): Tree {
  if (typeof node.$ref !== "string") return node;
  const keys = node.$ref
    .replace(/^#\//, "")
    .split("/")
    .map((key) => key.replaceAll("~1", "/").replaceAll("~0", "~"));
  return at(root, ...keys) as Tree;
}
