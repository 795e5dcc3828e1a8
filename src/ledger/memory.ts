import { type Closeable, closeable } from "../base/closeable.ts";
import { optionsCheck, options as optionsSchema } from "../base/validation/validate.ts";
import { fingerprintsBy, keyShape, type LedgerKeyOptions } from "./fingerprints.ts";
import type { Ledger, LedgerEntry, LedgerInfo } from "./ledger.ts";

/**
 * A ledger that lasts as long as the process: for tests, and for sources so small that every run may send everything.
 *
 * @throws {@link OpleadError} `invalid_options`.
 */
export function memoryLedger(options: LedgerKeyOptions = {}): Ledger & Closeable {
  checkOptions(options);
  const entries = new Map<string, LedgerEntry>();
  let info: LedgerInfo | undefined;
  return closeable({
    ...fingerprintsBy(options),
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
    replaceBoth: async (...both) => {
      if (both.some(([name, expected]) => (entries.get(name)?.revision ?? 0) !== expected)) return false;
      for (const [name, , entry] of both) entries.set(name, entry);
      return true;
    },
    getInfo: async () => info,
    setInfo: async (facts) => {
      info = { ...info, ...facts };
    },
    close: async () => {},
  });
}

const checkOptions = optionsCheck<LedgerKeyOptions>("memoryLedger", () => optionsSchema(keyShape()));
