import { cp, mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterEach, beforeEach, expect, it } from "vitest";
import { generate } from "../../../scripts/generate.ts";
import { PLACES, type Places, pull } from "../../../scripts/schema/pull.ts";
import { inOpenApi31, inSwagger2, type Loose, published } from "../../schema/documents.ts";
import { swaggerUi, waysToShow } from "../../schema/pages.ts";
import { serve } from "../../schema/serve.ts";

let folder: string;
let places: Places;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "oplead-pull-"));
  const inFolder = (name: string) => pathToFileURL(join(folder, name));
  places = {
    schema: inFolder("schema.yaml"),
    origin: inFolder("source.json"),
    types: inFolder("schema.d.ts"),
    facts: inFolder("facts.ts"),
  };
  for (const name of ["schema", "types", "facts"] as const) await cp(PLACES[name], places[name]);
});
afterEach(() => rm(folder, { recursive: true }));

async function pulled(document: Loose, options: { check?: boolean } = {}) {
  const site = await serve(waysToShow(JSON.stringify(document))["by url"] ?? {}, swaggerUi);
  try {
    return await pull({ source: `${site.origin}/documentation/index.html`, places, ...options });
  } finally {
    await site.close();
  }
}

const written = async () => JSON.stringify(await Promise.all(["schema.yaml", "schema.d.ts", "facts.ts"].map(read)));
const read = (name: string) => readFile(join(folder, name), "utf8");

const rename = (object: Loose, old: string, now: string) => {
  object[now] = object[old];
  delete object[old];
};

it("a pull changes nothing if the document means the same, however it is written", async () => {
  const before = await written();
  await cp(PLACES.schema, join(folder, "same.yaml"));
  const { outcome, words } = await pull({ source: join(folder, "same.yaml"), places });
  expect([outcome, words]).toEqual(["unchanged", expect.stringContaining("Nothing changed")]);
  expect(await written()).toBe(before);
});

it.each([
  ["OpenAPI 3.0.3", published],
  ["OpenAPI 3.1.0", inOpenApi31],
  ["Swagger 2.0", inSwagger2],
])("a pull reads an OpenAPI document in %s, and a second pull of it changes nothing", async (format, make) => {
  const first = await pulled(make());
  expect(first.complaints).toEqual([]);
  expect(first.outcome).toBe("compatible");
  const origin = JSON.parse(await read("source.json"));
  expect(origin).toMatchObject({ format, version: "1", sha256: expect.stringMatching(/^[\da-f]{64}$/) });
  expect(origin.source).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/v1\/openapi$/);
  const { schema, types, facts } = places;
  expect((await generate({ check: true, schema, types, facts })).message.match(/up to date/g)).toHaveLength(2);

  const before = await written();
  expect((await pulled(make())).outcome).toBe("unchanged");
  expect(await written()).toBe(before);
});

it("schema:pull writes the document and its facts, even if the document breaks the contract", async () => {
  const document = published();
  rename(document.paths, "/v1/users/{id}/rule/competences", "/v1/users/{id}/rule/competence");
  document.components.parameters.test.name = "dryRun";
  const { outcome, words } = await pulled(document);
  expect(outcome).toBe("broken");
  expect(words).toContain("schema/ and generated/ are written");
  expect(await read("facts.ts")).toContain('"testParameter": "dryRun"');
  expect(await read("schema.d.ts")).toContain('"/v1/users/{id}/rule/competence"');
  expect((await readdir(folder)).filter((name) => name.endsWith(".tmp"))).toEqual([]);
});

it("a pull compares with the last pulled document if there is one", async () => {
  await pulled(published());
  const document = published();
  rename(document.components.schemas.UserFields.properties, "company", "organisation");
  const { words } = await pulled(document);
  expect(words).toMatch(/Changed since the last document[\s\S]*field sent `company` → gone/);
  expect(words).not.toContain("Confirmed");
});

it("a pull writes nothing if the document cannot be used", async () => {
  const before = await written();
  await expect(pulled({ ...published(), paths: { "/v1/users": { post: {} } } })).rejects.toThrow(/not valid/);
  await expect(pull({ source: join(folder, "absent.yaml"), places })).rejects.toThrow(/no such file/);
  expect(await written()).toBe(before);
  expect((await readdir(folder)).sort()).toEqual(["facts.ts", "schema.d.ts", "schema.yaml"]);
});
