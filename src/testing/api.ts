import { isObject } from "./arguments.ts";
import { bySetRuleOperation, type FakeRuleName } from "./user.ts";

export interface Answer {
  readonly status: number;
  /** The headers of the answer, by name in small letters. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** An answer, or `"reset"`: the connection breaks without an answer. */
export type Outcome = Answer | "reset";

/** An answer in JSON. An `id` that is a bigint is written as digits, which `JSON.stringify` cannot do. */
export function json(status: number, body: unknown, headers?: Readonly<Record<string, string>>): Answer {
  return { status, headers: { "content-type": "application/json", ...headers }, body: stringify(body) };
}

export function page(status: number, form: "html" | "empty" | "text"): Answer {
  if (form === "empty") return { status, headers: {}, body: "" };
  const text = messages[status] ?? "The request failed.";
  const body = form === "html" ? `<!doctype html>\n<title>${text}</title>\n<h1>${text}</h1>\n` : text;
  return { status, headers: { "content-type": `text/${form === "html" ? form : "plain"}` }, body };
}

function stringify(body: unknown): string {
  // An id that is a bigint is in the body itself or in an object inside the body.
  if (isObject(body)) {
    for (const [name, inner] of Object.entries(body)) {
      if (
        typeof inner !== "bigint" &&
        !(isObject(inner) && Object.values(inner).some((one) => typeof one === "bigint"))
      )
        continue;
      const { [name]: _, ...rest } = body;
      const text = JSON.stringify(rest);
      return `{${JSON.stringify(name)}:${typeof inner === "bigint" ? inner : stringify(inner)}${text === "{}" ? "" : ","}${text.slice(1)}`;
    }
  }
  return JSON.stringify(body);
}

/** The `retry-after` header for a number of seconds or a text; no header for undefined. */
export function retryAfterHeader(retryAfter: number | string | undefined): Record<string, string> {
  return retryAfter === undefined ? {} : { "retry-after": String(retryAfter) };
}

/** One problem with a request, for which the fake refuses it. */
export interface Problem {
  /** The path of the field, with dots; empty for the whole body. */
  readonly field: string;
  readonly message: string;
}

const messages: Readonly<Record<number, string>> = {
  400: "The request cannot be read.",
  401: "A valid token is required.",
  403: "This is not allowed.",
  404: "Not found.",
  405: "Method not allowed.",
  409: "The user conflicts with another one.",
  422: "The request is not valid.",
  429: "Too many requests.",
};

/** The body of an error answer. The shape is assumed. */
export function errorBody(
  status: number,
  message: string = messages[status] ?? "The request failed.",
  errors?: readonly Problem[],
) {
  return { code: status, message, ...(errors && { errors }) };
}

/**
 * The calls that the fake answers, by name. The names are this package's own. Methods and paths are documented, except
 * the paths of `setCompetencesRule` and `setContactProfilesRule` (assumed).
 */
export type FakeOperation =
  | "createUser"
  | "updateUser"
  | `set${Capitalize<FakeRuleName>}Rule`
  | "listUserProfiles"
  | "listCountries"
  | "getCountry";

interface Operation {
  readonly method: "GET" | "POST" | "PUT";
  /** The operation's path as the OpenAPI document writes it. */
  readonly path: string;
}

/**
 * The list of every operation of the Oplead API that this package calls. The fake answers these operations, the schema
 * tools compare a new document with them, and tests compare the client's calls with them. The names are this package's
 * own. Methods and paths are documented, except the paths of two rules (see {@link fakeRules}).
 */
export const operationTable: Readonly<Record<FakeOperation, Operation>> = {
  createUser: { method: "POST", path: "/v1/users" },
  updateUser: { method: "PUT", path: "/v1/users/{userIdentification}" },
  ...bySetRuleOperation<Operation>((_name, { path }) => ({ method: "PUT", path: `/v1/users/{id}/rule/${path}` })),
  listUserProfiles: { method: "GET", path: "/v1/settings/user-profiles" },
  listCountries: { method: "GET", path: "/v1/types/countries" },
  getCountry: { method: "GET", path: "/v1/types/country/{code}" },
};

export const operationNames = Object.keys(operationTable) as readonly FakeOperation[];

export function isOperationName(name: string): name is FakeOperation {
  return Object.hasOwn(operationTable, name);
}

/** A path with `*` for each parameter, because documents differ in the names of parameters. */
export function templateOf(name: FakeOperation): string {
  return operationTable[name].path.replace(/\{[^}]*\}/g, "*");
}

export interface Route {
  /** The operation that a request asks for; undefined if the path exists, but not with the request's method. */
  readonly operation: FakeOperation | undefined;
  /** The path's parameter, decoded; empty if the path has none. */
  readonly parameter: string;
  /** The methods that the path has, as an `Allow` header lists them. */
  readonly allow: string;
}

const patterns = operationNames.map((name) => ({
  name,
  method: operationTable[name].method,
  parts: templateOf(name).slice(1).split("/"),
}));

/** Finds the operation for a method and a path, still encoded. Undefined for a path that does not exist. */
export function route(method: string, path: string): Route | undefined {
  const segments = path.slice(1).split("/");
  const found = patterns.filter(
    ({ parts }) =>
      parts.length === segments.length &&
      parts.every((part, index) => (part === "*" ? segments[index] !== "" : part === segments[index])),
  );
  if (found.length === 0) return undefined;
  const variable = found[0]?.parts.indexOf("*") ?? -1;
  return {
    operation: found.find((pattern) => pattern.method === method)?.name,
    parameter: decode(segments[variable] ?? ""),
    allow: found.map((pattern) => pattern.method).join(", "),
  };
}

/** The message for a request that does not belong to any operation of the fake. */
export function absent(method: string, path: string): string {
  const known = operationNames.map((name) => `${operationTable[name].method} ${templateOf(name)}`).join(", ");
  return `The fake has no ${method} ${path}. It answers: ${known}.`;
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
