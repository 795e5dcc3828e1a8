import { expect, it } from "vitest";
import type { HeldStep, LedgerEntry } from "../../../src/ledger/ledger.ts";
import { type RetryPolicy, stepsToRetry } from "../../../src/sync/plan/retry-policy.ts";

const held = (step: HeldStep["step"], at: number): HeldStep => ({ step, hash: "h", code: "refused", at });
const entry: LedgerEntry = {
  ...{ rules: {}, at: 0, held: { user: held("user", 100), maxDistance: held("maxDistance", 200) } },
};
const steps = (policy: Partial<RetryPolicy>, of: LedgerEntry | undefined = entry) =>
  stepsToRetry("ACC-1", of, { retryHeld: false, heldRetryAfterMs: false, now: 1_000, ...policy });

it("Held steps are sent again if retryHeld names all users or this one", () => {
  expect(steps({})).toEqual([]);
  expect(steps({ retryHeld: true })).toBe(true);
  expect(steps({ retryHeld: new Set(["ACC-1"]) })).toBe(true);
  expect(steps({ retryHeld: new Set(["ACC-2"]) })).toEqual([]);
  expect(steps({ retryHeld: true }, { rules: {}, at: 0 })).toEqual([]);
  expect(stepsToRetry("ACC-1", undefined, { retryHeld: true, heldRetryAfterMs: 0, now: 0 })).toEqual([]);
});

it("Each held step is sent again once it has been held for heldRetryAfterMs", () => {
  expect(steps({ heldRetryAfterMs: 901 })).toEqual([]);
  expect(steps({ heldRetryAfterMs: 900 })).toEqual(["user"]);
  expect(steps({ heldRetryAfterMs: 800 })).toEqual(["user", "maxDistance"]);
  const odd = { ...entry, held: { user: undefined, maxDistance: held("maxDistance", 0) } } as never;
  expect(steps({ heldRetryAfterMs: 0 }, odd)).toEqual(["maxDistance"]);
});
