import { isOpleadError } from "../core/errors.ts";
import { fnv1a } from "../core/hash.ts";
import { withFields } from "../ledger/entry.ts";
import type { Ledger, LedgerEntry } from "../ledger/ledger.ts";
import { areIncomparable, isOlder, type Version } from "../ledger/version.ts";
import { changeEntry } from "./change-entry.ts";

/**
 * Returns the fields to keep in an entry besides the content that Oplead accepted. Undefined if these fields do not
 * change.
 */
export type KeptOf = (entry: LedgerEntry) => Pick<LedgerEntry, "segment" | "receives" | "suspicious"> | undefined;

/**
 * Notes that the source has a user in this version. `lacking`: fields that the entry lacks. They are added only if the
 * entry still has the user's content, and the revision, that it had when these fields were made. `kept`: see {@link
 * KeptOf}.
 */
export function notePresence(
  ledger: Ledger,
  accountNumber: string,
  version: Version | undefined,
  lacking?: Partial<LedgerEntry>,
  kept?: KeptOf,
): Promise<void> {
  return note(ledger, accountNumber, (entry) => {
    const { revision = entry.revision } = lacking ?? {};
    const learned = lacking?.user === entry.user && revision === entry.revision ? lacking : undefined;
    const more = entry.id === undefined ? undefined : kept?.(entry);
    if (!learned && !more && !changesPresence(entry, version)) return undefined;
    const newest = isOlder(version, entry.version) ? entry.version : (version ?? entry.version);
    return { ...entry, ...learned, ...more, ...PRESENT, version: newest };
  });
}

/**
 * Notes that the source lacks a user. The time at which it was first missing is not replaced. `isTold`: `onMissing`
 * need not be called for the user any more.
 */
export function noteMissing(ledger: Ledger, accountNumber: string, at: number, isTold: boolean): Promise<void> {
  return note(ledger, accountNumber, (entry) => {
    const { missingSince, missingUntold } = entry;
    if (missingSince !== undefined && !(missingUntold && isTold)) return undefined;
    return { ...entry, missingSince: missingSince ?? at, missingUntold: isTold ? undefined : true };
  });
}

/**
 * Changes an entry, if the ledger has one that is not damaged. If other processes keep writing it, the change is left
 * to the next run.
 */
async function note(
  ledger: Ledger,
  accountNumber: string,
  changed: (entry: LedgerEntry) => LedgerEntry | undefined,
): Promise<void> {
  try {
    await changeEntry(ledger, accountNumber, (entry) => (entry && !entry.damaged ? changed(entry) : undefined));
  } catch (error) {
    if (!isOpleadError(error) || error.code !== "ledger_conflict") throw error;
  }
}

/** Combines two functions that return fields to keep, so that the fields of both are written at once. */
export function bothKept(one: KeptOf | undefined, other: KeptOf | undefined): KeptOf | undefined {
  if (!one || !other) return one ?? other;
  return (entry) => {
    const [first, second] = [one(entry), other(entry)];
    return first && second ? withFields(first, second) : (first ?? second);
  };
}

/** The fields that mark a leaver, as the entry of a user that is in the source has them. */
export const PRESENT: Pick<LedgerEntry, "missingSince" | "missingUntold" | "leaverDone"> = {
  missingSince: undefined,
  missingUntold: undefined,
  leaverDone: undefined,
};

/** Returns the entry of a user that is in the source: without the fields that mark a leaver. */
export function asPresent(entry: LedgerEntry): LedgerEntry {
  return { ...entry, ...PRESENT };
}

/**
 * Whether the entry must be written although no step has to be sent. This is so in two cases: the user was missing and
 * is back; or the record's version is newer than the entry's. The newer version is written, because an older state may
 * still arrive and must be recognised.
 */
export function changesPresence(entry: LedgerEntry, version: Version | undefined): boolean {
  if (entry.missingSince !== undefined) return true;
  if (version === undefined || entry.version === undefined) return version !== undefined;
  return isOlder(entry.version, version) || areIncomparable(entry.version, version);
}

/**
 * A hash of a parent's ID and of the state of the parent that Oplead accepted last. Undefined if Oplead does not have
 * the parent under this number. If only the key, the segment or a rule in the parent's entry changes, the hash stays
 * the same, because such a change does not help a child that was refused.
 */
export function parentState(parent: LedgerEntry | undefined): string | undefined {
  if (parent?.id === undefined || parent.movedFrom !== undefined) return undefined;
  return fnv1a(JSON.stringify([parent.id, parent.user])).toString(36);
}

/** Whether Oplead has the parent, and the parent has changed since its child was refused. */
export function hasAnotherParentState(parent: LedgerEntry | undefined, before: string | undefined): boolean {
  const state = parentState(parent);
  return state !== undefined && state !== before;
}

/** The parent of a user, as the ledger knows it. */
export interface Parent {
  readonly accountNumber: string;
  /** A hash of what Oplead has of the parent: {@link parentState}. */
  readonly state: string | undefined;
  /** Whether Oplead has the parent under the account number `accountNumber`. */
  readonly isKnown: boolean;
}

export function parentOf(accountNumber: string, entry: LedgerEntry | undefined): Parent {
  const isKnown = entry?.id !== undefined && entry.movedFrom === undefined;
  return { accountNumber, state: parentState(entry), isKnown };
}
