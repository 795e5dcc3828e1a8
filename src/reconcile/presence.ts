import { withEntry } from "../ledger/entry-lock.ts";
import type { Ledger, LedgerEntry } from "../ledger/ledger.ts";
import { areIncomparable, isOlder, type Version } from "../ledger/version.ts";
import { EntryConflict, EntryWriter } from "./entry-writer.ts";

/** How often an entry that other processes keep writing is tried. The next run makes up for it. */
const ATTEMPTS = 10;

/**
 * Whether the ledger must learn something although nothing has to be sent: the version is newer, so that an older state
 * that arrives later is recognised; or the user was missing and is back.
 */
export function isNews(entry: LedgerEntry, version: Version | undefined): boolean {
  if (entry.missingSince !== undefined) return true;
  if (version === undefined || entry.version === undefined) return version !== undefined;
  return isOlder(entry.version, version) || areIncomparable(entry.version, version);
}

/** Notes that the source has a user in this version. */
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

/** Changes an entry, if there is one and it must be changed. Again if another process has written it meanwhile. */
function change(
  ledger: Ledger,
  accountNumber: string,
  changed: (entry: LedgerEntry) => LedgerEntry | undefined,
): Promise<void> {
  return withEntry(ledger, accountNumber, async () => {
    const writer = new EntryWriter(ledger, accountNumber, false);
    for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
      const entry = await writer.read();
      const next = entry && !entry.damaged && changed(entry);
      if (!next) return;
      try {
        await writer.write(next, undefined);
        return;
      } catch (error) {
        if (!(error instanceof EntryConflict)) throw error;
      }
    }
  });
}
