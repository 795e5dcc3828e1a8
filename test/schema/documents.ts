// Oplead's document in each dialect in which Oplead might publish it.
import { readFile } from "node:fs/promises";
import { parse } from "yaml";
import { SCHEMA } from "../../scripts/generate.ts";
import type { Platform } from "../../src/index.ts";

// biome-ignore lint/suspicious/noExplicitAny: documents are changed in many places here, and what is wrong shows in the tests.
export type Loose = any;

export const TEXT = await readFile(SCHEMA, "utf8");

// Without `x-provenance`.
export function published(): Loose {
  return without(JSON.parse(JSON.stringify(parse(TEXT))));
}

function without(node: Loose): Loose {
  if (Array.isArray(node)) return node.map(without);
  if (typeof node !== "object" || node === null) return node;
  return Object.fromEntries(
    Object.entries(node)
      .filter(([name]) => name !== "x-provenance" && name !== "x-hand-written")
      .map(([name, value]) => [name, without(value)]),
  );
}

// Types are lists, which may contain `null`.
export function inOpenApi31(document: Loose = published()): Loose {
  const walk = (node: Loose): Loose => {
    if (Array.isArray(node)) return node.map(walk);
    if (typeof node !== "object" || node === null) return node;
    const { nullable, ...rest } = Object.fromEntries(Object.entries(node).map(([name, value]) => [name, walk(value)]));
    if (nullable !== true) return nullable === undefined ? rest : { nullable, ...rest };
    return typeof rest.type === "string" ? { ...rest, type: [rest.type, "null"] } : { anyOf: [rest, { type: "null" }] };
  };
  const changed = walk(document);
  changed.openapi = "3.1.0";
  changed.components.schemas.UserIdentifier = { type: ["string", "integer"] };
  return changed;
}

// Without `oneOf` and bearer scheme, with bodies among the parameters and the version in `basePath`.
export function inSwagger2(document: Loose = published()): Loose {
  const { paths, components, info, tags } = document;
  const resolve = (node: Loose): Loose =>
    node?.$ref === undefined
      ? node
      : resolve(
          node.$ref
            .slice(2)
            .split("/")
            .reduce((at: Loose, key: string) => at[key], document),
        );
  const schemaIn = (holder: Loose) => resolve(holder)?.content?.["application/json"]?.schema;
  const operation = ({ parameters = [], requestBody, responses, ...rest }: Loose) => ({
    ...rest,
    parameters: [
      ...parameters.map(resolve).map(({ schema, example: _, ...parameter }: Loose) => ({ ...parameter, ...schema })),
      ...(requestBody ? [{ name: "body", in: "body", required: true, schema: schemaIn(requestBody) }] : []),
    ],
    responses: Object.fromEntries(
      Object.entries<Loose>(responses).map(([status, response]) => {
        const schema = schemaIn(response);
        return [status, { description: resolve(response).description, ...(schema && { schema }) }];
      }),
    ),
  });
  const swagger = {
    swagger: "2.0",
    info,
    tags,
    host: "api.oplead.com",
    basePath: "/v1",
    schemes: ["https"],
    consumes: ["application/json"],
    produces: ["application/json"],
    securityDefinitions: { token: { type: "apiKey", in: "header", name: "Authorization" } },
    security: [{ token: [] }],
    paths: Object.fromEntries(
      Object.entries<Loose>(paths).map(([path, item]) => [
        path.replace(/^\/v1/, ""),
        Object.fromEntries(Object.entries(item).map(([method, node]) => [method, operation(node)])),
      ]),
    ),
    definitions: { ...components.schemas, UserIdentifier: { type: "string" } },
  };
  const text = JSON.stringify(swagger)
    .replaceAll("#/components/schemas/", "#/definitions/")
    .replaceAll('"nullable":true', '"x-nullable":true');
  return JSON.parse(text);
}

const rename = (object: Loose, names: Readonly<Record<string, string>>) => {
  for (const [old, now] of Object.entries(names)) {
    object[now] = object[old];
    delete object[old];
  }
};

const OTHER_NAMES = {
  firstname: "first_name",
  phone: "phone_number",
  mobile: "mobile_phone",
  company: "company_name",
  "address.street": "address.line1",
};
const OTHER_PATHS = {
  geographical: "/v1/users/{id}/rules/areas",
  "max-distance": "/v1/users/{id}/rules/radius",
  competences: "/v1/users/{id}/rules/competences",
  "contact-profiles": "/v1/users/{id}/rules/contact-profiles",
  "profile-types": "/v1/users/{id}/rules/profile-types",
};

interface Altered {
  readonly what: string;
  readonly alter: (document: Loose) => void;
  readonly platform: Platform;
  // What only its types allow.
  readonly program: string;
  // Of what is assumed: what it says otherwise, and what it does not mention.
  readonly contradicted: readonly string[];
  readonly open: readonly string[];
}

// As the live document may differ, with the settings that follow.
export const ALTERED: readonly Altered[] = [
  {
    what: "optional fields have other names",
    alter({ components: { schemas } }) {
      const { firstname, phone, mobile, company, "address.street": street } = OTHER_NAMES;
      rename(schemas.UserFields.properties, { firstname, phone, mobile, company });
      rename(schemas.Address.properties, { street: street.replace("address.", "") });
    },
    platform: { customFields: [], fields: OTHER_NAMES },
    program: "export const names = (sent: Sent): (string | undefined)[] => [sent.first_name, sent.address?.line1];",
    contradicted: ["sent", "answered"].flatMap((how) => Object.keys(OTHER_NAMES).map((name) => `field ${how} ${name}`)),
    open: [],
  },
  {
    what: "rules have other paths, and there is a new rule",
    alter({ paths }) {
      for (const [old, now] of Object.entries(OTHER_PATHS)) rename(paths, { [`/v1/users/{id}/rule/${old}`]: now });
      const put = { ...paths["/v1/users/{id}/rules/contact-profiles"].put, operationId: "setLanguagesRule" };
      paths["/v1/users/{id}/rules/languages"] = { put };
    },
    platform: {
      customFields: [],
      rulePaths: {
        geographical: OTHER_PATHS.geographical,
        maxDistance: OTHER_PATHS["max-distance"],
        competences: OTHER_PATHS.competences,
        contactProfiles: OTHER_PATHS["contact-profiles"],
        profileTypes: OTHER_PATHS["profile-types"],
      },
    },
    program: `await raw.PUT("/v1/users/{id}/rules/languages", { params: { path: { id: "1" } }, body: [{ code: "LNG_FR" }] });`,
    contradicted: ["competences", "contact-profiles"].map((rule) => `operation PUT /v1/users/{id}/rule/${rule}`),
    open: [],
  },
  {
    what: "answers are wrapped, ids are text, civilities are listed and limits are not mentioned",
    alter({ paths, components: { schemas } }) {
      schemas.UserIdentifier = { type: "string" };
      schemas.UserFields.properties.civility.enum = ["mr", "mrs"];
      for (const item of Object.values<Loose>(paths)) {
        for (const { responses } of Object.values<Loose>(item)) {
          delete responses["429"];
          const content = (responses["200"] ?? responses["201"]).content?.["application/json"];
          const place = content?.schema.type === "array" ? "items" : "data";
          if (content) content.schema = { type: "object", properties: { [place]: content.schema } };
        }
      }
    },
    platform: { customFields: [], envelope: { item: "data", list: "items" } },
    program: `
const { data } = await raw.GET("/v1/types/countries");
export const [code, civility]: [string | undefined, Codes["civility"]] = [data?.items?.[0]?.code, "mrs"];`,
    contradicted: ["what is asked for is the answer itself"],
    open: ["status 429", "header of an answer Retry-After"],
  },
];
