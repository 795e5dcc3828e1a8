import { isUtf8 } from "node:buffer";
import { errorCode, errorKind } from "../../../base/error-code.ts";
import type { OpleadError } from "../../../base/errors.ts";
import { parseJson } from "../../../base/exact-json.ts";
import { issueAt } from "../../../base/issues.ts";
import { isPlainHttp } from "../../../base/loopback.ts";
import { sleep } from "../../../base/time/waits.ts";
import { isRecord } from "../../../base/validation/is-object.ts";
import * as check from "../../../base/validation/validate.ts";
import { tellConfig } from "../../../locales/en/config.ts";
import { tellOption } from "../../../locales/en/core.ts";
import type { FetchLike } from "../../../options.ts";
import { backoffMs, isMistake, isTransientStatus, retryAfterMs } from "../../../transport/retry.ts";
import { variableIssues } from "../../env.ts";
import { fileRefused, isText, sourceFailed } from "../source.ts";
import { encodingSchema, type TextEncoding, textOf } from "../tables/decode.ts";

/** How a source system is asked. */
export interface FetchJsonOptions {
  /** Headers of every request, for example an authorization; a function is asked before each. */
  readonly headers?:
    | Readonly<Record<string, string>>
    | (() => Readonly<Record<string, string>> | Promise<Readonly<Record<string, string>>>)
    | undefined;
  /**
   * Gives a token that is sent as `Authorization: Bearer …`, for example {@link clientCredentials}. After an answer 401 it is asked for
   * another one, once, with the token that was refused. Default: none.
   */
  readonly auth?: ((refused?: string) => string | Promise<string>) | undefined;
  /** Limit of one request in milliseconds. Default 60,000. */
  readonly timeoutMs?: number | undefined;
  /** Allows `headers` and the token of `auth` to travel over plain http to another machine, where they can be read on their way. Default false. */
  readonly allowHttp?: boolean | undefined;
  /** The encoding of what is read. Default: what the content type of an answer says, else that of JSON, UTF-8. */
  readonly encoding?: TextEncoding | undefined;
  /** Sends the requests. Default: the global `fetch`. */
  readonly fetch?: FetchLike | undefined;
}

const isHeaders = (value: unknown): boolean =>
  isRecord(value) && Object.values(value).every((header) => typeof header === "string");

/** The check of a list of fields with a text for each. */
export const headersSchema = (): check.Schema => check.valueThat(isHeaders, tellOption("not_headers"));

/** What each of them must be. */
export const fetchKinds = (): check.OptionalKinds<FetchJsonOptions> => ({
  headers: check.unless((value) => typeof value === "function", headersSchema()),
  auth: check.func(),
  timeoutMs: check.number(1, check.MAX_TIMER_MS),
  allowHttp: check.boolean(),
  encoding: encodingSchema(),
  fetch: check.func(),
});

/** An address, or a text of a config that is being loaded and names a variable which is not set: that is told later. */
export const addressSchema = (): check.Schema =>
  check.valueThat(
    (value) =>
      isText(value) && (variableIssues("", value).length > 0 || (/^https?:/i.test(value) && URL.canParse(value))),
    tellConfig("not_http_address"),
  );

/** @throws {@link OpleadError} `invalid_options` for an address to which a secret would travel so that it can be read on its way. */
export function refusePlainHttp(where: string, name: string, address: string, allowHttp: boolean | undefined): void {
  if (allowHttp === true || !URL.canParse(address) || !isPlainHttp(address)) return;
  check.requireNoIssues(`${where}: wrong options`, [issueAt(name, tellOption("plain_http"))]);
}

const RETRY = { attempts: 4, baseMs: 500, maxMs: 8_000 };

/** A source that asks for a longer pause than this is asked again by the next run. */
const LONGEST_PAUSE_MS = 60_000;

/** An address for messages: its query may hold a key. */
export function titleOf(url: string): string {
  try {
    const { origin, pathname } = new URL(url);
    return origin + pathname;
  } catch {
    return "the source";
  }
}

/** Asks for JSON. Connection errors and answers that may pass (429, 5xx) are tried again, a few times. */
export async function fetchJson(
  title: string,
  url: string,
  options: FetchJsonOptions,
): Promise<{ body: unknown; headers: Headers }> {
  const { auth, headers } = options;
  const asked = async (token: string | undefined): Promise<Asked> => {
    const own = typeof headers === "function" ? await headers() : headers;
    const bearer = token === undefined ? undefined : { authorization: `Bearer ${token}` };
    return ask(url, { headers: { ...own, ...bearer } }, options);
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

/** An answer, or what kept it from coming. `final`: asking again changes nothing. */
type Asked = Answer | { readonly problem: string; readonly final: boolean; readonly cause: unknown };

export function isOk({ status }: Answer): boolean {
  return status >= 200 && status < 300;
}

/**
 * The value in an answer. A number that a program would round is the text that it is written as.
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
    throw sourceFailed(title, "the answer is not JSON", true);
  }
}

/** The names of encodings in headers. The first names of Windows-1252 are those of its part ISO 8859-1; a mark tells the order of UTF-16. */
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

/** As the content type says it. Without a word of it JSON is UTF-8 (RFC 8259). */
function encodingOf(title: string, headers: Headers, bytes: Answer["bytes"]): TextEncoding | undefined {
  const [, charset] = /;\s*charset\s*=\s*["']?([^"';\s]+)/i.exec(headers.get("content-type") ?? "") ?? [];
  if (charset === undefined) return "utf-8";
  const name = charset.toLowerCase();
  // Few characters differ between most encodings: an answer that has none of them is UTF-8 as well.
  if (!CHARSETS.has(name) && isUtf8(bytes)) return "utf-8";
  if (!CHARSETS.has(name)) throw fileRefused(title, issueAt("", tellConfig("unknown_charset", { charset })));
  return CHARSETS.get(name);
}

/** The answer to a question. Until it comes, and while it may be another one later, it is asked again, a few times. */
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
      // A redirect would take the headers, which may authorize, to another place.
      redirect: "manual",
      signal: AbortSignal.timeout(timeoutMs),
    });
    // Whatever fetch it is, its headers are Headers; FetchAnswer only names what the transport reads.
    return {
      status: answer.status,
      headers: answer.headers as Headers,
      bytes: Buffer.from(await answer.arrayBuffer()),
    };
  } catch (error) {
    const { name, cause } = Object(error) as { name?: unknown; cause?: unknown };
    const problem = (text: string, final = false): Asked => ({ problem: text, final, cause: error });
    if (name === "TimeoutError") return problem(`gave no answer within ${timeoutMs} ms`);
    if (fetch !== globalThis.fetch && isMistake(error)) return problem(`its fetch failed (${errorKind(error)})`, true);
    const code = errorCode(cause);
    return problem(code === undefined ? "cannot be reached" : `cannot be reached (${code})`);
  }
}

/** How long to wait before the next try; undefined if there is none. */
function pauseBefore(answer: Asked, attempt: number): number | undefined {
  if (attempt >= RETRY.attempts) return undefined;
  const usual = RETRY.baseMs / 2 + backoffMs(attempt, RETRY, Math.random);
  if ("problem" in answer) return answer.final ? undefined : usual;
  if (!isTransientStatus(answer.status)) return undefined;
  const asked = retryAfterMs(answer.headers, Date.now(), answer.status);
  if (asked === undefined) return usual;
  // Others were told the same second.
  return asked <= LONGEST_PAUSE_MS ? asked + Math.random() * Math.min(asked / 4, RETRY.maxMs) : undefined;
}

export function failureOf(title: string, answer: Asked, hasToken = false): OpleadError {
  if ("problem" in answer) return sourceFailed(title, answer.problem, !answer.final, answer.cause);
  const { status } = answer;
  const isRedirect = status >= 300 && status < 400;
  const redirect = isRedirect ? ", a redirect: write the address it leads to" : "";
  const access = hasToken ? ": the token is not accepted, nor is a new one" : ": check the headers of the source";
  return sourceFailed(
    title,
    `answered ${status}${status === 401 || status === 403 ? access : redirect}`,
    isTransientStatus(status),
  );
}
