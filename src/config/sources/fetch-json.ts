import { errorCode, errorKind } from "../../base/error-code.ts";
import type { OpleadError } from "../../base/errors.ts";
import { sleep } from "../../base/waits.ts";

import type { FetchAnswer, FetchLike } from "../../options.ts";
import { backoffMs, isMistake, isTransientStatus, retryAfterMs } from "../../transport/retry.ts";

import { sourceFailed } from "./source.ts";

/** How a source system is asked. */
export interface FetchJsonOptions {
  /** Headers of every request, for example an authorization; a function is asked before each. */
  readonly headers?: RequestHeaders | (() => RequestHeaders | Promise<RequestHeaders>) | undefined;
  /** Limit of one request in milliseconds. Default 60,000. */
  readonly timeoutMs?: number | undefined;
  /** Allows `headers` to travel over plain http to another machine, where they can be read on their way. Default false. */
  readonly allowHttp?: boolean | undefined;
  /** Sends the requests. Default: the global `fetch`. */
  readonly fetch?: FetchLike | undefined;
}

/** Header values by name. */
export type RequestHeaders = Readonly<Record<string, string>>;

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
  for (let attempt = 1; ; attempt += 1) {
    const answer = await ask(url, options);
    if (!("cause" in answer) && answer.status >= 200 && answer.status < 300)
      // Whatever fetch it is, its headers are Headers; FetchAnswer only names what the transport reads.
      return { body: await readBody(title, answer), headers: answer.headers as Headers };
    const wait = pauseBefore(answer, attempt);
    if (wait === undefined) throw failureOf(title, answer);
    // Read to its end, so that the connection can be used again.
    if (!("cause" in answer)) await answer.text().catch(() => {});
    await sleep(wait);
  }
}

/** An answer, or what kept it from coming. `final`: asking again changes nothing. */
type Asked = FetchAnswer | { readonly problem: string; readonly final: boolean; readonly cause: unknown };

async function ask(
  url: string,
  { headers, timeoutMs = 60_000, fetch = globalThis.fetch }: FetchJsonOptions,
): Promise<Asked> {
  const own = typeof headers === "function" ? await headers() : headers;
  try {
    return await fetch(url, {
      method: "GET",
      headers: { accept: "application/json", ...own },
      // A redirect would take the headers, which may authorize, to another place.
      redirect: "manual",
      signal: AbortSignal.timeout(timeoutMs),
    });
  } catch (error) {
    const { name, cause } = Object(error) as { name?: unknown; cause?: unknown };
    const problem = (text: string, final = false): Asked => ({ problem: text, final, cause: error });
    if (name === "TimeoutError") return problem(`gave no answer within ${timeoutMs} ms`);
    if (fetch !== globalThis.fetch && isMistake(error)) return problem(`its fetch failed (${errorKind(error)})`, true);
    const code = errorCode(cause);
    return problem(code === undefined ? "cannot be reached" : `cannot be reached (${code})`);
  }
}

async function readBody(title: string, answer: FetchAnswer): Promise<unknown> {
  try {
    return JSON.parse(await answer.text());
  } catch (error) {
    throw sourceFailed(title, "the answer is not JSON, or broke off", true, error);
  }
}

/** How long to wait before the next try; undefined if there is none. */
function pauseBefore(answer: Asked, attempt: number): number | undefined {
  if (attempt >= RETRY.attempts) return undefined;
  const usual = RETRY.baseMs / 2 + backoffMs(attempt, RETRY, Math.random);
  if ("cause" in answer) return answer.final ? undefined : usual;
  if (!isTransientStatus(answer.status)) return undefined;
  const asked = retryAfterMs(answer.headers, Date.now(), answer.status);
  return asked === undefined ? usual : asked <= LONGEST_PAUSE_MS ? asked : undefined;
}

function failureOf(title: string, answer: Asked): OpleadError {
  if ("cause" in answer) return sourceFailed(title, answer.problem, !answer.final, answer.cause);
  const { status } = answer;
  const isRedirect = status >= 300 && status < 400;
  const redirect = isRedirect ? ", a redirect: write the address it leads to" : "";
  const hint = status === 401 || status === 403 ? ": check the headers of the source" : redirect;
  return sourceFailed(title, `answered ${status}${hint}`, isTransientStatus(status));
}
