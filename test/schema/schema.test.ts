import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { generate, SCHEMA } from "../../scripts/generate.ts";
import { parseDocument } from "../../scripts/schema/document.ts";

type Tree = { [key: string]: unknown };

// What the integration guide and Oplead's help articles state.
const DOCUMENTED = [
  "servers > https://api.oplead.com",

  "paths > /v1/users > post",
  "paths > /v1/users > post > responses > 201",
  "paths > /v1/users/{userIdentification} > put",
  "paths > /v1/users/{userIdentification} > put > parameters > userIdentification",
  "paths > /v1/users/{userIdentification} > put > responses > 404",
  "components > requestBodies > User",
  "components > parameters > test",
  "components > schemas > UserFields > properties > civility",
  "components > schemas > UserFields > properties > lastname",
  "components > schemas > UserFields > properties > login",
  "components > schemas > UserFields > properties > email",
  "components > schemas > UserFields > properties > accountNumber",
  "components > schemas > UserFields > properties > parentUserIdentifier",

  "components > parameters > id",
  "paths > /v1/users/{id}/rule/geographical > put",
  "paths > /v1/users/{id}/rule/geographical > put > requestBody",
  "paths > /v1/users/{id}/rule/max-distance > put",
  "paths > /v1/users/{id}/rule/max-distance > put > requestBody",
  "paths > /v1/users/{id}/rule/competences > put > requestBody",
  "paths > /v1/users/{id}/rule/contact-profiles > put > requestBody",
  "paths > /v1/users/{id}/rule/profile-types > put",
  "paths > /v1/users/{id}/rule/profile-types > put > requestBody",
  "components > schemas > GeographicalRule > properties > handledCountries",
  "components > schemas > HandledCountry > properties > handledCountry",
  "components > schemas > HandledCountry > properties > handledCounties",
  "components > schemas > HandledCounty > properties > handledCounty",
  "components > schemas > HandledCounty > properties > handledCounty > properties > number",
  "components > schemas > HandledCounty > properties > handledPostCodeZips",
  "components > schemas > MaxDistanceRule > properties > maxDistance",
  "components > schemas > Competence > properties > range",
  "components > schemas > Competence > properties > requestType",
  "components > schemas > CodeReference > properties > code",

  "paths > /v1/settings/user-profiles > get",
  "paths > /v1/types/countries > get",
  "paths > /v1/types/country/{code} > get",
  "paths > /v1/types/country/{code} > get > parameters > code",
];

const text = await readFile(SCHEMA, "utf8");
// Rejects if the document is not valid.
const document = (await parseDocument(text)) as unknown as Tree;

// A document pulled from Oplead says nothing of provenance.
const handWritten = (document.info as Tree)["x-hand-written"] === true;

describe.runIf(handWritten)("the provenance of the API document: where each of its parts comes from", () => {
  const sites = provenanceSites(document);

  it("every part of the API document has a provenance", () => {
    expect(sites.filter((site) => !isProvenance(site.provenance)).map((site) => site.path)).toEqual([]);
  });

  it("the provenance is `documented` for what the guide or a help article describes, and no more", () => {
    const documented = sites.filter((site) => !site.isReference && site.provenance === "documented");
    expect(documented.map((site) => site.path).sort()).toEqual([...DOCUMENTED].sort());
  });
});

describe.runIf(handWritten)("the operations", () => {
  const operations = Object.entries(document.paths as Tree).flatMap(([path, item]) =>
    Object.entries(item as Tree).map(([method, operation]) => ({ path, method, operation: operation as Tree })),
  );

  it("the document has the ten operations that the client calls", () => {
    expect(
      Object.fromEntries(
        operations.map(({ path, method, operation }) => [operation.operationId, `${method.toUpperCase()} ${path}`]),
      ),
    ).toEqual({
      createUser: "POST /v1/users",
      updateUser: "PUT /v1/users/{userIdentification}",
      setGeographicalRule: "PUT /v1/users/{id}/rule/geographical",
      setMaxDistanceRule: "PUT /v1/users/{id}/rule/max-distance",
      setCompetencesRule: "PUT /v1/users/{id}/rule/competences",
      setContactProfilesRule: "PUT /v1/users/{id}/rule/contact-profiles",
      setProfileTypesRule: "PUT /v1/users/{id}/rule/profile-types",
      listUserProfiles: "GET /v1/settings/user-profiles",
      listCountries: "GET /v1/types/countries",
      getCountry: "GET /v1/types/country/{code}",
    });
  });

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

interface Site {
  // Names in place of the index of parameters and servers.
  path: string;
  // The target of a reference, or the object itself.
  node: Tree;
  isReference: boolean;
  provenance: unknown;
}

function isProvenance(value: unknown): boolean {
  return value === "documented" || value === "assumed";
}

// By the grammar of OpenAPI: a key `properties` could be the name of a field.
function provenanceSites(root: Tree): Site[] {
  // The kind of object under each key; in brackets: a map or list of such objects.
  type Rules = Record<string, string | [string]>;
  const schema: Rules = {
    properties: ["property"],
    items: "schema",
    allOf: ["schema"],
    oneOf: ["schema"],
    anyOf: ["schema"],
    not: "schema",
    additionalProperties: "schema",
  };
  const grammar: Record<string, Rules> = {
    document: { paths: ["pathItem"], components: "components", servers: ["server"] },
    components: {
      schemas: ["schema"],
      responses: ["response"],
      parameters: ["parameter"],
      requestBodies: ["requestBody"],
      headers: ["header"],
      securitySchemes: ["securityScheme"],
    },
    pathItem: {
      ...Object.fromEntries(
        ["get", "put", "post", "delete", "options", "head", "patch", "trace"].map((method) => [method, "operation"]),
      ),
      parameters: ["parameter"],
      servers: ["server"],
    },
    operation: {
      parameters: ["parameter"],
      requestBody: "requestBody",
      responses: ["response"],
      servers: ["server"],
    },
    parameter: { schema: "schema", content: ["mediaType"] },
    header: { schema: "schema", content: ["mediaType"] },
    requestBody: { content: ["mediaType"] },
    response: { headers: ["header"], content: ["mediaType"] },
    mediaType: { schema: "schema" },
    schema,
    property: schema,
  };
  const unmarked = new Set(["document", "components", "pathItem", "mediaType", "schema"]);

  function visit(node: unknown, kind: string, path: string[]): Site[] {
    if (!isTree(node)) return [];
    const isReference = typeof node.$ref === "string";
    const target = isReference ? resolve(node, root) : node;
    const site = { path: path.join(" > "), node: target, isReference, provenance: target["x-provenance"] };
    const inside = isReference ? [] : Object.entries(grammar[kind] ?? {});
    return [
      ...(unmarked.has(kind) ? [] : [site]),
      ...inside.flatMap(([key, child]) => {
        if (typeof child === "string") return visit(node[key], child, [...path, key]);
        return Object.entries((node[key] ?? {}) as Tree).flatMap(([name, value]) => {
          const label = Array.isArray(node[key]) ? labelOf(value, name) : name;
          return visit(value, child[0], [...path, key, label]);
        });
      }),
    ];
  }

  function labelOf(value: unknown, index: string): string {
    const { name, url } = isTree(value) ? resolve(value, root) : {};
    return String(name ?? url ?? index);
  }

  return visit(root, "document", []);
}

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
