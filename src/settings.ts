import { invalid, type OpleadIssue } from "./errors.ts";
import type {
  AuthScheme,
  CallOptions,
  OpleadHooks,
  OpleadLogger,
  OpleadOptions,
  RateLimitOptions,
  RetryOptions,
  TokenSource,
} from "./options.ts";
import { isBrowser } from "./platform.ts";
import type { FetchLike } from "./transport/send-fetch.ts";

/** Options with every default filled in. */
export interface Settings {
  readonly token: TokenSource;
  readonly baseUrl: string;
  readonly auth: AuthScheme;
  readonly testMode: boolean;
  readonly rateLimit: RateLimitOptions | false;
  readonly maxConcurrency: number;
  readonly timeoutMs: number;
  readonly deadlineMs: number;
  readonly retry: Required<RetryOptions>;
  readonly referenceTtlMs: number;
  readonly fetch: FetchLike | undefined;
  readonly logger: OpleadLogger | undefined;
  readonly hooks: OpleadHooks;
}

/** What a timer can wait for; more would fire at once. */
const MAX_MS = 2 ** 31 - 1;
const LOOPBACK = /^(?:localhost|127(?:\.\d+){3}|\[::1\]|.+\.localhost)$/;

const KNOWN = new Set([
  ...["token", "baseUrl", "auth", "testMode", "rateLimit", "maxConcurrency", "timeoutMs", "deadlineMs", "retry"],
  ...["referenceTtlMs", "fetch", "logger", "hooks", "dangerouslyAllowBrowser"],
]);

/** Checks all options and fills in the defaults. Throws one `invalid_options` that lists every problem. */
export function readOptions(options: OpleadOptions, env: Readonly<Record<string, string | undefined>>): Settings {
  const issues: OpleadIssue[] = [];
  const problem = (path: string, message: string): void => {
    issues.push({ path, message });
  };
  if (typeof options !== "object" || options === null) {
    throw invalid("invalid_options", "createOplead: wrong options", [{ path: "", message: "must be an object" }]);
  }
  for (const name of Object.keys(options)) {
    if (!KNOWN.has(name)) problem(name, "is not an option");
  }
  if (isBrowser() && options.dangerouslyAllowBrowser !== true) {
    problem(
      "dangerouslyAllowBrowser",
      "this looks like a web page, where every visitor could read the API token. Call Oplead from a server instead. " +
        "If nobody else can see this page (a test in jsdom, an internal tool), set dangerouslyAllowBrowser: true",
    );
  }
  const settings: Settings = {
    token: readToken(options.token ?? env.OPLEAD_TOKEN, problem),
    baseUrl: readBaseUrl(options.baseUrl ?? (env.OPLEAD_BASE_URL || "https://api.oplead.com"), problem),
    auth: readAuth(options.auth ?? "bearer", problem),
    testMode: readTestMode(options.testMode, env.OPLEAD_TEST_MODE, problem),
    rateLimit: readRate(options.rateLimit ?? { requests: 10, perMs: 1000 }, problem),
    maxConcurrency: readNumber("maxConcurrency", options.maxConcurrency, 8, 1, 10_000, true, problem),
    timeoutMs: readNumber("timeoutMs", options.timeoutMs, 30_000, 1, MAX_MS, false, problem),
    deadlineMs: readNumber("deadlineMs", options.deadlineMs, 120_000, 1, MAX_MS, false, problem),
    retry: readRetry(options.retry ?? {}, problem),
    referenceTtlMs: readNumber("referenceTtlMs", options.referenceTtlMs, 600_000, 0, MAX_MS, false, problem),
    fetch: options.fetch,
    logger: options.logger,
    hooks: options.hooks ?? {},
  };
  if (options.fetch !== undefined && typeof options.fetch !== "function") problem("fetch", "must be a function");
  for (const level of ["debug", "info", "warn", "error"] as const) {
    if (options.logger !== undefined && typeof options.logger?.[level] !== "function") {
      problem(`logger.${level}`, "must be a function: any logger with debug, info, warn and error fits");
    }
  }
  for (const [name, hook] of Object.entries(settings.hooks)) {
    if (!["onRequest", "onResponse", "onRetry"].includes(name)) problem(`hooks.${name}`, "is not a hook");
    else if (hook !== undefined && typeof hook !== "function") problem(`hooks.${name}`, "must be a function");
  }
  if (issues.length > 0) throw invalid("invalid_options", "createOplead: wrong options", issues);
  return settings;
}

/** Checks the options of one call. */
export function checkCallOptions(operation: string, call: CallOptions, settings: Settings): void {
  const issues: OpleadIssue[] = [];
  const problem = (path: string, message: string): void => {
    issues.push({ path, message });
  };
  if (call.timeoutMs !== undefined) readNumber("timeoutMs", call.timeoutMs, 0, 1, MAX_MS, false, problem);
  if (call.deadlineMs !== undefined) readNumber("deadlineMs", call.deadlineMs, 0, 1, MAX_MS, false, problem);
  if (call.testMode !== undefined && typeof call.testMode !== "boolean") problem("testMode", "must be true or false");
  if (call.testMode === false && settings.testMode) {
    problem("testMode", "this client is in test mode, and a single call cannot leave it: create another client");
  }
  for (const [name, value] of Object.entries(call.headers ?? {})) {
    if (!HEADER_NAME.test(name)) problem("headers", "a header name has a character that is not allowed");
    else if (isReserved(name, settings.auth)) problem(`headers.${name}`, "is set by the package");
    else if (isMethodOverride(name)) problem(`headers.${name}`, "would turn one method into another");
    else if (typeof value !== "string" || !HEADER_VALUE.test(value)) {
      problem(`headers.${name}`, "must be text of one line in ISO-8859-1");
    }
  }
  if (issues.length > 0) throw invalid("invalid_options", `${operation}: wrong call options`, issues, { operation });
}

type Problem = (path: string, message: string) => void;

const HEADER_NAME = /^[!#$%&'*+.^_`|~\w-]+$/;
const HEADER_VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;
const RESERVED =
  /^(?:authorization|content-(?:type|length|encoding)|host|user-agent|connection|transfer-encoding|accept-encoding)$/i;
/** Some frameworks let a header change the method, which would take a write past test mode as a GET. */
const METHOD_OVERRIDE = /^x-(?:http-)?method(?:-override)?$/i;

/** Whether a header is the package's own business: who we are, what the body is, how the connection is used. */
export function isReserved(name: string, auth: AuthScheme): boolean {
  return RESERVED.test(name) || (auth !== "bearer" && name.toLowerCase() === auth.header.toLowerCase());
}

/** Whether a header would take a write past test mode as another method. */
export function isMethodOverride(name: string): boolean {
  return METHOD_OVERRIDE.test(name);
}

/** Why a token cannot be sent, or undefined. Also asked of what a token function returns. */
export function tokenProblem(token: unknown): string | undefined {
  if (typeof token !== "string") return "must be text";
  if (token.trim() === "") return "is empty";
  if (token !== token.trim()) return "has white space around it: it was probably copied with a line break";
  if (!/^[\x21-\x7e]+$/.test(token)) return "has characters that a header cannot carry";
  return undefined;
}

function readToken(token: unknown, problem: Problem): TokenSource {
  if (token === undefined || token === null) {
    problem("token", "is missing: give { token } or set OPLEAD_TOKEN. Your Oplead platform administrator issues it");
  } else if (typeof token !== "function") {
    const wrong = tokenProblem(token);
    if (wrong) problem("token", wrong);
  }
  return token as TokenSource;
}

function readBaseUrl(value: unknown, problem: Problem): string {
  let url: URL;
  try {
    url = new URL(value as string);
  } catch {
    problem("baseUrl", "is not a URL: write https://host, with no path of the API (the package adds /v1/…)");
    return "";
  }
  if (url.protocol !== "https:" && url.protocol !== "http:") problem("baseUrl", "must begin with https://");
  if (url.username !== "" || url.password !== "") problem("baseUrl", "must not hold a user name or password");
  if (url.search !== "" || url.hash !== "") problem("baseUrl", "must not hold a query or a fragment");
  const path = url.pathname.replace(/\/+$/, "");
  if (/\/v1$/.test(path)) problem("baseUrl", "ends in /v1, which the package adds itself");
  return url.origin + path;
}

/** The token would be readable on the way. Allowed, because test servers in containers have no certificate. */
export function isPlainHttp(baseUrl: string): boolean {
  const url = new URL(baseUrl);
  return url.protocol === "http:" && !LOOPBACK.test(url.hostname);
}

function readAuth(auth: unknown, problem: Problem): AuthScheme {
  const header = typeof auth === "object" && auth !== null ? (auth as { header?: unknown }).header : undefined;
  if (auth !== "bearer" && (typeof header !== "string" || !HEADER_NAME.test(header))) {
    problem("auth", 'must be "bearer" or { header: "NAME-OF-THE-HEADER" }');
  }
  return auth as AuthScheme;
}

function readTestMode(option: unknown, variable: string | undefined, problem: Problem): boolean {
  if (option !== undefined) {
    if (typeof option !== "boolean") problem("testMode", "must be true or false");
    return option === true;
  }
  // Anything else here was meant to mean something, and guessing "no" would write to production.
  if (variable !== undefined && !["true", "false", ""].includes(variable)) {
    problem("testMode", 'OPLEAD_TEST_MODE must be "true" or "false"');
  }
  return variable === "true";
}

function readRate(rate: RateLimitOptions | false, problem: Problem): RateLimitOptions | false {
  if (rate === false) return false;
  if (typeof rate !== "object" || rate === null) {
    problem("rateLimit", "must be { requests, perMs } or false");
    return false;
  }
  readNumber("rateLimit.requests", rate.requests, undefined, 1, 1e6, false, problem);
  readNumber("rateLimit.perMs", rate.perMs, undefined, 1, MAX_MS, false, problem);
  return { requests: rate.requests, perMs: rate.perMs };
}

function readRetry(retry: RetryOptions | false, problem: Problem): Required<RetryOptions> {
  if (retry === false) return { attempts: 1, baseMs: 0, maxMs: 0 };
  if (typeof retry !== "object" || retry === null) {
    problem("retry", "must be { attempts, baseMs, maxMs } or false");
    return { attempts: 1, baseMs: 0, maxMs: 0 };
  }
  return {
    attempts: readNumber("retry.attempts", retry.attempts, 4, 1, 100, true, problem),
    baseMs: readNumber("retry.baseMs", retry.baseMs, 250, 0, MAX_MS, false, problem),
    maxMs: readNumber("retry.maxMs", retry.maxMs, 8_000, 0, MAX_MS, false, problem),
  };
}

function readNumber(
  path: string,
  value: unknown,
  fallback: number | undefined,
  min: number,
  max: number,
  integer: boolean,
  problem: Problem,
): number {
  const number = value ?? fallback;
  if (typeof number !== "number" || !(number >= min && number <= max) || (integer && !Number.isInteger(number))) {
    const kind = integer ? "a whole number" : "a number";
    problem(path, `must be ${kind} from ${min.toLocaleString("en")} to ${max.toLocaleString("en")}`);
    return fallback ?? min;
  }
  return number;
}
