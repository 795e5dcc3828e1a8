import { expect, it } from "vitest";
import { RecentWrites } from "../../src/client/client-state.ts";
import { noteRecent } from "../../src/reconcile/intent.ts";
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
])("a user written %i ms ago by another process, by its clock, counts as just written: %j", (msAgo, isRecent) => {
  expect(told(msAgo).note()).toEqual({ recent: isRecent, isNew: isRecent });
});

it("the client remembers a user that the ledger shows as just written, by account number and by id", () => {
  const { recentWrites, note } = told(1);
  note();
  expect([recentWrites.has("ACC-1"), recentWrites.has("7"), recentWrites.has("8")]).toEqual([true, true, false]);
});

it("what the client remembers about its own writes to a user is not replaced by what the ledger says", () => {
  const { recentWrites, note } = told(1);
  recentWrites.noteUpdate("ACC-1");
  expect(note()).toEqual({ recent: true, isNew: false });
});

it("a user without a ledger entry, or whose entry has no Oplead ID, does not count as just written", () => {
  const { recentWrites, note } = told(1);
  noteRecent({ recentWrites }, "ACC-1", undefined, NOW);
  noteRecent({ recentWrites }, "ACC-1", { rules: {}, at: NOW }, NOW);
  expect(recentWrites.has("ACC-1")).toBe(false);
  expect(note().recent).toBe(true);
});
