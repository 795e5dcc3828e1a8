import { beforeEach, describe, expect, it } from "vitest";
import { damagedEntry } from "../../src/ledger/entry.ts";
import type { Ledger, LedgerEntry } from "../../src/ledger/ledger.ts";
import { memoryLedger } from "../../src/ledger/memory.ts";
import { isNews, noteMissing, notePresence } from "../../src/reconcile/presence.ts";
import { overtaken } from "../support/entries.ts";
import { failureOf } from "../support/failure.ts";

let ledger: Ledger;
beforeEach(() => {
  ledger = memoryLedger();
});

const entry = (more: Partial<LedgerEntry> = {}): LedgerEntry => ({ id: "1", rules: {}, at: 5, revision: 1, ...more });

describe("a version is news to an entry", () => {
  it.each<[entry: number | string | undefined, version: number | string | undefined, isNews: boolean]>([
    [undefined, undefined, false],
    [undefined, 1, true],
    [1, undefined, false],
    [1, 2, true],
    [1, 1, false],
    [2, 1, false],
    ["2026-01-09T08:00:00Z", 1, true],
  ])("with version %j when the user has %j: %j", (version, newer, expected) => {
    expect(isNews(entry({ version }), newer)).toBe(expected);
  });

  it("whatever the version if the user was missing", () => {
    expect(isNews(entry({ version: 2, missingSince: 1 }), undefined)).toBe(true);
    expect(isNews(entry({ version: 2, missingSince: 1 }), 2)).toBe(true);
  });
});

describe("a user that the source has", () => {
  it("is not missing any more, and its entry has the newest version", async () => {
    await ledger.set("ACC-1", entry({ version: 2, missingSince: 9 }));
    await notePresence(ledger, "ACC-1", 3);
    expect(await ledger.get("ACC-1")).toEqual(entry({ version: 3, missingSince: undefined, revision: 2 }));
  });

  it("keeps the newest version, also if the source has an older one or none", async () => {
    for (const version of [1, undefined]) {
      await ledger.set("ACC-1", entry({ version: 2, missingSince: 9 }));
      await notePresence(ledger, "ACC-1", version);
      expect(await ledger.get("ACC-1")).toMatchObject({ version: 2, missingSince: undefined });
    }
  });

  it("is not written if there is no news, no entry, or an entry that cannot be trusted", async () => {
    await ledger.set("ACC-1", entry({ version: 2 }));
    await notePresence(ledger, "ACC-1", 2);
    expect(await ledger.get("ACC-1")).toEqual(entry({ version: 2 }));
    await notePresence(ledger, "ACC-2", 1);
    expect(await ledger.get("ACC-2")).toBeUndefined();
    await ledger.set("ACC-3", damagedEntry);
    await notePresence(ledger, "ACC-3", 1);
    expect(await ledger.get("ACC-3")).toEqual(damagedEntry);
  });
});

describe("a user that the source does not have", () => {
  it("is missing since the first time", async () => {
    await ledger.set("ACC-1", entry());
    await noteMissing(ledger, "ACC-1", 100);
    expect(await ledger.get("ACC-1")).toEqual(entry({ missingSince: 100, revision: 2 }));
    await noteMissing(ledger, "ACC-1", 200);
    expect(await ledger.get("ACC-1")).toEqual(entry({ missingSince: 100, revision: 2 }));
  });

  it("is noted over what other processes write at the same moment", async () => {
    await ledger.set("ACC-1", entry());
    await noteMissing(
      overtaken(ledger, (stored) => ({ ...stored, user: "theirs" }), 3),
      "ACC-1",
      100,
    );
    expect(await ledger.get("ACC-1")).toMatchObject({ user: "theirs", missingSince: 100 });
  });

  it("is left to the next run if other processes never stop writing", async () => {
    await ledger.set("ACC-1", entry());
    await noteMissing(
      overtaken(ledger, (stored) => stored, Number.POSITIVE_INFINITY),
      "ACC-1",
      100,
    );
    expect((await ledger.get("ACC-1"))?.missingSince).toBeUndefined();
  });

  it("is not noted if the ledger cannot be written, which is ledger_unavailable", async () => {
    await ledger.set("ACC-1", entry());
    const full: Ledger = {
      ...ledger,
      replace: async () => {
        throw new Error("no space left");
      },
    };
    expect(await failureOf(noteMissing(full, "ACC-1", 100))).toMatchObject({ code: "ledger_unavailable" });
  });
});
