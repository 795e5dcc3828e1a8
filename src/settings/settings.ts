import * as z from "zod/mini";
import { addressOf } from "../base/address.ts";
import { issueAt, type OpleadIssue } from "../base/issues.ts";
import { isPlainHttp } from "../base/loopback.ts";
import { quiet } from "../base/observe.ts";
import { isObject } from "../base/validation/is-object.ts";
import * as check from "../base/validation/validate.ts";
import { knownFact, type PlatformFacts } from "../facts.ts";
import type { OpleadHooks } from "../hooks.ts";
import { tellOption, tellValue } from "../locales/en/core.ts";
import type { CallOptions, OpleadOptions, RateLimitOptions, RetryOptions } from "../options.ts";
import { isBrowser } from "../run-time.ts";
import {
  authProblem,
  baseUrlProblem,
  type Filled,
  filledRetry,
  hooks,
  isClientRate,
  isSharedRate,
  MAX_MS,
  retry,
  tokenProblem,
} from "./fields.ts";

type WithoutDefault = "platform" | "facts" | "customFields" | "fetch" | "logger";

/** Options with every default filled in. */
export interface Settings
  extends Filled<Omit<OpleadOptions, WithoutDefault | "hooks" | "retry" | "allowHttp" | "dangerouslyAllowBrowser">>,
    Required<Pick<OpleadOptions, WithoutDefault>> {
  readonly retry: Filled<RetryOptions>;
  /** Further headers of every request. */
  readonly headers: NonNullable<CallOptions["headers"]>;
  readonly hooks: readonly OpleadHooks[];
}

const findOptionIssues = /* @__PURE__ */ check.issueFinder(() =>
  check.options<OpleadOptions>({
    token: check.valueWithout((token) => (typeof token === "function" ? undefined : tokenProblem(token))),
    baseUrl: check.valueWithout(baseUrlProblem),
    platform: check.matching(/^[\x20-\x7e]{1,100}$/, tellOption("not_platform_name")),
    numericAccountNumbers: check.boolean(),
    customFields: z.array(check.text(), check.says(tellValue("not_list"))),
    auth: check.valueWithout(authProblem),
    facts: check.valueThat(isFacts, tellOption("not_facts")),
    idField: check.matching(/^[\w-]+(?:\.[\w-]+)*$/, tellOption("not_id_field")),
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
    settleMs: check.number(0, MAX_MS),
    lateMs: check.number(0, MAX_MS),
    retry: retry(),
    referenceTtlMs: check.number(0, MAX_MS),
    fetch: check.func(),
    logger: check.logger(),
    hooks: hooks(),
    allowHttp: check.boolean(),
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
  if (!isObject(given)) check.requireNoIssues(what, [issueAt("", tellValue("not_object"))]);
  const options: OpleadOptions = {
    ...given,
    token: given.token === undefined ? env.OPLEAD_TOKEN : given.token,
    baseUrl: addressOf(given.baseUrl, env.OPLEAD_BASE_URL),
  };
  const issues = findOptionIssues(options);
  const facts = issues.some(({ path }) => path === "facts") ? undefined : options.facts;
  if (facts) issues.push(...contradictions(options, facts));
  if (isClientRate(options.rateLimit) && options.maxConcurrency !== undefined) {
    issues.push(issueAt("maxConcurrency", tellOption("of_other_client")));
  }
  if (options.token === undefined) issues.push(issueAt("token", tellOption("no_token")));
  // A value that is neither "true" nor "false" was meant to mean something, and guessing "no" would write to production.
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
  // Without issues, the token is there and baseUrl is the text of a URL.
  return {
    token: options.token as NonNullable<OpleadOptions["token"]>,
    baseUrl: plainUrl(options.baseUrl as string),
    platform: options.platform,
    numericAccountNumbers: options.numericAccountNumbers ?? knownFact(facts, "idType") === "uuid",
    customFields: options.customFields,
    facts,
    auth: options.auth ?? knownFact(facts, "auth") ?? documented.auth,
    idField: options.idField ?? knownFact(facts, "idField") ?? documented.idField,
    testMode: options.testMode ?? env.OPLEAD_TEST_MODE === "true",
    rateLimit: options.rateLimit ?? { requests: 10, perMs: 1000 },
    maxConcurrency: options.maxConcurrency ?? 8,
    timeoutMs: options.timeoutMs ?? 30_000,
    deadlineMs: options.deadlineMs ?? 120_000,
    settleMs: options.settleMs ?? 10_000,
    lateMs: options.lateMs ?? 600_000,
    retry: filledRetry(options.retry, { attempts: 4, baseMs: 250, maxMs: 8_000 }),
    referenceTtlMs: options.referenceTtlMs ?? 600_000,
    fetch: options.fetch,
    logger: options.logger && quiet(options.logger),
    hooks: [options.hooks ?? []].flat(),
    headers: {},
  };
}

function plainUrl(url: string): string {
  const { origin, pathname } = new URL(url);
  return origin + pathname.replace(/\/+$/, "");
}

/** Facts decide paths and bodies, so they are checked like options. The path of a rule must stay below the API's. */
export function isFacts(facts: unknown): facts is PlatformFacts {
  if (!isObject(facts) || facts.version !== 2 || !isObject(facts.facts) || baseUrlProblem(facts.baseUrl)) return false;
  // To read the facts that the rest of this function checks.
  const of = facts as unknown as PlatformFacts;
  const [auth, paths] = [knownFact(of, "auth"), knownFact(of, "rulePaths")];
  return (
    (auth === undefined || !authProblem(auth)) &&
    !findOptionIssues({ idField: knownFact(of, "idField") }).length &&
    Object.values(paths ?? {}).every((path) => /^\/v1\/users\/\{id\}(?:\/[\w-]+)+\/?$/.test(String(path)))
  );
}

function contradictions(options: OpleadOptions, facts: PlatformFacts): OpleadIssue[] {
  const { baseUrl } = facts;
  const isOther = !baseUrlProblem(options.baseUrl) && plainUrl(`${options.baseUrl}`) !== plainUrl(baseUrl);
  const issues = isOther ? [issueAt("facts.baseUrl", tellOption("facts_of_other_platform", { baseUrl }))] : [];
  for (const name of ["auth", "idField"] as const) {
    const [option, fact] = [options[name], knownFact(facts, name)].map((value) => value && JSON.stringify(value));
    if (option && fact && option.toLowerCase() !== fact.toLowerCase()) {
      issues.push(issueAt(name, tellOption("contradicts_fact", { option, fact })));
    }
  }
  return issues;
}
