import { reasonsOf } from "../core/errors.ts";
import { runtimeName } from "../core/run-time.ts";
import type { Settings } from "./settings.ts";

/** Statuses after which the same request may succeed. */
const TRANSIENT = new Set([408, 425, 429, 500, 502, 503, 504]);

/**
 * Codes of errors that occur before a connection is open, so the server cannot have seen the request. The codes are
 * grouped by run time.
 */
const NEVER_SENT = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "UND_ERR_CONNECT_TIMEOUT",
  "ConnectionRefused", // Bun
]);

/**
 * The system calls that run before a connection is open. Some codes of `NEVER_SENT` also occur on an open connection
 * when the network fails, so the system call decides.
 */
const WHILE_CONNECTING = /^(?:connect|getaddrinfo|query)/;

/**
 * The certificate is not trusted, or both sides have no TLS version in common. Nothing was sent, and trying again
 * changes nothing.
 */
const BAD_CERTIFICATE =
  /^(?:ERR_TLS_CERT_|CERT_|CRL_|UNABLE_TO_|ERROR_IN_|SELF_SIGNED_|DEPTH_ZERO_|HOSTNAME_MISMATCH|INVALID_(?:CA|PURPOSE)|PATH_LENGTH)/;
const NO_COMMON_TLS = /wrong.version.number|unsupported.protocol|alert.protocol.version|handshake.failure/i;

export function isTransientStatus(status: number): boolean {
  return TRANSIENT.has(status);
}

/** Methods that cannot write (RFC 9110, 9.2.1). */
export const SAFE: ReadonlySet<string> = new Set(["GET", "HEAD", "OPTIONS", "TRACE"]);

/**
 * Methods with which a second, equal request changes nothing more (RFC 9110, 9.2.2). A repeated POST can create a
 * second user.
 */
const IDEMPOTENT: ReadonlySet<string> = new Set(["GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE"]);

export function isIdempotent(method: string): boolean {
  return IDEMPOTENT.has(method);
}

/**
 * Reads from the error of a failed connection whether the request was never sent, and whether trying again is useless.
 */
export function readConnectionFailure(error: unknown): {
  readonly neverSent: boolean;
  readonly permanent: boolean;
  readonly code: string | undefined;
} {
  const reasons = reasonsOf(error);
  const permanent = reasons.some(
    ({ code, message }) =>
      BAD_CERTIFICATE.test(code) ||
      (/^(?:EPROTO$|ERR_SSL_)/.test(code) && NO_COMMON_TLS.test(`${code} ${String(message)}`)),
  );
  const neverSent = reasons.every(
    ({ code, syscall }) => NEVER_SENT.has(code) && (typeof syscall !== "string" || WHILE_CONNECTING.test(syscall)),
  );
  const [code] = reasons.map((reason) => reason.code).filter((each) => /^[A-Za-z_]+\d?[A-Za-z_]*$/.test(each));
  return { permanent, neverSent: permanent || (neverSent && reasons.length > 0), code };
}

/** The kinds of errors that mistakes in a program cause. */
const MISTAKES = new Set(["TypeError", "ReferenceError", "RangeError", "SyntaxError", "EvalError", "URIError"]);

/**
 * Whether an error of a `fetch` comes from a mistake in that function, and not from a failed connection. Under the
 * Fetch standard both are a TypeError. Node and Bun add a code or a cause to the error of a failed connection, and
 * workerd throws a plain Error for it, so on these run times a bare TypeError is a mistake. Deno and browsers throw a
 * bare TypeError for a failed connection too, so on these run times it counts as a failed connection.
 */
export function isMistake(error: unknown): boolean {
  if (!(error instanceof Error) || !MISTAKES.has(error.name)) return false;
  const reasons = reasonsOf(error);
  if (reasons.length > 0) return reasons.every(({ code }) => /^ERR_INVALID_(?:URL|ARG|PROTOCOL)/.test(code));
  if (error.cause !== undefined) return false;
  return error.name !== "TypeError" || /^(?:node\/|bun\/|workerd$)/.test(runtimeName());
}

/** Whether a failed request may be sent again: it is safe to send twice, or the server cannot have acted on it. */
export function mayRepeat(method: string, failure: { readonly neverSent: boolean; readonly final: boolean }): boolean {
  return !failure.final && (failure.neverSent || isIdempotent(method));
}

/**
 * Exponential backoff with full jitter: a random wait between 0 and a growing limit, so that clients don't all try
 * again at the same time.
 */
export function backoffMs(attempt: number, retry: Settings["retry"], random: () => number): number {
  return random() * Math.min(retry.maxMs, retry.baseMs * 2 ** (attempt - 1));
}

const DAY_MS = 24 * 60 * 60 * 1000;

/**
 * How long the server asks to wait, in milliseconds; undefined if it does not ask for a wait. `Retry-After` is seconds
 * or a date (RFC 9110); `RateLimit-Reset` and `X-RateLimit-Retry-After`, which Symfony services send, are seconds from
 * now or a Unix time. Many services send the last two with every answer, so they count only for a 429. The result is at
 * most a day: an absurd value must not stop a client for good.
 */
export function retryAfterMs(
  headers: { get(name: string): string | null },
  nowMs: number,
  status = 429,
): number | undefined {
  // A date is compared with the server's own clock if the answer shows it, because this machine's clock may be wrong.
  const serverNow = parseDate(headers.get("date") ?? "");
  const now = Number.isNaN(serverNow) ? nowMs : serverNow;
  const names = ["retry-after", ...(status === 429 ? ["ratelimit-reset", "x-ratelimit-retry-after"] : [])];
  for (const name of names) {
    const ms = parseWait(headers.get(name), now);
    if (ms !== undefined) return Math.min(Math.max(ms, 0), DAY_MS);
  }
  return undefined;
}

function parseWait(value: string | null, now: number): number | undefined {
  const text = value?.trim();
  if (!text) return undefined;
  if (/^[+-]?\d+(?:\.\d+)?$/.test(text)) {
    const number = Number(text);
    if (number > 1e11) return number - now; // Unix time in milliseconds
    if (number > 1e9) return number * 1000 - now; // Unix time in seconds
    return number * 1000;
  }
  const date = parseDate(text);
  return Number.isNaN(date) ? undefined : date - now;
}

/**
 * Parses a date in one of the three forms of RFC 9110, 5.6.7; the oldest form names no zone and means GMT. Any other
 * text gives NaN.
 */
function parseDate(text: string): number {
  // Only texts in one of these forms are passed to Date.parse, because Date.parse finds a date in almost any text, even
  // in "soon 5".
  if (!/^\w{3,9},? .*\d\d:\d\d:\d\d/.test(text) && !/^\d{4}-\d\d-\d\dT/.test(text)) return Number.NaN;
  return Date.parse(/^\w{3} /.test(text) ? `${text} GMT` : text);
}
