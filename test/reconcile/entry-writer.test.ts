import { beforeEach, expect, it } from "vitest";
import type { Ledger, LedgerEntry } from "../../src/ledger/ledger.ts";
import { memoryLedger } from "../../src/ledger/memory.ts";
import { EntryWriter, isKnown, withoutAccepted, withoutHeld, withoutId } from "../../src/reconcile/entry-writer.ts";
import { overtaken, setEntry } from "../support/entries.ts";
import { failureOf } from "../support/failure.ts";

let ledger: Ledger;
beforeEach(() => {
  ledger = memoryLedger();
});

const entry = (more: Partial<LedgerEntry> = {}) => ({ id: "1", user: "hash", rules: {}, at: 5, ...more });

async function writerOf(store: Ledger = ledger, readOnly = false) {
  const writer = new EntryWriter(store, "ACC-1", readOnly);
  await writer.read();
  return writer;
}

it("an entry in a wrong form counts as damaged, and not as empty", async () => {
  await setEntry(ledger, "ACC-1", {} as LedgerEntry);
  expect(await new EntryWriter(ledger, "ACC-1", false).read()).toMatchObject({ damaged: true });
});

it("an entry is written with the next revision, without fields that are undefined, and never as damaged", async () => {
  const writer = await writerOf();
  await writer.write({ ...entry(), damaged: true });
  expect(await ledger.get("ACC-1")).toStrictEqual({ ...entry(), revision: 1 });
});

it("a conflicting write throws, has the other process's entry, and keeps the new id", async () => {
  const theirs = overtaken(ledger, () => ({ user: "theirs", rules: { maxDistance: "theirs" }, at: 9 }));
  const writer = await writerOf(theirs);
  const conflict = { code: "ledger_conflict", isOvertaken: true };
  expect(await failureOf(writer.write(entry({ id: "77" })))).toMatchObject(conflict);
  expect(writer.entry).toEqual({ id: "77", user: "theirs", rules: { maxDistance: "theirs" }, at: 9, revision: 1 });
  expect(writer.stored.id).toBeUndefined();
});

it("an entry that another process has only noted a fact in is not overtaken", async () => {
  await setEntry(ledger, "ACC-1", entry());
  const writer = await writerOf(overtaken(ledger, (stored) => ({ ...stored, missingSince: 9 })));
  expect(await failureOf(writer.write(entry({ user: "mine" })))).toMatchObject({ isOvertaken: false });
});

it("update() throws ledger_conflict if other processes never stop writing the entry", async () => {
  await setEntry(ledger, "ACC-1", entry());
  const writer = await writerOf(overtaken(ledger, (stored) => stored, Number.POSITIVE_INFINITY));
  const failure = await failureOf(writer.update((stored) => stored && { ...stored, segment: "North" }));
  expect(failure).toMatchObject({ code: "ledger_conflict", retryable: true });
});

it("update() of a writer that only reads changes the writer's entry, and not the ledger", async () => {
  await setEntry(ledger, "ACC-1", entry());
  const writer = await writerOf(ledger, true);
  await writer.update((stored) => stored && { ...stored, segment: "North" });
  expect([writer.entry.segment, (await ledger.get("ACC-1"))?.segment]).toEqual(["North", undefined]);
});

it("withoutAccepted() removes a step whose outcome is unknown, and keeps the other steps", () => {
  const full = entry({ rules: { maxDistance: "a", profileTypes: "b" } });
  expect(withoutAccepted(full, "maxDistance")).toEqual(entry({ rules: { profileTypes: "b" } }));
  expect(withoutAccepted(full, "user")).toEqual({ ...full, user: undefined });
  const none = entry({ user: undefined });
  expect([withoutAccepted(none, "user"), withoutAccepted(none, "maxDistance")]).toEqual([none, none]);
});

it("an id that belongs to another user is forgotten with all that was accepted under it", () => {
  const full = entry({ fields: "1 phone", rules: { maxDistance: "a" }, version: 2 });
  expect(withoutId(full)).toEqual({ rules: {}, at: 5, version: 2 });
});

it.each([
  [{ rules: {}, at: 5 }, false],
  [{ rules: {}, at: 5, intent: { at: 5 } }, false],
  [{ rules: {}, at: 5, id: "1" }, true],
  [{ rules: {}, at: 5, movedTo: "ACC-2" }, true],
  [{ rules: { maxDistance: "a" }, at: 5 }, true],
])("an entry %j tells something about a user: %s", (stored, tells) => {
  expect(isKnown(stored)).toBe(tells);
});

const held = { step: "maxDistance", hash: "x", code: "refused", at: 1 } as const;

it("withoutHeld() removes the refusal of one step from the entry, and keeps the refusals of other steps", () => {
  const both = entry({ held: { maxDistance: held, user: { ...held, step: "user" } } });
  expect(withoutHeld(both, "maxDistance")).toEqual(entry({ held: { user: { ...held, step: "user" } } }));
  expect(withoutHeld(entry({ held: { maxDistance: held } }), "maxDistance")).toEqual(entry({ held: undefined }));
  expect(withoutHeld(both, "profileTypes")).toBe(both);
});
