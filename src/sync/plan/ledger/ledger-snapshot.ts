import { isOpleadError } from "../../../errors.ts";
import type { Ledger, LedgerEntry } from "../../../ledger/ledger.ts";
import { ledgerError } from "../../../ledger/ledger-error.ts";
import type { MissingUser } from "../../records.ts";
import type { Turns } from "../../turns.ts";
import { SharedTexts, SnapshotEntry } from "./snapshot-entry.ts";

/** What the ledger held when the plan was made. */
export class LedgerSnapshot {
  readonly #entries = new Map<string, SnapshotEntry>();
  readonly #shared = new SharedTexts();
  #population = 0;
  #comparable = 0;
  readonly #damaged: string[] = [];
  #valuesFreedAt = Number.NEGATIVE_INFINITY;

  /** @throws {@link OpleadError} `ledger_unavailable`; `aborted`. */
  static async read(ledger: Ledger, turns: Turns): Promise<LedgerSnapshot> {
    const snapshot = new LedgerSnapshot();
    const read = async (): Promise<void> => {
      for await (const [accountNumber, entry] of ledger.entries()) {
        if (turns.due) await turns.give();
        snapshot.#add(accountNumber, entry);
      }
    };
    try {
      await read();
    } catch (error) {
      throw isOpleadError(error) ? error : ledgerError("planSync: the ledger cannot be read. Nothing was sent.", error);
    }
    return snapshot;
  }

  #add(accountNumber: string, entry: LedgerEntry): void {
    const kept = new SnapshotEntry(entry, this.#shared);
    this.#entries.set(accountNumber, kept);
    if (entry.damaged) this.#damaged.push(accountNumber);
    this.#valuesFreedAt = Math.max(this.#valuesFreedAt, entry.valuesFreedAt ?? this.#valuesFreedAt);
    if (kept.id === undefined || kept.missingSince !== undefined) return;
    this.#population += 1;
    if (kept.user !== undefined) this.#comparable += 1;
  }

  get(accountNumber: string): LedgerEntry | undefined {
    return this.#entries.get(accountNumber);
  }

  /** How many entries there are. */
  get size(): number {
    return this.#entries.size;
  }

  /** Users that Oplead has and that were not missing before. */
  get population(): number {
    return this.#population;
  }

  /** How many of the {@link population} have a content to compare with: not those whose ids were only imported. */
  get comparable(): number {
    return this.#comparable;
  }

  /** When a user last gave up a login or an e-mail address; minus infinity if none ever did. */
  get valuesFreedAt(): number {
    return this.#valuesFreedAt;
  }

  /** Account numbers of entries that cannot be trusted. */
  get damaged(): readonly string[] {
    return this.#damaged;
  }

  /** The account numbers of users by Oplead ID, for the ids that are asked for. */
  async accountNumbersOf(ids: ReadonlySet<string>, turns: Turns): Promise<Map<string, string>> {
    const found = new Map<string, string>();
    if (ids.size === 0) return found;
    for (const [accountNumber, { id }] of this.#entries) {
      if (turns.due) await turns.give();
      if (id !== undefined && ids.has(id)) found.set(id, accountNumber);
    }
    return found;
  }

  /** The users that Oplead has and the source does not have. */
  async missingFrom(source: { has(accountNumber: string): boolean }, turns: Turns): Promise<MissingUser[]> {
    const missing: MissingUser[] = [];
    for (const [accountNumber, { id, missingSince }] of this.#entries) {
      if (turns.due) await turns.give();
      if (id !== undefined && !source.has(accountNumber)) missing.push({ accountNumber, id, since: missingSince });
    }
    return missing;
  }
}
