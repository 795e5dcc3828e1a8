import type { LedgerEntry } from "../../../ledger/ledger.ts";

const NO_RULES: LedgerEntry["rules"] = Object.freeze({});

/** Beyond so many different texts they are not shared any more, so that the tables stay small. */
const TABLE_SIZE = 5_000;
/** They are searched one after the other, so they are few. */
const LISTS = 16;

/** One copy of what many entries have: rules are often the same, and so are the lists of field names. */
export class SharedTexts {
  readonly #texts = new Map<string, string>();
  readonly #lists: (readonly string[])[] = [];

  one(text: string): string {
    const known = this.#texts.get(text);
    if (known !== undefined) return known;
    if (this.#texts.size < TABLE_SIZE) this.#texts.set(text, text);
    return text;
  }

  /** The same list of an earlier entry, if there is one: the entries of one source have few different lists. */
  list(names: readonly string[]): readonly string[] {
    const known = this.#lists.find(
      (list) => list.length === names.length && list.every((name, at) => name === names[at]),
    );
    if (known) return known;
    if (this.#lists.length < LISTS) this.#lists.push(names);
    return names;
  }
}

/**
 * A ledger entry in little memory, since planning holds all entries at once. The field marks, eleven short texts of a
 * typical user, are kept as one text and a list of names that entries share.
 */
export class SnapshotEntry implements LedgerEntry {
  readonly revision: number | undefined;
  readonly id: string | undefined;
  readonly user: string | undefined;
  readonly rules: LedgerEntry["rules"];
  readonly version: LedgerEntry["version"];
  readonly at: number;
  readonly held: LedgerEntry["held"];
  readonly missingSince: number | undefined;
  readonly #names: readonly string[];
  readonly #marks: string;

  constructor(entry: LedgerEntry, shared: SharedTexts) {
    this.revision = entry.revision;
    this.id = entry.id;
    this.user = entry.user;
    this.rules = NO_RULES;
    let rules: Record<string, string> | undefined;
    for (const name in entry.rules) {
      const hash = entry.rules[name as keyof LedgerEntry["rules"]];
      if (hash === undefined) continue;
      rules ??= {};
      rules[name] = shared.one(hash);
    }
    if (rules) this.rules = rules;
    this.version = entry.version;
    this.at = entry.at;
    this.held = entry.held;
    this.missingSince = entry.missingSince;
    const fields = entry.fields ?? {};
    this.#names = shared.list(Object.keys(fields));
    this.#marks = Object.values(fields).join("\n");
  }

  get fields(): LedgerEntry["fields"] {
    if (this.#names.length === 0) return undefined;
    const marks = this.#marks.split("\n");
    return Object.fromEntries(this.#names.map((name, at) => [name, marks[at] ?? ""]));
  }
}
