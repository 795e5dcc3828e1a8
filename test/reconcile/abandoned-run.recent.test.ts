import { expect, it } from "vitest";
import { RecentWrites } from "../../src/client/client-state.ts";
import { noteRecent } from "../../src/reconcile/abandoned-run.ts";
import { FakeClock } from "../support/fake-clock.ts";

const NOW = 1_000_000_000;

/**
 * What a client knows about a user after it has read in the ledger that the user was written `msAgo` milliseconds ago.
 */
function told(msAgo: number, id: string | undefined = "7") {
  const recentWrites = new RecentWrites(new FakeClock());
  const note = () => {
    noteRecent({ recentWrites }, "ACC-1", { id, rules: {}, at: NOW - msAgo }, NOW);
    return { recent: recentWrites.has("ACC-1"), isNew: recentWrites.createdMsAgo("ACC-1") !== undefined };
  };
  return { recentWrites, note };
}

it.each([
  [0, true],
  [1, true],
  [300_000, true],
  [300_001, false],
  [-1, true],
  [-3_600_000, true],
])(
  "A user that was written %i ms ago by the clock of another process may have been created moments ago: %j",
  (msAgo, isRecent) => {
    expect(told(msAgo).note()).toEqual({ recent: isRecent, isNew: isRecent });
  },
);

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
  noteRecent({ recentWrites }, "ACC-1", undefined, NOW);
  noteRecent({ recentWrites }, "ACC-1", { rules: {}, at: NOW }, NOW);
  expect(recentWrites.has("ACC-1")).toBe(false);
  expect(note().recent).toBe(true);
});
