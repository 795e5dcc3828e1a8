import { asFailure } from "../../src/core/errors.ts";
import { issueAt } from "../../src/core/issues.ts";
import { OpleadError } from "../../src/index.ts";
import { tellAdvice } from "../../src/locales/en/advice.ts";
import { tellRecord } from "../../src/locales/en/core.ts";
import { tellGuard, tellStop, tellWarning } from "../../src/locales/en/sync.ts";
import type { ReportFacts } from "../../src/sync/types/report.ts";

export const at = (record: number, accountNumber: string) => ({ record, row: undefined, accountNumber });
const issues = [issueAt("email", tellRecord("white_space"))];

export const fullReport: ReportFacts = {
  runId: "run-1",
  status: "stopped",
  exitCode: 1,
  newProblems: 2,
  knownProblems: 3,
  problems: { failed: { new: 2, known: 0 }, held: { new: 0, known: 3 } },
  stopReason: tellStop("connection", { calls: 5 }),
  testMode: false,
  part: false,
  hash: "Abc123",
  startedAt: "2026-01-09T02:00:00.000Z",
  durationMs: 61_000,
  counts: {
    ...{
      created: 1,
      updated: 2,
      refreshed: 0,
      unchanged: 3,
      incomplete: 4,
      failed: 5,
      held: 6,
      skipped: 7,
      unverifiable: 8,
    },
    ...{ invalid: 9, duplicate: 10, twin: 1, stale: 11, notSelected: 12, notApproved: 0 },
  },
  findings: [
    {
      ...{ kind: "failed", ...at(0, "ACC-0"), isNew: true },
      ...{ step: "user", code: "timeout", status: undefined, requestId: undefined, held: false },
      ...{
        message: "It took too long.",
        advice: tellAdvice("timeout"),
        error: asFailure(new OpleadError("timeout", "It took too long.")),
      },
    },
    { kind: "held", ...at(3, "ACC-3"), step: "user", code: "refused", status: 422, since: "2026-01-09T02:00:00.000Z" },
    { kind: "invalid", ...at(4, "ACC-4"), issues },
    {
      ...{ kind: "duplicate", ...at(5, "ACC-5") },
      places: [5, 6].map((record) => ({ record, row: undefined })),
    },
    { kind: "twin", ...at(10, "ACC-10"), of: "ACC-1", by: "login", inSource: false },
    { kind: "skipped", ...at(0, "ACC-0"), reason: "stopped" },
    { kind: "waiting", ...at(1, "ACC-1"), parent: "ACC-0", root: { ...at(0, "ACC-0"), because: "failed" } },
    { kind: "unverifiable", ...at(2, "ACC-2"), step: "maxDistance", dependsOn: "ACC-2" },
    { kind: "suspicious", ...at(7, "ACC-7"), issues },
    { kind: "stale", ...at(11, "ACC-9") },
    {
      ...{ kind: "leaver", ...at(-1, "ACC-8"), id: "8", missingSince: "2026-01-09T02:00:00.000Z" },
      ...{ days: 7, state: "due", certain: true },
    },
  ],
  moves: [{ from: "OLD-1", to: "ACC-1", id: "1", problem: undefined }],
  requests: 20,
  retries: 2,
  throttledMs: 3_000,
  refusals: [tellGuard("empty_source", { population: 12 })],
  ledgerMark: undefined,
  warnings: [tellWarning("no_profiles")],
};
