import { describe, expectTypeOf, test } from "vitest";
import type { OpleadIssue } from "../../src/core/issues.ts";
import type { CoverageFinding } from "../../src/coverage/messages.ts";
import type { PolicyFacts } from "../../src/locales/en/findings.ts";
import type { GuardFinding, StopReason, SyncWarning } from "../../src/sync/types/messages.ts";

describe("the public types of messages", () => {
  test("the code of a message types its parameters", () => {
    expectTypeOf<Extract<OpleadIssue, { code: "not_code" }>["parameters"]["prefix"]>().toEqualTypeOf<string>();
    expectTypeOf<Extract<SyncWarning, { code: "policy" }>["parameters"]>().toExtend<PolicyFacts>();
    expectTypeOf<Extract<GuardFinding, { code: "mass_new" }>["parameters"]["segment"]>().toEqualTypeOf<
      string | undefined
    >();
    expectTypeOf<Extract<CoverageFinding, { code: "one_user" }>["parameters"]["userCount"]>().toEqualTypeOf<number>();
    expectTypeOf<Extract<StopReason, { code: "unauthorized" }>["parameters"]>().toEqualTypeOf<Record<string, never>>();
  });
});
