import type { Ledger, LedgerEntry } from "./ledger.ts";

/** A ledger that lasts as long as the process: for tests, and where every run may ask for every user. */
export function memoryLedger(): Ledger {
  const entries = new Map<string, LedgerEntry>();
  return {
    get: async (accountNumber) => entries.get(accountNumber),
    set: async (accountNumber, entry) => {
      entries.set(accountNumber, entry);
    },
    async *entries() {
      // A copy, so that what is set meanwhile does not come up in the middle.
      yield* [...entries];
    },
    close: async () => {},
  };
}
