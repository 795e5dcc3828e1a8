import type { LedgerEntry } from "../../ledger/ledger.ts";
import type { LeaverOptions } from "../types/options.ts";
import { isoTime, type Leaver } from "../types/records.ts";

const DAY_MS = 24 * 60 * 60 * 1000;

/** Facts besides the entry that decide a leaver's state. */
export interface LeaverBasis extends Pick<LeaverOptions, "graceDays"> {
  /** Milliseconds since 1970. */
  readonly now: number;
  /** How many records of the source had no account number. */
  readonly unidentified: number;
}

/** The state of a user that the source does not have. */
export function leaverOf(
  accountNumber: string,
  { id = "", missingSince, leaverDone }: LedgerEntry,
  { graceDays = 7, now, unidentified }: LeaverBasis,
): Leaver {
  const since = missingSince ?? now;
  const days = Math.max(0, Math.floor((now - since) / DAY_MS));
  // A row that stays without a number must not hide leavers for ever. On the first night there has been no time at all.
  const certain = unidentified === 0 || (missingSince !== undefined && days >= 2 * graceDays);
  const waiting = certain ? (days >= graceDays ? "due" : "grace") : "perhaps";
  return {
    accountNumber,
    id,
    missingSince: isoTime(since),
    days,
    state: leaverDone === undefined ? waiting : "done",
    certain,
  };
}

/** Whether a user has been missing long enough to have got {@link LeaverOptions.rules}. */
export function mayHaveRules(
  { graceDays = 7, rules }: LeaverOptions,
  { missingSince }: LedgerEntry,
  now: number,
): boolean {
  return rules !== undefined && missingSince !== undefined && now - missingSince >= graceDays * DAY_MS;
}

/** The leavers that an administrator still has to deal with, or wait for. */
export function openLeavers(leavers: readonly Leaver[]): Leaver[] {
  return leavers.filter(({ state }) => state !== "done");
}
