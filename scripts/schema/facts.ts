// What the client needs at run time and types cannot carry, so that a new document needs no change of code.

import { type FakeOperation, operationTable } from "../../src/testing/api.ts";
import { at, isTree, labelOf, type Operation, operationsOf, resolve, successOf, type Tree, viewOf } from "./view.ts";

export interface Facts {
  readonly auth: "bearer" | { readonly header: string };
  readonly testParameter: string;
  // Dotted, from the top of the answer to a user write.
  readonly idField: string;
  // Dotted; empty for the answer itself.
  readonly places: { readonly profiles: string; readonly countries: string; readonly country: string };
}

export interface FactsRead {
  readonly facts: Facts;
  readonly problems: readonly string[];
}

export function readFacts(document: Tree): FactsRead {
  const operations = operationsOf(document);
  const find = (name: FakeOperation) => operations.get(labelOfRelied(name));
  const create = find("createUser");
  const update = find("updateUser");
  const problems: string[] = [];

  const auth = readAuth(create, document);
  if (typeof auth === "string" && auth !== "bearer") problems.push(auth);
  const idField = placeOfId(create, document) ?? placeOfId(update, document);
  const answer = create && successOf(create, document);
  if (idField === undefined && answer !== undefined) {
    problems.push("The answer to POST /v1/users has no field that looks like the Oplead ID.");
  }
  return {
    facts: {
      auth: auth === "bearer" || typeof auth === "object" ? auth : "bearer",
      testParameter: testParameterOf(create) ?? "test",
      idField: idField ?? "id",
      places: {
        profiles: placeOf(find("listUserProfiles"), document, isListWithCodes),
        countries: placeOf(find("listCountries"), document, isListWithCodes),
        country: placeOf(find("getCountry"), document, (schema) => viewOf(schema, document).fields.has("counties")),
      },
    },
    problems,
  };
}

export function renderFacts({ facts }: FactsRead): string {
  return `export const facts = ${JSON.stringify(facts, null, 2)} as const;\n`;
}

const HEADER_NAME = /^[\w-]+$/;
// Headers of the connection or the body cannot carry a token.
const NOT_FOR_TOKENS = /^(?:host|connection|content-.*|transfer-.*|accept.*|cookie|user-agent|te|upgrade|trailer)$/i;

// A text is the reason why it is not possible; undefined: the document does not say.
function readAuth(operation: Operation | undefined, document: Tree): Facts["auth"] | string | undefined {
  const declared = at(document, "components", "securitySchemes");
  const schemes = isTree(declared) ? declared : {};
  const required = operation?.node.security ?? document.security;
  const wanted = (Array.isArray(required) ? required : [])
    .filter(isTree)
    .map((choice) => Object.keys(choice))
    .filter((names) => names.length > 0 && names.every((name) => Object.hasOwn(schemes, name)));
  // If no operation requires a scheme, the declared ones are meant.
  const choices = wanted.length > 0 ? wanted : Object.keys(schemes).map((name) => [name]);
  const read = choices.map(([name = "", ...more]) =>
    more.length > 0 ? "several tokens at once" : schemeOf(resolve(schemes[name], document)),
  );
  const usable = read.find((auth) => auth === "bearer") ?? read.find((auth) => typeof auth === "object");
  if (usable !== undefined || read.length === 0) return usable;
  return `The document wants the token as ${read.join(", or ")}; this package sends it in one header only.`;
}

function schemeOf(scheme: unknown): Facts["auth"] | string {
  const type = at(scheme, "type");
  const name = at(scheme, "name");
  if (type === "oauth2" || type === "openIdConnect") return "bearer";
  if (type === "http") {
    const kind = String(at(scheme, "scheme")).toLowerCase();
    return kind === "bearer" ? "bearer" : `HTTP ${kind} authentication`;
  }
  if (type !== "apiKey" || typeof name !== "string") return "something unknown";
  if (at(scheme, "in") !== "header") return `the ${at(scheme, "in")} parameter "${name}"`;
  // Generators without a bearer scheme describe it as an API key in Authorization.
  if (name.toLowerCase() === "authorization") return "bearer";
  return HEADER_NAME.test(name) && !NOT_FOR_TOKENS.test(name) ? { header: name } : `the header "${name}"`;
}

function testParameterOf(operation: Operation | undefined): string | undefined {
  const names = (operation?.parameters ?? [])
    .filter((parameter) => parameter.in === "query")
    .map((parameter) => String(parameter.name));
  if (names.includes("test")) return "test";
  const alike = names.filter((name) => /test|dry.?run|simulat|sandbox/i.test(name));
  return alike.length === 1 ? alike[0] : undefined;
}

const WRAPPER = /^(?:(?:data|user|result|payload|response|item|content)(?:\.|$))*$/i;

function placeOfId(operation: Operation | undefined, document: Tree): string | undefined {
  if (operation === undefined) return undefined;
  for (const { place, schema } of layers(successOf(operation, document), document)) {
    const { fields } = viewOf(schema, document);
    // Not the id of the user's profile.
    const holdsUser = WRAPPER.test(place) || ["login", "email", "accountNumber"].some((name) => fields.has(name));
    if (!holdsUser) continue;
    const ids = [...fields].filter(([, field]) => isScalar(field.schema, document)).map(([name]) => name);
    const alike = ids.filter((name) => /^(?:user|oplead)?_?(?:id|uuid|identif(?:ier|ication))$/i.test(name));
    const name = ids.includes("id") ? "id" : alike.length === 1 ? alike[0] : undefined;
    if (name !== undefined) return place === "" ? name : `${place}.${name}`;
  }
  return undefined;
}

function isScalar(schema: unknown, document: Tree): boolean {
  const { kinds } = viewOf(schema, document);
  return [...kinds].every((kind) => kind === "string" || kind === "integer" || kind === "number");
}

function placeOf(
  operation: Operation | undefined,
  document: Tree,
  fits: (schema: unknown, document: Tree) => boolean,
): string {
  if (operation === undefined) return "";
  const found = layers(successOf(operation, document), document).find(({ schema }) => fits(schema, document));
  return found?.place ?? "";
}

function isListWithCodes(schema: unknown, document: Tree): boolean {
  const { items } = viewOf(schema, document);
  return items !== undefined && viewOf(items, document).fields.has("code");
}

// Answers wrap data no deeper than two levels.
function layers(schema: unknown, document: Tree): { place: string; schema: unknown }[] {
  const inside = ({ place, schema }: { place: string; schema: unknown }) =>
    [...viewOf(schema, document).fields]
      // A name with a dot would be read as a path.
      .filter(([name]) => /^[\w-]+$/.test(name))
      .map(([name, field]) => ({ place: place === "" ? name : `${place}.${name}`, schema: field.schema }));
  if (schema === undefined) return [];
  const first = [{ place: "", schema }];
  const second = first.flatMap(inside);
  return [...first, ...second, ...second.flatMap(inside)];
}

export { type FakeOperation, operationNames } from "../../src/testing/api.ts";

export function labelOfRelied(name: FakeOperation): string {
  const { method, path } = operationTable[name];
  return labelOf(method, path);
}
