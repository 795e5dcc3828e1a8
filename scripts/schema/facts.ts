/*
 * Reads from a document the facts that the client needs at run time and that types cannot carry: how the token travels, the name of
 * the test parameter, where things are in an answer. So a new document needs no change in the client's code.
 */

import { type FakeOperation, operationTable } from "../../src/testing/api.ts";
import { at, isTree, labelOf, type Operation, operationsOf, resolve, successOf, type Tree, viewOf } from "./view.ts";

/** The content of generated/facts.ts. */
export interface Facts {
  readonly auth: "bearer" | { readonly header: string };
  readonly testParameter: string;
  /** Where the Oplead ID is in the answer to a user write: dotted, from the top. */
  readonly idField: string;
  /** Where lists and countries are in their answers: dotted, empty for the answer itself. */
  readonly places: { readonly profiles: string; readonly countries: string; readonly country: string };
}

/** The facts, and in words what the document says that the facts cannot express. */
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
/** Headers of the connection or the body. A document that puts the token into one of them is wrong. */
const NOT_FOR_TOKENS = /^(?:host|connection|content-.*|transfer-.*|accept.*|cookie|user-agent|te|upgrade|trailer)$/i;

/** How the token travels; undefined if the document does not say; any other text is the reason why it is not possible. */
function readAuth(operation: Operation | undefined, document: Tree): Facts["auth"] | string | undefined {
  const declared = at(document, "components", "securitySchemes");
  const schemes = isTree(declared) ? declared : {};
  const required = operation?.node.security ?? document.security;
  const wanted = (Array.isArray(required) ? required : [])
    .filter(isTree)
    .map((choice) => Object.keys(choice))
    .filter((names) => names.length > 0 && names.every((name) => Object.hasOwn(schemes, name)));
  // If no operation requires a scheme, the declared schemes are meant.
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

/** `test`, or else the only query parameter with a similar name. */
function testParameterOf(operation: Operation | undefined): string | undefined {
  const names = (operation?.parameters ?? [])
    .filter((parameter) => parameter.in === "query")
    .map((parameter) => String(parameter.name));
  if (names.includes("test")) return "test";
  const alike = names.filter((name) => /test|dry.?run|simulat|sandbox/i.test(name));
  return alike.length === 1 ? alike[0] : undefined;
}

const WRAPPER = /^(?:(?:data|user|result|payload|response|item|content)(?:\.|$))*$/i;

/** `id`, or else the only field with a similar name, in the answer or in an object inside it. */
function placeOfId(operation: Operation | undefined, document: Tree): string | undefined {
  if (operation === undefined) return undefined;
  for (const { place, schema } of layers(successOf(operation, document), document)) {
    const { fields } = viewOf(schema, document);
    // The user's profile may have an id too, which is not meant.
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

/** An answer's schema, then those of its fields, then those of their fields: answers wrap data no deeper than that. */
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

/** `POST /v1/users`, as the operation is called in view.ts and in reports. */
export function labelOfRelied(name: FakeOperation): string {
  const { method, path } = operationTable[name];
  return labelOf(method, path);
}
