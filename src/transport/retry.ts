import { reasonsOf } from "../core/errors.ts";
import { runtimeName } from "../core/run-time.ts";
import type { Settings } from "./settings.ts";

const TRANSIENT = new Set([408, 425, 429, 500, 502, 503, 504]);

// These errors occur before a connection is open: the server cannot have seen the request.
const NEVER_SENT = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "UND_ERR_CONNECT_TIMEOUT",
  "ConnectionRefused", // Bun
]);

// Some codes of `NEVER_SENT` also occur on an open connection, so the system call decides.
const WHILE_CONNECTING = /^(?:connect|getaddrinfo|query)/;

// Nothing was sent, and a retry changes nothing.
const BAD_CERTIFICATE =
  /^(?:ERR_TLS_CERT_|CERT_|CRL_|UNABLE_TO_|ERROR_IN_|SELF_SIGNED_|DEPTH_ZERO_|HOSTNAME_MISMATCH|INVALID_(?:CA|PURPOSE)|PATH_LENGTH)/;
const NO_COMMON_TLS = /wrong.version.number|unsupported.protocol|alert.protocol.version|handshake.failure/i;

export function isTransientStatus(status: number): boolean {
  return TRANSIENT.has(status);
}

export const SAFE: ReadonlySet<string> = new Set(["GET", "HEAD", "OPTIONS", "TRACE"]);

// RFC 9110, 9.2.2. A repeated POST can create a second user.
const IDEMPOTENT: ReadonlySet<string> = new Set(["GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE"]);

export function isIdempotent(method: string): boolean {
  return IDEMPOTENT.has(method);
}

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
  const isProxys = reasons.some(({ message }) => /^Proxy response \(4(?!08|29)/.test(String(message)));
  if (isProxys) return { permanent: true, neverSent: true, code: REFUSED_BY_PROXY };
  const [code] = reasons.map((reason) => reason.code).filter((each) => /^[A-Za-z_]+\d?[A-Za-z_]*$/.test(each));
  return { permanent, neverSent: permanent || (neverSent && reasons.length > 0), code };
}

// undici's answer to a CONNECT has no code of its own.
export const REFUSED_BY_PROXY = "ERR_PROXY_TUNNEL";

const MISTAKES = new Set(["TypeError", "ReferenceError", "RangeError", "SyntaxError", "EvalError", "URIError"]);

// The Fetch standard throws a TypeError for a failed connection; so do Deno and browsers. Node and Bun add a code or
// cause, workerd throws a plain Error: there a bare TypeError is a mistake in the caller's `fetch`.
export function isMistake(error: unknown): boolean {
  if (!(error instanceof Error) || !MISTAKES.has(error.name)) return false;
  const reasons = reasonsOf(error);
  if (reasons.length > 0) return reasons.every(({ code }) => /^ERR_INVALID_(?:URL|ARG|PROTOCOL)/.test(code));
  if (error.cause !== undefined) return false;
  return error.name !== "TypeError" || /^(?:node\/|bun\/|workerd$)/.test(runtimeName());
}

export function mayRepeat(method: string, failure: { readonly neverSent: boolean; readonly final: boolean }): boolean {
  return !failure.final && (failure.neverSent || isIdempotent(method));
}

// Exponential backoff with full jitter.
export function backoffMs(attempt: number, retry: Settings["retry"], random: () => number): number {
  return random() * retry.baseMs * 2 ** Math.min(5, attempt - 1);
}

const DAY_MS = 24 * 60 * 60 * 1000;

// Symfony's `RateLimit-Reset` and `X-RateLimit-Retry-After` come with every answer of many services, so they count for
// a 429 only. At most a day: an absurd value must not stop a client.
export function retryAfterMs(
  headers: { get(name: string): string | null },
  nowMs: number,
  status = 429,
): number | undefined {
  // Compared with the server's clock, if the answer shows it: this machine's may be wrong.
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
    if (number > 1e11) return number - now;
    if (number > 1e9) return number * 1000 - now;
    return number * 1000;
  }
  const date = parseDate(text);
  return Number.isNaN(date) ? undefined : date - now;
}

// RFC 9110, 5.6.7. The oldest form names no zone and means GMT.
function parseDate(text: string): number {
  // Date.parse finds a date in almost any text, even in "soon 5".
  if (!/^\w{3,9},? .*\d\d:\d\d:\d\d/.test(text) && !/^\d{4}-\d\d-\d\dT/.test(text)) return Number.NaN;
  return Date.parse(/^\w{3} /.test(text) ? `${text} GMT` : text);
}
