import { issueAt } from "../../src/core/issues.ts";
import { tellRecord } from "../../src/locales/en/core.ts";
import { tellGuard, tellWarning } from "../../src/locales/en/sync.ts";
import { planHash } from "../../src/sync/plan/plan-facts.ts";
import { savedPlan } from "../../src/sync/saved-plan.ts";
import type { PlanFacts, SavedChange, SavedPlan } from "../../src/sync/types/plan.ts";
import { at } from "./full-report.ts";

const DAY = "2026-01-09T02:00:00.000Z";

export const fullPlan: PlanFacts = {
  hash: "Abc123",
  testMode: true,
  platform: { baseUrl: "https://api.oplead.com", name: undefined },
  selection: { resend: true, only: ["ACC-1", "ACC-2"], limit: 1, newUsers: ["ACC-0"] },
  counts: {
    ...{
      records: 1_234,
      new: 1,
      changed: 2,
      retried: 0,
      refreshed: 0,
      unchanged: 3,
      held: 4,
      invalid: 5,
      duplicate: 6,
      twin: 1,
      waiting: 7,
      stale: 8,
    },
    ...{ ignored: 9, missing: 10 },
  },
  estimate: { requests: 12, durationMs: 120_000 },
  changes: [
    {
      ...at(0, "ACC-0"),
      kind: "new",
      id: undefined,
      movedFrom: undefined,
      fields: ["email"],
      rules: ["maxDistance"],
      fieldsUnknown: false,
      doubted: false,
      after: undefined,
    },
    {
      ...at(1, "ACC-1"),
      kind: "changed",
      id: "1",
      movedFrom: "OLD-1",
      fields: ["phone"],
      rules: [],
      fieldsUnknown: false,
      doubted: true,
      after: undefined,
    },
    {
      ...at(2, "ACC-2"),
      kind: "changed",
      id: "2",
      movedFrom: undefined,
      fields: ["phone", "email"],
      rules: ["maxDistance"],
      fieldsUnknown: false,
      doubted: false,
      after: "ACC-1",
    },
  ],
  findings: [
    { kind: "held", ...at(3, "ACC-3"), step: "user", code: "refused", status: 422, since: DAY },
    {
      ...{ kind: "invalid", ...at(4, "ACC-4") },
      issues: [issueAt("email", tellRecord("white_space")), issueAt("", tellRecord("other_key"))],
    },
    { kind: "invalid", record: 5, row: 17, accountNumber: undefined, issues: [issueAt("", tellRecord("other_key"))] },
    {
      ...{ kind: "invalid", record: 6, row: undefined, accountNumber: undefined },
      issues: [issueAt("", tellRecord("other_key"))],
    },
    {
      kind: "duplicate",
      ...at(7, "ACC-5"),
      places: [
        { record: 7, row: undefined },
        { record: 8, row: 9 },
      ],
    },
    { kind: "twin", ...at(10, "ACC-10"), of: "ACC-1", by: "email", inSource: true },
    { kind: "waiting", ...at(9, "ACC-6"), parent: "ACC-3", root: { ...at(2, "ACC-3"), because: "held" } },
    { kind: "suspicious", ...at(1, "ACC-1"), issues: [issueAt("login", tellRecord("white_space"))] },
    { kind: "stale", ...at(11, "ACC-7") },
    { kind: "leaver", ...at(-1, "ACC-8"), id: "8", missingSince: DAY, days: 0, state: "grace", certain: true },
    { kind: "leaver", ...at(-1, "ACC-9"), id: "9", missingSince: DAY, days: 9, state: "due", certain: true },
  ],
  moves: [
    { from: "OLD-1", to: "ACC-1", id: "1", problem: undefined },
    { from: "OLD-9", to: "NEW-9", id: undefined, problem: "unknown" },
  ],
  limits: [{ option: "maxChanged", users: 12, most: 2, among: 12 }],
  refusals: [tellGuard("empty_source", { population: 12 })],
  warnings: [tellWarning("no_profiles")],
};

// With its own hash: another one counts as altered.
export function savedForm(facts: PlanFacts, changes: readonly SavedChange[] = []): SavedPlan {
  return savedPlan({ ...facts, hash: planHash({ ...facts, changes }) }, changes);
}
