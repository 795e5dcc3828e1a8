import { expectTypeOf, test } from "vitest";
import type { FailedStep, Outcome, UserResult, WriteResult } from "../../src/index.ts";
import type { PlanCounts, Reconciliation, ReportCounts, UserOutcome } from "../../src/sync/index.ts";
import type { WebhookOutcome } from "../../src/webhook/index.ts";

type Sent = "created" | "updated" | "unchanged" | "stale" | "incomplete" | "failed";

test("the list of outcomes has all outcomes of every result", () => {
  expectTypeOf<WriteResult["outcome"]>().toEqualTypeOf<"created" | "updated">();
  expectTypeOf<Reconciliation["outcome"]>().toEqualTypeOf<Sent | "held">();
  expectTypeOf<UserOutcome["outcome"]>().toEqualTypeOf<Sent | "refreshed" | "held" | "skipped" | "unverifiable">();
  expectTypeOf<WebhookOutcome["outcome"]>().toEqualTypeOf<Sent | "queued">();
});

test("every result for one user has the same nine fields, and what they hold follows from the outcome", () => {
  expectTypeOf<Reconciliation>().toExtend<UserResult>();
  expectTypeOf<WriteResult>().toExtend<UserResult<"created" | "updated">>();
  expectTypeOf<UserOutcome>().toExtend<UserResult<UserOutcome["outcome"]>>();
  expectTypeOf<WebhookOutcome>().toExtend<UserResult<WebhookOutcome["outcome"]>>();
  const told = (result: UserResult): string => {
    if (result.outcome === "created" || result.outcome === "updated") {
      expectTypeOf(result.failed).toEqualTypeOf<readonly never[]>();
      return result.id;
    }
    if (result.outcome === "held") {
      expectTypeOf(result.held[0]).toEqualTypeOf<FailedStep>();
      return result.held[0].error.code;
    }
    if (result.outcome === "failed") expectTypeOf(result.failed[0]).toEqualTypeOf<FailedStep>();
    // @ts-expect-error a user that is unchanged, stale or failed may have no ID
    return result.id;
  };
  expectTypeOf(told).returns.toBeString();
});

test("a report counts every outcome that a run can have", () => {
  type Counted = UserOutcome["outcome"] | "invalid" | "duplicate" | "twin" | "notSelected" | "notApproved";
  expectTypeOf<keyof ReportCounts>().toEqualTypeOf<Counted>();
  expectTypeOf<Exclude<Outcome, Counted>>().toEqualTypeOf<"sent" | "queued" | "ignored" | "repeated">();
});

test("for users whom a plan does not send, the plan's counts have the names of outcomes", () => {
  type Before = "refreshed" | "unchanged" | "stale" | "held" | "invalid" | "duplicate" | "twin" | "ignored";
  expectTypeOf<Extract<keyof PlanCounts, Outcome>>().toEqualTypeOf<Before>();
});
