import { knownFact, type PlatformFacts } from "../core/facts.ts";
import { type Envelope, fieldIssues, WireForm } from "../core/fields.ts";
import { issueAt, type OpleadIssue, type ValueProblem, valueAt } from "../core/issues.ts";
import { quiet } from "../core/log.ts";
import { addressOf } from "../core/names.ts";
import { isBrowser, isPlainHttp } from "../core/run-time.ts";
import * as check from "../core/validate.ts";
import { isObject, isRecord } from "../core/values.ts";
import * as z from "../core/zod.ts";
import { tellOption, tellValue } from "../locales/en/core.ts";
import type {
  AuthScheme,
  CallOptions,
  ClientRate,
  OpleadHooks,
  OpleadOptions,
  Platform,
  RateLimitOptions,
  RetryOptions,
  SharedRate,
  WithOptions,
} from "./options.ts";

type WithoutDefault = "fetch" | "logger";

export type Filled<Options> = { readonly [Name in keyof Options]-?: NonNullable<Options[Name]> };

export const LATE_MS = 600_000;

export interface Settings
  extends Filled<
      Omit<OpleadOptions, WithoutDefault | "platform" | "hooks" | "retry" | "allowHttp" | "dangerouslyAllowBrowser">
    >,
    Required<Pick<OpleadOptions, WithoutDefault>>,
    Filled<Omit<Platform, "name" | "auth" | "facts" | "customFields" | "fields" | "envelope">>,
    Required<Pick<Platform, "customFields">> {
  // Its name.
  readonly platform: string | undefined;
  readonly auth: AuthScheme;
  readonly idField: string;
  // Undefined where the platform has the documented fields.
  readonly wire: WireForm | undefined;
  readonly facts: PlatformFacts | undefined;
  readonly retry: Filled<RetryOptions>;
  readonly headers: NonNullable<CallOptions["headers"]>;
  readonly hooks: readonly OpleadHooks[];
}

export function readOptions(
  given: OpleadOptions,
  env: Readonly<Record<string, string | undefined>>,
  documented: Pick<Settings, "auth" | "idField"> = { auth: "bearer", idField: "id" },
): Settings {
  const what = "createOplead: wrong options";
  if (!isObject(given)) check.requireNoIssues(what, [issueAt("", tellValue("not_object"))]);
  const options: { readonly [Name in keyof OpleadOptions]: OpleadOptions[Name] | undefined } = {
    ...given,
    token: given.token === undefined ? env.OPLEAD_TOKEN : given.token,
    baseUrl: addressOf(given.baseUrl, env.OPLEAD_BASE_URL),
  };
  const issues = [...findOptionIssues(options), ...undefinedIssues(given)];
  const platform = isObject(options.platform) ? (options.platform as Platform) : {};
  const facts = isFacts(platform.facts) ? platform.facts : undefined;
  if (facts) issues.push(...contradictions(options.baseUrl, platform, facts));
  issues.push(...fieldIssues(platform.fields, platform.customFields));
  if (isClientRate(options.rateLimit) && options.maxConcurrency !== undefined) {
    issues.push(issueAt("maxConcurrency", tellOption("of_other_client")));
  }
  if (options.token === undefined && !Object.hasOwn(given, "token"))
    issues.push(issueAt("token", tellOption("no_token")));
  // A mistyped value that counted as "false" could send a test to production.
  if (options.testMode === undefined && !["true", "false", "", undefined].includes(env.OPLEAD_TEST_MODE)) {
    issues.push(issueAt("testMode", tellOption("test_mode_unclear")));
  }
  if (
    options.allowHttp !== true &&
    !issues.some(({ path }) => path === "baseUrl") &&
    isPlainHttp(`${options.baseUrl}`)
  ) {
    issues.push(issueAt("baseUrl", tellOption("plain_http")));
  }
  if (isBrowser() && options.dangerouslyAllowBrowser !== true) {
    issues.push(issueAt("dangerouslyAllowBrowser", tellOption("in_browser")));
  }
  check.requireNoIssues(what, issues);
  const { id, ...fields } = platform.fields ?? {};
  // Safe: without issues, the token and the URL are there.
  return {
    token: options.token as NonNullable<OpleadOptions["token"]>,
    baseUrl: plainUrl(options.baseUrl as string),
    platform: platform.name,
    numericAccountNumbers: platform.numericAccountNumbers ?? knownFact(facts, "idType") === "uuid",
    customFields: platform.customFields,
    facts,
    wire: platform.fields || platform.envelope ? new WireForm(fields, platform.envelope ?? {}) : undefined,
    rulePaths: platform.rulePaths ?? {},
    auth: (platform.auth as AuthScheme | undefined) ?? knownFact(facts, "auth") ?? documented.auth,
    idField: id ?? knownFact(facts, "idField") ?? documented.idField,
    testMode: options.testMode ?? env.OPLEAD_TEST_MODE === "true",
    rateLimit: options.rateLimit ?? { requests: 10, perMs: 1000 },
    maxConcurrency: options.maxConcurrency ?? 8,
    timeoutMs: options.timeoutMs ?? 30_000,
    deadlineMs: options.deadlineMs ?? 120_000,
    settleMs: platform.settleMs ?? 10_000,
    lateMs: platform.lateMs ?? LATE_MS,
    retry: filledRetry(options.retry, { attempts: 4, baseMs: 250 }),
    referenceTtlMs: options.referenceTtlMs ?? 600_000,
    fetch: options.fetch,
    logger: options.logger && quiet(options.logger),
    hooks: [options.hooks ?? []].flat(),
    headers: {},
  };
}

const findOptionIssues = /* @__PURE__ */ check.issueFinder(() =>
  check.options<OpleadOptions>({
    token: check.valueWithout((token) => (typeof token === "function" ? undefined : tokenProblem(token))),
    baseUrl: check.valueWithout(baseUrlProblem),
    platform: check.options<Platform>({
      name: check.matching(/^[\x20-\x7e]{1,100}$/, tellOption("not_platform_name")),
      numericAccountNumbers: check.boolean(),
      customFields: z.array(check.text(), check.says(tellValue("not_list"))),
      auth: check.valueWithout(authProblem),
      facts: check.valueThat(isFacts, tellOption("not_facts")),
      fields: check.record(),
      rulePaths: check.options<NonNullable<Platform["rulePaths"]>>({
        geographical: rulePath(),
        maxDistance: rulePath(),
        competences: rulePath(),
        contactProfiles: rulePath(),
        profileTypes: rulePath(),
      }),
      envelope: check.options<Envelope>({ item: place(), list: place() }),
      settleMs: check.number(0, MAX_MS),
      lateMs: check.number(0, MAX_MS),
    }),
    testMode: check.boolean(),
    rateLimit: check.falseOr(
      check.unless(
        (rate) => isSharedRate(rate) || isClientRate(rate),
        check.options<RateLimitOptions>(
          {},
          { requests: check.number(1, 1e6), perMs: check.number(1, MAX_MS) },
          tellOption("not_rate_limit"),
        ),
      ),
    ),
    maxConcurrency: check.wholeNumber(1, 10_000),
    timeoutMs: check.number(1, MAX_MS),
    deadlineMs: check.number(1, MAX_MS),
    retry: retry(),
    referenceTtlMs: check.number(0, MAX_MS),
    fetch: check.func(),
    logger: check.logger(),
    hooks: hooks(),
    allowHttp: check.boolean(),
    dangerouslyAllowBrowser: check.boolean(),
  }),
);

const place = () => check.matching(ID_FIELD, tellOption("not_id_field"));
const rulePath = () => check.matching(RULE_PATH, tellOption("not_rule_path"));
const RULE_PATH = /^\/v1\/(?:[\w-]+\/)*\{id\}(?:\/[\w-]+)*\/?$/;

const MAX_MS = check.MAX_TIMER_MS;
const ID_FIELD = /^[\w-]+(?:\.[\w-]+)*$/;

// An environment variable that is not set must not send a test's users to production.
function undefinedIssues(given: OpleadOptions): OpleadIssue[] {
  const names = ["token", "baseUrl", "platform", "testMode"] as const;
  const isUndefined = (object: object, name: string) =>
    Object.hasOwn(object, name) && valueAt(object, name) === undefined;
  const found: string[] = names.filter((name) => isUndefined(given, name));
  if (isUndefined(Object(given.platform), "name")) found.push("platform.name");
  return found.map((name) => issueAt(name, tellOption("given_undefined")));
}

function plainUrl(url: string): string {
  const { origin, pathname } = new URL(url);
  return origin + pathname.replace(/\/+$/, "");
}

function contradictions(address: string | undefined, platform: Platform, facts: PlatformFacts): OpleadIssue[] {
  const { baseUrl } = facts;
  const isOther = !baseUrlProblem(address) && plainUrl(`${address}`) !== plainUrl(baseUrl);
  const issues = isOther ? [issueAt("platform.facts.baseUrl", tellOption("facts_of_other_platform", { baseUrl }))] : [];
  const both = { auth: [platform.auth, "auth"], "fields.id": [platform.fields?.id, "idField"] } as const;
  for (const [name, [given, known]] of Object.entries(both)) {
    const [option, fact] = [given, knownFact(facts, known)].map((value) => value && JSON.stringify(value));
    if (option && fact && option.toLowerCase() !== fact.toLowerCase()) {
      issues.push(issueAt(`platform.${name}`, tellOption("contradicts_fact", { option, fact })));
    }
  }
  const found = knownFact(facts, "rulePaths") ?? {};
  for (const [rule, option] of Object.entries(platform.rulePaths ?? {})) {
    const fact = found[rule as keyof typeof found];
    if (fact !== undefined && fact !== option) {
      issues.push(issueAt(`platform.rulePaths.${rule}`, tellOption("contradicts_fact", { option, fact })));
    }
  }
  return issues;
}

// Facts decide paths and bodies, so they are checked like options.
export function isFacts(facts: unknown): facts is PlatformFacts {
  if (!isObject(facts) || facts.version !== 2 || !isObject(facts.facts) || baseUrlProblem(facts.baseUrl)) return false;
  // Safe: the fields are checked below.
  const of = facts as unknown as PlatformFacts;
  const [auth, paths] = [knownFact(of, "auth"), knownFact(of, "rulePaths")];
  return (
    (auth === undefined || !authProblem(auth)) &&
    ID_FIELD.test(knownFact(of, "idField") ?? "id") &&
    Object.values(paths ?? {}).every((path) => /^\/v1\/users\/\{id\}(?:\/[\w-]+)+\/?$/.test(String(path)))
  );
}

export type CallSettings = Filled<Omit<CallOptions, "signal" | "retry" | "logger" | "onResponse">> &
  Pick<Settings, "retry" | "logger"> &
  Pick<CallOptions, "onResponse"> & { readonly signal: AbortSignal | undefined };

// A misspelt `testMode` would write to production. Headers are copied: the caller may change them while the call waits.
export function readCallOptions(operation: string, call: CallOptions | undefined, settings: Settings): CallSettings {
  const { timeoutMs, deadlineMs, testMode, retry, logger, headers } = settings;
  if (!call || hasNoField(call)) return { signal: undefined, timeoutMs, deadlineMs, testMode, retry, logger, headers };
  const own = operation === "upsertUser" ? ["id", "rules"] : [];
  const issues = findCallIssues(call).map((issue) =>
    issue.code === "unknown_option" && !issue.path.includes(".")
      ? issueAt(issue.path, tellValue("unknown_option", { known: [...own, ...issue.parameters.known] }))
      : issue,
  );
  const read = overridden(call, settings, issues);
  check.requireNoIssues(`${operation}: wrong call options`, issues, { operation });
  return { ...read, signal: call.signal, onResponse: call.onResponse };
}

function hasNoField(value: object): boolean {
  for (const _ in value) return false;
  return true;
}

export function readWithOptions(given: WithOptions, settings: Settings): Settings {
  const issues = findWithIssues(given);
  const read = overridden(isObject(given) ? given : {}, settings, issues);
  check.requireNoIssues("oplead.with: wrong options", issues);
  return {
    ...settings,
    timeoutMs: read.timeoutMs,
    deadlineMs: read.deadlineMs,
    testMode: read.testMode,
    retry: read.retry,
    logger: read.logger,
    headers: read.headers,
    hooks: [given.hooks ?? settings.hooks].flat(),
  };
}

function overridden(
  call: CallOptions,
  settings: Settings,
  issues: OpleadIssue[],
): Omit<CallSettings, "signal" | "onResponse"> {
  if (call.testMode === false && settings.testMode) issues.push(issueAt("testMode", tellOption("leaves_test_mode")));
  const headers: Record<string, string> = { ...settings.headers };
  for (const [name, value] of Object.entries(call.headers ?? {})) {
    const problem = headerProblem(name, value, settings.auth);
    // An invalid header name may hold anything, so it is not quoted.
    if (problem) issues.push(issueAt(HEADER_NAME.test(name) ? `headers.${name}` : "headers", problem));
    headers[name] = value;
  }
  return {
    timeoutMs: call.timeoutMs ?? settings.timeoutMs,
    deadlineMs: call.deadlineMs ?? settings.deadlineMs,
    testMode: settings.testMode || call.testMode === true,
    retry: filledRetry(call.retry, settings.retry),
    logger: call.logger ? quiet(call.logger) : settings.logger,
    headers,
  };
}

const callFields = (): check.OptionalKinds<Omit<CallOptions, "signal" | "onResponse">> => ({
  timeoutMs: check.number(1, MAX_MS),
  deadlineMs: check.number(1, MAX_MS),
  testMode: check.boolean(),
  retry: retry(),
  logger: check.logger(),
  // Copying a `Headers` object or a list would lose its headers.
  headers: check.valueThat((headers) => isRecord(headers) && !(Symbol.iterator in headers), tellOption("not_headers")),
});

const findCallIssues = /* @__PURE__ */ check.issueFinder(() =>
  check.options<CallOptions>({ ...callFields(), signal: check.signal(), onResponse: check.func() }),
);

const findWithIssues = /* @__PURE__ */ check.issueFinder(() =>
  check.options<WithOptions>({ ...callFields(), hooks: hooks() }),
);

function retry(): check.Schema {
  const fields = {
    attempts: check.wholeNumber(1, 100),
    baseMs: check.number(0, MAX_MS),
  };
  return check.falseOr(check.options<RetryOptions>(fields, {}, tellOption("not_retry")));
}

function filledRetry(given: OpleadOptions["retry"], otherwise: Filled<RetryOptions>): Filled<RetryOptions> {
  if (given === false) return { attempts: 1, baseMs: 0 };
  const { attempts = otherwise.attempts, baseMs = otherwise.baseMs } = given ?? {};
  return { attempts, baseMs };
}

function hooks(): check.Schema {
  const isHook = (hook: unknown): boolean => typeof Object(hook).around === "function";
  return check.valueThat((given) => [given].flat().every(isHook), tellOption("not_hooks"));
}

export function tokenProblem(token: unknown): ValueProblem | undefined {
  if (typeof token !== "string") return tellValue("not_text");
  if (token.trim() === "") return tellOption("empty_token");
  if (token !== token.trim()) return tellOption("padded_token");
  if (/^bearer\b/i.test(token)) return tellOption("bearer_token");
  if (!/^[\x21-\x7e]+$/.test(token)) return tellOption("unsendable_token");
  return undefined;
}

function baseUrlProblem(value: unknown): ValueProblem | undefined {
  let url: URL;
  try {
    url = new URL(String(value));
  } catch {
    return tellOption("not_url");
  }
  if (url.protocol !== "https:" && url.protocol !== "http:") return tellOption("not_http");
  if (url.username !== "" || url.password !== "") return tellOption("url_with_password");
  if (url.search !== "" || url.hash !== "") return tellOption("url_with_query");
  if (/\/v1\/*$/.test(url.pathname)) return tellOption("url_with_version");
  return undefined;
}

export function authProblem(auth: unknown): ValueProblem | undefined {
  if (auth === "bearer") return undefined;
  const header = isObject(auth) ? auth.header : undefined;
  if (typeof header !== "string" || !HEADER_NAME.test(header)) {
    return tellOption("not_auth");
  }
  const hasMeaning = !/^authorization$/i.test(header) && (isReserved(header, "bearer") || isMethodOverride(header));
  return hasMeaning ? tellOption("header_with_meaning") : undefined;
}

export function isSharedRate(rate: unknown): rate is SharedRate {
  return isObject(rate) && typeof rate.acquire === "function" && !isClientRate(rate);
}

// Recognised by its methods: it may come from a second copy of the package (ESM beside CommonJS).
export function isClientRate(rate: unknown): rate is ClientRate {
  return isObject(rate) && typeof rate.acquire === "function" && typeof rate.release === "function";
}

export const HEADER_NAME = /^[!#$%&'*+.^_`|~\w-]+$/;
const HEADER_VALUE = /^[\t\x20-\x7e]*$/;
// Headers that the package or the run time (`trailer`, `te`) sets.
const RESERVED =
  /^(?:authorization|content-(?:type|length|encoding)|host|user-agent|accept-encoding|transfer-encoding|connection|keep-alive|upgrade|expect|trailer|te|proxy-connection)$/i;

export function isReserved(name: string, auth: AuthScheme): boolean {
  return RESERVED.test(name) || (auth !== "bearer" && name.toLowerCase() === auth.header.toLowerCase());
}

// In some frameworks such a header turns a GET into a write, which would lack `test=true`.
export function isMethodOverride(name: string): boolean {
  return /^x-(?:http-)?method(?:-override)?$/i.test(name);
}

function headerProblem(name: string, value: unknown, auth: AuthScheme): ValueProblem | undefined {
  if (!HEADER_NAME.test(name)) return tellOption("not_header_name");
  if (isReserved(name, auth)) return tellOption("reserved_header");
  if (isMethodOverride(name)) return tellOption("method_override");
  return typeof value === "string" && HEADER_VALUE.test(value) ? undefined : tellOption("not_header_value");
}
