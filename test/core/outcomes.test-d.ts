import { expectTypeOf, test } from "vitest";
import type { Outcome, UpsertResult } from "../../src/index.ts";
import type { PlanCounts, Reconciliation, ReportCounts, UserOutcome } from "../../src/sync/index.ts";
import type { WebhookOutcome, WebhookRefusal } from "../../src/webhook/index.ts";

type Sent = "created" | "updated" | "unchanged" | "stale" | "incomplete" | "failed";

test("the list of outcomes has all outcomes of every result", () => {
  expectTypeOf<UpsertResult["outcome"]>().toEqualTypeOf<"created" | "updated">();
  expectTypeOf<Reconciliation["outcome"]>().toEqualTypeOf<Sent | "held">();
  expectTypeOf<UserOutcome["outcome"]>().toEqualTypeOf<Sent | "held" | "skipped" | "unverifiable">();
  expectTypeOf<WebhookOutcome["outcome"]>().toEqualTypeOf<Sent | "queued">();
  expectTypeOf<WebhookRefusal["outcome"]>().toEqualTypeOf<"failed" | "incomplete">();
});

test("a report counts every outcome that a run can have", () => {
  type Counted = UserOutcome["outcome"] | "invalid" | "duplicate" | "twin" | "notSelected" | "notApproved";
  expectTypeOf<keyof ReportCounts>().toEqualTypeOf<Counted>();
  expectTypeOf<Exclude<Outcome, Counted>>().toEqualTypeOf<"sent" | "queued" | "ignored" | "repeated">();
});

test("for users whom a plan does not send, the plan's counts have the names of outcomes", () => {
  type Before = "unchanged" | "stale" | "held" | "invalid" | "duplicate" | "twin" | "ignored";
  expectTypeOf<Extract<keyof PlanCounts, Outcome>>().toEqualTypeOf<Before>();
});
