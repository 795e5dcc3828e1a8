import { invalid, type OpleadIssue } from "./errors.ts";
import type {
  AuthScheme,
  CallOptions,
  FetchLike,
  OpleadHooks,
  OpleadLogger,
  OpleadOptions,
  RateLimitOptions,
  RetryOptions,
  TokenSource,
} from "./options.ts";
import { isBrowser } from "./platform.ts";

/** Options with every default filled in. */
export interface Settings {
  readonly token: TokenSource;
  readonly baseUrl: string;
  readonly platform: string | undefined;
  readonly auth: AuthScheme;
  readonly idField: string;
  readonly testMode: boolean;
  readonly rateLimit: RateLimitOptions | false;
  readonly maxConcurrency: number;
  readonly timeoutMs: number;
  readonly deadlineMs: number;
  readonly settleMs: number;
  readonly retry: Required<RetryOptions>;
  readonly referenceTtlMs: number;
  readonly fetch: FetchLike | undefined;
  readonly logger: OpleadLogger | undefined;
  readonly hooks: OpleadHooks;
}

/** What a timer can wait for; more would fire at once. */
const MAX_MS = 2 ** 31 - 1;
const LOOPBACK = /^(?:localhost|127(?:\.\d+){3}|\[::1\]|.+\.localhost)$/;

const KNOWN = [
  ...["token", "baseUrl", "auth", "testMode", "rateLimit", "maxConcurrency", "timeoutMs", "deadlineMs", "retry"],
  ...["platform", "idField", "settleMs", "referenceTtlMs", "fetch", "logger", "hooks", "dangerouslyAllowBrowser"],
];
const KNOWN_OF_A_CALL = ["signal", "timeoutMs", "deadlineMs", "testMode", "headers"];
const HOOKS = ["onRequest", "onResponse", "onRetry"];

/**
 * Checks all options and fills in the defaults, some of which Oplead's document decides. Throws one `invalid_options` that
 * lists every problem.
 */
export function readOptions(
  options: OpleadOptions,
  env: Readonly<Record<string, string | undefined>>,
  documented: Pick<Settings, "auth" | "idField"> = { auth: "bearer", idField: "id" },
): Settings {
  const issues: OpleadIssue[] = [];
  const problem = (path: string, message: string): void => {
    issues.push({ path, message });
  };
  if (typeof options !== "object" || options === null) {
    throw invalid("invalid_options", "createOplead: wrong options", [{ path: "", message: "must be an object" }]);
  }
  refuseUnknown(options, KNOWN, "", problem);
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
    platform: options.platform,
    auth: readAuth(options.auth ?? documented.auth, problem),
    idField: readIdField(options.idField ?? documented.idField, problem),
    testMode: readTestMode(options.testMode, env.OPLEAD_TEST_MODE, problem),
    rateLimit: readRate(options.rateLimit ?? { requests: 10, perMs: 1000 }, problem),
    maxConcurrency: readNumber("maxConcurrency", options.maxConcurrency, 8, 1, 10_000, true, problem),
    timeoutMs: readNumber("timeoutMs", options.timeoutMs, 30_000, 1, MAX_MS, false, problem),
    deadlineMs: readNumber("deadlineMs", options.deadlineMs, 120_000, 1, MAX_MS, false, problem),
    settleMs: readNumber("settleMs", options.settleMs, 10_000, 0, MAX_MS, false, problem),
    retry: readRetry(options.retry ?? {}, problem),
    referenceTtlMs: readNumber("referenceTtlMs", options.referenceTtlMs, 600_000, 0, MAX_MS, false, problem),
    fetch: options.fetch,
    logger: options.logger && quiet(options.logger),
    hooks: options.hooks ?? {},
  };
  if (options.fetch !== undefined && typeof options.fetch !== "function") problem("fetch", "must be a function");
  for (const level of ["debug", "info", "warn", "error"] as const) {
    if (options.logger !== undefined && typeof options.logger?.[level] !== "function") {
      problem(`logger.${level}`, "must be a function: any logger with debug, info, warn and error fits");
    }
  }
  if (options.platform !== undefined && (typeof options.platform !== "string" || options.platform.trim() === "")) {
    problem("platform", "must be a name");
  }
  if (typeof settings.hooks !== "object") problem("hooks", "must be an object of functions");
  for (const name of Object.keys(settings.hooks)) {
    // Anything else may be the observer's own.
    if (/^on[A-Z]/.test(name) && !HOOKS.includes(name)) problem(`hooks.${name}`, "is not a hook");
  }
  for (const name of HOOKS) {
    const hook: unknown = Reflect.get(Object(settings.hooks), name);
    if (hook !== undefined && typeof hook !== "function") problem(`hooks.${name}`, "must be a function");
  }
  if (issues.length > 0) throw invalid("invalid_options", "createOplead: wrong options", issues);
  return settings;
}

/** Checks the options of one call. Gives its headers as they were checked: their owner may change them while it waits. */
export function readCallOptions(operation: string, call: CallOptions, settings: Settings): Record<string, string> {
  const issues: OpleadIssue[] = [];
  const problem = (path: string, message: string): void => {
    issues.push({ path, message });
  };
  // A misspelt testMode would write to production.
  refuseUnknown(call, KNOWN_OF_A_CALL, "", problem);
  if (call.signal !== undefined && typeof call.signal?.addEventListener !== "function") {
    problem("signal", "must be an AbortSignal");
  }
  if (call.timeoutMs !== undefined) readNumber("timeoutMs", call.timeoutMs, 0, 1, MAX_MS, false, problem);
  if (call.deadlineMs !== undefined) readNumber("deadlineMs", call.deadlineMs, 0, 1, MAX_MS, false, problem);
  if (call.testMode !== undefined && typeof call.testMode !== "boolean") problem("testMode", "must be true or false");
  if (call.testMode === false && settings.testMode) {
    problem("testMode", "this client is in test mode, and a single call cannot leave it: create another client");
  }
  // The entries of a Headers object or a list would be passed over.
  const { headers: given = {} } = call;
  if (typeof given !== "object" || given === null || Symbol.iterator in given) {
    problem("headers", "must be a plain object of names and values");
  }
  const headers: Record<string, string> = { ...given };
  for (const [name, value] of Object.entries(headers)) {
    if (!HEADER_NAME.test(name)) problem("headers", "a header name has a character that is not allowed");
    else if (isReserved(name, settings.auth)) problem(`headers.${name}`, "is set by the package");
    else if (isMethodOverride(name)) problem(`headers.${name}`, "would turn one method into another");
    else if (typeof value !== "string" || !HEADER_VALUE.test(value)) {
      problem(`headers.${name}`, "must be one line of ASCII text");
    }
  }
  if (issues.length > 0) throw invalid("invalid_options", `${operation}: wrong call options`, issues, { operation });
  return headers;
}

type Problem = (path: string, message: string) => void;

function refuseUnknown(options: object, known: readonly string[], prefix: string, problem: Problem): void {
  for (const name of Object.keys(options)) {
    if (!known.includes(name)) problem(prefix + name, `is not an option: there are ${known.join(", ")}`);
  }
}

/** The logger, whose failures are its own: a line that cannot be written must not end a call, or undo what was done. */
export function quiet(logger: OpleadLogger): OpleadLogger {
  const write = (level: keyof OpleadLogger) => (message: string) => {
    try {
      const written: unknown = logger[level](message);
      if (written instanceof Promise) written.catch(() => {});
    } catch {}
  };
  return { debug: write("debug"), info: write("info"), warn: write("warn"), error: write("error") };
}

const HEADER_NAME = /^[!#$%&'*+.^_`|~\w-]+$/;
const HEADER_VALUE = /^[\t\x20-\x7e]*$/;
const RESERVED =
  /^(?:authorization|content-(?:type|length|encoding)|host|user-agent|accept-encoding|transfer-encoding|connection|keep-alive|upgrade|expect)$/i;
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
  if (auth === "bearer") return auth;
  if (typeof header !== "string" || !HEADER_NAME.test(header)) {
    problem("auth", 'must be "bearer" or { header: "NAME-OF-THE-HEADER" }');
  } else if (!/^authorization$/i.test(header) && (RESERVED.test(header) || isMethodOverride(header))) {
    problem("auth.header", "is a header with a meaning of its own");
  }
  return auth as AuthScheme;
}

function readIdField(field: unknown, problem: Problem): string {
  if (typeof field === "string" && /^[\w-]+(?:\.[\w-]+)*$/.test(field)) return field;
  problem("idField", 'must be the name of a field, or a place with dots, for example "data.id"');
  return "id";
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
  refuseUnknown(rate, ["requests", "perMs"], "rateLimit.", problem);
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
  refuseUnknown(retry, ["attempts", "baseMs", "maxMs"], "retry.", problem);
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
