import type { Ledger, LedgerEntry } from "../../src/ledger/ledger.ts";
import { type Content, readContent, type SourceUser } from "../../src/reconcile/content.ts";

export function contentOf(source: SourceUser): Content {
  const content = readContent(source, {});
  if (!("userHash" in content)) throw new Error("the user is not valid");
  return content;
}

// Another process writes the entry right before the first compare-and-set after `after` others.
export function overtaken(ledger: Ledger, by: (entry: LedgerEntry) => LedgerEntry, times = 1, after = 0): Ledger {
  let left = times;
  let before = after;
  return {
    ...ledger,
    async replace(accountNumber, revision, entry) {
      before -= 1;
      if (before < 0 && left > 0) {
        left -= 1;
        const stored = (await ledger.get(accountNumber)) ?? { rules: {}, at: 0 };
        await setEntry(ledger, accountNumber, { ...by(stored), revision: (stored.revision ?? 0) + 1 });
      }
      return ledger.replace(accountNumber, revision, entry);
    },
  };
}

export async function setEntry(
  ledger: Pick<Ledger, "get" | "replace">,
  accountNumber: string,
  entry: LedgerEntry,
): Promise<void> {
  const { revision = 0 } = (await ledger.get(accountNumber)) ?? {};
  if (!(await ledger.replace(accountNumber, revision, entry))) throw new Error("another task has written the entry");
}
