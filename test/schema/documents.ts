// Oplead's document in each dialect in which Oplead might publish it.
import { readFile } from "node:fs/promises";
import { parse } from "yaml";
import { SCHEMA } from "../../scripts/generate.ts";

// biome-ignore lint/suspicious/noExplicitAny: documents are changed in many places here, and what is wrong shows in the tests.
export type Loose = any;

const TEXT = await readFile(SCHEMA, "utf8");

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
