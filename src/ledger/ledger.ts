import { isOpleadError, OpleadError } from "../core/errors.ts";
import { issueAt, type OpleadIssue, type ValueProblem } from "../core/issues.ts";
import type { OpleadErrorCode } from "../core/names.ts";
import type { RuleName, SyncStep } from "../rules/types.ts";
import type { Fingerprints, LedgerKeyPlace, Version } from "./version.ts";

/** A step that Oplead refused. It is normally not tried again until its content changes. */
export interface HeldStep {
  readonly step: SyncStep;
  /** The hash of the refused content, as in {@link LedgerEntry.user} and {@link LedgerEntry.rules}. */
  readonly hash: string;
  readonly code: OpleadErrorCode;
  /** HTTP status of the refusal. */
  readonly status?: number | undefined;
  /** When the last attempt that was refused began, in milliseconds since 1970. */
  readonly at: number;
  /** When this content was refused for the first time, if it was sent and refused again later. */
  readonly firstAt?: number | undefined;
  /**
   * For the step `user`: a hash of the parent's ID and content in Oplead at the time of the refusal. Undefined if
   * Oplead did not have the parent. If the state of the parent has changed since, its former state may have been the
   * reason for the refusal, so the step is tried again.
   */
  readonly parentState?: string | undefined;
  /**
   * For the step `user`: the account number of the parent, if the ledger did not know whether Oplead has the parent.
   * Then the parent may be the reason for the refusal.
   */
  readonly waitsFor?: string | undefined;
}

/**
 * The parts of a user that Oplead accepted and that the ledger keeps as they are, not as hashes: the rules, the country
 * and the postcode. The ledger keeps no name, no login and no street in this way.
 */
export interface AcceptedRules {
  /**
   * The hash of the user that the country and the postcode belong to. If {@link LedgerEntry.user} is another hash,
   * country and postcode are not known.
   */
  readonly user?: string | undefined;
  readonly country?: string | undefined;
  readonly zipCode?: string | undefined;
  /**
   * Each rule as it was sent, with its hash. If {@link LedgerEntry.rules} has another hash for the rule, its content is
   * not known.
   */
  readonly rules: Readonly<Partial<Record<RuleName, { readonly hash: string; readonly body: unknown }>>>;
}

/**
 * What the ledger remembers about one user: enough to know whether something must be sent. It keeps the rules, the
 * country and the postcode that were sent, and hashes of the rest (SHA-256 over canonical JSON).
 */
export interface LedgerEntry {
  /**
   * How often the entry was written: 1, 2, … Entries written by versions of this package without revisions have none,
   * which counts as 0.
   */
  readonly revision?: number | undefined;
  /** The Oplead ID. Undefined for a user that Oplead has not accepted yet. */
  readonly id?: string | undefined;
  /** The hash of the user that Oplead accepted last. */
  readonly user?: string | undefined;
  /**
   * For the path of each field, a keyed fingerprint of its value. It shows which fields changed. It also depends on the
   * Oplead ID, so that equal values of two users do not look equal.
   */
  readonly fields?: Readonly<Record<string, string>> | undefined;
  /** The name of the ledger key with which `fields` and `identity` were made. */
  readonly key?: string | undefined;
  /** Keyed fingerprints of login and e-mail address, which ignore case and spaces around them. */
  readonly identity?: { readonly login?: string | undefined; readonly email?: string | undefined } | undefined;
  /** For each rule, the hash of the content that Oplead accepted last. */
  readonly rules: Readonly<Partial<Record<RuleName, string>>>;
  /** The newest version of the user that was reconciled. */
  readonly version?: Version | undefined;
  /**
   * When Oplead last accepted the user or a rule of it, in milliseconds since 1970. If Oplead never accepted anything
   * of the user: when it last refused the user.
   */
  readonly at: number;
  /** The steps that Oplead refused. */
  readonly held?: Readonly<Partial<Record<SyncStep, HeldStep>>> | undefined;
  /**
   * When the user last gave up a login or an e-mail address, in milliseconds since 1970. Another user that was refused
   * before because of a conflict may now be accepted, so it is sent again.
   */
  readonly valuesFreedAt?: number | undefined;
  /** The account number that the user had before a move. Undefined once Oplead has the new account number. */
  readonly movedFrom?: string | undefined;
  /** The account number that the user has since a move. Such an entry has no id, and nothing is sent for it. */
  readonly movedTo?: string | undefined;
  /** When the user was first missing from a source that gives all users, in milliseconds since 1970. */
  readonly missingSince?: number | undefined;
  /**
   * True if {@link ApplyOptions.onMissing} must still be called for the user, because it was not certain that the user
   * had left, or because the call failed.
   */
  readonly missingUntold?: true | undefined;
  /** When an administrator noted that the leaver was dealt with in Oplead, in milliseconds since 1970. */
  readonly leaverDone?: number | undefined;
  /** Requests that may still arrive at Oplead. The entry tells nothing for sure until everything was sent once more. */
  readonly intent?: Intent | undefined;
  /**
   * The segment in which the guard counts the user: the result of {@link GuardOptions.segments} in the last full run.
   */
  readonly segment?: string | undefined;
  /** Whether the user gets leads at all: the result of {@link PolicyCoverage.receives} in the last run. */
  readonly receives?: boolean | undefined;
  /**
   * Data that looked wrong and was sent nevertheless: what looked wrong, since when, and for which state of the user.
   * It is valid only for this state.
   */
  readonly suspicious?:
    | { readonly of: string; readonly since: number; readonly issues: readonly OpleadIssue[] }
    | undefined;
  /** The rules, the country and the postcode that Oplead accepted last, in plain text. */
  readonly accepted?: AcceptedRules | undefined;
  /**
   * A fact that the package keeps beside the users, under an account number that no user can have. An entry with a note
   * has no facts about a user.
   */
  readonly note?: string | undefined;
  /**
   * True if the stored entry of this user cannot be trusted. Then the entry has no other facts, so the user is looked
   * up by its account number and sent again.
   */
  readonly damaged?: true | undefined;
}

/** Requests of one reconciliation that may still arrive at Oplead, after newer ones. */
export interface Intent {
  /**
   * No request was sent after this time, in milliseconds since 1970. While `open`: when the reconciliation began; it
   * sends for at most 30 minutes.
   */
  readonly at: number;
  /** True until the reconciliation has ended. It stays if the process is killed. */
  readonly open?: true | undefined;
  /**
   * For a user without an id: when the last creation may have been sent, in milliseconds since 1970. `sent`: whether one
   * was certainly sent and its answer lost.
   */
  readonly creates?: { readonly at: number; readonly sent?: true | undefined } | undefined;
}

/** An entry to write, and the revision that the stored entry must have, as in {@link Ledger.replace}. */
export type Replacement = readonly [accountNumber: string, expectedRevision: number, entry: LedgerEntry];

/** The platform that a ledger belongs to. */
export interface LedgerPlatform {
  readonly baseUrl: string;
  /** {@link OpleadOptions.platform}, which tells platforms apart that share a base URL. */
  readonly name?: string | undefined;
}

/**
 * How far the history of writes of a store has come. For stores with replicas: a replica that takes over tells how much
 * it has received from the store that it replaces.
 */
export interface StorePosition {
  /** The id of the store's history of writes. A replica that takes over begins a history with a new id. */
  readonly id: string;
  readonly offset: number;
  /**
   * If the store is a replica that took over: the id of the history of writes that the store copied before, and the
   * position in that history up to which the store had copied it.
   */
  readonly previousId?: string | undefined;
  readonly previousOffset?: number | undefined;
}

/** Facts about the ledger itself. */
export interface LedgerInfo {
  /** The platform whose users the ledger remembers. Undefined until the ledger is used for the first time. */
  readonly platform?: LedgerPlatform | undefined;
  /** When the last complete run ended, in milliseconds since 1970. */
  readonly lastRunAt?: number | undefined;
  /** How many entries the ledger had after the last complete run. If the next run finds fewer, entries were lost. */
  readonly entries?: number | undefined;
  /**
   * How many runs have ended with this ledger, and the id of the last one. These figures reveal an older copy of the
   * ledger, because it knows fewer runs.
   */
  readonly runs?: number | undefined;
  readonly lastRunId?: string | undefined;
  /**
   * The problems of users and records in the last run: six letters and digits for each, made from account number and
   * code. The ledger remembers 10,000 problems; any beyond that count as new.
   */
  readonly problems?: string | undefined;
  /**
   * How many records had no account number when the source last gave all users. Each may be a user that looks missing.
   */
  readonly unidentified?: number | undefined;
  /**
   * The record of `notifiers`, as JSON: since when runs have a problem, what the problem is, and when the last alert
   * was sent. It holds no addresses of targets.
   */
  readonly alerts?: string | undefined;
  /**
   * When the source was last read so that all records of the reading arrived in Oplead: the beginning of that reading,
   * in milliseconds since 1970. The next reading of changes starts from this time. See {@link SyncOptions.incremental}.
   */
  readonly readAt?: number | undefined;
  /** When the last reading of all records of the source began, in milliseconds since 1970. */
  readonly fullyReadAt?: number | undefined;
  /** The present position of the store. A store that knows its position adds it when this record is read. */
  readonly position?: StorePosition | undefined;
}

/** The right to work on a user. Only one process at a time has it. */
export interface Lease {
  /**
   * How many milliseconds are left until another process may take over. At 0 or below, another process may already have
   * taken over, because this process stood still or could not renew the lease. Then nothing more is sent.
   */
  left(): number;
  /** Gives the lease back. A second call must not free the next holder. */
  release(): Promise<void>;
}

/** How the entry of one user is read and written. `isLast`: nothing else is to be sent or written. */
export interface EntryAccess extends Pick<Ledger, "get"> {
  replace(accountNumber: string, expectedRevision: number, entry: LedgerEntry, isLast?: boolean): Promise<boolean>;
}

/**
 * A lease of a store that can do two steps in one request: the entry comes with the lease, so the first reading takes
 * no request, and the last write gives the lease back. The steps are not part of {@link LedgerStore}, because a store
 * works without them.
 */
export interface EntryLease extends Lease {
  readonly access: EntryAccess;
}

type TakeEntryLease = (accountNumber: string, signal: AbortSignal) => Promise<EntryLease>;

/** The ledgers that give leases with entries. A ledger that wraps one of them is not among them. */
const entryLeases = new WeakMap<Ledger, TakeEntryLease>();

export function addEntryLeases(ledger: Ledger, take: TakeEntryLease): void {
  entryLeases.set(ledger, take);
}

/** What takes a lease of a ledger, with the entry if the ledger can do so; undefined if the ledger has no leases. */
export function leasesOf(
  ledger: Ledger,
): ((accountNumber: string, signal: AbortSignal) => Promise<Lease & Partial<EntryLease>>) | undefined {
  return entryLeases.get(ledger) ?? ledger.lease?.bind(ledger);
}

/**
 * The names of the notes that the package keeps in a ledger beside the entries of users. Each note is written
 * separately.
 */
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
  /**
   * Compare-and-set: writes the entry if the stored entry has the expected revision. Revision 0 means that there is no
   * entry, or an entry without a revision. Resolves to true if the entry was written, else to false. It
   * resolves only when the write is safe: an entry that was reported as written must survive the end of the process.
   */
  replace(accountNumber: string, expectedRevision: number, entry: LedgerEntry): Promise<boolean>;
  /** Compare-and-set of two entries in one step. Either both are written or neither, even if the process dies. */
  replaceBoth?(one: Replacement, other: Replacement): Promise<boolean>;
  /**
   * Waits until no other process works on the user, and keeps the others waiting until the lease is released, or this
   * process has been gone for some time. Rejects when the signal aborts. With leases, several processes reconcile the
   * same user one after the other.
   */
  lease?(accountNumber: string, signal: AbortSignal): Promise<Lease>;
  /** Where the key of the ledger comes from. */
  readonly keyPlace: LedgerKeyPlace;
  /**
   * Whether the ledger ends with this process, as `memoryLedger` does. Such a ledger cannot show that an earlier
   * process was killed.
   */
  readonly endsWithProcess?: boolean | undefined;
  /**
   * Makes keyed fingerprints. If `isWriting` is true, a ledger without a key makes a key and stores it. Otherwise it
   * uses the key that it would make, without storing it.
   */
  fingerprints(isWriting?: boolean): Promise<Fingerprints>;
  getInfo(): Promise<LedgerInfo | undefined>;
  /** Stores the given fields of {@link LedgerInfo}. All other fields keep their values. */
  setInfo(info: Partial<LedgerInfo>): Promise<void>;
  /**
   * For use by the package: reads a note (a text that the package keeps beside the entries of users). Undefined if the
   * ledger does not have the note.
   */
  readNote(name: LedgerNote): Promise<string | undefined>;
  /**
   * For use by the package: changes a note (a text that the package keeps beside the entries of users) unless another
   * process has changed it. If the stored note is `expected`, writes `value`, or removes the note if `value` is
   * undefined. Resolves to whether the stored note was `expected`.
   */
  writeNote(name: LedgerNote, expected: string | undefined, value: string | undefined): Promise<boolean>;
  /**
   * For use by the package: notes that this process works with the store. Resolves to another process that has noted
   * the same, or to undefined. `pid`: the id of that process on its machine, if it has one. `at`: the time of its last
   * note, in milliseconds since 1970. A ledger has this function only if processes can share its store and the store
   * has no leases.
   */
  noteAtWork?(): Promise<{ readonly pid: number | undefined; readonly at: number } | undefined>;
  /** Releases what the ledger has opened. */
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
   * Compare-and-set: writes the entry if the stored entry has the expected revision. Revision 0 means that there is no
   * entry, or an entry without a revision. Resolves to true if the entry was written, else to false. It
   * resolves only when the write is safe: an entry that was reported as written must survive the end of the process.
   */
  replace(accountNumber: string, expectedRevision: number, entry: LedgerEntry): Promise<boolean>;
  /** Every entry, in any order. Entries may be written while they are listed. */
  entries(): AsyncIterable<readonly [accountNumber: string, entry: LedgerEntry]>;
  /**
   * {@link LedgerStore.replace} for two entries in one step. Either both are written or neither, even if the process
   * dies.
   */
  replaceBoth?(one: Replacement, other: Replacement): Promise<boolean>;
  /** Reads the facts about the ledger. If a store has no `getInfo` and `setInfo`, the facts are kept as an entry. */
  getInfo?(): Promise<LedgerInfo | undefined>;
  /** Stores the given fields of {@link LedgerInfo}. All other fields keep their values. */
  setInfo?(facts: Partial<LedgerInfo>): Promise<void>;
  /**
   * Waits until no other process works on the user, and keeps the others waiting until the lease is released, or this
   * process has been gone for some time. Rejects when the signal aborts.
   */
  lease?(accountNumber: string, signal: AbortSignal): Promise<Lease>;
  /** Releases what the store has opened. May be called twice. */
  close?(): Promise<void>;
}

/**
 * The error if the ledger cannot be read or written. Work stops then, because without the ledger no process would
 * remember what was sent. `retryable`: whether the next attempt may succeed.
 */
export function ledgerError(problem: string | ValueProblem, cause?: unknown, retryable = true): OpleadError {
  const [message, issues] =
    typeof problem === "string"
      ? ([problem, undefined] as const)
      : ([problem.message, [issueAt("", problem)]] as const);
  return new OpleadError("ledger_unavailable", message, { retryable, cause, issues });
}

/** The error if another process has written the user's entry meanwhile. A later attempt may succeed. */
export function ledgerConflict(message: string): OpleadError {
  return new OpleadError("ledger_conflict", message, { retryable: true });
}

/**
 * Runs a task that reads or writes a ledger. The ledger may be the application's own code, so any error that it throws
 * becomes an {@link OpleadError}.
 */
export async function useLedger<T>(task: () => Promise<T>): Promise<T> {
  try {
    return await task();
  } catch (error) {
    throw ledgerFailure(error);
  }
}

/** The error for a failure of a ledger's code, which may be the application's own. */
export function ledgerFailure(error: unknown): OpleadError {
  return isOpleadError(error) ? error : ledgerError("The ledger failed.", error);
}
