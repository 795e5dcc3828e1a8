import type { Internals } from "../client/client-state.ts";
import type { LogEvent } from "../core/log.ts";
import { showIdentity } from "../core/redact.ts";
import { type Ledger, type LedgerEntry, useLedger } from "../ledger/ledger.ts";
import { areIncomparable, type Fingerprints } from "../ledger/version.ts";
import type { Content } from "./content.ts";
import type { SendOptions } from "./reconciliation.ts";

const toldKeyless = new WeakSet<Ledger>();

const PROBLEMS = {
  unreadable: "its key cannot be read",
  damaged: "its key is damaged",
  not_made: "a key cannot be made beside it",
} as const;

// Makes a key if the ledger has none, except in test mode.
export async function writingKey(
  ledger: Ledger,
  { transport }: Pick<Internals, "transport">,
  testMode: boolean,
): Promise<Fingerprints> {
  const fingerprints = await useLedger(() => ledger.fingerprints(!testMode));
  const { problem } = fingerprints;
  if (problem && !toldKeyless.has(ledger)) {
    toldKeyless.add(ledger);
    transport.settings.logger?.warn(
      `oplead-sdk: the ledger writes no fingerprints, because ${PROBLEMS[problem]}: plans will not name the fields that change, nor ` +
        "find people who got another account number. What is sent stays the same. Give the ledger a key (ledgerKey)",
      { event: "ledger_key_missing", code: problem },
    );
  }
  return fingerprints;
}

const toldShared = new WeakSet<Ledger>();

export async function tellOther(ledger: Ledger, { transport }: Pick<Internals, "transport">): Promise<void> {
  const other = await ledger.noteAtWork?.().catch(() => undefined); // the next write tells what is wrong
  if (!other || toldShared.has(ledger)) return;
  toldShared.add(ledger);
  const name = other.pid === undefined ? "another process" : `another process (${other.pid})`;
  transport.settings.logger?.warn(
    `oplead-sdk: ${name} works with the same ledger, since ${new Date(other.at).toISOString()} at the latest, and the ledger has no ` +
      "leases: both may create the same user. Let one work at a time, or use redisLedger",
    { event: "ledger_shared" },
  );
}

export function tellAboutEntry(
  { transport }: Pick<Internals, "transport">,
  entry: LedgerEntry | undefined,
  { accountNumber, version, runId: run }: Pick<Content, "accountNumber" | "version"> & Pick<SendOptions, "runId">,
): void {
  const shown = showIdentity(accountNumber);
  const warn = (event: LogEvent, text: string): void =>
    transport.settings.logger?.warn(`oplead-sdk: user ${shown}: ${text}`, { event, accountNumber: shown, run });
  if (entry?.damaged) {
    warn("entry_damaged", "the ledger entry is damaged; the user is looked up by its account number and sent again");
  }
  if (areIncomparable(version, entry?.version)) {
    warn("version_not_comparable", "its version cannot be compared with the one before; what arrived later counts");
  }
}
