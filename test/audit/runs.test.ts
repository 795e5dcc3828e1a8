import { join } from "node:path";
import { expect, it } from "vitest";
import { auditedRuns } from "../../src/audit/runs.ts";
import { folderWith } from "../support/folder.ts";

it("the runs of an audit are listed in the order in which they began, with the lines of each run from every file", async () => {
  const line = (event: string, run: string, time: string) => `${JSON.stringify({ event, version: 2, time, run })}\n`;
  const user = `${JSON.stringify({ event: "user", version: 2, time: "1", run: "3", accountNumber: '"event":"run_' })}\n`;
  const folder = await folderWith({
    "audit.jsonl": line("run_started", "2", "2026-01-02") + user + line("run_ended", "2", "2026-01-02T01"),
    "audit.2026-01-01.jsonl": line("run_started", "1", "2026-01-01") + line("run_planned", "1", "2026-01-01"),
  });
  const runs = auditedRuns(join(folder, "audit.jsonl"));
  expect(runs.map(({ run, started, planned, ended }) => [run, !!started, !!planned, !!ended])).toEqual([
    ["1", true, true, false],
    ["2", true, false, true],
  ]);
});
