import { isOpleadError, OpleadError } from "../core/errors.ts";
import { issueAt, type OpleadIssue, type ValueProblem } from "../core/issues.ts";
import type { OpleadErrorCode } from "../core/names.ts";
import type { RuleName, SyncStep } from "../rules/types.ts";
import type { Fingerprints, LedgerKeyPlace, Version } from "./version.ts";

export interface StoredRefusal {
  readonly step: SyncStep;
  // Of the refused content.
  readonly hash: string;
  readonly code: OpleadErrorCode;
  // HTTP status.
  readonly status?: number | undefined;
  // Paths of the fields that Oplead named, if any.
  readonly fields?: readonly string[] | undefined;
  // When the last refused attempt began, in milliseconds since 1970.
  readonly at: number;
  // When this content was refused for the first time, if it was sent again later.
  readonly firstAt?: number | undefined;
  // For the step `user`: hash of the parent's ID and content at the time. The step is tried again if they change.
  // Undefined if Oplead did not have the parent.
  readonly parentState?: string | undefined;
  // For the step `user`: account number of a parent that Oplead perhaps lacked.
  readonly waitsFor?: string | undefined;
}

export interface AcceptedRules {
  // Hash of the user that country and postcode belong to. If `LedgerEntry.user` is another one, they are not known.
  readonly user?: string | undefined;
  readonly country?: string | undefined;
  readonly zipCode?: string | undefined;
  // Each rule as it was sent. If `LedgerEntry.rules` has another hash, its content is not known.
  readonly rules: Readonly<Partial<Record<RuleName, { readonly hash: string; readonly body: unknown }>>>;
}

/**
 * What the ledger remembers about one user: the rules, the country and the postcode that were sent, and hashes of the
 * rest (SHA-256 over canonical JSON).
 */
export interface LedgerEntry {
  /** Number of writes; 0 if missing. */
  readonly revision?: number | undefined;
  /** Oplead ID. Undefined until Oplead has accepted the user. */
  readonly id?: string | undefined;
  /** @internal Hash of the user that Oplead accepted last. */
  readonly user?: string | undefined;
  /** @internal
   * A line for each field: its keyed fingerprint and its path. It depends on the Oplead ID, so that equal values of two
   * users do not look equal.
   */
  readonly fields?: string | undefined;
  /** @internal
   * For 45 days, of each changed field and rule: the former fingerprint or hash, cut, and the day since 1970, in base 36.
   */
  readonly was?: Readonly<Record<string, string>> | undefined;
  /** @internal Name of the key of `fields`, `was` and `identity`. */
  readonly key?: string | undefined;
  /** @internal Keyed fingerprints of login and e-mail address, without regard to case and outer spaces. */
  readonly identity?: { readonly login?: string | undefined; readonly email?: string | undefined } | undefined;
  /** @internal Hash of each rule that Oplead accepted last. */
  readonly rules: Readonly<Partial<Record<RuleName, string>>>;
  /** Newest version that was reconciled. */
  readonly version?: Version | undefined;
  /**
   * When Oplead last accepted the user or a rule of it, in milliseconds since 1970. If it never did: when it last
   * refused the user.
   */
  readonly at: number;
  /** @internal When Oplead accepted the oldest of its steps, in milliseconds since 1970, if not at {@link LedgerEntry.at}. */
  readonly confirmedAt?: number | undefined;
  /** @internal */
  readonly held?: Readonly<Partial<Record<SyncStep, StoredRefusal>>> | undefined;
  /** @internal
   * When the user last gave up a login or an e-mail address, in milliseconds since 1970: a user that was refused for it
   * is sent again.
   */
  readonly valuesFreedAt?: number | undefined;
  /** Account number before a move, until Oplead has the new one. */
  readonly movedFrom?: string | undefined;
  /** Account number since a move. Such an entry has no id, and nothing is sent for it. */
  readonly movedTo?: string | undefined;
  /** When a full source first lacked the user, in milliseconds since 1970. */
  readonly missingSince?: number | undefined;
  /** @internal True if {@link ApplyOptions.onMissing} must still be called. */
  readonly missingUntold?: true | undefined;
  /** When an administrator had dealt with the leaver in Oplead, in milliseconds since 1970. */
  readonly leaverDone?: number | undefined;
  /** @internal Requests that may still arrive at Oplead. Once it is settled, everything is sent once more. */
  readonly intent?: Intent | undefined;
  /** Result of {@link GuardOptions.segments} in the last full run. */
  readonly segment?: string | undefined;
  /** Result of {@link PolicyCoverage.receives} in the last run. */
  readonly receives?: boolean | undefined;
  /** @internal Data that looked wrong and was sent nevertheless: for which state, and since when. */
  readonly suspicious?:
    | { readonly of: string; readonly since: number; readonly issues: readonly OpleadIssue[] }
    | undefined;
  /** @internal */
  readonly accepted?: AcceptedRules | undefined;
  /** @internal A fact of the package beside the users, under a number that no user can have. */
  readonly note?: string | undefined;
  /** @internal True if the entry cannot be trusted. It has no other facts: its user is looked up by number and sent again. */
  readonly damaged?: true | undefined;
}

export interface Intent {
  // No request was sent after this time, in milliseconds since 1970. While `open`: the beginning; requests may follow
  // for 30 minutes.
  readonly at: number;
  // True until the reconciliation has ended; stays if the process is killed.
  readonly open?: true | undefined;
  // Without an id: when a creation may have been sent last. `sent`: a creation was sent, and its answer was lost.
  readonly creates?: { readonly at: number; readonly sent?: true | undefined } | undefined;
}

export type Replacement = Readonly<Parameters<LedgerStore["replace"]>>;

/** The platform that a ledger belongs to. */
export interface LedgerPlatform {
  readonly baseUrl: string;
  /** {@link Platform.name}: tells platforms with one base URL apart. */
  readonly name?: string | undefined;
}

export interface StorePosition {
  // A replica that takes over begins a history with a new id.
  readonly id: string;
  readonly offset: number;
  // For a replica that took over: the history that it copied, up to `previousOffset`.
  readonly previousId?: string | undefined;
  readonly previousOffset?: number | undefined;
}

export interface LedgerInfo {
  // Platform whose users the ledger remembers. Undefined until the first use.
  readonly platform?: LedgerPlatform | undefined;
  // End of the last complete run, in milliseconds since 1970.
  readonly lastRunAt?: number | undefined;
  // Entries that told anything about a user after the last complete run. If there are fewer now, entries were lost.
  readonly entries?: number | undefined;
  // Runs that have ended, and the last of them: an older copy knows fewer.
  readonly runs?: number | undefined;
  readonly lastRunId?: string | undefined;
  // Problems of the last run: six letters and digits for each, at most 10,000.
  readonly problems?: string | undefined;
  // Records without an account number in the last full reading. Each may be a user that looks missing.
  readonly unidentified?: number | undefined;
  // Record of `notifiers`, as JSON, without addresses.
  readonly alerts?: string | undefined;
  // Beginning of the last reading whose records all arrived, in milliseconds since 1970: `SyncOptions.incremental`.
  readonly readAt?: number | undefined;
  // Beginning of the last full reading, in milliseconds since 1970.
  readonly fullyReadAt?: number | undefined;
  // Last change of the file that the last full run read, in milliseconds since 1970.
  readonly sourceAt?: number | undefined;
  // Beginning of the last run that sent unchanged users again, in milliseconds since 1970: `SyncOptions.refreshAfterDays`.
  readonly refreshedAt?: number | undefined;
  // Added by a store that knows it.
  readonly position?: StorePosition | undefined;
}

/** The right of one process to work on a user. */
export interface Lease {
  /** Milliseconds until another process may take over. At 0 or below nothing more is sent. */
  left(): number;
  /** Gives the lease back. A second call must not free the next holder. */
  release(): Promise<void>;
}

// `isLast`: nothing else is sent or written after this write.
export interface EntryAccess extends Pick<Ledger, "get"> {
  replace(accountNumber: string, expectedRevision: number, entry: LedgerEntry, isLast?: boolean): Promise<boolean>;
}

// A lease that brings the entry; the last write gives it back. `LedgerStore` has none: stores work without.
export interface EntryLease extends Lease {
  readonly access: EntryAccess;
}

type TakeEntryLease = (accountNumber: string, signal: AbortSignal) => Promise<EntryLease>;

// Ledgers that wrap one of these are not in the map.
const entryLeases = new WeakMap<Ledger, TakeEntryLease>();

export function addEntryLeases(ledger: Ledger, take: TakeEntryLease): void {
  entryLeases.set(ledger, take);
}

export function leasesOf(
  ledger: Ledger,
): ((accountNumber: string, signal: AbortSignal) => Promise<Lease & Partial<EntryLease>>) | undefined {
  return entryLeases.get(ledger) ?? ledger.lease?.bind(ledger);
}

type Entry = readonly [accountNumber: string, entry: LedgerEntry];

const LISTS = Symbol("lists");

interface InLists extends AsyncIterable<Entry> {
  readonly [LISTS]?: () => AsyncIterable<readonly Entry[]>;
}

// Lists take fewer promises.
export function inLists(lists: () => AsyncIterable<readonly Entry[]>): InLists {
  return {
    [LISTS]: lists,
    async *[Symbol.asyncIterator]() {
      for await (const list of lists()) yield* list;
    },
  };
}

export async function* listsOf(entries: InLists): AsyncIterable<readonly Entry[]> {
  const lists = entries[LISTS];
  if (lists) yield* lists();
  else for await (const entry of entries) yield [entry];
}

export type LedgerNote = "key" | "pause" | "approval";

/**
 * The memory of what Oplead has accepted, by account number. Users without an entry are looked up in Oplead by account
 * number, and created if Oplead does not have them. Without its entry, a user that has no account number in Oplead
 * would be created a second time, so back up the ids.
 *
 * `memoryLedger`, `fileLedger` and `redisLedger` make one, and {@link createLedger} makes one from any
 * other store.
 */
export interface Ledger {
  get(accountNumber: string): Promise<LedgerEntry | undefined>;
  /** Every entry, in any order. */
  entries(): AsyncIterable<readonly [accountNumber: string, entry: LedgerEntry]>;
  /** @internal
   * Compare-and-set: writes the entry if the stored one has the expected revision; 0: none. Resolves to whether it was
   * written, once it survives the end of the process.
   */
  replace(accountNumber: string, expectedRevision: number, entry: LedgerEntry): Promise<boolean>;
  /** @internal Compare-and-set of both entries or neither, even if the process dies. */
  replaceBoth?(one: Replacement, other: Replacement): Promise<boolean>;
  /** @internal
   * Waits until no other process works on the user, and keeps others waiting until the release, or until this process
   * has been gone for some time. Rejects when the signal aborts.
   */
  lease?(accountNumber: string, signal: AbortSignal): Promise<Lease>;
  /** @internal Where the key of the ledger comes from. */
  readonly keyPlace: LedgerKeyPlace;
  /** @internal True if the ledger ends with this process, as `memoryLedger` does. */
  readonly endsWithProcess?: boolean | undefined;
  /** @internal Makes keyed fingerprints. `isWriting`: a ledger without a key makes and stores one. */
  fingerprints(isWriting?: boolean): Promise<Fingerprints>;
  /** @internal */
  getInfo(): Promise<LedgerInfo | undefined>;
  /** @internal Stores these fields of {@link LedgerInfo}, and keeps the others. */
  setInfo(info: Partial<LedgerInfo>): Promise<void>;
  /** @internal a text beside the entries. */
  readNote(name: LedgerNote): Promise<string | undefined>;
  /** @internal
   * writes `value`, or removes the note without one, if the stored note is `expected`. Resolves
   * to whether it was.
   */
  writeNote(name: LedgerNote, expected: string | undefined, value: string | undefined): Promise<boolean>;
  /** @internal
   * notes that this process works with the store, and resolves to another process that did.
   * Only without leases, where processes can share the store.
   */
  noteAtWork?(): Promise<{ readonly pid: number | undefined; readonly at: number } | undefined>;
  close(): Promise<void>;
}

/**
 * Where the entries of a ledger are kept. {@link createLedger} makes a ledger from it, with keys, checks of stored
 * values, and the platform that the ledger belongs to. `ledgerContract` of `oplead-sdk/testing` tests whether a store
 * behaves as required.
 *
 * An entry is plain JSON. Keep all of it, even parts that this version of the package does not name. The package keeps
 * facts of its own as entries of account numbers that begin with a blank, which no user can have.
 *
 * **Without {@link LedgerStore.lease}, two processes that share the store at the same time can create a user twice**:
 * both processes find that Oplead does not have the user. So without leases, let only one process at a time work with
 * the store. The log warns once if another process works with it.
 */
export interface LedgerStore {
  get(accountNumber: string): Promise<LedgerEntry | undefined>;
  /**
   * Compare-and-set: writes the entry if the stored one has the expected revision; 0: none. Resolves to whether it was
   * written, once it survives the end of the process.
   */
  replace(accountNumber: string, expectedRevision: number, entry: LedgerEntry): Promise<boolean>;
  /** Every entry, in any order. Entries may be written meanwhile. */
  entries(): AsyncIterable<readonly [accountNumber: string, entry: LedgerEntry]>;
  /** {@link LedgerStore.replace} for both entries or neither, even if the process dies. */
  replaceBoth?(
    one: Readonly<Parameters<LedgerStore["replace"]>>,
    other: Readonly<Parameters<LedgerStore["replace"]>>,
  ): Promise<boolean>;
  /** @internal Default: kept as an entry. */
  getInfo?(): Promise<LedgerInfo | undefined>;
  /** @internal Stores these fields, and keeps the others. */
  setInfo?(facts: Partial<LedgerInfo>): Promise<void>;
  /**
   * Waits until no other process works on the user, and keeps others waiting until the release, or until this process
   * has been gone for some time. Rejects when the signal aborts.
   */
  lease?(accountNumber: string, signal: AbortSignal): Promise<Lease>;
  /** Releases what the store has opened. May be called twice. */
  close?(): Promise<void>;
}

// Such an error stops the work, because no process would remember what was sent.
export function ledgerError(problem: string | ValueProblem, cause?: unknown, retryable = true): OpleadError {
  const [message, issues] =
    typeof problem === "string"
      ? ([problem, undefined] as const)
      : ([problem.message, [issueAt("", problem)]] as const);
  return new OpleadError("ledger_unavailable", message, { retryable, cause, issues });
}

export function ledgerConflict(message: string): OpleadError {
  return new OpleadError("ledger_conflict", message, { retryable: true });
}

// Wraps every error of the task, because a ledger may be the application's own code.
export async function useLedger<T>(task: () => Promise<T>): Promise<T> {
  try {
    return await task();
  } catch (error) {
    throw ledgerFailure(error);
  }
}

export function ledgerFailure(error: unknown): OpleadError {
  return isOpleadError(error) ? error : ledgerError("The ledger failed.", error);
}
