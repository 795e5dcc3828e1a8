import type { Internals } from "../client/internals.ts";
import type { LedgerEntry } from "../ledger/ledger.ts";

/** How long Oplead may take to show a write on all of its machines: as long as the client remembers its own writes. */
const RECENT_MS = 300_000;

/** Whether Oplead may still be at work on something of that time. A time in the future counts: the clock was set back. */
export function isRecent(at: number, now: number): boolean {
  return now - at <= RECENT_MS;
}

/**
 * Tells the client of a user that another process or an earlier run wrote moments ago, as the ledger says. A refusal that
 * concerns such a user is not final.
 */
export function noteRecent(
  { recentWrites, transport }: Pick<Internals, "recentWrites" | "transport">,
  accountNumber: string,
  entry: LedgerEntry | undefined,
  now: number,
): void {
  if (entry?.id === undefined || !isRecent(entry.at, now)) return;
  const age = now - entry.at;
  const mayBeNew = age >= 0 && age < transport.settings.settleMs;
  for (const identifier of [accountNumber, entry.id]) {
    if (!recentWrites.has(identifier)) recentWrites[mayBeNew ? "note" : "noteUpdate"](identifier);
  }
}
