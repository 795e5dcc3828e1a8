import { issueAt, type OpleadIssue } from "../base/issues.ts";
import { quiet } from "../base/observe.ts";
import { isObject, isRecord } from "../base/validation/is-object.ts";
import * as check from "../base/validation/validate.ts";
import { HEADER_NAME, headerProblem } from "../header-names.ts";
import { tellOption, tellValue } from "../locales/en/core.ts";
import type { CallOptions, WithOptions } from "../options.ts";
import { type Filled, filledRetry, hooks, MAX_MS, retry } from "./fields.ts";
import type { Settings } from "./settings.ts";

const callFields = (): check.OptionalKinds<Omit<CallOptions, "signal">> => ({
  timeoutMs: check.number(1, MAX_MS),
  deadlineMs: check.number(1, MAX_MS),
  testMode: check.boolean(),
  retry: retry(),
  logger: check.logger(),
  // The entries of a Headers object or a list would be passed over.
  headers: check.valueThat((headers) => isRecord(headers) && !(Symbol.iterator in headers), tellOption("not_headers")),
});

const findCallIssues = /* @__PURE__ */ check.issueFinder(() =>
  check.options<CallOptions>({ ...callFields(), signal: check.signal() }),
);

const findWithIssues = /* @__PURE__ */ check.issueFinder(() =>
  check.options<WithOptions>({ ...callFields(), hooks: hooks() }),
);

/** The options of one call, with the client's own where the call has none. */
export type CallSettings = Filled<Omit<CallOptions, "signal" | "retry" | "logger">> &
  Pick<Settings, "retry" | "logger"> & { readonly signal: AbortSignal | undefined };

/** Options that a method has besides those of every call. The method reads them itself; here they are named to who misspelt one. */
const OWN_OPTIONS: { readonly [operation: string]: readonly string[] | undefined } = {
  upsertUser: ["id", "rules"],
  listUserProfiles: ["refresh"],
  listCountries: ["refresh"],
  getCountry: ["refresh"],
};

/**
 * Checks the options of one call. A misspelt `testMode` would write to production, so unknown options are refused. The
 * headers are a copy, because the caller may change the object while the call waits.
 *
 * @throws {@link OpleadError} `invalid_options`, which lists every problem.
 */
export function readCallOptions(operation: string, call: CallOptions | undefined, settings: Settings): CallSettings {
  const { timeoutMs, deadlineMs, testMode, retry, logger, headers } = settings;
  if (!call) return { signal: undefined, timeoutMs, deadlineMs, testMode, retry, logger, headers };
  const own = OWN_OPTIONS[operation] ?? [];
  const issues = findCallIssues(call).map((issue) =>
    issue.code === "unknown_option" && !issue.path.includes(".")
      ? issueAt(issue.path, tellValue("unknown_option", { known: [...own, ...issue.parameters.known] }))
      : issue,
  );
  const read = overridden(call, settings, issues);
  check.requireNoIssues(`${operation}: wrong call options`, issues, { operation });
  return { ...read, signal: call.signal };
}

/**
 * The settings of a client that differs from another in some defaults. It has the same token and limits, so all other options
 * are refused.
 *
 * @throws {@link OpleadError} `invalid_options`, which lists every problem.
 */
export function readWithOptions(given: WithOptions, settings: Settings): Settings {
  const issues = findWithIssues(given);
  const read = isObject(given) ? overridden(given, settings, issues) : {};
  check.requireNoIssues("oplead.with: wrong options", issues);
  return { ...settings, ...read, hooks: [given.hooks ?? settings.hooks].flat() };
}

/** The options that a call or a derived client may have of its own, with the client's where it has none. Adds what is wrong. */
function overridden(call: CallOptions, settings: Settings, issues: OpleadIssue[]): Omit<CallSettings, "signal"> {
  if (call.testMode === false && settings.testMode) issues.push(issueAt("testMode", tellOption("leaves_test_mode")));
  const headers: Record<string, string> = { ...settings.headers };
  for (const [name, value] of Object.entries(call.headers ?? {})) {
    const problem = headerProblem(name, value, settings.auth);
    // A name that is not a header's name may hold anything, so it is not quoted.
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
