import type { Ledger } from "../../src/ledger/ledger.ts";
import { memoryLedger } from "../../src/ledger/memory.ts";
import { setEntry } from "./entries.ts";

export interface SharedLedger {
  // As another process opens it: without the locks of this one.
  open(): Ledger;
  // As an eviction in Redis does.
  evict(accountNumber: string): void;
  readonly leases: number;
}

export function sharedLedger(): SharedLedger {
  const memory = memoryLedger();
  const gone = new Set<string>();
  const turns = new Map<string, Promise<void>>();
  let leases = 0;
  const shared: Ledger = {
    ...memory,
    endsWithProcess: undefined,
    get: async (accountNumber) => (gone.has(accountNumber) ? undefined : memory.get(accountNumber)),
    async replace(accountNumber, expected, entry) {
      if (!gone.has(accountNumber)) return memory.replace(accountNumber, expected, entry);
      if (expected !== 0) return false;
      gone.delete(accountNumber);
      await setEntry(memory, accountNumber, entry);
      return true;
    },
    async lease(accountNumber, signal) {
      const before = turns.get(accountNumber);
      let end = (): void => {};
      const turn = new Promise<void>((resolve) => {
        end = resolve;
      });
      turns.set(accountNumber, before ? before.then(() => turn) : turn);
      await before;
      if (signal.aborted) end();
      signal.throwIfAborted();
      leases += 1;
      return { left: () => Number.POSITIVE_INFINITY, release: async () => end() };
    },
  };
  return {
    open: () => ({ ...shared }),
    evict: (accountNumber) => void gone.add(accountNumber),
    get leases() {
      return leases;
    },
  };
}
