import { beforeEach, expect, it } from "vitest";
import { damagedEntry } from "../../src/ledger/entry.ts";
import type { Ledger, LedgerEntry } from "../../src/ledger/ledger.ts";
import { memoryLedger } from "../../src/ledger/memory.ts";
import { bothKept, changesPresence, noteMissing, notePresence } from "../../src/reconcile/presence.ts";
import { overtaken, setEntry } from "../support/entries.ts";
import { failureOf } from "../support/failure.ts";

let ledger: Ledger;
beforeEach(() => {
  ledger = memoryLedger();
});

const entry = (more: Partial<LedgerEntry> = {}) => ({ id: "1", rules: {}, at: 5, revision: 1, ...more });

it.each<[entry: number | string | undefined, version: number | string | undefined, changesPresence: boolean]>([
  [undefined, undefined, false],
  [undefined, 1, true],
  [1, undefined, false],
  [1, 2, true],
  [1, 1, false],
  [2, 1, false],
  ["2026-01-09T08:00:00Z", 1, true],
])("changesPresence() of an entry with version %j and a user with version %j is %j", (version, newer, expected) => {
  expect(changesPresence(entry({ version }), newer)).toBe(expected);
});

it("notePresence() removes the mark that a user is missing, and keeps the newest version", async () => {
  for (const [given, version] of [
    [3, 3],
    [1, 2],
  ]) {
    ledger = memoryLedger();
    await setEntry(ledger, "ACC-1", entry({ version: 2, missingSince: 9 }));
    await notePresence(ledger, "ACC-1", given);
    expect(await ledger.get("ACC-1")).toEqual(entry({ version, missingSince: undefined, revision: 2 }));
  }
});

it("notePresence() adds what two functions keep of a user that Oplead has, and nothing for another", async () => {
  const [segment, none] = [() => ({ segment: "North" }), () => undefined];
  const kept = bothKept(segment, () => ({ receives: true }));
  for (const id of ["1", undefined]) {
    await setEntry(ledger, `ACC-${id}`, entry({ id }));
    await notePresence(ledger, `ACC-${id}`, undefined, undefined, kept);
  }
  expect(await ledger.get("ACC-1")).toMatchObject({ segment: "North", receives: true });
  expect((await ledger.get("ACC-undefined"))?.segment).toBeUndefined();
  expect([bothKept(none, none)?.(entry()), bothKept(undefined, segment)]).toEqual([undefined, segment]);
});

it("notePresence() writes nothing without a change, without an entry, or for a damaged entry", async () => {
  await setEntry(ledger, "ACC-1", entry({ version: 2 }));
  await notePresence(ledger, "ACC-1", 2);
  expect(await ledger.get("ACC-1")).toEqual(entry({ version: 2 }));
  await notePresence(ledger, "ACC-2", 1);
  expect(await ledger.get("ACC-2")).toBeUndefined();
  await setEntry(ledger, "ACC-3", damagedEntry);
  await notePresence(ledger, "ACC-3", 1);
  expect(await ledger.get("ACC-3")).toEqual(damagedEntry);
});

it("noteMissing() keeps the time at which the user was missing first", async () => {
  await setEntry(ledger, "ACC-1", entry());
  await noteMissing(ledger, "ACC-1", 100, true);
  expect(await ledger.get("ACC-1")).toEqual(entry({ missingSince: 100, revision: 2 }));
  await noteMissing(ledger, "ACC-1", 200, true);
  expect(await ledger.get("ACC-1")).toEqual(entry({ missingSince: 100, revision: 2 }));
});

it("noteMissing() adds its mark to what other processes write at the same moment", async () => {
  await setEntry(ledger, "ACC-1", entry());
  await noteMissing(
    overtaken(ledger, (stored) => ({ ...stored, user: "theirs" }), 3),
    "ACC-1",
    100,
    true,
  );
  expect(await ledger.get("ACC-1")).toMatchObject({ user: "theirs", missingSince: 100 });
});

it("noteMissing() leaves a user to the next run if other processes never stop writing", async () => {
  await setEntry(ledger, "ACC-1", entry());
  await noteMissing(
    overtaken(ledger, (stored) => stored, Number.POSITIVE_INFINITY),
    "ACC-1",
    100,
    true,
  );
  expect((await ledger.get("ACC-1"))?.missingSince).toBeUndefined();
});

it("noteMissing() throws ledger_unavailable if the ledger cannot be written", async () => {
  await setEntry(ledger, "ACC-1", entry());
  const full: Ledger = {
    ...ledger,
    replace: async () => {
      throw new Error("no space left");
    },
  };
  expect(await failureOf(noteMissing(full, "ACC-1", 100, true))).toMatchObject({ code: "ledger_unavailable" });
});
