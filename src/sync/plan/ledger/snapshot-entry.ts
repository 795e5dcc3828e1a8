import type { LedgerEntry } from "../../../ledger/ledger.ts";

const NO_RULES: LedgerEntry["rules"] = Object.freeze({});

/** Beyond so many different texts they are not shared any more, so that the table stays small. */
const TABLE_SIZE = 5_000;

/** One copy of texts that many entries have: hashes of rules are often the same. */
export class SharedTexts {
  readonly #texts = new Map<string, string>();

  one(text: string): string {
    const known = this.#texts.get(text);
    if (known !== undefined) return known;
    if (this.#texts.size < TABLE_SIZE) this.#texts.set(text, text);
    return text;
  }
}

/** What planning needs of a ledger entry, in little memory: planning holds all entries at once. */
export function snapshotEntry(entry: LedgerEntry, shared: SharedTexts): LedgerEntry {
  let rules: Record<string, string> | undefined;
  for (const name in entry.rules) {
    const hash = entry.rules[name as keyof LedgerEntry["rules"]];
    if (hash === undefined) continue;
    rules ??= {};
    rules[name] = shared.one(hash);
  }
  return {
    revision: entry.revision,
    id: entry.id,
    user: entry.user,
    fields: entry.fields,
    rules: rules ?? NO_RULES,
    version: entry.version,
    at: entry.at,
    held: entry.held,
    missingSince: entry.missingSince,
  };
}
