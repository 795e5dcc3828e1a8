import { describe, expectTypeOf, test } from "vitest";
import type { ValueProblem } from "../../src/core/issues.ts";
import type { CoverageChange } from "../../src/coverage/compare.ts";
import type { CoverageFinding, RuleChange, RuleReason } from "../../src/coverage/messages.ts";
import type { CoverageResult, PolicyFinding } from "../../src/coverage/types.ts";
import type { ToldBy } from "../../src/locales/coded.ts";
import type { ADVICE } from "../../src/locales/en/advice.ts";
import type { RULE_CHANGES, RULE_REASONS } from "../../src/locales/en/coverage.ts";
import type { ALERT_FAILURES } from "../../src/locales/en/failures.ts";
import type { COVERAGE_CHANGES, COVERAGE_FINDINGS, POLICIES } from "../../src/locales/en/findings.ts";
import type { NOT_COUNTED } from "../../src/locales/en/not-counted.ts";
import type { ALERT_PROBLEMS, REASONS } from "../../src/locales/en/report.ts";
import type { GUARD, STOPS, WARNINGS } from "../../src/locales/en/sync.ts";
import type { IssueTexts } from "../../src/locales/issue-texts.ts";
import type { AlertFailure, AlertProblem } from "../../src/notify/options.ts";
import type { Advice, GuardFinding, ProblemCode, StopReason, SyncWarning } from "../../src/sync/types/messages.ts";

/** The parameters by code, of a union of messages. */
type ByCode<Message extends { readonly code: string; readonly parameters: unknown }> = {
  readonly [Code in Message["code"]]: Message extends { readonly code: infer Codes; readonly parameters: infer P }
    ? Code extends Codes
      ? { readonly [Name in keyof P]: P[Name] }
      : never
    : never;
};

describe("the public types of messages", () => {
  test("each issue has a text, with the parameters that its type names", () => {
    expectTypeOf<ByCode<ValueProblem>>().toEqualTypeOf<ByCode<ToldBy<IssueTexts>>>();
  });

  test("the types of plans and reports name the codes and parameters that have a text, and no others", () => {
    type NotCounted = ToldBy<typeof NOT_COUNTED>;
    type Policy = ToldBy<typeof POLICIES>;
    expectTypeOf<ByCode<SyncWarning>>().toEqualTypeOf<ByCode<ToldBy<typeof WARNINGS> | NotCounted | Policy>>();
    expectTypeOf<ByCode<GuardFinding>>().toEqualTypeOf<ByCode<ToldBy<typeof GUARD> | Policy>>();
    expectTypeOf<ByCode<PolicyFinding>>().toEqualTypeOf<ByCode<Policy>>();
    expectTypeOf<ByCode<StopReason>>().toEqualTypeOf<ByCode<ToldBy<typeof STOPS>>>();
    expectTypeOf<ByCode<Advice>>().toEqualTypeOf<ByCode<ToldBy<typeof ADVICE>>>();
    expectTypeOf<ByCode<AlertProblem>>().toEqualTypeOf<ByCode<ToldBy<typeof ALERT_PROBLEMS>>>();
    expectTypeOf<ByCode<AlertFailure>>().toEqualTypeOf<ByCode<ToldBy<typeof ALERT_FAILURES>>>();
    expectTypeOf<ProblemCode>().toEqualTypeOf<keyof typeof REASONS>();
  });

  test("the types of coverage name the codes and parameters that have a text, and no others", () => {
    expectTypeOf<ByCode<RuleReason>>().toEqualTypeOf<ByCode<ToldBy<typeof RULE_REASONS>>>();
    expectTypeOf<ByCode<RuleChange>>().toEqualTypeOf<ByCode<ToldBy<typeof RULE_CHANGES>>>();
    expectTypeOf<ByCode<CoverageFinding>>().toEqualTypeOf<ByCode<ToldBy<typeof COVERAGE_FINDINGS>>>();
    expectTypeOf<ByCode<CoverageChange>>().toEqualTypeOf<ByCode<ToldBy<typeof COVERAGE_CHANGES>>>();
    expectTypeOf<ByCode<CoverageResult["notCounted"][number]>>().toEqualTypeOf<ByCode<ToldBy<typeof NOT_COUNTED>>>();
  });
});
