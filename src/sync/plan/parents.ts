import type { Turns } from "../turns.ts";
import { parentsFirst, type Visit } from "./hierarchy.ts";
import type { LedgerSnapshot } from "./ledger-snapshot.ts";
import type { SourceRow } from "./source/source-users.ts";

type Rows = ReadonlyMap<string, SourceRow>;

/** Whom the users of a source have as parents. The source names a parent by account number or by Oplead ID. */
export class Parents {
  readonly #rows: Rows;
  readonly #ledger: LedgerSnapshot;
  /** The account numbers of parents that are named by Oplead ID. */
  readonly #ownersOfIds: ReadonlyMap<string, string>;

  static async find(rows: Rows, ledger: LedgerSnapshot, turns: Turns): Promise<Parents> {
    const ids = new Set<string>();
    for (const { parentIdentifier } of rows.values()) {
      if (parentIdentifier === undefined || rows.has(parentIdentifier) || ledger.get(parentIdentifier)) continue;
      ids.add(parentIdentifier);
    }
    return new Parents(rows, ledger, await ledger.accountNumbersOf(ids, turns));
  }

  private constructor(rows: Rows, ledger: LedgerSnapshot, ownersOfIds: ReadonlyMap<string, string>) {
    this.#rows = rows;
    this.#ledger = ledger;
    this.#ownersOfIds = ownersOfIds;
  }

  /** The account number of the parent; undefined for a user at the top, or if neither the source nor the ledger knows it. */
  of(row: SourceRow | undefined): string | undefined {
    const identifier = row?.parentIdentifier;
    if (identifier === undefined) return undefined;
    const isAccountNumber = this.#rows.has(identifier) || this.#ledger.get(identifier) !== undefined;
    return isAccountNumber ? identifier : this.#ownersOfIds.get(identifier);
  }

  /** Whether the source names a parent that neither it nor the ledger knows. */
  isUnknown(row: SourceRow | undefined): boolean {
    return row?.parentIdentifier !== undefined && this.of(row) === undefined;
  }

  /**
   * These users after their parents. Those below a parent that is not known come last: Oplead probably refuses them, and
   * many refusals at the start would end the run.
   */
  async inOrder(accountNumbers: readonly string[], turns: Turns): Promise<Iterable<Visit>> {
    const doubtful = new Set<string>();
    for (const { accountNumber } of this.#parentsFirst(accountNumbers)) {
      if (turns.due) await turns.give();
      const row = this.#rows.get(accountNumber);
      const parent = this.of(row);
      if (this.isUnknown(row) || (parent !== undefined && doubtful.has(parent))) doubtful.add(accountNumber);
    }
    const others = accountNumbers.filter((accountNumber) => !doubtful.has(accountNumber));
    return this.#parentsFirst([...others, ...accountNumbers.filter((accountNumber) => doubtful.has(accountNumber))]);
  }

  #parentsFirst(accountNumbers: readonly string[]): Iterable<Visit> {
    return parentsFirst(accountNumbers, (accountNumber) => this.of(this.#rows.get(accountNumber)));
  }
}
