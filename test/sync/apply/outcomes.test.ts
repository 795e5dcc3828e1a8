import { expect, it } from "vitest";
import { progressOf } from "../../../src/sync/apply/outcomes.ts";

it("progress counts users by outcome, and computes the rate and, after a twentieth, the remaining time", () => {
  let now = 5_000;
  const note = progressOf(30, () => now);
  const after = (ms: number, outcome: Parameters<typeof note>[0]) => {
    now += ms;
    return note(outcome);
  };
  expect([after(1_000, "arrived"), after(1_000, "failed"), after(2_000, "skipped"), after(0, "arrived")]).toEqual([
    { done: 1, failed: 0, skipped: 0, total: 30, rate: 1, etaMs: undefined },
    { done: 2, failed: 1, skipped: 0, total: 30, rate: 1, etaMs: 28_000 },
    { done: 3, failed: 1, skipped: 1, total: 30, rate: 0.75, etaMs: 36_000 },
    { done: 4, failed: 1, skipped: 1, total: 30, rate: 1, etaMs: 26_000 },
  ]);
});
