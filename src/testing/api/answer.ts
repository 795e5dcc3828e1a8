import { isObject } from "../values.ts";

export interface Answer {
  readonly status: number;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** `"reset"`: the connection is broken. */
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
  // Its id may be in an envelope.
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

/** The `retry-after` header for a number of seconds or a text; none for undefined. */
export function retryAfterHeader(retryAfter: number | string | undefined): Record<string, string> {
  return retryAfter === undefined ? {} : { "retry-after": String(retryAfter) };
}

/** One reason why a request is refused. */
export interface Problem {
  /** The field, dotted; empty for the body itself. */
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

/** The body of an error answer. Its shape is assumed. */
export function errorBody(
  status: number,
  message: string = messages[status] ?? "The request failed.",
  errors?: readonly Problem[],
) {
  return { code: status, message, ...(errors && { errors }) };
}
