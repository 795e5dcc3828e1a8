import { expect, it } from "vitest";
import { progressText } from "../../../src/command/run/carry-out.ts";

const rate = 10;

it.each([
  [{ done: 30, total: 60, failed: 0, skipped: 0, etaMs: 3_000 }, "30 of 60 users, 3 s left"],
  [{ done: 30, total: 60, failed: 2, skipped: 0, etaMs: 240_000 }, "30 of 60 users, 2 failed, 4 min left"],
  [{ done: 60, total: 60, failed: 0, skipped: 0, etaMs: 0 }, "60 of 60 users"],
])("the progress %j is shown as %j", (progress, text) => {
  expect(progressText({ rate, ...progress })).toBe(text);
});

it("the last progress line of an ended run counts skipped users separately from sent users", () => {
  const last = { done: 52, total: 52, failed: 1, skipped: 40, rate, etaMs: 0 };
  expect(progressText(last)).toBe("12 of 52 users, 1 failed, 40 skipped");
});
