import { type Closeable, closeable } from "../base/closeable.ts";
import type { Ledger, LedgerEntry, LedgerInfo } from "./ledger.ts";

/** A ledger that lasts as long as the process: for tests, and for sources so small that every run may send everything. */
export function memoryLedger(): Ledger & Closeable {
  const entries = new Map<string, LedgerEntry>();
  let info: LedgerInfo | undefined;
  return closeable({
    get: async (accountNumber) => entries.get(accountNumber),
    set: async (accountNumber, entry) => {
      entries.set(accountNumber, entry);
    },
    async *entries() {
      // A copy, so that an entry that is set while the list is read does not come up in the middle.
      yield* [...entries];
    },
    replace: async (accountNumber, expectedRevision, entry) => {
      if ((entries.get(accountNumber)?.revision ?? 0) !== expectedRevision) return false;
      entries.set(accountNumber, entry);
      return true;
    },
    getInfo: async () => info,
    setInfo: async (facts) => {
      info = { ...info, ...facts };
    },
    close: async () => {},
  });
}
