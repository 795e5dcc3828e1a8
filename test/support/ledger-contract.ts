import { describe, expect, it } from "vitest";
import {
  type Closeable,
  forgetUser,
  type Ledger,
  type LedgerEntry,
  type LedgerStore,
  moveUsers,
} from "../../src/sync/index.ts";
import { ledgerContract } from "../../src/testing/index.ts";

export function entry(id: string, more: Partial<LedgerEntry> = {}): LedgerEntry {
  return { id, user: `hash of ${id}`, fields: "abc email", rules: { maxDistance: "hash" }, at: 1, ...more };
}

export async function entriesOf(ledger: Ledger): Promise<(readonly [string, LedgerEntry])[]> {
  const entries = [];
  for await (const pair of ledger.entries()) entries.push(pair);
  return entries.sort(([a], [b]) => (a < b ? -1 : 1));
}

// Only the methods that a store must have.
export function smallStore(stored = new Map<string, string>()): LedgerStore {
  return {
    get: async (accountNumber) => {
      const text = stored.get(accountNumber);
      return text === undefined ? undefined : JSON.parse(text);
    },
    replace: async (accountNumber, expectedRevision, changed) => {
      const before: LedgerEntry = JSON.parse(stored.get(accountNumber) ?? "{}");
      if ((before.revision ?? 0) !== expectedRevision) return false;
      stored.set(accountNumber, JSON.stringify(changed));
      return true;
    },
    async *entries() {
      for (const [accountNumber, text] of [...stored]) yield [accountNumber, JSON.parse(text)] as const;
    },
  };
}

export function describeLedger(name: string, open: () => Promise<Ledger & Closeable>): void {
  describe(name, () => {
    for (const { name, run } of ledgerContract(open)) it(name, run);
  });
}

export interface OpenedStore {
  readonly ledger: Ledger & Closeable;
  stored(): Promise<string>;
}

export function describeErasing(name: string, open: () => Promise<OpenedStore>): void {
  describe(name, () => {
    it("a ledger leaves no byte of a forgotten user in its store, even after a move of that user", async () => {
      const { ledger, stored } = await open();
      const names = ["ACC-3", "ACC-4", "ACC-5"];
      for (const [number, account] of names.entries()) {
        const body = { zipCodes: [`secret-${number}`] };
        const accepted = {
          user: "hash",
          country: "FR",
          zipCode: "75001",
          rules: { geographical: { hash: "h", body } },
        };
        await ledger.replace(account, 0, entry(account, { accepted }));
      }
      await moveUsers(ledger, [["ACC-5", "NEW-5"]]);
      for (const account of ["ACC-3", "ACC-5", "NEW-5"]) expect(await forgetUser(ledger, account)).toBe(true);
      await ledger.close();
      const text = await stored();
      expect([0, 1, 2].map((number) => text.includes(`secret-${number}`))).toEqual([false, true, false]);
    });
  });
}
