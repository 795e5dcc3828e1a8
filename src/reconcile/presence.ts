import { withEntry } from "../ledger/entry-lock.ts";
import type { Ledger, LedgerEntry } from "../ledger/ledger.ts";
import { useLedger } from "../ledger/ledger-error.ts";
import { isOlder, type Version } from "../ledger/version.ts";

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
  await change(ledger, accountNumber, (entry) => {
    if (!isNews(entry, version)) return undefined;
    const newest = isOlder(version, entry.version) ? entry.version : (version ?? entry.version);
    return { ...entry, version: newest, missingSince: undefined };
  });
}

/** Notes that a user has left the source, and that this has been reported. */
export async function noteMissing(ledger: Ledger, accountNumber: string, at: number): Promise<void> {
  await change(ledger, accountNumber, (entry) => {
    return entry.missingSince === undefined ? { ...entry, missingSince: at } : undefined;
  });
}

/** Changes an entry, if there is one and it has to be changed. */
function change(
  ledger: Ledger,
  accountNumber: string,
  changed: (entry: LedgerEntry) => LedgerEntry | undefined,
): Promise<void> {
  return withEntry(ledger, accountNumber, () =>
    useLedger(async () => {
      const entry = await ledger.get(accountNumber);
      const next = entry && changed(entry);
      if (next) await ledger.set(accountNumber, { ...next, revision: (entry.revision ?? 0) + 1 });
    }),
  );
}
