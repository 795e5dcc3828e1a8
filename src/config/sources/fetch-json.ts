/*
 * Requests for JSON to a source system: their options, repeated attempts, encodings, and reading values out of an
 * answer.
 */

import { isUtf8 } from "node:buffer";
import { errorCode, errorKind, type OpleadError } from "../../core/errors.ts";
import { issueAt, type ValueProblem } from "../../core/issues.ts";
import { isPlainHttp } from "../../core/run-time.ts";
import { sleep } from "../../core/time.ts";
import * as check from "../../core/validate.ts";
import { type Schema, unless, valueThat } from "../../core/validate.ts";
import { isRecord, parseJson } from "../../core/values.ts";
import { tellConfig } from "../../locales/en/config.ts";
import { tellOption } from "../../locales/en/core.ts";
import type { FetchLike } from "../../transport/options.ts";
import { AnswerTooLarge, readCapped } from "../../transport/read-capped.ts";
import { backoffMs, isMistake, isTransientStatus, retryAfterMs } from "../../transport/retry.ts";
import { variableIssues } from "../config.ts";
import { encodingSchema, type TextEncoding, textOf } from "./decode.ts";
import { isText, sourceRefused } from "./source.ts";

/** Options of the requests to a source system. */
export interface FetchJsonOptions {
  /** Headers of every request, for example an authorization. If it is a function, it is called before each request. */
  readonly headers?:
    | Readonly<Record<string, string>>
    | (() => Readonly<Record<string, string>> | Promise<Readonly<Record<string, string>>>)
    | undefined;
  /**
   * Gives a token that is sent as `Authorization: Bearer …`, for example {@link clientCredentials}. After an answer 401
   * the function is called once more, with the token that was refused. Default: none.
   */
  readonly auth?: ((refused?: string) => string | Promise<string>) | undefined;
  /** The time limit of one request in milliseconds. Default 60,000. */
  readonly timeoutMs?: number | undefined;
  /**
   * Allows `headers` and the token of `auth` to travel over plain http to another machine, although they can be read on
   * the way. Default false.
   */
  readonly allowHttp?: boolean | undefined;
  /**
   * The encoding of files and answers. Default: the encoding that the content type of an answer names, else UTF-8, the
   * encoding of JSON.
   */
  readonly encoding?: TextEncoding | undefined;
  /** Sends the requests. Default: the global `fetch`. */
  readonly fetch?: FetchLike | undefined;
}

const isHeaders = (value: unknown): boolean =>
  isRecord(value) && Object.values(value).every((header) => typeof header === "string");

/** Checks that a value is an object whose values are texts. */
export const headersSchema = (): check.Schema => check.valueThat(isHeaders, tellOption("not_headers"));

/** The checks of {@link FetchJsonOptions}. */
export const fetchKinds = (): check.OptionalKinds<FetchJsonOptions> => ({
  headers: check.unless((value) => typeof value === "function", headersSchema()),
  auth: check.func(),
  timeoutMs: check.number(1, check.MAX_TIMER_MS),
  allowHttp: check.boolean(),
  encoding: encodingSchema(),
  fetch: check.func(),
});

/**
 * Checks an address. A text with the placeholder of a variable that is not set passes, because that problem is reported
 * later.
 */
export const addressSchema = (): check.Schema =>
  check.valueThat(
    (value) =>
      isText(value) && (variableIssues("", value).length > 0 || (/^https?:/i.test(value) && URL.canParse(value))),
    tellConfig("not_http_address"),
  );

/**
 * Refuses to send a secret to an address of plain http, where it could be read on the way.
 *
 * @throws {@link OpleadError} `invalid_options`.
 */
export function refusePlainHttp(where: string, name: string, address: string, allowHttp: boolean | undefined): void {
  if (allowHttp === true || !URL.canParse(address) || !isPlainHttp(address)) return;
  check.requireNoIssues(`${where}: wrong options`, [issueAt(name, tellOption("plain_http"))]);
}

// A list of all employees may be larger than any answer of Oplead.
const MAX_ANSWER_BYTES = 256 * 2 ** 20;

const RETRY = { attempts: 4, baseMs: 500, maxMs: 8_000 };

/**
 * The longest pause in milliseconds that a source may ask for with `Retry-After`. If it asks for a longer pause, the
 * reading fails, and the next run tries again.
 */
const LONGEST_PAUSE_MS = 60_000;

/** Returns an address in the form that messages use: without its query, which may hold a secret key. */
export function titleOf(url: string): string {
  try {
    const { origin, pathname } = new URL(url);
    return origin + pathname;
  } catch {
    return "the source";
  }
}

/** Requests JSON. After connection errors and temporary failures (429, 5xx) the request is repeated a few times. */
export async function fetchJson(
  title: string,
  url: string,
  options: FetchJsonOptions,
): Promise<{ body: unknown; headers: Headers }> {
  const { auth, headers } = options;
  const asked = async (token: string | undefined): Promise<Asked> => {
    const own = typeof headers === "function" ? await headers() : headers;
    const sent = token === undefined ? { ...own } : { ...own, authorization: `Bearer ${token}` };
    return ask(url, { headers: sent }, options);
  };
  const token = await auth?.();
  let answer = await asked(token);
  if (auth && !("problem" in answer) && answer.status === 401) answer = await asked(await auth(token));
  if ("problem" in answer || !isOk(answer)) throw failureOf(title, answer, auth !== undefined);
  return { body: await jsonOf(title, answer, options.encoding), headers: answer.headers };
}

interface Question {
  readonly method?: "GET" | "POST";
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly bytes: Buffer;
}

/**
 * An answer, or the reason why no usable answer came. `final`: true if a new attempt would fail for the same reason.
 */
type Asked = Answer | { readonly problem: ValueProblem; readonly final: boolean; readonly cause: unknown };

export function isOk({ status }: Answer): boolean {
  return status >= 200 && status < 300;
}

/**
 * The JSON value of an answer. A number that JavaScript would round becomes a text with all its digits.
 *
 * @throws {@link OpleadError} `source_failed`
 */
export async function jsonOf(
  title: string,
  { bytes, headers }: Answer,
  encoding: TextEncoding | undefined = encodingOf(title, headers, bytes),
): Promise<unknown> {
  const text = [...(await textOf(bytes, title, encoding))].join("");
  try {
    return parseJson(text);
  } catch {
    throw sourceRefused(title, tellConfig("answer_not_json"), true);
  }
}

/**
 * The names of encodings in headers. ISO 8859-1 is a part of Windows-1252. The byte order of `utf-16` is found by its
 * byte order mark.
 */
const CHARSETS: ReadonlyMap<string, TextEncoding | undefined> = new Map([
  ["iso-8859-1", "windows-1252"],
  ["iso8859-1", "windows-1252"],
  ["latin1", "windows-1252"],
  ["latin-1", "windows-1252"],
  ["windows-1252", "windows-1252"],
  ["cp1252", "windows-1252"],
  ["us-ascii", "utf-8"],
  ["ascii", "utf-8"],
  ["utf-8", "utf-8"],
  ["utf8", "utf-8"],
  ["utf-16", undefined],
  ["utf-16le", "utf-16le"],
  ["utf-16be", "utf-16be"],
]);

/** The encoding that the content type names. If it names none, the text is UTF-8, because JSON is (RFC 8259). */
function encodingOf(title: string, headers: Headers, bytes: Answer["bytes"]): TextEncoding | undefined {
  const [, charset] = /;\s*charset\s*=\s*["']?([^"';\s]+)/i.exec(headers.get("content-type") ?? "") ?? [];
  if (charset === undefined) return "utf-8";
  const name = charset.toLowerCase();
  // Most encodings write ASCII in the same way, so an answer that is valid UTF-8 is read as UTF-8.
  if (!CHARSETS.has(name) && isUtf8(bytes)) return "utf-8";
  if (!CHARSETS.has(name)) throw sourceRefused(title, tellConfig("unknown_charset", { charset }));
  return CHARSETS.get(name);
}

/**
 * Sends a request and returns the answer. After a failure that may be temporary, the request is repeated a few times.
 */
export async function ask(url: string, question: Question, options: FetchJsonOptions): Promise<Asked> {
  for (let attempt = 1; ; attempt += 1) {
    const answer = await askOnce(url, question, options);
    const wait = pauseBefore(answer, attempt);
    if (wait === undefined) return answer;
    await sleep(wait);
  }
}

async function askOnce(
  url: string,
  { method = "GET", headers, body }: Question,
  { timeoutMs = 60_000, fetch = globalThis.fetch }: FetchJsonOptions,
): Promise<Asked> {
  try {
    const answer = await fetch(url, {
      method,
      headers: { accept: "application/json", ...headers },
      ...(body !== undefined && { body }),
      // Redirects are refused, because they would send the headers, which may hold a secret, to another server.
      redirect: "manual",
      signal: AbortSignal.timeout(timeoutMs),
    });
    // The cast is safe, because every fetch returns Headers. The type FetchAnswer names only the methods of headers
    // that the transport uses.
    return {
      status: answer.status,
      headers: answer.headers as Headers,
      bytes: Buffer.from((await readCapped(answer, MAX_ANSWER_BYTES)).buffer),
    };
  } catch (error) {
    const { name, cause } = Object(error) as { name?: unknown; cause?: unknown };
    const failed = (problem: ValueProblem, final = false): Asked => ({ problem, final, cause: error });
    if (name === "TimeoutError") return failed(tellConfig("no_answer", { timeoutMs }));
    if (error instanceof AnswerTooLarge)
      return failed(tellConfig("answer_too_large", { mebibytes: MAX_ANSWER_BYTES / 2 ** 20 }), true);
    if (fetch !== globalThis.fetch && isMistake(error))
      return failed(tellConfig("own_fetch_failed", { error: errorKind(error) }), true);
    return failed(tellConfig("unreachable", { reason: errorCode(cause) }));
  }
}

/** How many milliseconds to wait before the next attempt; undefined if there is no further attempt. */
function pauseBefore(answer: Asked, attempt: number): number | undefined {
  if (attempt >= RETRY.attempts) return undefined;
  const usual = RETRY.baseMs / 2 + backoffMs(attempt, RETRY, Math.random);
  if ("problem" in answer) return answer.final ? undefined : usual;
  if (!isTransientStatus(answer.status)) return undefined;
  const asked = retryAfterMs(answer.headers, Date.now(), answer.status);
  if (asked === undefined) return usual;
  // A random time is added, because the server may have given the same pause to many clients.
  return asked <= LONGEST_PAUSE_MS ? asked + Math.random() * Math.min(asked / 4, RETRY.maxMs) : undefined;
}

export function failureOf(title: string, answer: Asked, hasToken = false): OpleadError {
  if ("problem" in answer) return sourceRefused(title, answer.problem, !answer.final, answer.cause);
  const { status } = answer;
  return sourceRefused(title, tellConfig("answered", { status, hasToken }), isTransientStatus(status));
}

/** A part of a JSON document. The type allows any field, because the form of the document is not known. */
export interface JsonPart {
  readonly [name: string]: JsonPart | undefined;
}

/**
 * The place of a value in a document: names with dots (`"data.users"`, `"@odata.nextLink"`), or a function that returns
 * the value. The function may give its parameter a type, `(body: { users: Employee[] }) => body.users`, which is not
 * checked against the document.
 */
export type JsonPlace<T, Document = JsonPart> = string | ((body: Document) => T | JsonPart | undefined);

/** Checks that a value is a {@link JsonPlace}. */
export function placeSchema(): Schema {
  return unless((value) => typeof value === "function", valueThat(isText, tellConfig("not_place")));
}

/** The value at a place; undefined if there is no value. A name may itself contain dots: `"@odata.nextLink"`. */
export function at(body: unknown, place: JsonPlace<unknown, unknown>): unknown {
  if (typeof place === "function") return place(body);
  if (typeof body !== "object" || body === null) return undefined;
  const names = place.split(".");
  for (let count = names.length; count > 0; count -= 1) {
    const name = names.slice(0, count).join(".");
    if (!Object.hasOwn(body, name)) continue;
    const inner = (body as Record<string, unknown>)[name];
    return count === names.length ? inner : at(inner, names.slice(count).join("."));
  }
  return undefined;
}

export function itemsOf(
  title: string,
  body: unknown,
  place: JsonPlace<unknown, unknown> | undefined,
): readonly unknown[] {
  const items = place === undefined ? body : at(body, place);
  if (Array.isArray(items)) return items;
  const lists = Object.entries(Object(body))
    .filter(([, value]) => Array.isArray(value))
    .map(([name]) => name);
  const where = typeof place === "string" ? place : undefined;
  throw sourceRefused(title, tellConfig("no_list", { place: where, lists: lists.slice(0, 5) }));
}
