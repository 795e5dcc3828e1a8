import { isOpleadError } from "../core/errors.ts";
import { fnv1a } from "../core/hash.ts";
import type { Ledger, LedgerEntry } from "../ledger/ledger.ts";
import { areIncomparable, isOlder, type Version } from "../ledger/version.ts";
import { changeEntry } from "./change-entry.ts";

// Returns undefined if nothing changes.
export type KeptOf = (entry: LedgerEntry) => Pick<LedgerEntry, "segment" | "receives" | "suspicious"> | undefined;

// `lacking` is added only if the entry still has the user and the revision that it was made from.
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
    // Former fingerprints under another key cannot be compared.
    const was = learned?.key === undefined ? entry.was : undefined;
    return { ...entry, ...learned, was, ...more, ...PRESENT, version: newest };
  });
}

// `isTold`: `onMissing` need not be called any more.
export function noteMissing(ledger: Ledger, accountNumber: string, at: number, isTold: boolean): Promise<void> {
  return note(ledger, accountNumber, (entry) => {
    const { missingSince, missingUntold } = entry;
    if (missingSince !== undefined && !(missingUntold && isTold)) return undefined;
    return { ...entry, missingSince: missingSince ?? at, missingUntold: isTold ? undefined : true };
  });
}

// If other processes keep writing the entry, the next run notes the presence.
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

export function bothKept(one: KeptOf | undefined, other: KeptOf | undefined): KeptOf | undefined {
  if (!one || !other) return one ?? other;
  return (entry) => {
    const [first, second] = [one(entry), other(entry)];
    return first || second ? { ...first, ...second } : undefined;
  };
}

export const PRESENT: Pick<LedgerEntry, "missingSince" | "missingUntold" | "leaverDone"> = {
  missingSince: undefined,
  missingUntold: undefined,
  leaverDone: undefined,
};

export function asPresent(entry: LedgerEntry): LedgerEntry {
  return { ...entry, ...PRESENT };
}

// True for a newer version, too: an older state may still arrive and must be recognised.
export function changesPresence(entry: LedgerEntry, version: Version | undefined): boolean {
  if (entry.missingSince !== undefined) return true;
  if (version === undefined || entry.version === undefined) return version !== undefined;
  return isOlder(entry.version, version) || areIncomparable(entry.version, version);
}

// Holds only what may help a child that was refused: not the key, the segment or rules.
export function parentState(parent: LedgerEntry | undefined): string | undefined {
  if (parent?.id === undefined || parent.movedFrom !== undefined) return undefined;
  return fnv1a(JSON.stringify([parent.id, parent.user])).toString(36);
}

export function hasAnotherParentState(parent: LedgerEntry | undefined, before: string | undefined): boolean {
  const state = parentState(parent);
  return state !== undefined && state !== before;
}

export interface Parent {
  readonly accountNumber: string;
  readonly state: string | undefined;
  readonly isKnown: boolean;
}

export function parentOf(accountNumber: string, entry: LedgerEntry | undefined): Parent {
  const isKnown = entry?.id !== undefined && entry.movedFrom === undefined;
  return { accountNumber, state: parentState(entry), isKnown };
}
