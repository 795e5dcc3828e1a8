import type { Closeable } from "../core/run-time.ts";
import { optionsCheck, options as optionsSchema } from "../core/validate.ts";
import { ledgerOf } from "./create-ledger.ts";
import { withFields } from "./entry.ts";
import type { Ledger, LedgerEntry, LedgerInfo, LedgerStore } from "./ledger.ts";
import { entryNotes } from "./notes.ts";
import { keyShape, type LedgerKeyOptions } from "./version.ts";

/**
 * A ledger that lasts as long as the process: for tests, and for sources so small that every run may send everything.
 *
 * @throws {@link OpleadError} `invalid_options`.
 */
export function memoryLedger(options: LedgerKeyOptions = {}): Ledger & Closeable {
  checkOptions(options);
  const store = memoryStore();
  return ledgerOf(store, options, entryNotes(store), "process");
}

const checkOptions = /* @__PURE__ */ optionsCheck<LedgerKeyOptions>("memoryLedger", () => optionsSchema(keyShape()));

function memoryStore(): LedgerStore {
  const entries = new Map<string, LedgerEntry>();
  let info: LedgerInfo | undefined;
  const revisionOf = (accountNumber: string): number => entries.get(accountNumber)?.revision ?? 0;
  return {
    get: async (accountNumber) => entries.get(accountNumber),
    async *entries() {
      // A copy, so that entries written meanwhile do not appear.
      yield* [...entries];
    },
    async replace(accountNumber, expectedRevision, entry) {
      if (revisionOf(accountNumber) !== expectedRevision) return false;
      entries.set(accountNumber, entry);
      return true;
    },
    async replaceBoth(...both) {
      if (both.some(([accountNumber, expected]) => revisionOf(accountNumber) !== expected)) return false;
      for (const [accountNumber, , entry] of both) entries.set(accountNumber, entry);
      return true;
    },
    getInfo: async () => info,
    setInfo: async (more) => {
      info = withFields(info, more);
    },
  };
}
