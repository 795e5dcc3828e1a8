import type { Internals } from "../client/internals.ts";
import type { Fingerprints } from "../ledger/fingerprints.ts";
import type { Ledger } from "../ledger/ledger.ts";
import { useLedger } from "../ledger/ledger-error.ts";

/** The ledgers of which it was said in this process that they have no key. */
const told = new WeakSet<Ledger>();

const PROBLEMS = {
  unreadable: "its key cannot be read",
  damaged: "its key is damaged",
  not_made: "a key cannot be made beside it",
} as const;

/** The fingerprints that entries are written with. A ledger that has no key yet makes one; without one that can be used it is said once. */
export async function writingKey(
  ledger: Ledger,
  { transport }: Pick<Internals, "transport">,
  testMode: boolean,
): Promise<Fingerprints> {
  const fingerprints = await useLedger(() => ledger.fingerprints(!testMode));
  const { problem } = fingerprints;
  if (problem && !told.has(ledger)) {
    told.add(ledger);
    transport.settings.logger?.warn(
      `oplead-sdk: the ledger writes no fingerprints, because ${PROBLEMS[problem]}: plans will not name the fields that change, nor ` +
        "find people who got another account number. What is sent stays the same. Give the ledger a key (ledgerKey)",
      { event: "ledger_key_missing", code: problem },
    );
  }
  return fingerprints;
}
