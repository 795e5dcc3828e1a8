import {
  boolean,
  falseOr,
  func,
  number,
  oneOf,
  options,
  optionsCheck,
  type Schema,
  unless,
  valueThat,
  wholeNumber,
  withMethods,
} from "../base/validation/validate.ts";
import type { ApplyOptions, DiffOptions, VerifyOptions } from "./types/options.ts";

const share = (): Schema => number(0, 1);
const count = (): Schema => wholeNumber(1, Number.MAX_SAFE_INTEGER);

/** Options of every run, real or in test mode. */
function runShape(): Record<string, Schema> {
  return {
    only: accountNumbers(),
    limit: wholeNumber(0, Number.MAX_SAFE_INTEGER),
    stop: options({ connectionFailures: count(), failureShare: share() }),
    signal: abortSignal(),
    drain: abortSignal(),
    queue: withMethods(["reconcileUser", "saveReport"], "must be a queue: userQueue(…) of oplead-sdk/bullmq"),
    onProgress: func(),
    onUser: func(),
  };
}

function applyShape(): Record<string, Schema> {
  return {
    ...runShape(),
    approve: valueThat((value) => typeof value === "string" && value !== "", "must be the hash of a plan"),
    onMissing: func(),
  };
}

function planShape(): Schema {
  return options(
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
      retryHeld: unless((value) => typeof value === "boolean", accountNumbers()),
      heldRetryAfterMs: falseOr(number(0, Number.MAX_SAFE_INTEGER)),
      concurrency: count(),
      now: func(),
    },
    {
      source: valueThat(
        (value) => typeof value === "function" || (typeof value === "object" && value !== null),
        "must be an iterable, an async iterable, or a function that returns one",
      ),
      map: func(),
      ledger: withMethods(
        ["get", "set", "entries", "close"],
        "is missing: a ledger is memoryLedger(), fileLedger(path) or keyvLedger(keyv)",
      ),
    },
  );
}

/** The two functions that plan, each with its name in the error. */
export const checkPlanOptions = {
  planSync: optionsCheck<object>("planSync", planShape),
  syncUsers: optionsCheck<object>("syncUsers", planShape),
};

export const checkApplyOptions = optionsCheck<ApplyOptions>("apply", () => options(applyShape()));

export const checkVerifyOptions = optionsCheck<VerifyOptions>("verify", () =>
  options({ ...runShape(), sample: count() }),
);

export const checkDiffOptions = optionsCheck<DiffOptions>("diff", () => options({ reveal: boolean() }));

function abortSignal(): Schema {
  return withMethods(["addEventListener", "removeEventListener"], "must be an AbortSignal");
}

function accountNumbers(): Schema {
  const isList = (value: unknown) => Array.isArray(value) && value.every((one) => typeof one === "string");
  return valueThat(isList, "must be a list of account numbers");
}
