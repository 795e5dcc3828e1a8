import { withEntry } from "./entry-lock.ts";
import type { Ledger, LedgerEntry } from "./ledger.ts";
import { isOlder, type Version } from "./version.ts";

/**
 * Whether the ledger must learn that the source has a user, though there is nothing to send: its version is newer, and an
 * older state that comes later must be told from it; or it was missing and is back.
 */
export function isNews(entry: LedgerEntry, version: Version | undefined): boolean {
  if (entry.missingSince !== undefined) return true;
  return version !== undefined && (entry.version === undefined || isOlder(entry.version, version));
}

/** Notes that the source has a user, in this version. */
export async function notePresence(ledger: Ledger, accountNumber: string, version: Version | undefined): Promise<void> {
  await withEntry(ledger, accountNumber, async () => {
    const entry = await ledger.get(accountNumber);
    if (!entry || !isNews(entry, version)) return;
    const newest = isOlder(version, entry.version) ? entry.version : (version ?? entry.version);
    await ledger.set(accountNumber, { ...entry, version: newest, missingSince: undefined });
  });
}

/** Notes that a user has left the source, and that this has been reported. */
export async function noteMissing(ledger: Ledger, accountNumber: string, at: number): Promise<void> {
  await withEntry(ledger, accountNumber, async () => {
    const entry = await ledger.get(accountNumber);
    if (entry && entry.missingSince === undefined) await ledger.set(accountNumber, { ...entry, missingSince: at });
  });
}
