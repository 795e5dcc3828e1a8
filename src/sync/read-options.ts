import type { ValueProblem } from "../core/issues.ts";
import type { LanguageOptions } from "../core/names.ts";
import {
  boolean,
  clock,
  falseOr,
  filledText,
  func,
  ledger,
  matching,
  number,
  type OptionalKinds,
  type OptionsSchema,
  oneOf,
  options,
  optionsCheck,
  record,
  report,
  type Schema,
  says,
  signal,
  text,
  unless,
  valueThat,
  valueWithout,
  wholeNumber,
  withMethods,
} from "../core/validate.ts";
import { isIterable, isRecord } from "../core/values.ts";
import * as z from "../core/zod.ts";
import { canBeReceives } from "../coverage/receives.ts";
import type { PolicyCoverage } from "../coverage/types.ts";
import { tellPart, tellValue } from "../locales/en/core.ts";
import { tellSyncOption } from "../locales/en/sync.ts";
import type {
  ApplyOptions,
  DiffOptions,
  FlatOptions,
  GuardOptions,
  IncrementalOptions,
  LeaverOptions,
  MappedRecord,
  SyncOptions,
} from "./types/options.ts";

export const checkPlanOptions = {
  planSync: optionsCheck<SyncOptions<unknown>>("planSync", planSchema),
  syncUsers: optionsCheck<SyncOptions<unknown>>("syncUsers", planSchema),
} as {
  readonly [Name in "planSync" | "syncUsers"]: <Row, Mapped extends MappedRecord>(
    given: SyncOptions<Row, Mapped>,
  ) => void;
};

export const checkApplyOptions = /* @__PURE__ */ optionsCheck<ApplyOptions>("apply", () => options(applyKinds()));

export const checkDiffOptions = /* @__PURE__ */ optionsCheck<DiffOptions>("diff", () => options({ reveal: boolean() }));

export const checkDiffTextOptions = /* @__PURE__ */ optionsCheck<LanguageOptions>("toString", () =>
  options({ language: oneOf("en", "fr") }),
);

export const SYNC_DEFAULTS = {
  incremental: false,
  leavers: {},
  guard: {},
  checks: "warn",
  resend: false,
  retryHeld: false,
  newUsers: [],
  policies: [],
} satisfies Partial<FlatOptions<unknown>>;

// A held step with the same content is then sent again.
export const HELD_MS = 604_800_000;

// Options of the guard that are not here default to `maxChanged` or to none.
export const GUARD_DEFAULTS = {
  maxChanged: 0.2,
  maxMoved: 0.05,
  minUsers: 100,
  minSegmentUsers: 20,
} satisfies Partial<GuardOptions>;

export const STOP_DEFAULTS = { connectionFailures: 5, failureShare: 0.5 } satisfies NonNullable<ApplyOptions["stop"]>;

export const LEAVER_DEFAULTS = { graceDays: 7 } satisfies LeaverOptions;

export const INCREMENTAL_DEFAULTS = { fullEveryDays: 7, lookbackMs: 3_600_000 } satisfies IncrementalOptions;

function planSchema(): OptionsSchema<SyncOptions<unknown>> {
  const given = options<SyncOptions<unknown>>(
    {
      ...applyKinds(),
      ...lastingKinds(),
      resend: boolean(),
      retryHeld: boolean(),
      advanced: options<Advanced>({
        newUsers: accountNumbers(),
        sourceFile: filledText(),
        ledgerMark: ledgerMark(),
        made: options<NonNullable<Advanced["made"]>>({ by: filledText(), company: text(), from: text() }),
        adoptPlatform: boolean(),
      }),
      now: clock(),
    },
    {
      source: sourceOf(tellSyncOption("not_records")),
      map: func(),
      ledger: ledger(),
    },
  );
  return z.checked(given, (payload) => {
    const { incremental, source, advanced } = Object(payload.value) as Readonly<Record<string, unknown>>;
    policiesHaveCoverage(payload);
    if (isRecord(incremental) && typeof source !== "function" && Object(advanced).sourceFile === undefined)
      report(payload, tellSyncOption("not_since"), ["incremental"]);
  });
}

type Advanced = NonNullable<SyncOptions<unknown>["advanced"]>;

const share = (): Schema => number(0, 1);
const count = (): Schema => wholeNumber(1, Number.MAX_SAFE_INTEGER);

const stop = (): Schema =>
  options<NonNullable<ApplyOptions["stop"]>>({ connectionFailures: count(), failureShare: share() });

const applyKinds = (): OptionalKinds<ApplyOptions> => ({
  runId: filledText(),
  only: accountNumbers(),
  limit: wholeNumber(0, Number.MAX_SAFE_INTEGER),
  stop: stop(),
  signal: signal(),
  drain: signal(),
  queue: withMethods(["reconcileUser"], tellPart("not_queue")),
  onUser: func(),
  ignoreKnown: boolean(),
  approve: unless(looksSaved, matching(/./, tellSyncOption("not_plan_hash"))),
  onMissing: func(),
});

function looksSaved(value: unknown): boolean {
  return isRecord(value) && typeof value.hash === "string" && Array.isArray(value.changes);
}

export const coverageKinds = (): OptionalKinds<PolicyCoverage> => ({
  locate: func(),
  receives: valueThat(canBeReceives, tellValue("not_profiles")),
  assumptions: record(),
  labels: record(),
  leaversCover: boolean(),
  areas: func(),
});

const guard = (): Schema =>
  options<GuardOptions>(
    {
      maxChanged: share(),
      maxMoved: share(),
      maxNew: number(0, Number.MAX_SAFE_INTEGER),
      maxMissing: share(),
      maxInvalid: share(),
      segments: unless((value) => typeof value === "string" && value.trim() !== "", func()),
      minSegmentUsers: number(0, Number.MAX_SAFE_INTEGER),
      minUsers: number(0, Number.MAX_SAFE_INTEGER),
    },
    {},
    undefined,
    { firstRun: tellSyncOption("first_run_gone") },
  );

export const lastingKinds = () =>
  ({
    key: func(),
    rowOf: func(),
    guard: falseOr(guard()),
    leavers: options<LeaverOptions>({ graceDays: number(0, 36_500), rules: func() }),
    moves: sourceOf(tellSyncOption("not_records")),
    coverage: options<PolicyCoverage>(coverageKinds(), { universe: record() }),
    // The list may be empty: a program may have made it.
    policies: z.array(withMethods(["judge"], tellSyncOption("not_policies")), says(tellSyncOption("not_policies"))),
    checks: oneOf("warn", "error", false),
    incremental: unless(
      (value) => typeof value === "boolean",
      options<IncrementalOptions>({ fullEveryDays: number(0, 36_500), lookbackMs: number(0, Number.MAX_SAFE_INTEGER) }),
    ),
    refreshAfterDays: wholeNumber(1, 36_500),
    concurrency: count(),
    stop: stop(),
    onMissing: func(),
  }) satisfies Partial<OptionalKinds<SyncOptions<unknown>>>;

function ledgerMark(): Schema {
  return z.object(
    {
      runs: count(),
      lastRunId: text(),
      host: z.optional(text()),
      position: z.optional(
        z.object({ id: text(), offset: number(0, Number.MAX_SAFE_INTEGER) }, says(tellSyncOption("not_mark"))),
      ),
    },
    says(tellSyncOption("not_mark")),
  );
}

// Without `coverage`, policies would judge nothing, and the plan would seem to keep them.
function policiesHaveCoverage(payload: Parameters<typeof report>[0] & { readonly value: unknown }): void {
  const { coverage, policies } = Object(payload.value) as Readonly<Record<string, unknown>>;
  if (coverage === undefined && Array.isArray(policies) && policies.length > 0) {
    report(payload, tellSyncOption("needs_coverage"), ["policies"]);
  }
}

// Refuses functions in a list: they would be taken as records.
export function sourceOf(expected: ValueProblem): Schema {
  const isFunction = (value: unknown): boolean => typeof value === "function";
  return valueWithout((value) => {
    if (Array.isArray(value) && value.some(isFunction)) return tellSyncOption("several_sources");
    return isFunction(value) || isIterable(value) ? undefined : expected;
  });
}

export function accountNumbers(): Schema {
  return z.array(filledText(), says(tellSyncOption("not_account_numbers")));
}
