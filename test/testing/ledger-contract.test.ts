import { expect, it } from "vitest";
import { createLedger, type LedgerEntry, type LedgerStore, memoryLedger } from "../../src/sync/index.ts";
import { ledgerContract } from "../../src/testing/index.ts";

async function failures(store: () => LedgerStore) {
  const failed: string[] = [];
  for (const { name, run } of ledgerContract(() => createLedger(store()))) {
    await run().catch((error: Error) => failed.push(`${name}: ${error.message}`));
  }
  return failed;
}

function storeWith(
  mistake: (
    store: LedgerStore & { entries: LedgerStore["entries"] },
    at: Map<string, LedgerEntry>,
  ) => Partial<LedgerStore>,
) {
  return () => {
    const stored = new Map<string, LedgerEntry>();
    const store: LedgerStore = {
      get: async (accountNumber) => stored.get(accountNumber),
      replace: async (accountNumber, expected, entry) => {
        if ((stored.get(accountNumber)?.revision ?? 0) !== expected) return false;
        stored.set(accountNumber, structuredClone(entry));
        return true;
      },
      async *entries() {
        yield* [...stored];
      },
    };
    return { ...store, ...mistake(store, stored) };
  };
}

it("the contract of ledgers passes for a correct store, and no two of its tests have the same name", async () => {
  expect(await failures(storeWith(() => ({})))).toEqual([]);
  const names = ledgerContract(() => memoryLedger()).map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  expect(names.filter((name) => !/^A ledger .+/.test(name))).toEqual([]);
});

it.each<[string, ReturnType<typeof storeWith>, string]>([
  [
    "writes without comparing",
    storeWith((_, stored) => ({
      replace: async (accountNumber, _expected, entry) => {
        stored.set(accountNumber, entry);
        return true;
      },
    })),
    "only if it has the expected revision",
  ],
  [
    "compares and writes in two steps",
    storeWith((store) => ({
      replace: async (accountNumber, expected, entry) => {
        const isExpected = ((await store.get(accountNumber))?.revision ?? 0) === expected;
        await new Promise((resolve) => setImmediate(resolve));
        if (isExpected) await store.replace(accountNumber, (await store.get(accountNumber))?.revision ?? 0, entry);
        return isExpected;
      },
    })),
    "one of many writers replace an entry",
  ],
  [
    "does not tell small letters from capitals",
    storeWith((store) => ({
      get: (accountNumber) => store.get(accountNumber.toUpperCase()),
      replace: (accountNumber, ...rest) => store.replace(accountNumber.toUpperCase(), ...rest),
    })),
    "for any account number",
  ],
  [
    "cuts long texts off",
    storeWith((store) => ({
      replace: (accountNumber, expected, entry) =>
        JSON.stringify(entry).length > 65_535
          ? Promise.reject(new Error("too long"))
          : store.replace(accountNumber, expected, entry),
    })),
    "also long ones",
  ],
  [
    "keeps only fields that it knows",
    storeWith((store) => ({
      replace: (accountNumber, expected, { revision, id, user, fields, rules, version, at, missingSince, note }) =>
        store.replace(accountNumber, expected, {
          revision,
          id,
          user,
          fields,
          rules,
          version,
          at,
          missingSince,
          note,
        }),
    })),
    "keeps every part of an entry",
  ],
  [
    "lists only the first page of its entries",
    storeWith((_, stored) => ({
      async *entries() {
        yield* [...stored].slice(0, 1_000);
      },
    })),
    "lists each entry once",
  ],
  [
    "writes the second of two entries although the first is not as expected",
    storeWith((store) => ({
      replaceBoth: async (one, other) => {
        const done = [await store.replace(...one), await store.replace(...other)];
        return done.every(Boolean);
      },
    })),
    "replaces both or none",
  ],
  [
    "forgets facts when others are given",
    storeWith(() => {
      let info: object | undefined;
      return {
        getInfo: async () => info,
        setInfo: async (facts) => {
          info = facts;
        },
      };
    }),
    "keeps facts about itself",
  ],
  [
    "gives leases to everyone",
    storeWith(() => ({ lease: async () => ({ left: () => 1_000, release: async () => {} }) })),
    "one task at a time",
  ],
])("the contract of ledgers finds a store that %s", async (_, store, name) => {
  const failed = await failures(store);
  expect(failed.filter((text) => text.includes(name))).toHaveLength(1);
  expect(failed.join()).toMatch(/expected .*found|The ledger failed/s);
});

const TOLD = "tells account numbers of 300 characters apart";
const LETTERS = "differ only in accents or in their Unicode form";
it.each<[string, ReturnType<typeof storeWith>, string]>([
  ["cuts account numbers off after 255 characters", keyedBy((name) => name.slice(0, 255)), TOLD],
  ["keeps only the last 64 characters of account numbers", keyedBy((name) => name.slice(-64)), TOLD],
  ["composes letters and accents", keyedBy((name) => name.normalize("NFC")), LETTERS],
  ["decomposes letters and accents", keyedBy((name) => name.normalize("NFD")), LETTERS],
  [
    "keeps entries as the properties of an object",
    storeWith(() => {
      const stored: Record<string, LedgerEntry> = {};
      return {
        get: async (accountNumber) => stored[accountNumber],
        replace: async (accountNumber, expected, entry) => {
          if ((stored[accountNumber]?.revision ?? 0) !== expected) return false;
          stored[accountNumber] = structuredClone(entry);
          return true;
        },
        async *entries() {
          yield* Object.entries(stored);
        },
      };
    }),
    "for any account number",
  ],
  [
    "does not list account numbers that begin with a blank",
    storeWith((_, stored) => ({
      async *entries() {
        yield* [...stored].filter(([accountNumber]) => !accountNumber.startsWith(" "));
      },
    })),
    "lists account numbers that begin with a blank",
  ],
  ["lists by OFFSET, in the order of account numbers", pagedBy(byName), "also while entries are changed and added"],
  [
    "lists what it has listed before, until it has read the entries anew",
    storeWith((store) => {
      let known: NamedEntry[] | undefined;
      return {
        async *entries() {
          const read: NamedEntry[] = [];
          for await (const pair of store.entries()) read.push(pair);
          yield* known ?? read;
          known = read;
        },
      };
    }),
    "lists what was written before the listing, at once",
  ],
  [
    "frees whoever has the lease when a lease is released a second time",
    storeWith(() => {
      const held = new Set<string>();
      return {
        async lease(accountNumber, signal) {
          while (held.has(accountNumber)) {
            await new Promise((resolve) => setImmediate(resolve));
            signal.throwIfAborted();
          }
          held.add(accountNumber);
          return { left: () => 1_000, release: async () => void held.delete(accountNumber) };
        },
      };
    }),
    "keeps a user leased if the lease before is released a second time",
  ],
])(
  "exactly one test of the contract of ledgers fails for a store that %s, and its name says why",
  async (_, store, name) => {
    expect(await failures(store)).toEqual([expect.stringContaining(name)]);
  },
);

type NamedEntry = readonly [accountNumber: string, entry: LedgerEntry];

function byName([one]: NamedEntry, [other]: NamedEntry) {
  return one < other ? -1 : 1;
}

// A store that keeps another text instead of an account number.
function keyedBy(keyOf: (accountNumber: string) => string) {
  return storeWith((store) => ({
    get: (accountNumber) => store.get(keyOf(accountNumber)),
    replace: (accountNumber, ...rest) => store.replace(keyOf(accountNumber), ...rest),
  }));
}

function pagedBy(order: (one: NamedEntry, other: NamedEntry) => number) {
  return storeWith((_, stored) => ({
    async *entries() {
      for (let offset = 0; offset < stored.size; offset += 100) {
        yield* [...stored].sort(order).slice(offset, offset + 100);
      }
    },
  }));
}
