import { isOpleadError } from "../../errors.ts";
import type { Ledger, LedgerEntry } from "../../ledger/ledger.ts";
import { ledgerError } from "../../ledger/ledger-error.ts";
import { isUser } from "../apply/last-run.ts";
import type { MissingUser } from "../records.ts";

/** What the ledger knew when the plan was made. */
export class Known {
  readonly #entries: ReadonlyMap<string, LedgerEntry>;
  #accountNumbersById: Map<string, string> | undefined;

  constructor(entries: ReadonlyMap<string, LedgerEntry>) {
    this.#entries = entries;
  }

  static async read(ledger: Ledger): Promise<Known> {
    const entries = new Map<string, LedgerEntry>();
    try {
      for await (const [accountNumber, entry] of ledger.entries()) {
        if (isUser(accountNumber)) entries.set(accountNumber, entry);
      }
    } catch (error) {
      throw isOpleadError(error) ? error : ledgerError("planSync: the ledger cannot be read. Nothing was sent.", error);
    }
    return new Known(entries);
  }

  get(accountNumber: string): LedgerEntry | undefined {
    return this.#entries.get(accountNumber);
  }

  /** Whose Oplead ID this is. */
  ownerOf(id: string): string | undefined {
    if (!this.#accountNumbersById) {
      this.#accountNumbersById = new Map();
      for (const [accountNumber, entry] of this.#entries) {
        if (entry.id !== undefined) this.#accountNumbersById.set(entry.id, accountNumber);
      }
    }
    return this.#accountNumbersById.get(id);
  }

  /** How many users Oplead has that were not missing before. */
  get population(): number {
    let count = 0;
    for (const { id, missingSince } of this.#entries.values()) {
      if (id !== undefined && missingSince === undefined) count += 1;
    }
    return count;
  }

  /** The users that Oplead has and the source has not. */
  missingFrom(source: { has(accountNumber: string): boolean }): MissingUser[] {
    const missing: MissingUser[] = [];
    for (const [accountNumber, { id, missingSince }] of this.#entries) {
      if (id !== undefined && !source.has(accountNumber)) missing.push({ accountNumber, id, since: missingSince });
    }
    return missing;
  }
}
