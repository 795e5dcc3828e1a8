import { isObject } from "../is-object.ts";

/** What the fake sends. */
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

function stringify(body: unknown): string {
  if (!isObject(body) || typeof body.id !== "bigint") return JSON.stringify(body);
  const { id, ...rest } = body;
  const text = JSON.stringify(rest);
  return `{"id":${id}${text === "{}" ? "" : ","}${text.slice(1)}`;
}

/** The `retry-after` header for a number of seconds or a text; none for undefined. */
export function retryAfterHeader(retryAfter: number | string | undefined): Record<string, string> {
  return retryAfter === undefined ? {} : { "retry-after": String(retryAfter) };
}
