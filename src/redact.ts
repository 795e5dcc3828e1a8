/**
 * What may be shown of data that came from, or went to, Oplead. By allow-list: what is not known to be harmless is
 * replaced by its kind and length, so a field nobody thought of stays inside.
 */

/** Names of user and rule fields, which say where a problem is and never whose it is. */
const FIELD_NAMES = new Set(
  (
    "user civility firstname lastname login email phone mobile company accountNumber parentUserIdentifier profile code " +
    "address street zipCode city country id " +
    "handledCountries handledCountry handledCounties handledCounty handledPostCodeZips number maxDistance range requestType"
  ).split(" "),
);

/** Words that error bodies are made of. Their names are shown, their text is not. */
const ERROR_WORDS = new Set(
  (
    "error errors violations children fields message messages detail details title description status statusCode type " +
    "class exception trace file line field path property propertyPath pointer reason invalidParams constraint " +
    "requestId traceId timestamp data"
  ).split(" "),
);

/**
 * Values of these names are shown when they look like what software writes: `NOT_UNIQUE`, `App\\Exception`,
 * `about:blank`. A word alone may be somebody's name.
 */
const SHOWN_VALUES = new Set(["status", "statusCode", "code", "type", "class", "exception", "requestId", "traceId"]);
const WRITTEN_BY_SOFTWARE = /^(?=.*[\\/:_])[A-Za-z][\w.:/#\\-]{0,99}$|^[\da-f-]{16,64}$/i;

const POINTER_NAMES = new Set(["field", "path", "property", "propertyPath", "pointer"]);
const CONTAINER_NAMES = new Set(["errors", "violations", "fields", "children", "invalidParams"]);

/** A body as it may be shown to a third party: its structure, its codes, and nothing that anyone wrote. */
export function redactBody(body: unknown, depth = 0): unknown {
  if (body === null || typeof body === "boolean") return body;
  if (typeof body === "string") return `[text, ${body.length} characters]`;
  if (typeof body !== "object") return `[${typeof body}]`;
  if (depth > 6) return "[…]";
  if (Array.isArray(body)) return body.slice(0, 20).map((item) => redactBody(item, depth + 1));
  return Object.fromEntries(
    Object.entries(body).map(([name, value], index) => {
      const known = FIELD_NAMES.has(name) || ERROR_WORDS.has(name);
      return [known ? name : `[field ${index + 1}]`, isShown(name, value) ? value : redactBody(value, depth + 1)];
    }),
  );
}

function isShown(name: string, value: unknown): boolean {
  if (!SHOWN_VALUES.has(name)) return false;
  return typeof value === "number" ? value < 1000 : typeof value === "string" && WRITTEN_BY_SOFTWARE.test(value);
}

/** The fields that an error body complains about, as paths ("address.zipCode"), sorted. Only names this package knows. */
export function fieldsNamedIn(body: unknown): string[] {
  const found = new Set<string>();
  const visit = (value: unknown, path: string[], inside: boolean, depth: number): void => {
    if (typeof value !== "object" || value === null || depth > 6) return;
    for (const [name, child] of Object.entries(value)) {
      if (POINTER_NAMES.has(name) && typeof child === "string") {
        const pointed = toPath(child);
        if (pointed) found.add(pointed);
      } else if (CONTAINER_NAMES.has(name)) {
        visit(child, path, true, depth + 1);
      } else if (inside && FIELD_NAMES.has(name)) {
        const here = [...path, name];
        if (Array.isArray(child) || typeof child === "string") found.add(here.join("."));
        else visit(child, here, true, depth + 1);
      } else {
        visit(child, path, inside, depth + 1);
      }
    }
  };
  visit(body, [], false, 0);
  return [...found].sort();
}

/** `address.zipCode`, `/address/zipCode` and `address[zipCode]` are one path; anything with an unknown name is none. */
function toPath(pointer: string): string | undefined {
  const names = pointer.split(/[./[\]]+/).filter((name) => name !== "");
  return names.length > 0 && names.every((name) => FIELD_NAMES.has(name) || /^\d+$/.test(name))
    ? names.join(".")
    : undefined;
}

/**
 * An account number or id for a message. Some companies use e-mail addresses as account numbers: those are not shown, also
 * not percent-encoded. Control characters would change what a terminal shows.
 */
export function showIdentity(identification: string): string {
  return /[@＠\s\p{C}]|%40/iu.test(identification) || identification.length > 80 ? "[not shown]" : identification;
}

/**
 * The cause of an error, without what its author hung on it: HTTP libraries attach requests with their headers, and a
 * parse error quotes the text it failed on.
 */
export function safeCause(error: unknown, secret?: string | undefined, depth = 0): Error | undefined {
  if (error === undefined || error === null || depth > 3) return undefined;
  if (!(error instanceof Error)) return new Error(`a ${typeof error} was thrown`);
  const scrub = (text: string): string => (secret ? text.replaceAll(secret, "[token]") : text);
  const isQuote = error instanceof SyntaxError;
  const copy = new Error(isQuote ? "the text is not JSON" : scrub(error.message), {
    cause: safeCause(error.cause, secret, depth + 1),
  });
  copy.name = error.name;
  copy.stack = isQuote ? `${error.name}: ${copy.message}` : scrub(error.stack ?? copy.message);
  const { code, errno, syscall } = error as { code?: unknown; errno?: unknown; syscall?: unknown };
  for (const [name, value] of Object.entries({ code, errno, syscall })) {
    if (typeof value === "string" || typeof value === "number") Object.assign(copy, { [name]: value });
  }
  return copy;
}
