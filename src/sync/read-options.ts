import {
  boolean,
  falseOr,
  func,
  issueFinder,
  nested,
  number,
  oneOf,
  options,
  requireNoIssues,
  type Schema,
  valueWithout,
  wholeNumber,
  withMethods,
} from "../validation/validate.ts";
import type { ApplyOptions, DiffOptions, SyncOptions, VerifyOptions } from "./options.ts";

const share = (): Schema => number(0, 1);
const count = (): Schema => wholeNumber(1, Number.MAX_SAFE_INTEGER);

/** Options of every run, real or in test mode. */
function runShape(): Record<string, Schema> {
  return {
    only: accountNumbers(),
    limit: wholeNumber(0, Number.MAX_SAFE_INTEGER),
    stop: options({ connectionFailures: count(), failureShare: share(), recentCalls: count() }),
    signal: abortSignal(),
    drain: abortSignal(),
    through: withMethods(["reconcileUser", "saveReport"], "must be a queue: userQueue(…) of oplead-sdk/bullmq"),
    onProgress: func(),
    onUser: func(),
  };
}

function applyShape(): Record<string, Schema> {
  const expected = "must be the hash of a plan";
  return {
    ...runShape(),
    approve: valueWithout((value) => (typeof value === "string" && value !== "" ? undefined : expected)),
    onMissing: func(),
  };
}

const findPlanIssues = issueFinder(() =>
  options(
    {
      ...applyShape(),
      key: func(),
      rowOf: func(),
      adoptPlatform: boolean(),
      incremental: boolean(),
      guard: falseOr(
        options({
          maxChanged: share(),
          maxMoved: share(),
          maxNew: number(0, Number.MAX_SAFE_INTEGER),
          minUsers: number(0, Number.MAX_SAFE_INTEGER),
          allowEmptySource: boolean(),
        }),
      ),
      checks: oneOf("warn", "error", false),
      resend: boolean(),
      retryHeld: trueFalseOr(accountNumbers()),
      heldRetryAfter: falseOr(number(0, Number.MAX_SAFE_INTEGER)),
      concurrency: count(),
      now: func(),
    },
    {
      source: valueWithout((value) =>
        typeof value === "function" || (typeof value === "object" && value !== null)
          ? undefined
          : "must be an iterable, an async iterable, or a function that returns one",
      ),
      map: func(),
      ledger: withMethods(
        ["get", "set", "entries", "close"],
        "is missing: a ledger is memoryLedger(), fileLedger(path) or keyvLedger(keyv)",
      ),
    },
  ),
);

const findApplyIssues = issueFinder(() => options(applyShape()));

const findVerifyIssues = issueFinder(() => options({ ...runShape(), sample: wholeNumber(1, Number.MAX_SAFE_INTEGER) }));

const findDiffIssues = issueFinder(() => options({ reveal: boolean() }));

/** @throws {@link OpleadError} `invalid_options`, with every problem. */
export function checkPlanOptions<SourceRecord>(given: SyncOptions<SourceRecord>): void {
  requireNoIssues("planSync: wrong options", findPlanIssues(given));
}

/** @throws {@link OpleadError} `invalid_options`, with every problem. */
export function checkApplyOptions(given: ApplyOptions): void {
  requireNoIssues("apply: wrong options", findApplyIssues(given));
}

/** @throws {@link OpleadError} `invalid_options`, with every problem. */
export function checkVerifyOptions(given: VerifyOptions): void {
  requireNoIssues("verify: wrong options", findVerifyIssues(given));
}

/** @throws {@link OpleadError} `invalid_options`, with every problem. */
export function checkDiffOptions(given: DiffOptions): void {
  requireNoIssues("diff: wrong options", findDiffIssues(given));
}

function abortSignal(): Schema {
  return withMethods(["addEventListener", "removeEventListener"], "must be an AbortSignal");
}

function accountNumbers(): Schema {
  const expected = "must be a list of account numbers";
  return valueWithout((value) =>
    Array.isArray(value) && value.every((one) => typeof one === "string") ? undefined : expected,
  );
}

function trueFalseOr(schema: Schema): Schema {
  const find = issueFinder(() => schema);
  return nested((value) => (typeof value === "boolean" ? [] : find(value)));
}
