import { expect, it } from "vitest";
import { openProgress } from "../../../src/command/run/carry-out.ts";

it("a log file gets a line after each tenth of the users, with who failed, was skipped or is left", async () => {
  const lines: string[] = [];
  const output = { quiet: false, isTerminal: false, note: (text: string) => void lines.push(text) };
  const progress = await openProgress(output, 200);
  const state = { total: 200, failed: 0, skipped: 0, rate: 1, etaMs: 90_000 };
  for (const done of [1, 20, 30, 40]) progress.show({ ...state, done });
  progress.show({ ...state, done: 100, failed: 2, skipped: 10 });
  progress.show({ ...state, done: 200, etaMs: 1_000 });
  for (const quiet of [true, false])
    (await openProgress({ ...output, quiet }, quiet ? 200 : 0)).show({ ...state, done: 100 });
  expect(lines).toEqual([
    "20 of 200 users, 1 min 30 s left",
    "40 of 200 users, 1 min 30 s left",
    "90 of 200 users, 2 failed, 10 skipped, 1 min 30 s left",
    "200 of 200 users",
  ]);
});
