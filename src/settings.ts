import { quiet } from "./base/observe.ts";
import { isObject } from "./base/validation/is-object.ts";
import * as check from "./base/validation/validate.ts";
import { HEADER_NAME, headerProblem, isMethodOverride, isReserved } from "./header-names.ts";
import type { CallOptions, OpleadOptions, RetryOptions, SharedRate, TokenSource } from "./options.ts";
import { isBrowser } from "./platform.ts";

/** The same options, each of which has a value. */
export type Filled<Options> = { readonly [Name in keyof Options]-?: NonNullable<Options[Name]> };

type WithoutDefault = "platform" | "fetch" | "logger";

/** Options with every default filled in. */
export interface Settings
  extends Filled<Omit<OpleadOptions, WithoutDefault | "retry" | "dangerouslyAllowBrowser">>,
    Required<Pick<OpleadOptions, WithoutDefault>> {
  readonly retry: Required<RetryOptions>;
}

const MAX_MS = check.MAX_TIMER_MS;
const LOOPBACK = /^(?:localhost|127(?:\.\d+){3}|\[::1\]|.+\.localhost)$/;
const HOOKS = ["onRequest", "onResponse", "onRequestEnd", "onRetry"];

const findOptionIssues = /* @__PURE__ */ check.issueFinder(() =>
  check.options({
    token: check.valueWithout((token) => (typeof token === "function" ? undefined : tokenProblem(token))),
    baseUrl: check.valueWithout(baseUrlProblem),
    platform: check.valueThat(
      (name) => typeof name === "string" && /^[\x20-\x7e]{1,100}$/.test(name),
      "must be a name of at most 100 characters",
    ),
    auth: check.valueWithout(authProblem),
    idField: check.valueThat(
      (field) => typeof field === "string" && /^[\w-]+(?:\.[\w-]+)*$/.test(field),
      'must be the name of a field, or a place with dots, for example "data.id"',
    ),
    testMode: check.boolean(),
    rateLimit: check.falseOr(
      check.unless(
        isSharedRate,
        check.options(
          {},
          { requests: check.number(1, 1e6), perMs: check.number(1, MAX_MS) },
          "must be { requests, perMs }, a shared rate or false",
        ),
      ),
    ),
    maxConcurrency: check.wholeNumber(1, 10_000),
    timeoutMs: check.number(1, MAX_MS),
    deadlineMs: check.number(1, MAX_MS),
    settleMs: check.number(0, MAX_MS),
    retry: check.falseOr(
      check.options(
        { attempts: check.wholeNumber(1, 100), baseMs: check.number(0, MAX_MS), maxMs: check.number(0, MAX_MS) },
        {},
        "must be { attempts, baseMs, maxMs } or false",
      ),
    ),
    referenceTtlMs: check.number(0, MAX_MS),
    fetch: check.func(),
    logger: check.logger(),
    hooks: check.nested(findHookIssues),
    dangerouslyAllowBrowser: check.boolean(),
  }),
);

/**
 * Checks all options and fills in the defaults, some of which Oplead's document decides.
 *
 * @throws {@link OpleadError} `invalid_options`, which lists every problem.
 */
export function readOptions(
  given: OpleadOptions,
  env: Readonly<Record<string, string | undefined>>,
  documented: Pick<Settings, "auth" | "idField"> = { auth: "bearer", idField: "id" },
): Settings {
  const what = "createOplead: wrong options";
  if (!isObject(given)) check.requireNoIssues(what, [{ path: "", message: "must be an object" }]);
  const options: OpleadOptions = {
    ...given,
    token: given.token ?? env.OPLEAD_TOKEN,
    baseUrl: given.baseUrl ?? (env.OPLEAD_BASE_URL || "https://api.oplead.com"),
  };
  const issues = findOptionIssues(options);
  const problem = (path: string, message: string): void => {
    issues.push({ path, message });
  };
  if (options.token === undefined) {
    problem("token", "is missing: give { token } or set OPLEAD_TOKEN. Your Oplead platform administrator issues it");
  }
  // A value that is neither "true" nor "false" was meant to mean something, and guessing "no" would write to production.
  if (options.testMode === undefined && !["true", "false", "", undefined].includes(env.OPLEAD_TEST_MODE)) {
    problem("testMode", 'OPLEAD_TEST_MODE must be "true" or "false"');
  }
  if (isBrowser() && options.dangerouslyAllowBrowser !== true) {
    problem(
      "dangerouslyAllowBrowser",
      "this looks like a web page, where every visitor could read the API token. Call Oplead from a server instead. " +
        "If only trusted people can see this page (a test in jsdom, an internal tool), set dangerouslyAllowBrowser: true",
    );
  }
  check.requireNoIssues(what, issues);
  // Without issues, the token is there and baseUrl is the text of a URL.
  const { origin, pathname } = new URL(options.baseUrl as string);
  const { attempts = 4, baseMs = 250, maxMs = 8_000 } = options.retry || {};
  return {
    token: options.token as TokenSource,
    baseUrl: origin + pathname.replace(/\/+$/, ""),
    platform: options.platform,
    auth: options.auth ?? documented.auth,
    idField: options.idField ?? documented.idField,
    testMode: options.testMode ?? env.OPLEAD_TEST_MODE === "true",
    rateLimit: options.rateLimit ?? { requests: 10, perMs: 1000 },
    maxConcurrency: options.maxConcurrency ?? 8,
    timeoutMs: options.timeoutMs ?? 30_000,
    deadlineMs: options.deadlineMs ?? 120_000,
    settleMs: options.settleMs ?? 10_000,
    retry: options.retry === false ? { attempts: 1, baseMs: 0, maxMs: 0 } : { attempts, baseMs, maxMs },
    referenceTtlMs: options.referenceTtlMs ?? 600_000,
    fetch: options.fetch,
    logger: options.logger && quiet(options.logger),
    hooks: options.hooks ?? {},
  };
}

const findCallIssues = /* @__PURE__ */ check.issueFinder(() =>
  check.options({
    signal: check.withMethods(["addEventListener"], "must be an AbortSignal"),
    timeoutMs: check.number(1, MAX_MS),
    deadlineMs: check.number(1, MAX_MS),
    testMode: check.boolean(),
    // The entries of a Headers object or a list would be passed over.
    headers: check.valueThat(
      (headers) => isObject(headers) && !(Symbol.iterator in headers),
      "must be a plain object of names and values",
    ),
  }),
);

/**
 * Checks the options of one call. A misspelt `testMode` would write to production, so unknown options are refused.
 *
 * @returns a copy of its headers, because the caller may change the object while the call waits.
 * @throws {@link OpleadError} `invalid_options`, which lists every problem.
 */
export function readCallOptions(operation: string, call: CallOptions, settings: Settings): Record<string, string> {
  const issues = findCallIssues(call);
  if (call.testMode === false && settings.testMode) {
    const message = "this client is in test mode, and a single call cannot leave it: create another client";
    issues.push({ path: "testMode", message });
  }
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(call.headers ?? {})) {
    const message = headerProblem(name, value, settings.auth);
    // A name that is not a header's name may hold anything, so it is not quoted.
    if (message) issues.push({ path: HEADER_NAME.test(name) ? `headers.${name}` : "headers", message });
    headers[name] = value;
  }
  check.requireNoIssues(`${operation}: wrong call options`, issues, { operation });
  return headers;
}

function findHookIssues(hooks: unknown): { path: string; message: string }[] {
  if (!isObject(hooks)) return [{ path: "", message: "must be an object of functions" }];
  // An observer of a class may have other fields; a name like a hook's is taken for a misspelt hook.
  const unknown = Object.keys(hooks).filter((name) => /^on[A-Z]/.test(name) && !HOOKS.includes(name));
  const wrong = HOOKS.filter((name) => hooks[name] !== undefined && typeof hooks[name] !== "function");
  return [
    ...unknown.map((path) => ({ path, message: `is not a hook: there are ${HOOKS.join(", ")}` })),
    ...wrong.map((path) => ({ path, message: "must be a function" })),
  ];
}

/** Why a token cannot be sent, or undefined. Also asked of what a token function returns. */
export function tokenProblem(token: unknown): string | undefined {
  if (typeof token !== "string") return "must be text";
  if (token.trim() === "") return "is empty";
  if (token !== token.trim()) return "has white space around it: it was probably copied with a line break";
  if (/^bearer\b/i.test(token)) return 'begins with "Bearer ": leave that out, the package adds it';
  if (!/^[\x21-\x7e]+$/.test(token)) return "has characters that a header cannot carry";
  return undefined;
}

function baseUrlProblem(value: unknown): string | undefined {
  let url: URL;
  try {
    url = new URL(String(value));
  } catch {
    return "is not a URL: write https://host, without a path of the API (the package adds /v1/…)";
  }
  if (url.protocol !== "https:" && url.protocol !== "http:") return "must begin with https://";
  if (url.username !== "" || url.password !== "") return "must not hold a user name or password";
  if (url.search !== "" || url.hash !== "") return "must not hold a query or a fragment";
  if (/\/v1\/*$/.test(url.pathname)) return "ends in /v1, which the package adds itself";
  return undefined;
}

/** Whether the token can be read on its way. Allowed, because test servers in containers have no certificate. */
export function isPlainHttp(baseUrl: string): boolean {
  const url = new URL(baseUrl);
  return url.protocol === "http:" && !LOOPBACK.test(url.hostname);
}

function authProblem(auth: unknown): string | undefined {
  if (auth === "bearer") return undefined;
  const header = isObject(auth) ? auth.header : undefined;
  if (typeof header !== "string" || !HEADER_NAME.test(header)) {
    return 'must be "bearer" or { header: "NAME-OF-THE-HEADER" }';
  }
  const hasMeaning = !/^authorization$/i.test(header) && (isReserved(header, "bearer") || isMethodOverride(header));
  return hasMeaning ? "names a header that has a meaning of its own" : undefined;
}

/** Whether a rate is one that several clients share. */
export function isSharedRate(rate: unknown): rate is SharedRate {
  return isObject(rate) && typeof rate.acquire === "function";
}
