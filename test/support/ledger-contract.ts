import { describe, expect, it } from "vitest";
import { type Closeable, forgetUser, type Ledger, type LedgerEntry, moveUsers } from "../../src/sync/index.ts";

export function entry(id: string, more: Partial<LedgerEntry> = {}): LedgerEntry {
  return { id, user: `hash of ${id}`, fields: { email: "abc" }, rules: { maxDistance: "hash" }, at: 1, ...more };
}

export async function entriesOf(ledger: Ledger): Promise<(readonly [string, LedgerEntry])[]> {
  const entries = [];
  for await (const pair of ledger.entries()) entries.push(pair);
  return entries.sort(([a], [b]) => (a < b ? -1 : 1));
}

/** What every ledger does. `hasReplace` says whether it offers compare-and-set. */
export function describeLedger(name: string, open: () => Promise<Ledger & Closeable>, hasReplace = true): void {
  describe(name, () => {
    it.skipIf(!hasReplace)("replaces an entry only if it has the expected revision", async () => {
      const ledger = await open();
      const replace = ledger.replace as NonNullable<Ledger["replace"]>;
      expect(await replace("ACC-1", 1, entry("1", { revision: 2 }))).toBe(false);
      expect(await ledger.get("ACC-1")).toBeUndefined();
      expect(await replace("ACC-1", 0, entry("1", { revision: 1 }))).toBe(true);
      expect(await replace("ACC-1", 0, entry("2", { revision: 1 }))).toBe(false);
      expect(await replace("ACC-1", 1, entry("2", { revision: 2 }))).toBe(true);
      expect(await ledger.get("ACC-1")).toEqual(entry("2", { revision: 2 }));
      await ledger.set("ACC-2", entry("2"));
      expect(await replace("ACC-2", 0, entry("3", { revision: 1 }))).toBe(true);
      await ledger.close();
    });

    it.skipIf(!hasReplace)("lets one of many processes replace an entry that all of them have read", async () => {
      const ledger = await open();
      const tries = Array.from({ length: 20 }, (_, at) =>
        ledger.replace?.("ACC-1", 0, entry(`${at}`, { revision: 1 })),
      );
      expect((await Promise.all(tries)).filter(Boolean)).toHaveLength(1);
      await ledger.close();
    });

    it("replaces two entries if both have the expected revision, and otherwise none", async () => {
      const ledger = await open();
      const both = ledger.replaceBoth?.bind(ledger);
      expect(both === undefined).toBe(!hasReplace || ledger.replaceBoth === undefined);
      if (!both) return ledger.close();
      await ledger.set("ACC-1", entry("1", { revision: 3 }));
      const [first, second] = [entry("1", { revision: 4 }), entry("2", { revision: 1 })];
      expect(await both(["ACC-2", 1, second], ["ACC-1", 3, first])).toBe(false);
      expect(await both(["ACC-2", 0, second], ["ACC-1", 2, first])).toBe(false);
      expect(await entriesOf(ledger)).toEqual([["ACC-1", entry("1", { revision: 3 })]]);
      const tries = [both(["ACC-2", 0, second], ["ACC-1", 3, first]), both(["ACC-1", 3, first], ["ACC-2", 0, second])];
      expect((await Promise.all(tries)).filter(Boolean)).toHaveLength(1);
      expect(await entriesOf(ledger)).toEqual([
        ["ACC-1", first],
        ["ACC-2", second],
      ]);
      await ledger.close();
    });

    it("keeps facts about itself until they are given again, and lists no entry for them", async () => {
      const ledger = await open();
      expect(await ledger.getInfo?.()).toBeUndefined();
      await ledger.setInfo?.({ platform: { baseUrl: "https://a.example", name: "staging" } });
      await ledger.setInfo?.({ lastRunAt: 5, entries: 7, runs: 3, lastRunId: "run", alerts: "{}" });
      await ledger.setInfo?.({ lastRunAt: 6 });
      expect(await ledger.getInfo?.()).toMatchObject({
        platform: { baseUrl: "https://a.example", name: "staging" },
        lastRunAt: 6,
        entries: 7,
        runs: 3,
        lastRunId: "run",
        alerts: "{}",
      });
      expect(await entriesOf(ledger)).toEqual([]);
      await ledger.close();
    });

    it("keeps the entry that was set last, for any account number, and nothing else", async () => {
      const ledger = await open();
      const names = ["ACC-1", "a:b", "keyv:c", "user/d", "é €", "info", ".", "100001"];
      for (const name of names) await ledger.set(name, entry("first"));
      for (const name of names) await ledger.set(name, entry(name, { version: 2, missingSince: 3 }));
      for (const name of names)
        expect(await ledger.get(name), name).toEqual(entry(name, { version: 2, missingSince: 3 }));
      expect(await ledger.get("unknown")).toBeUndefined();
      expect((await entriesOf(ledger)).map(([name]) => name)).toEqual([...names].sort());
      await ledger.close();
    });

    it("keeps the rules, country, postcode and segment of a user for policies, until the user is forgotten", async () => {
      const ledger = await open();
      const rules = {
        maxDistance: { hash: "hash", body: { maxDistance: 40 } },
        geographical: { hash: "h", body: { handledCountries: [{ handledCountry: { code: "FR" } }] } },
        profileTypes: { hash: "h", body: [] },
      };
      const kept = { accepted: { user: "hash", country: "FR", zipCode: "01000", rules }, segment: "Bretagne «é»" };
      const full = entry("1", { ...kept, revision: 1 });
      if (ledger.replace) await ledger.replace("ACC-1", 0, full);
      else await ledger.set("ACC-1", full);
      await ledger.set("ACC-2", entry("2"));
      expect(await entriesOf(ledger)).toEqual([
        ["ACC-1", full],
        ["ACC-2", entry("2")],
      ]);
      expect(await forgetUser(ledger, "ACC-1")).toBe(true);
      expect(JSON.stringify(await entriesOf(ledger))).not.toMatch(/01000|handled|Bretagne/);
      // What is left of a user whose id turned out to be another's.
      await ledger.set("ACC-2", { rules: {}, at: 1, ...kept });
      expect(await forgetUser(ledger, "ACC-2")).toBe(true);
      expect(JSON.stringify(await ledger.get("ACC-2"))).not.toMatch(/01000|handled|Bretagne/);
      await ledger.close();
    });

    it("is closed by await using, and may be closed again", async () => {
      const ledger = await open();
      {
        await using used = ledger;
        await used.set("ACC-1", entry("1"));
      }
      await ledger.close();
    });

    it("lists more entries than a page, also while they are written", async () => {
      const ledger = await open();
      // At once: one after the other would wait for the disk 1,200 times.
      const numbers = Array.from({ length: 1200 }, (_, number) => number);
      await Promise.all(numbers.map((number) => ledger.set(`ACC-${number}`, entry(String(number)))));
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

/** A ledger whose store a test can look into. */
export interface OpenedStore {
  readonly ledger: Ledger & Closeable;
  /** Everything that the store holds, after the ledger was closed. */
  stored(): Promise<string>;
}

/** What every ledger does with what it keeps of a user, in its own store. */
export function describeErasing(name: string, open: () => Promise<OpenedStore>): void {
  describe(name, () => {
    it("leaves no byte of what it kept of a user that is forgotten, also after a move", async () => {
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
        await ledger.set(account, entry(account, { accepted }));
      }
      await moveUsers(ledger, [["ACC-5", "NEW-5"]]);
      for (const account of ["ACC-3", "ACC-5", "NEW-5"]) expect(await forgetUser(ledger, account)).toBe(true);
      await ledger.close();
      const text = await stored();
      expect([0, 1, 2].map((number) => text.includes(`secret-${number}`))).toEqual([false, true, false]);
    });
  });
}
