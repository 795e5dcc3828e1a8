import { expect, it } from "vitest";
import { OpleadError } from "../../../src/index.ts";
import { asMarkdown, asText } from "../../../src/sync/overview/overview.ts";
import { reportOverview } from "../../../src/sync/overview/report-overview.ts";
import type { ReportFacts } from "../../../src/sync/types/report.ts";
import { headings } from "../../support/headings.ts";

const at = (record: number, accountNumber: string) => ({ record, row: undefined, accountNumber });
const issues = [{ path: "email", message: "is odd" }];

/** One of everything that a report may hold. */
const full: ReportFacts = {
  runId: "run-1",
  status: "stopped",
  stopReason: { code: "connection", message: "No answer." },
  testMode: false,
  hash: "Abc123",
  startedAt: "2026-01-09T02:00:00.000Z",
  durationMs: 61_000,
  counts: {
    ...{ created: 1, updated: 2, unchanged: 3, incomplete: 4, failed: 5, held: 6, skipped: 7, unverifiable: 8 },
    ...{ invalid: 9, duplicates: 10, stale: 11, notSelected: 12 },
  },
  failures: [
    {
      ...at(0, "ACC-0"),
      ...{ step: "user", code: "timeout", status: undefined, requestId: undefined, held: false },
      ...{ message: "It took too long.", advice: "Wait.", error: new OpleadError("timeout", "It took too long.") },
    },
  ],
  skipped: [{ ...at(1, "ACC-1"), reason: "parent", parent: "ACC-0" }],
  unverifiable: [{ ...at(2, "ACC-2"), step: "maxDistance", dependsOn: "ACC-2" }],
  held: [{ ...at(3, "ACC-3"), step: "user", code: "rejected", status: 422, since: Date.UTC(2026, 0, 9) }],
  invalid: [{ ...at(4, "ACC-4"), issues }],
  duplicates: [{ accountNumber: "ACC-5", records: [5, 6], rows: [undefined, undefined] }],
  suspicious: [{ ...at(7, "ACC-7"), issues }],
  missing: [{ accountNumber: "ACC-8", id: "8", since: undefined }],
  stale: ["ACC-9"],
  requests: 20,
  retries: 2,
  throttledMs: 3_000,
  warnings: ["Look twice."],
};

it("The text and the Markdown of a report have the same sections", () => {
  const overview = reportOverview(full);
  expect(headings(asText(overview))).toEqual(headings(asMarkdown(overview)));
  expect(headings(asText(overview))).toEqual(overview.sections.map(({ title }) => title).sort());
});

it("A report says in its first lines how the run ended, how long it took, and what it cost", () => {
  const text = asText(reportOverview(full));
  expect(text).toMatch(/^Sync stopped, 1 min 1 s\n/);
  expect(text).toContain(
    "\n  20 requests, 2 of them to make up for failures; together they waited 3 s for their turn\n",
  );
  expect(text).toContain("\n  run run-1, plan Abc123\n\nStopped:\n  No answer.\n");
});

it("A long section shows how many rows it leaves out, fewer of them in Markdown than in text", () => {
  const skipped = Array.from({ length: 60 }, (_, number) => ({
    ...at(number, `ACC-${number}`),
    reason: "stopped" as const,
    parent: undefined,
  }));
  const overview = reportOverview({ ...full, skipped });
  expect(asText(overview)).toContain("\n  ACC-9  the run was stopped\n  … and 50 more\n");
  expect(asMarkdown(overview)).toContain("\n| ACC-49 | the run was stopped |\n\n… and 10 more\n");
});
