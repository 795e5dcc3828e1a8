import { expect, it } from "vitest";
import type { LedgerEntry, StoredRefusal } from "../../../src/ledger/ledger.ts";
import { type RetryPolicy, stepsToRetry } from "../../../src/sync/plan/ledger-snapshot.ts";

const held = (step: StoredRefusal["step"], at: number): StoredRefusal => ({ step, hash: "h", code: "refused", at });
const entry: LedgerEntry = {
  ...{ rules: {}, at: 0, held: { user: held("user", 100), maxDistance: held("maxDistance", 200) } },
};
const steps = (policy: Partial<RetryPolicy>, of: LedgerEntry | undefined = entry) =>
  stepsToRetry(of, { heldRetryAfterMs: false, now: 1_000, ...policy });

it("all held steps are sent again if heldRetryAfterMs is 0, and none if it is false", () => {
  expect(steps({})).toEqual([]);
  expect(steps({ heldRetryAfterMs: 0 })).toBe(true);
  expect(steps({ heldRetryAfterMs: 0 }, { rules: {}, at: 0 })).toEqual([]);
  expect(stepsToRetry(undefined, { heldRetryAfterMs: 0, now: 0 })).toEqual([]);
});

it("each held step is sent again once it has been held for heldRetryAfterMs", () => {
  expect(steps({ heldRetryAfterMs: 901 })).toEqual([]);
  expect(steps({ heldRetryAfterMs: 900 })).toEqual(["user"]);
  expect(steps({ heldRetryAfterMs: 800 })).toEqual(["user", "maxDistance"]);
  const odd = { ...entry, held: { user: undefined, maxDistance: held("maxDistance", 0) } } as never;
  expect(steps({ heldRetryAfterMs: 1 }, odd)).toEqual(["maxDistance"]);
});
