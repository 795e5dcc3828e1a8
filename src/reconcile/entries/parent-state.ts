import { fnv1a } from "../../base/hash/fnv.ts";
import type { LedgerEntry } from "../../ledger/ledger.ts";

/**
 * Stands for what Oplead has of a parent: its ID, and the state that Oplead accepted last. Undefined if Oplead does not have it under this number.
 * An entry is also written for other reasons, for example with another key, segment or rule: none of them helps a child that was refused.
 */
export function parentState(parent: LedgerEntry | undefined): string | undefined {
  if (parent?.id === undefined || parent.movedFrom !== undefined) return undefined;
  return fnv1a(JSON.stringify([parent.id, parent.user])).toString(36);
}

/** Whether Oplead has the parent, and in another state than when its child was refused. */
export function hasAnotherParentState(parent: LedgerEntry | undefined, before: string | undefined): boolean {
  const state = parentState(parent);
  return state !== undefined && state !== before;
}

/** The parent of a user, as the ledger knows it. */
export interface Parent {
  readonly accountNumber: string;
  /** {@link parentState} */
  readonly state: string | undefined;
  /** Whether Oplead has it, under this number. */
  readonly isKnown: boolean;
}

export function parentOf(accountNumber: string, entry: LedgerEntry | undefined): Parent {
  const isKnown = entry?.id !== undefined && entry.movedFrom === undefined;
  return { accountNumber, state: parentState(entry), isKnown };
}
