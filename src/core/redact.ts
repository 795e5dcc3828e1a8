// Shows data of Oplead by an allow-list: what is not known to be harmless is replaced by its kind and length.

import { isRecord } from "./values.ts";

const FIELD_NAMES = /* @__PURE__ */ wordsOf(
  "user civility firstname lastname login email phone mobile company accountNumber parentUserIdentifier profile code " +
    "address street zipCode city country id " +
    "handledCountries handledCountry handledCounties handledCounty handledPostCodeZips number maxDistance range requestType",
);

const ERROR_WORDS = /* @__PURE__ */ wordsOf(
  "error errors violations children fields message messages detail details title description status statusCode type " +
    "class exception trace file line field path property propertyPath pointer reason invalidParams constraint " +
    "requestId traceId timestamp data",
);

// The calls of this function are marked as pure, so that bundlers leave out a set that is not used.
function wordsOf(text: string): ReadonlyMap<string, string> {
  return new Map(text.split(" ").map((name) => [plain(name), name]));
}

function plain(name: string): string {
  return name.replace(/[_-]/g, "").toLowerCase();
}

// The name that this package gives to a field: a platform may write `zip_code`.
export function ownName(name: string): string | undefined {
  return FIELD_NAMES.get(plain(name));
}

// The value of such a field is shown if it looks like what software writes (`NOT_UNIQUE`, `App\\Exception`). A single
// word is hidden, because it may be a person's name.
const SHOWN_VALUES = new Set(["status", "statusCode", "code", "type", "class", "exception", "requestId", "traceId"]);
const WRITTEN_BY_SOFTWARE = /^(?=.*[\\/:_])[A-Za-z][\w.:/#\\-]{0,99}$|^[\da-f-]{16,64}$/i;

export const POINTER_NAMES = new Set(["field", "path", "property", "propertyPath", "pointer"]);
export const CONTAINER_NAMES = new Set(["errors", "violations", "fields", "children", "invalidParams"]);

export function redactBody(body: unknown, depth = 0): unknown {
  if (body === null || typeof body === "boolean") return body;
  if (typeof body === "string") return `[text, ${body.length} characters]`;
  if (typeof body !== "object") return `[${typeof body}]`;
  if (depth > 6) return "[…]";
  if (Array.isArray(body)) return body.slice(0, 20).map((item) => redactBody(item, depth + 1));
  return Object.fromEntries(
    Object.entries(body).map(([name, value], index) => {
      const known = FIELD_NAMES.has(plain(name)) || ERROR_WORDS.has(plain(name));
      return [known ? name : `[field ${index + 1}]`, isShown(name, value) ? value : redactBody(value, depth + 1)];
    }),
  );
}

function isShown(name: string, value: unknown): boolean {
  if (!SHOWN_VALUES.has(name)) return false;
  return typeof value === "number" ? value < 1000 : typeof value === "string" && WRITTEN_BY_SOFTWARE.test(value);
}

// Paths of the fields that a refusal names, each with Oplead's words about it, which may be personal data.
export function refusalsIn(body: unknown): ReadonlyMap<string, string> {
  const found = new Map<string, string[]>();
  const note = (names: readonly string[], about: unknown): void => {
    const path = pathOf(names);
    if (path !== "") found.set(path, [...new Set([...(found.get(path) ?? []), ...wordsIn(about)])]);
  };
  const visit = (value: unknown, path: readonly string[], inside: boolean, depth: number): void => {
    if (typeof value !== "object" || value === null || depth > 6) return;
    const pointers = Object.entries(value).filter(([name, child]) => {
      return POINTER_NAMES.has(name) && typeof child === "string";
    });
    for (const [, pointer] of pointers) note(toPath(pointer), value);
    for (const [name, child] of Object.entries(value)) {
      const own = ownName(name);
      // Beside its message, a problem often has a code of its own.
      const isField = inside && own !== undefined && pointers.length === 0 && (own !== "code" || path.length > 0);
      const here = isField ? [...path, own] : path;
      const isContainer = CONTAINER_NAMES.has(name);
      if (Array.isArray(child) ? isField || isContainer : isField && wordsIn(child).length > 0) note(here, child);
      visit(child, here, isContainer || inside, depth + 1);
    }
  };
  visit(body, [], false, 0);
  return new Map([...found].sort().map(([path, words]) => [path, words.join("; ").slice(0, 1000)]));
}

export function fieldsNamedIn(body: unknown): string[] {
  return [...refusalsIn(body).keys()];
}

// Names in a refusal of fields that the package does not know: may be personal data.
export function otherNamesIn(body: unknown, isInside = false): string[] {
  if (typeof body !== "object" || body === null) return [];
  return Object.entries(body).flatMap(([name, child]) => {
    const isOther = isInside && POINTER_NAMES.has(name) && typeof child === "string" && toPath(child).length === 0;
    const isMap = CONTAINER_NAMES.has(name) && isRecord(child);
    const keys = isMap ? Object.keys(child).filter((key) => !ownName(key) && !ERROR_WORDS.has(plain(key))) : [];
    return [...(isOther ? [child] : []), ...keys, ...otherNamesIn(child, isInside || CONTAINER_NAMES.has(name))];
  });
}

function toPath(pointer: string): string[] {
  const names = pointer.split(/[./[\]]+/).filter((name) => !WRAPPERS.has(name));
  const own = names.map((name) => (/^\d+$/.test(name) ? name : ownName(name)));
  return own.every((name) => name !== undefined) ? own : [];
}

// `#/data/attributes/email`, `children[email].data`.
export const WRAPPERS = new Set(["", "#", "data", "attributes", "body", "children"]);

function pathOf(names: readonly string[]): string {
  const parts = names.filter((name) => name !== "user").map((name) => (/^\d/.test(name) ? `[${name}]` : `.${name}`));
  return parts.join("").replace(/^\./, "");
}

const SENTENCES = ["message", "messages", "detail", "description", "reason", "title", "error"];

function wordsIn(about: unknown, depth = 0): readonly string[] {
  if (typeof about === "string") return [about];
  if (typeof about !== "object" || about === null || depth > 3) return [];
  if (Array.isArray(about)) return about.flatMap((item) => wordsIn(item, depth + 1));
  const all = SENTENCES.map((name) => wordsIn((about as Record<string, unknown>)[name], depth + 1));
  return all.find((words) => words.length > 0) ?? [];
}

// Hides an account number that may be an e-mail address, even percent-encoded, or that has control characters, which
// would change what a terminal shows.
export function showIdentity(identification: string): string {
  // Nearly all account numbers have this form; the pattern below takes longer.
  if (/^[\w.:-]{0,80}$/.test(identification)) return identification;
  return /[@＠\s\p{C}]|%40/iu.test(identification) || identification.length > 80 ? "[not shown]" : identification;
}

// Messages about connections, which are shown. Any other message may quote the URL, the headers or the body.
const ABOUT_CONNECTIONS =
  /^(?:fetch failed|socket hang up|other side closed|terminated|(?:the|this) operation was aborted.*|connect \w+ [\da-f.:[\]]+|(?:read|write) E[A-Z]+|getaddrinfo \w+ [\w.-]+|(?:headers|body|connect) timeout error.*|client network socket disconnected .*|unable to verify the first certificate.*|certificate has expired.*|self[- ]signed certificate.*|the answer (?:broke off|is too large)|the server changed the protocol|the reply is not a Response)$/i;

function aboutConnection(message: string): string | undefined {
  return ABOUT_CONNECTIONS.test(message) ? message : undefined;
}

type Shown = (message: string) => string | undefined;

export function plainWords(message: string): string {
  return message.replace(/\S+/g, (word) =>
    /^["'(]?(?:\p{L}{1,20}|\d{1,3})["')]?[.,:;!?]?$/u.test(word) ? word : "[…]",
  );
}

// Copies an error by an allow-list: HTTP libraries attach requests with their headers, and messages quote URLs and
// bodies.
export function safeCause(error: unknown, show: Shown = aboutConnection, depth = 0): Error | undefined {
  if (error === undefined || error === null || depth > 3) return undefined;
  if (!(error instanceof Error)) return withStack(new Error(`a ${typeof error} was thrown`), []);
  const cause = safeCause(error.cause, show, depth + 1);
  const words = show(error.message);
  const copy = new Error(words ?? `[not shown, ${error.message.length} characters]`, cause && { cause });
  if (words === undefined) Object.defineProperty(copy, "isHidden", { value: true });
  const name = IDENTIFIER.test(error.name) ? error.name : "Error";
  Object.defineProperty(copy, "name", { value: name });
  const { code, errno, syscall } = error as { code?: unknown; errno?: unknown; syscall?: unknown };
  for (const [fact, value] of Object.entries({ code, errno, syscall })) {
    if (typeof value === "number" || (typeof value === "string" && IDENTIFIER.test(value))) {
      Object.assign(copy, { [fact]: value });
    }
  }
  return withStack(
    copy,
    (error.stack ?? "").split("\n").filter((line) => /^ +at /.test(line)),
  );
}

function withStack(error: Error, frames: readonly string[]): Error {
  error.stack = [`${error.name}: ${error.message}`, ...frames].join("\n");
  return error;
}

// Names such as `ECONNRESET`, `UND_ERR_SOCKET`, `TypeError`. A token has several digits, so it does not match.
const IDENTIFIER = /^[A-Za-z_]+\d?[A-Za-z_]*$/;
