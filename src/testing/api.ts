import type { RuleName } from "../rules/types.ts";
import { bySetRuleOperation } from "./user.ts";

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export type Outcome = Answer | "reset";

// A bigint `id` becomes digits, which `JSON.stringify` cannot write.
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
  const text = JSON.stringify(body, (_, value) => (typeof value === "bigint" ? `\ue000${value}` : value));
  return text.replace(/"\ue000(\d+)"/g, "$1");
}

export function retryAfterHeader(retryAfter: number | string | undefined): Record<string, string> {
  return retryAfter === undefined ? {} : { "retry-after": String(retryAfter) };
}

export interface Problem {
  // Path with dots; empty for the whole body.
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

// The shape is assumed.
export function errorBody(
  status: number,
  message: string = messages[status] ?? "The request failed.",
  errors?: readonly Problem[],
) {
  return { code: status, message, ...(errors && { errors }) };
}

/**
 * The calls that the fake answers, by this package's names. Methods and paths are documented, except the paths of
 * `setCompetencesRule` and `setContactProfilesRule` (assumed).
 */
export type FakeOperation =
  | "createUser"
  | "updateUser"
  | `set${Capitalize<RuleName>}Rule`
  | "listUserProfiles"
  | "listCountries"
  | "getCountry";

interface Operation {
  readonly method: "GET" | "POST" | "PUT";
  readonly path: string;
}

// Every operation that this package calls: also for the schema tools and the tests of the client.
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

// Documents differ in the names of parameters.
export function templateOf(name: FakeOperation): string {
  return operationTable[name].path.replace(/\{[^}]*\}/g, "*");
}

export interface Route {
  // Undefined if the path has no such method.
  readonly operation: FakeOperation | undefined;
  readonly parameter: string;
  readonly allow: string;
}

const patterns = operationNames.map((name) => ({
  name,
  method: operationTable[name].method,
  parts: templateOf(name).slice(1).split("/"),
}));

export function route(method: string, path: string): Route | undefined {
  const segments = path.slice(1).split("/");
  const found = patterns.filter(
    ({ parts }) =>
      parts.length === segments.length &&
      parts.every((part, index) => (part === "*" ? segments[index] !== "" : part === segments[index])),
  );
  const [first] = found;
  if (!first) return undefined;
  const variable = first.parts.indexOf("*");
  return {
    operation: found.find((pattern) => pattern.method === method)?.name,
    parameter: decode(segments[variable] ?? ""),
    allow: found.map((pattern) => pattern.method).join(", "),
  };
}

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
