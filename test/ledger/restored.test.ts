import { expect, it } from "vitest";
import type { LedgerInfo } from "../../src/ledger/ledger.ts";
import { markOf, nextRun, requireNotRestored } from "../../src/ledger/restored.ts";

const info = (runs: number, more: LedgerInfo = {}): LedgerInfo => ({
  entries: 5,
  runs,
  lastRunId: `run ${runs}`,
  ...more,
});
const refusal = (found: LedgerInfo | undefined, then: LedgerInfo | undefined): string | undefined => {
  try {
    requireNotRestored(found, markOf(then));
    return undefined;
  } catch (error) {
    return (error as { code: string }).code;
  }
};

it("a ledger counts its runs and keeps the id of the last one", () => {
  expect(nextRun(undefined, "a")).toEqual({ runs: 1, lastRunId: "a" });
  expect(nextRun(info(7), "b")).toEqual({ runs: 8, lastRunId: "b" });
  expect(markOf(undefined)).toBeUndefined();
  expect(markOf({ entries: 3 })).toBeUndefined();
});

it("a ledger that knows fewer runs than its mark, or another last run, is an older copy", () => {
  expect(refusal(info(7), info(8))).toBe("ledger_restored");
  expect(refusal({ entries: 5 }, info(1))).toBe("ledger_restored");
  expect(refusal(info(8, { lastRunId: "another" }), info(8))).toBe("ledger_restored");
});

it("a ledger that is as new as its mark or newer is accepted, and so is an empty one or one without a mark", () => {
  expect(refusal(info(8), info(8))).toBeUndefined();
  expect(refusal(info(9), info(8))).toBeUndefined();
  expect(refusal(undefined, info(8))).toBeUndefined();
  expect(refusal({ platform: { baseUrl: "https://a.example" } }, info(8))).toBeUndefined();
  expect(refusal(info(1), undefined)).toBeUndefined();
});

it("a store that continues another one is an older copy only if it has not received all of it", () => {
  const then = info(8, { position: { id: "a", offset: 100 } });
  const continued = (previousOffset: number) =>
    info(8, { position: { id: "b", offset: 5, previousId: "a", previousOffset } });
  expect(refusal(continued(99), then)).toBe("ledger_restored");
  expect(refusal(continued(100), then)).toBeUndefined();
  expect(refusal(info(8, { position: { id: "a", offset: 99 } }), then)).toBe("ledger_restored");
  expect(refusal(info(8, { position: { id: "a", offset: 101 } }), then)).toBeUndefined();
  expect(refusal(info(8, { position: { id: "restarted", offset: 0 } }), then)).toBeUndefined();
});
