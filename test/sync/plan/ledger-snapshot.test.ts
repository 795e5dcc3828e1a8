import { expect, it } from "vitest";
import { damagedEntry } from "../../../src/ledger/entry.ts";
import type { Ledger, LedgerEntry } from "../../../src/ledger/ledger.ts";
import { memoryLedger } from "../../../src/ledger/memory.ts";
import { LedgerSnapshot, SharedTexts, SnapshotEntry } from "../../../src/sync/plan/ledger-snapshot.ts";
import { failureOf } from "../../support/failure.ts";
import { planning, snapshotOf, usersOf } from "../../support/judging.ts";
import { user } from "../../support/users.ts";

const entry = (more: Partial<LedgerEntry> = {}): LedgerEntry => ({ id: "1", user: "hash", rules: {}, at: 5, ...more });

it("a snapshot of the ledger counts the users that Oplead has, and those that can be compared", async () => {
  const snapshot = await snapshotOf({
    ...{ "ACC-1": entry(), "ACC-2": entry({ user: undefined, id: "2" }) },
    ...{ "ACC-3": entry({ missingSince: 4 }), "ACC-4": entry({ id: undefined }), "ACC-5": damagedEntry },
  });
  const { size, population, comparable, damaged } = snapshot;
  expect({ size, population, comparable, damaged }).toEqual({
    ...{ size: 5, population: 2, comparable: 1, damaged: ["ACC-5"] },
  });
});

it("a snapshot of the ledger knows when a unique value was given up last", async () => {
  expect((await snapshotOf({ "ACC-1": entry() })).valuesFreedAt).toBe(Number.NEGATIVE_INFINITY);
  const freed = { "ACC-1": entry({ valuesFreedAt: 7 }), "ACC-2": entry({ valuesFreedAt: 9 }), "ACC-3": entry() };
  expect((await snapshotOf(freed)).valuesFreedAt).toBe(9);
});

it("a snapshot of the ledger finds account numbers by id, and lists the users that the source lacks", async () => {
  const snapshot = await snapshotOf({
    ...{ "ACC-1": entry(), "ACC-2": entry({ id: "2", missingSince: 4 }), "ACC-3": entry({ id: undefined }) },
  });
  expect(snapshot.accountNumbersOf(new Set(["2", "9"]))).toEqual(new Map([["2", "ACC-2"]]));
  usersOf([{ user: user(1) }], snapshot);
  expect(snapshot.missing()).toMatchObject([{ accountNumber: "ACC-2", id: "2", missingSince: 4 }]);
});

it("reading the ledger ends with an error if the ledger fails or the caller aborts", async () => {
  const fails = (error: unknown): Ledger => ({
    ...memoryLedger(),
    // biome-ignore lint/correctness/useYield: it fails before the first entry
    async *entries() {
      throw error;
    },
  });
  const failure = await failureOf(LedgerSnapshot.read(fails(new Error("gone")), planning));
  expect(failure).toMatchObject({ code: "ledger_unavailable", message: expect.stringContaining("planSync") });
  expect(await failureOf(LedgerSnapshot.read(fails(failure), planning))).toBe(failure);
});

it("a compact entry, in which a plan holds a ledger entry, has all content of the ledger entry", () => {
  const full: LedgerEntry = {
    ...entry({
      revision: 3,
      version: 2,
      missingSince: 6,
      missingUntold: true,
      leaverDone: 7,
      segment: "Nord",
      fields: "a address.city\nb phone",
      identity: { login: "c", email: "d" },
    }),
    rules: { maxDistance: "x", profileTypes: "y" },
    held: { user: { step: "user", hash: "h", code: "refused", at: 1 } },
  };
  const compact = new SnapshotEntry("ACC-1", full, new SharedTexts());
  const names = Object.keys(full) as (keyof SnapshotEntry)[];
  expect(Object.fromEntries(names.map((name) => [name, compact[name]]))).toEqual(full);
  const plain = new SnapshotEntry("ACC-1", entry({ rules: { maxDistance: undefined } as never }), new SharedTexts());
  expect(plain.identity).toBeUndefined();
  expect(Object.keys(plain.rules)).toEqual([]);
});

it("compact entries share equal rules while few are shared", () => {
  const shared = new SharedTexts();
  const of = (hash: number) => new SnapshotEntry("ACC-1", entry({ rules: { maxDistance: `${hash}` } }), shared).rules;
  expect(of(1)).toBe(of(1));
  for (let hash = 2; hash <= 5_001; hash += 1) expect(of(hash)).toEqual({ maxDistance: `${hash}` });
  expect(of(5_000)).toBe(of(5_000));
  expect(of(5_001)).not.toBe(of(5_001));
});
