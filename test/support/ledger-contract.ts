import { describe, expect, it } from "vitest";
import type { Ledger, LedgerEntry } from "../../src/sync/index.ts";

export function entry(id: string, more: Partial<LedgerEntry> = {}): LedgerEntry {
  return { id, user: `hash of ${id}`, fields: { email: "abc" }, rules: { maxDistance: "hash" }, at: 1, ...more };
}

export async function entriesOf(ledger: Ledger): Promise<(readonly [string, LedgerEntry])[]> {
  const entries = [];
  for await (const pair of ledger.entries()) entries.push(pair);
  return entries.sort(([a], [b]) => (a < b ? -1 : 1));
}

/** What every ledger does. */
export function describeLedger(name: string, open: () => Promise<Ledger>): void {
  describe(name, () => {
    it("keeps what was set last, of any account number, and nothing else", async () => {
      const ledger = await open();
      const names = ["ACC-1", "a:b", "keyv:c", "user/d", "é €", "", ".", "100001"];
      for (const name of names) await ledger.set(name, entry("first"));
      for (const name of names) await ledger.set(name, entry(name, { version: 2, missingSince: 3 }));
      for (const name of names)
        expect(await ledger.get(name), name).toEqual(entry(name, { version: 2, missingSince: 3 }));
      expect(await ledger.get("nobody")).toBeUndefined();
      expect((await entriesOf(ledger)).map(([name]) => name)).toEqual([...names].sort());
      await ledger.close();
    });

    it("lists more than a page, also while it is written", async () => {
      const ledger = await open();
      for (let number = 0; number < 1200; number += 1) await ledger.set(`ACC-${number}`, entry(String(number)));
      let listed = 0;
      for await (const [accountNumber, { id }] of ledger.entries()) {
        if (listed === 0) await ledger.set("ACC-0", entry("0"));
        expect(accountNumber).toBe(`ACC-${id}`);
        listed += 1;
      }
      expect(listed).toBe(1200);
      await ledger.close();
    });
  });
}
