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
  /** Headers of every request, or a function called before each. */
  readonly headers?:
    | Readonly<Record<string, string>>
    | (() => Readonly<Record<string, string>> | Promise<Readonly<Record<string, string>>>)
    | undefined;
  /**
   * Gives the token of `Authorization: Bearer …`, for example {@link clientCredentials}. Called again after a 401, with
   * the refused token. Default: none.
   */
  readonly auth?: ((refused?: string) => string | Promise<string>) | undefined;
  /** Timeout of a request, in ms. Default 60,000. */
  readonly timeoutMs?: number | undefined;
  /**
   * Allows `headers` and the token over plain http to another machine, where they can be read on the way. Default
   * false.
   */
  readonly allowHttp?: boolean | undefined;
  /** Encoding of files and answers. Default: named by an answer's content type, else UTF-8. */
  readonly encoding?: TextEncoding | undefined;
  /** Sends the requests. Default: the global `fetch`. */
  readonly fetch?: FetchLike | undefined;
}

const isHeaders = (value: unknown): boolean =>
  isRecord(value) && Object.values(value).every((header) => typeof header === "string");

export const headersSchema = (): check.Schema => check.valueThat(isHeaders, tellOption("not_headers"));

export const fetchKinds = (): check.OptionalKinds<FetchJsonOptions> => ({
  headers: check.unless((value) => typeof value === "function", headersSchema()),
  auth: check.func(),
  timeoutMs: check.number(1, check.MAX_TIMER_MS),
  allowHttp: check.boolean(),
  encoding: encodingSchema(),
  fetch: check.func(),
});

// The placeholder of an unset variable passes: the variable is reported later.
export const addressSchema = (): check.Schema =>
  check.valueWithout((value) => {
    if (isText(value) && variableIssues("", value).length > 0) return undefined;
    if (!isText(value) || !/^https?:/i.test(value) || !URL.canParse(value)) return tellConfig("not_http_address");
    return hasPassword(new URL(value)) ? tellOption("url_with_password") : undefined;
  });

// `fetch` refuses it.
export function hasPassword({ username, password }: URL): boolean {
  return username + password !== "";
}

// Plain http could show the secret on its way.
export function refusePlainHttp(where: string, name: string, address: string, allowHttp: boolean | undefined): void {
  if (allowHttp === true || !URL.canParse(address) || !isPlainHttp(address)) return;
  check.requireNoIssues(`${where}: wrong options`, [issueAt(name, tellOption("plain_http"))]);
}

// A list of all employees may be larger than any answer of Oplead.
const MAX_ANSWER_BYTES = 256 * 2 ** 20;

const RETRY = { attempts: 4, baseMs: 500, maxMs: 8_000 };

// If Retry-After is longer, the reading fails and the next run tries again.
const LONGEST_PAUSE_MS = 60_000;

// Without the query, which may hold a secret.
export function titleOf(url: string): string {
  try {
    const { origin, pathname } = new URL(url);
    return origin + pathname;
  } catch {
    return "the source";
  }
}

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

type Asked = Answer | { readonly problem: ValueProblem; readonly final: boolean; readonly cause: unknown };

export function isOk({ status }: Answer): boolean {
  return status >= 200 && status < 300;
}

// Numbers that JavaScript would round become text.
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

// ISO 8859-1 is part of Windows-1252. For `utf-16` the byte order mark decides.
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

// JSON is UTF-8 (RFC 8259).
function encodingOf(title: string, headers: Headers, bytes: Answer["bytes"]): TextEncoding | undefined {
  const [, charset] = /;\s*charset\s*=\s*["']?([^"';\s]+)/i.exec(headers.get("content-type") ?? "") ?? [];
  if (charset === undefined) return "utf-8";
  const name = charset.toLowerCase();
  // Most encodings write ASCII like UTF-8.
  if (!CHARSETS.has(name) && isUtf8(bytes)) return "utf-8";
  if (!CHARSETS.has(name)) throw sourceRefused(title, tellConfig("unknown_charset", { charset }));
  return CHARSETS.get(name);
}

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
      // A redirect would take the headers, perhaps secrets, to another server.
      redirect: "manual",
      signal: AbortSignal.timeout(timeoutMs),
    });
    // Safe: every fetch returns Headers.
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

function pauseBefore(answer: Asked, attempt: number): number | undefined {
  if (attempt >= RETRY.attempts) return undefined;
  const usual = RETRY.baseMs / 2 + backoffMs(attempt, RETRY, Math.random);
  if ("problem" in answer) return answer.final ? undefined : usual;
  if (!isTransientStatus(answer.status)) return undefined;
  const asked = retryAfterMs(answer.headers, Date.now(), answer.status);
  if (asked === undefined) return usual;
  // Jitter: many clients may have got the same pause.
  return asked <= LONGEST_PAUSE_MS ? asked + Math.random() * Math.min(asked / 4, RETRY.maxMs) : undefined;
}

export function failureOf(title: string, answer: Asked, hasToken = false): OpleadError {
  if ("problem" in answer) return sourceRefused(title, answer.problem, !answer.final, answer.cause);
  const { status } = answer;
  return sourceRefused(title, tellConfig("answered", { status, hasToken }), isTransientStatus(status));
}

/** A part of a JSON document of unknown form. */
export interface JsonPart {
  readonly [name: string]: JsonPart | undefined;
}

/**
 * The place of a value: names with dots (`"data.users"`, `"@odata.nextLink"`), or a function that returns it. Its
 * parameter may have a type, `(body: { users: Employee[] }) => body.users`, which is not checked.
 */
export type JsonPlace<T, Document = JsonPart> = string | ((body: Document) => T | JsonPart | undefined);

export function placeSchema(): Schema {
  return unless((value) => typeof value === "function", valueThat(isText, tellConfig("not_place")));
}

// A name may contain dots: `"@odata.nextLink"`.
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
