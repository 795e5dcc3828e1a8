import { expect, it } from "vitest";
import { progressOf } from "../../../src/sync/apply/outcomes.ts";
import type { SyncProgress } from "../../../src/sync/index.ts";

it("progress counts users by outcome, and computes the rate and the remaining time", () => {
  const told: SyncProgress[] = [];
  let now = 5_000;
  const note = progressOf(
    10,
    () => now,
    (progress) => void told.push(progress),
  );
  note("arrived");
  now += 2_000;
  note("failed");
  now += 2_000;
  note("skipped");
  note("arrived");
  expect(told).toEqual([
    { done: 1, failed: 0, skipped: 0, total: 10, rate: 0, etaMs: undefined },
    { done: 2, failed: 1, skipped: 0, total: 10, rate: 1, etaMs: 8_000 },
    { done: 3, failed: 1, skipped: 1, total: 10, rate: 0.75, etaMs: 9_333 },
    { done: 4, failed: 1, skipped: 1, total: 10, rate: 1, etaMs: 6_000 },
  ]);
});

it("progress is counted even without a listener", () => {
  const note = progressOf(1, () => 0, undefined);
  expect(() => note("arrived")).not.toThrow();
});
