import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { pull } from "../../../scripts/schema/pull.ts";
import { type Loose, published } from "../../schema/documents.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "oplead-verdicts-"));
});
afterAll(() => rm(folder, { recursive: true }));

type Change = (document: Loose) => void;
const changed = (change: Change, document: Loose = published()) => {
  change(document);
  return document;
};
const rename = (object: Loose, old: string, now: string) => {
  object[now] = object[old];
  delete object[old];
};
const schemas = (document: Loose) => document.components.schemas;
const answer = (document: Loose, path: string, method: string, status: string) =>
  document.paths[path][method].responses[status].content["application/json"];

const COMPATIBLE: [string, Change, ...RegExp[]][] = [
  [
    "components are renamed",
    (document) => {
      const text = JSON.stringify(document).replaceAll("schemas/User", "schemas/App.Dto.User");
      const names = Object.entries(schemas(document)).map(([name, schema]) => [
        name.replace(/^User/, "App.Dto.User"),
        schema,
      ]);
      Object.assign(document, JSON.parse(text));
      const renamed = JSON.parse(
        JSON.stringify(Object.fromEntries(names)).replaceAll("schemas/User", "schemas/App.Dto.User"),
      );
      document.components.schemas = renamed;
    },
    /Confirmed.*\(5\d\)/,
  ],
  [
    "the answer is wrapped in data",
    (document) => {
      for (const [path, method, status] of [
        ["/v1/users", "post", "201"],
        ["/v1/users/{userIdentification}", "put", "200"],
        ["/v1/settings/user-profiles", "get", "200"],
        ["/v1/types/countries", "get", "200"],
        ["/v1/types/country/{code}", "get", "200"],
      ] as const) {
        const content = answer(document, path, method, status);
        content.schema = { type: "object", properties: { data: content.schema } };
      }
    },
    /what is asked for is `the answer itself` → `data of the answer` \(/,
    /Confirmed[\s\S]*field answered[^\n]*`id`/,
  ],
  [
    "creation answers 200, anything may be null, nothing is required in answers, references are given with anyOf, and there is more",
    (document) => {
      rename(document.paths["/v1/users"].post.responses, "201", "200");
      const { Competence, Country, County, UserFields, UserProfile } = schemas(document);
      for (const schema of [UserProfile, Country, County, UserFields]) {
        if (schema !== UserFields) delete schema.required;
        for (const property of Object.values<Loose>(schema.properties)) property.nullable = true;
      }
      for (const property of [
        UserFields.properties.profile,
        Competence.properties.range,
        UserProfile.properties.parent,
      ]) {
        property.anyOf = [...property.allOf, { type: "object", properties: { iri: { type: "string" } } }];
        delete property.allOf;
      }
      document.paths["/v1/leads"] = { get: { responses: { "200": { description: "OK" } } } };
      UserFields.properties.language = { type: "string" };
    },
    /status `201` → `200` \(POST \/v1\/users\)/,
    /New \(\d\)[\s\S]*field sent `language`/,
    /operation `GET \/v1\/leads`/,
  ],
];

it.each(COMPATIBLE)("schema:pull calls a fetched API document compatible if %s", async (_name, change, ...words) => {
  const result = await compared(changed(change));
  expect(result.complaints).toEqual([]);
  expect(result.outcome).toBe("compatible");
  for (const word of words) expect(result.words).toMatch(word);
});

// Name, change, the lines of contract.ts, and what the report must match.
const BROKEN: [string, Change, RegExp, ...RegExp[]][] = [
  [
    "the path of competences is singular",
    (document) => rename(document.paths, "/v1/users/{id}/rule/competences", "/v1/users/{id}/rule/competence"),
    /\[Name in RuleName\]/,
    /Refuted[\s\S]*`PUT \/v1\/users\/\{id\}\/rule\/competences` → `PUT \/v1\/users\/\{id\}\/rule\/competence`; see src\/contract\/contract\.ts:\d+/,
  ],
  [
    "a postcode is called postCodeZip",
    (document) => {
      const { Address } = schemas(document);
      rename(Address.properties, "zipCode", "postCodeZip");
      Address.required = ["postCodeZip", "city", "country"];
    },
    /UserInput|onTheWire/,
    /field sent `address\.zipCode` → `address\.postCodeZip`[^\n]*; see src\/contract\/contract\.ts:\d+/,
  ],
  [
    "a new field is required on a user",
    (document) => {
      schemas(document).UserFields.properties.language = { type: "string" };
      schemas(document).UserInput.required.push("language");
    },
    /onTheWire/,
    /field sent `language` \(required\)/,
  ],
  [
    "one of the writes has no test mode",
    (document) => {
      document.paths["/v1/users/{id}/rule/max-distance"].put.parameters.pop();
    },
    /TEST_PARAMETER/,
    /query parameter `test` → gone \(PUT \/v1\/users\/\{id\}\/rule\/max-distance\)/,
  ],
];

it.each(BROKEN)(
  "schema:pull says that a fetched API document breaks the contract if %s",
  async (_name, change, source, ...words) => {
    const result = await compared(changed(change));
    expect(result.outcome).toBe("broken");
    expect([...new Set(result.complaints.map(({ file }) => file))]).toEqual(["src/contract/contract.ts"]);
    expect(result.complaints.some((complaint) => source.test(complaint.source))).toBe(true);
    for (const word of words) expect(result.words).toMatch(word);
  },
);

async function compared(document: Loose) {
  await writeFile(join(folder, "document.json"), JSON.stringify(document));
  return pull({ source: join(folder, "document.json"), check: true });
}
