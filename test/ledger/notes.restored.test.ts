import { expect, it } from "vitest";
import type { LedgerInfo } from "../../src/ledger/ledger.ts";
import { markOf, olderCopy } from "../../src/ledger/notes.ts";

const info = (runs: number, more: LedgerInfo = {}) => ({
  entries: 5,
  runs,
  lastRunId: `run ${runs}`,
  ...more,
});
const copy = (found: LedgerInfo | undefined, then: LedgerInfo | undefined, accepted = 5) =>
  olderCopy(found, markOf(then), accepted);

it("a ledger is an older copy if its mark outside knows more runs or another last run", () => {
  expect(copy(info(7), info(8))).toEqual({ known: 7, ended: 8 });
  expect(copy({ entries: 5 }, info(1))).toEqual({ known: 0, ended: 1 });
  expect(copy(info(8, { lastRunId: "another" }), info(8))).toEqual({ known: 8, ended: 8 });
});

it("a ledger as new as its mark or newer is accepted, and so is an empty one or one without a mark", () => {
  expect(copy(info(8), info(8))).toBeUndefined();
  expect(copy(info(9), info(8))).toBeUndefined();
  expect(copy(undefined, info(8), 0)).toBeUndefined();
  expect(copy({ platform: { baseUrl: "https://a.example" } }, info(8), 0)).toBeUndefined();
  expect(copy(info(1), undefined)).toBeUndefined();
});

it("a ledger is an older copy beside another host's mark, unless it knows more runs than the mark", () => {
  const mark = { runs: 8, lastRunId: "run 8", host: "there" };
  expect(olderCopy(info(8, { lastRunId: "another" }), mark, 5)).toEqual({ known: 8, ended: 8, host: "there" });
  expect(olderCopy(info(7), mark, 5)).toEqual({ known: 7, ended: 8, host: "there" });
  expect(olderCopy(info(9), mark, 5)).toBeUndefined();
});

it("an approval to fill a ledger anew holds until one more run has ended", () => {
  const approved = { runs: 8, lastRunId: "run 8" };
  expect(olderCopy(undefined, markOf(info(8)), 5, approved)).toBeUndefined();
  expect(olderCopy(undefined, markOf(info(9)), 5, approved)).toEqual({ known: 0, ended: 9 });
  expect(olderCopy(undefined, markOf(info(8, { lastRunId: "another" })), 5, approved)).toEqual({ known: 0, ended: 8 });
});

it("a store that took over is an older copy only if it has not received all writes", () => {
  const then = info(8, { position: { id: "a", offset: 100 } });
  const continued = (previousOffset: number) =>
    info(8, { position: { id: "b", offset: 5, previousId: "a", previousOffset } });
  expect(copy(continued(99), then)).toEqual({ known: 8, ended: 8 });
  expect(copy(continued(100), then)).toBeUndefined();
  expect(copy(info(8, { position: { id: "a", offset: 99 } }), then)).toEqual({ known: 8, ended: 8 });
  expect(copy(info(8, { position: { id: "a", offset: 101 } }), then)).toBeUndefined();
  expect(copy(info(8, { position: { id: "restarted", offset: 0 } }), then)).toBeUndefined();
});
