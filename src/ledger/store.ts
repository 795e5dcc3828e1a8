import type { Lease, LedgerEntry, LedgerInfo, Replacement } from "./ledger.ts";

/**
 * Where the entries of a ledger are kept. {@link createLedger} makes a ledger of it, with keys, checks of what was stored, and the
 * platform that the ledger belongs to. `ledgerContract` of `oplead-sdk/testing` says whether a store does what it must.
 *
 * An entry is plain JSON: keep it whole, also parts that this version of the package does not name. The package keeps facts of its own as
 * entries of account numbers that begin with a blank, which no user can have.
 *
 * **Without {@link LedgerStore.lease}, two processes that share the store at the same time can create a user twice**: both find that Oplead
 * does not have it. Then let one process at a time work with the store. The log warns once if another one is at work.
 */
export interface LedgerStore {
  get(accountNumber: string): Promise<LedgerEntry | undefined>;
  /**
   * Compare-and-set: writes the entry if the stored one has the expected revision. An absent entry has revision 0, and so has one without
   * a revision. Resolves to whether it was written, and when it is safe: what was reported as written must survive the process.
   */
  replace(accountNumber: string, expectedRevision: number, entry: LedgerEntry): Promise<boolean>;
  /** Every entry, in any order. Entries may be written while they are listed. */
  entries(): AsyncIterable<readonly [accountNumber: string, entry: LedgerEntry]>;
  /** {@link LedgerStore.replace} of two entries in one step: both are written, or neither, also if the process dies. */
  replaceBoth?(one: Replacement, other: Replacement): Promise<boolean>;
  /** The facts about the ledger. A store without `getInfo` and `setInfo` has them as an entry. */
  getInfo?(): Promise<LedgerInfo | undefined>;
  /** Stores the facts that are given; the others keep their values. */
  setInfo?(facts: Partial<LedgerInfo>): Promise<void>;
  /**
   * Waits until no other process works on the user, and keeps the others waiting until the lease is released, or this process has been gone
   * for some time. Rejects when the signal aborts.
   */
  lease?(accountNumber: string, signal: AbortSignal): Promise<Lease>;
  /** Releases what the store has opened. May be called twice. */
  close?(): Promise<void>;
}
