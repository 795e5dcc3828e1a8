import { beforeEach, describe, expect, it } from "vitest";
import type { Ledger, LedgerEntry } from "../../src/ledger/ledger.ts";
import { memoryLedger } from "../../src/ledger/memory.ts";
import { EntryConflict, EntryWriter, withoutAttempt, withoutHeld } from "../../src/reconcile/entry-writer.ts";
import { overtaken, setEntry } from "../support/entries.ts";
import { failureOf } from "../support/failure.ts";

let ledger: Ledger;
beforeEach(() => {
  ledger = memoryLedger();
});

const entry = (more: Partial<LedgerEntry> = {}): LedgerEntry => ({ id: "1", user: "hash", rules: {}, at: 5, ...more });

async function writerOf(store: Ledger = ledger, readOnly = false): Promise<EntryWriter> {
  const writer = new EntryWriter(store, "ACC-1", readOnly);
  await writer.read();
  return writer;
}

describe("an entry", () => {
  it("an entry in a wrong form counts as damaged, and not as empty", async () => {
    await setEntry(ledger, "ACC-1", {} as LedgerEntry);
    expect(await new EntryWriter(ledger, "ACC-1", false).read()).toMatchObject({ damaged: true });
  });

  it("an entry is written with the next revision, without fields that are undefined, and never as damaged", async () => {
    const writer = await writerOf();
    await writer.write({ ...entry(), damaged: true });
    expect(await ledger.get("ACC-1")).toStrictEqual({ ...entry(), revision: 1 });
  });

  it("in test mode an entry is changed in memory, and not in the ledger", async () => {
    await setEntry(ledger, "ACC-1", entry({ revision: 4 }));
    const writer = await writerOf(ledger, true);
    await writer.write({ ...writer.entry, user: "test" });
    await writer.forget("user");
    expect(writer.entry).toMatchObject({ id: "1", user: undefined, revision: 4 });
    await writer.write({ ...writer.entry, rules: { maxDistance: "test" } });
    await writer.forget("maxDistance");
    expect(writer.entry).toMatchObject({ id: "1", user: undefined, rules: {} });
    expect(await ledger.get("ACC-1")).toEqual(entry({ revision: 4 }));
  });
});

describe("a conflict with another process", () => {
  it("a write that conflicts with another process throws, marks the step to be sent again, and keeps the new id", async () => {
    const theirs = overtaken(ledger, () => ({ user: "theirs", rules: { maxDistance: "theirs" }, at: 9 }));
    const writer = await writerOf(theirs);
    writer.keep(entry({ id: "77" }), "user");
    await expect(writer.write(writer.entry)).rejects.toBeInstanceOf(EntryConflict);
    expect(await ledger.get("ACC-1")).toMatchObject({
      id: "77",
      user: undefined,
      rules: { maxDistance: "theirs" },
      revision: 2,
    });
  });

  it("if another process has written the entry, a write adds a doubt about the write's own request to the new entry, but no older doubt", async () => {
    for (const [before, doubtedAt] of [
      [3, 9],
      [3, 3],
    ] as const) {
      ledger = memoryLedger();
      await setEntry(ledger, "ACC-1", entry({ revision: 1, doubtedAt: before }));
      const writer = await writerOf();
      await setEntry(ledger, "ACC-1", entry({ revision: 2 }));
      writer.keep(entry({ doubtedAt }), "user");
      await expect(writer.write(writer.entry)).rejects.toThrow(EntryConflict);
      expect((await ledger.get("ACC-1"))?.doubtedAt).toBe(doubtedAt === before ? undefined : doubtedAt);
    }
  });

  it("a write that conflicts with another process keeps the id that the other process has written", async () => {
    const writer = await writerOf(overtaken(ledger, () => entry({ id: "theirs" })));
    writer.keep(entry({ id: "77" }), "user");
    await expect(writer.write(writer.entry)).rejects.toBeInstanceOf(EntryConflict);
    expect(await ledger.get("ACC-1")).toMatchObject({ id: "theirs", user: undefined });
  });

  it("if a write that concerns no step conflicts with another process, the entry of that process is not changed", async () => {
    const writer = await writerOf(overtaken(ledger, () => entry({ user: "theirs" })));
    await expect(writer.write(entry({ missingSince: 9 }))).rejects.toBeInstanceOf(EntryConflict);
    expect(await ledger.get("ACC-1")).toEqual(entry({ user: "theirs", revision: 1 }));
    expect(writer.entry).toEqual(entry({ user: "theirs", revision: 1 }));
  });
});

describe("forget() of an entry writer", () => {
  it("forget() removes the step from the entry, and keeps other steps and the writes of other processes", async () => {
    await setEntry(ledger, "ACC-1", entry({ rules: { maxDistance: "a", profileTypes: "b" } }));
    const theirs = (stored: LedgerEntry): LedgerEntry => ({ ...stored, version: 3 });
    const writer = await writerOf(overtaken(ledger, theirs, 5));
    await writer.forget("maxDistance");
    expect(await ledger.get("ACC-1")).toMatchObject({ user: "hash", rules: { profileTypes: "b" }, version: 3 });
    expect((await ledger.get("ACC-1"))?.rules).not.toHaveProperty("maxDistance");
  });

  it("forget() writes nothing if the entry does not have the step", async () => {
    await setEntry(ledger, "ACC-1", entry({ user: undefined, revision: 4 }));
    const writer = await writerOf();
    await writer.forget("user");
    await writer.forget("maxDistance");
    expect(await ledger.get("ACC-1")).toEqual(entry({ user: undefined, revision: 4 }));
  });

  it("forget() throws ledger_conflict if other processes never stop writing the entry", async () => {
    await setEntry(ledger, "ACC-1", entry());
    const writer = await writerOf(overtaken(ledger, (stored) => stored, Number.POSITIVE_INFINITY));
    expect(await failureOf(writer.forget("user"))).toMatchObject({ code: "ledger_conflict", retryable: true });
  });
});

describe("an id that belongs to another user", () => {
  it("an id that belongs to another user is forgotten with all that was accepted under it", async () => {
    await setEntry(ledger, "ACC-1", entry({ fields: { phone: "1" }, rules: { maxDistance: "a" }, version: 2 }));
    const writer = await writerOf();
    await writer.forgetId("1");
    expect(await ledger.get("ACC-1")).toEqual({
      id: undefined,
      user: undefined,
      rules: {},
      at: 5,
      version: 2,
      revision: 1,
    });
  });

  it("an id that belongs to another user is not removed if another process has stored a different id since", async () => {
    await setEntry(ledger, "ACC-1", entry());
    const writer = await writerOf();
    await setEntry(ledger, "ACC-1", entry({ id: "2" }));
    await writer.forgetId("1");
    expect(await ledger.get("ACC-1")).toEqual(entry({ id: "2" }));
  });
});

describe("a refusal that no longer counts", () => {
  const held = { step: "maxDistance", hash: "x", code: "refused", at: 1 } as const;

  it("withoutHeld() removes the refusal of one step from the entry, and keeps the refusals of other steps", () => {
    const both = entry({ held: { maxDistance: held, user: { ...held, step: "user" } } });
    expect(withoutHeld(both, "maxDistance")).toEqual(entry({ held: { user: { ...held, step: "user" } } }));
    expect(withoutHeld(entry({ held: { maxDistance: held } }), "maxDistance")).toEqual(entry({ held: undefined }));
    expect(withoutHeld(both, "profileTypes")).toBe(both);
  });
});

describe("the doubt of an attempt that has ended", () => {
  const attempt = { at: 9, before: entry({ doubtedAt: 3, creationDoubtedAt: 2 }) };
  const noted = entry({ doubtedAt: 9, creationDoubtedAt: 9 });

  it("the doubt of an attempt is removed, and the doubt from before the attempt is put back", () => {
    expect(withoutAttempt(noted, attempt, undefined)).toEqual(attempt.before);
    const settled = { ...attempt, before: entry() };
    expect(withoutAttempt(noted, settled, undefined)).toEqual(entry());
  });

  it("if the attempt left only a doubt about updates, this doubt stays and the doubt about a creation is removed, so that the next attempt may create the user at once", () => {
    expect(withoutAttempt(noted, attempt, { doubtedAt: 9 })).toEqual({ ...noted, creationDoubtedAt: 2 });
    expect(withoutAttempt(noted, attempt, { doubtedAt: 9, creationDoubtedAt: 9 })).toBeUndefined();
  });

  it("a doubt that another process has noted meanwhile stays", () => {
    expect(withoutAttempt(entry({ doubtedAt: 8, creationDoubtedAt: 8 }), attempt, undefined)).toBeUndefined();
  });
});
