import { describe, expectTypeOf, test } from "vitest";
import type { OpleadIssue } from "../../src/core/issues.ts";
import type { CoverageChange } from "../../src/coverage/compare.ts";
import type { CoverageFinding, RuleChange, RuleReason } from "../../src/coverage/messages.ts";
import type { CoverageResult } from "../../src/coverage/types.ts";
import type { ToldBy } from "../../src/locales/coded.ts";
import type { RULE_CHANGES, RULE_REASONS } from "../../src/locales/en/coverage.ts";
import type { COVERAGE_CHANGES, COVERAGE_FINDINGS, PolicyFacts } from "../../src/locales/en/findings.ts";
import type { NOT_COUNTED } from "../../src/locales/en/not-counted.ts";
import type { GuardFinding, StopReason, SyncWarning } from "../../src/sync/types/messages.ts";

type ByCode<Message extends { readonly code: string; readonly parameters: unknown }> = {
  readonly [Code in Message["code"]]: Message extends { readonly code: infer Codes; readonly parameters: infer P }
    ? Code extends Codes
      ? { readonly [Name in keyof P]: P[Name] }
      : never
    : never;
};

describe("the public types of messages", () => {
  test("the code of a message types its parameters", () => {
    expectTypeOf<Extract<OpleadIssue, { code: "not_code" }>["parameters"]["prefix"]>().toEqualTypeOf<string>();
    expectTypeOf<Extract<SyncWarning, { code: "policy" }>["parameters"]>().toExtend<PolicyFacts>();
    expectTypeOf<Extract<GuardFinding, { code: "mass_new" }>["parameters"]["segment"]>().toEqualTypeOf<
      string | undefined
    >();
    expectTypeOf<Extract<StopReason, { code: "unauthorized" }>["parameters"]>().toEqualTypeOf<Record<string, never>>();
  });

  test("the types of coverage name the codes and parameters that have a text, and no others", () => {
    expectTypeOf<ByCode<RuleReason>>().toEqualTypeOf<ByCode<ToldBy<typeof RULE_REASONS>>>();
    expectTypeOf<ByCode<RuleChange>>().toEqualTypeOf<ByCode<ToldBy<typeof RULE_CHANGES>>>();
    expectTypeOf<ByCode<CoverageFinding>>().toEqualTypeOf<ByCode<ToldBy<typeof COVERAGE_FINDINGS>>>();
    expectTypeOf<ByCode<CoverageChange>>().toEqualTypeOf<ByCode<ToldBy<typeof COVERAGE_CHANGES>>>();
    expectTypeOf<ByCode<CoverageResult["notCounted"][number]>>().toEqualTypeOf<ByCode<ToldBy<typeof NOT_COUNTED>>>();
  });
});
