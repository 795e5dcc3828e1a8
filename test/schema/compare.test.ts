import { readFile } from "node:fs/promises";
import { expect, it } from "vitest";
import { parse } from "yaml";
import { SCHEMA } from "../../scripts/generate.ts";
import { compare } from "../../scripts/schema/compare.ts";
import { likeness, pair } from "../../scripts/schema/compare-fields.ts";
import { normalise, toYaml } from "../../scripts/schema/normalise.ts";
import { inOpenApi31, type Loose, published } from "./documents.ts";

const committed = parse(await readFile(SCHEMA, "utf8"));

// What the integration guide and Oplead's help articles state.
const DOCUMENTED = [
  "server https://api.oplead.com",
  "operation POST /v1/users",
  "query parameter test",
  "body sent",
  "field sent civility",
  "field sent lastname",
  "field sent login",
  "field sent email",
  "field sent accountNumber",
  "field sent parentUserIdentifier",
  "status 201",
  "operation PUT /v1/users/{userIdentification}",
  "status 404",
  "operation PUT /v1/users/{id}/rule/geographical",
  "field sent handledCountries",
  "field sent handledCountries[].handledCountry",
  "field sent handledCountries[].handledCountry.code",
  "field sent handledCountries[].handledCounties",
  "field sent handledCountries[].handledCounties[].handledCounty",
  "field sent handledCountries[].handledCounties[].handledCounty.number",
  "field sent handledCountries[].handledCounties[].handledPostCodeZips",
  "operation PUT /v1/users/{id}/rule/max-distance",
  "field sent maxDistance",
  "field sent [].range",
  "field sent [].range.code",
  "field sent [].requestType",
  "field sent [].requestType.code",
  "field sent [].code",
  "operation PUT /v1/users/{id}/rule/profile-types",
  "operation GET /v1/settings/user-profiles",
  "operation GET /v1/types/countries",
  "operation GET /v1/types/country/{code}",
];

it("a published document that does not differ from the committed document confirms every assumption", () => {
  const findings = compare(committed, published());
  expect(findings.filter(({ verdict }) => verdict !== "confirmed")).toEqual([]);
  const of = (stated: unknown) =>
    findings.filter(({ provenance }) => provenance === stated).map(({ what, name }) => `${what} ${name}`);
  const assumed = of("assumed");
  for (const name of [
    "field sent address.zipCode",
    "field answered id",
    "header of an answer Retry-After",
    "status 409",
  ]) {
    expect(assumed).toContain(name);
  }
  expect(of(undefined)).toEqual([]);
  const documented = of("documented").map((name) => name.replace("field answered", "field sent"));
  expect([...new Set(documented)]).toEqual(DOCUMENTED);
});

it("a published document that says the same in the form of OpenAPI 3.1 confirms every assumption", () => {
  expect(compare(committed, inOpenApi31()).filter(({ verdict }) => verdict !== "confirmed")).toEqual([]);
});

it("a document that lists no failures neither confirms nor refutes what is assumed about them", () => {
  const document = published();
  for (const item of Object.values<Loose>(document.paths)) {
    for (const { responses } of Object.values<Loose>(item)) {
      for (const status of Object.keys(responses)) if (/[45]../.test(status)) delete responses[status];
    }
  }
  const findings = compare(committed, document);
  expect(findings.filter(({ verdict }) => verdict === "refuted")).toEqual([]);
  const open = findings.filter(({ verdict }) => verdict === "open").map(({ name }) => name);
  expect(open).toEqual(expect.arrayContaining(["409", "Retry-After", "message"]));
});

it("a finding against Oplead's guide names `documented` as the field's provenance, not `assumed`", () => {
  const document = published();
  const { properties } = document.components.schemas.UserFields;
  properties.lastName = properties.lastname;
  delete properties.lastname;
  const refuted = compare(committed, document).filter(({ verdict }) => verdict === "refuted");
  expect(refuted.map(({ name, now, provenance, what }) => [what, name, now, provenance])).toEqual([
    ["field sent", "lastname", "lastName", "documented"],
    ["field answered", "lastname", "lastName", "documented"],
  ]);
});

it("allowed values of a field or an array are reported if only one document has them, or they differ", () => {
  const document = published();
  const { UserFields, ProfileTypesRule } = document.components.schemas;
  UserFields.properties.civility.enum = ["MR", "MRS"];
  ProfileTypesRule.items.enum = ["professional", "individual"];
  const different = compare(committed, document).filter(({ verdict }) => verdict !== "confirmed");
  expect(different.map(({ verdict, what, name, now }) => [verdict, what, name, now])).toEqual([
    ["new", "list of values", "civility", '"MR", "MRS"'],
    ["refuted", "field sent", "[]", '"pro", "single" → "professional", "individual"'],
  ]);
});

it("documents with the same meaning become the same text, whatever their order", () => {
  const shuffle = (node: Loose): Loose => {
    if (Array.isArray(node)) return node.map(shuffle);
    if (typeof node !== "object" || node === null) return node;
    return Object.fromEntries(
      Object.entries(node)
        .reverse()
        .map(([name, value]) => [name, shuffle(value)]),
    );
  };
  const text = toYaml(normalise(published(), undefined));
  expect(toYaml(normalise(shuffle(published()), undefined))).toBe(text);
  expect(toYaml(normalise(parse(text), undefined))).toBe(text);
  expect(text).not.toMatch(/[&*]a\d/);
});

it.each([
  ["absolute servers", [{ url: "https://api.oplead.com/v1" }], "https://api.oplead.com"],
  ["relative servers", [{ url: "/v1/" }], "https://docs.example"],
])(
  "if a document names the version /v1 in %s and not in its paths, the version moves into the paths",
  (_what, servers, url) => {
    const { paths } = published();
    const short = Object.fromEntries(Object.entries(paths).map(([path, item]) => [path.replace("/v1", ""), item]));
    const document = normalise({ ...published(), servers, paths: short }, new URL("https://docs.example/openapi.json"));
    expect(Object.keys(document.paths as object)).toEqual(Object.keys(paths).sort());
    expect(document.servers).toEqual([{ url }]);
  },
);

it("the type null of a version 3.0 schema becomes nullable, and an example stays as it is", () => {
  const schemas = {
    Listed: { type: ["string", "null"] },
    Chosen: { anyOf: [{ type: "string" }, { type: "integer" }, { type: "null" }], example: { type: ["x", "null"] } },
  };
  const document = normalise({ openapi: "3.0.3", components: { schemas } }, undefined) as Loose;
  expect(document.components.schemas).toEqual({
    Listed: { type: "string", nullable: true },
    Chosen: { anyOf: [{ type: "string" }, { type: "integer" }], nullable: true, example: { type: ["x", "null"] } },
  });
});

it.each([
  ["zipCode", "postCodeZip"],
  ["competences", "competence"],
  ["id", "userId"],
  ["contact-profiles", "contactProfile"],
])("the field name %s is similar to %s", (a, b) => {
  expect(likeness(a, b)).toBeGreaterThanOrEqual(0.3);
  expect(pair([a, "somethingElse"], ["unrelated", b]).get(a)).toBe(b);
});
