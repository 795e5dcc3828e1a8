import { expect, it } from "vitest";
import type { LedgerEntry, StoredRefusal } from "../../../src/ledger/ledger.ts";
import { type RetryPolicy, stepsToRetry } from "../../../src/sync/plan/ledger-snapshot.ts";

const held = (step: StoredRefusal["step"], at: number): StoredRefusal => ({ step, hash: "h", code: "refused", at });
const entry: LedgerEntry = {
  ...{ rules: {}, at: 0, held: { user: held("user", 100), maxDistance: held("maxDistance", 200) } },
};
const steps = (policy: Partial<RetryPolicy>, of: LedgerEntry | undefined = entry) =>
  stepsToRetry(of, { retryHeld: false, now: 1_000, ...policy });

it("all held steps are sent again with retryHeld, and none before seven days without it", () => {
  expect(steps({})).toEqual([]);
  expect(steps({ retryHeld: true })).toBe(true);
  expect(steps({ retryHeld: true }, { rules: {}, at: 0 })).toEqual([]);
  expect(stepsToRetry(undefined, { retryHeld: true, now: 0 })).toEqual([]);
});

it("each held step is sent again once it has been held for seven days", () => {
  const sevenDays = 604_800_000;
  expect(steps({ now: sevenDays + 99 })).toEqual([]);
  expect(steps({ now: sevenDays + 100 })).toEqual(["user"]);
  expect(steps({ now: sevenDays + 200 })).toEqual(["user", "maxDistance"]);
  const odd = { ...entry, held: { user: undefined, maxDistance: held("maxDistance", 0) } } as never;
  expect(steps({ now: sevenDays }, odd)).toEqual(["maxDistance"]);
});
