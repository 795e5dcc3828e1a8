import { expect, it } from "vitest";
import { RecentWrites } from "../../src/client/recent-writes.ts";
import { noteRecent } from "../../src/reconcile/recent.ts";
import { FakeClock } from "../support/fake-clock.ts";

const SETTLE_MS = 10_000;
const NOW = 1_000_000_000;

/** What a client knows of a user after the ledger has told it that the user was written so long ago. */
function told(msAgo: number, id: string | undefined = "7") {
  const recentWrites = new RecentWrites(new FakeClock());
  const transport = { settings: { settleMs: SETTLE_MS } } as Parameters<typeof noteRecent>[0]["transport"];
  const note = () => {
    noteRecent({ recentWrites, transport }, "ACC-1", { id, rules: {}, at: NOW - msAgo }, NOW);
    return { recent: recentWrites.has("ACC-1"), isNew: recentWrites.createdMsAgo("ACC-1") !== undefined };
  };
  return { recentWrites, note };
}

it.each([
  [0, true, true],
  [1, true, true],
  [SETTLE_MS - 1, true, true],
  [SETTLE_MS, true, false],
  [300_000, true, false],
  [300_001, false, false],
  [-1, true, false],
  [-3_600_000, true, false],
])("For a user that was written %i ms ago, recent is %j and just created is %j", (msAgo, recent, isNew) => {
  expect(told(msAgo).note()).toEqual({ recent, isNew });
});

it("A recent user is found by its account number and by its id", () => {
  const { recentWrites, note } = told(1);
  note();
  expect([recentWrites.has("ACC-1"), recentWrites.has("7"), recentWrites.has("8")]).toEqual([true, true, false]);
});

it("The client's own memory of a user is not replaced by the ledger's", () => {
  const { recentWrites, note } = told(1);
  recentWrites.noteUpdate("ACC-1");
  expect(note()).toEqual({ recent: true, isNew: false });
});

it("A user without an id or without an entry is not recent", () => {
  const { recentWrites, note } = told(1);
  noteRecent({ recentWrites, transport: { settings: { settleMs: 1 } } as never }, "ACC-1", undefined, NOW);
  noteRecent({ recentWrites, transport: { settings: { settleMs: 1 } } as never }, "ACC-1", { rules: {}, at: NOW }, NOW);
  expect(recentWrites.has("ACC-1")).toBe(false);
  expect(note().recent).toBe(true);
});
