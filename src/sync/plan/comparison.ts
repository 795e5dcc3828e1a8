import type { LedgerEntry } from "../../ledger/ledger.ts";
import { changedPaths, differsFromLast, freesValue, isComparable } from "../../reconcile/content/compare.ts";
import { UserMarks } from "../../reconcile/content/marks.ts";
import type { LedgerSnapshot } from "./ledger-snapshot.ts";
import type { Candidate, SourceRow } from "./source/source-users.ts";

/** A user that may be sent, beside its entry. What takes long is found out once, and only if it is asked for. */
export class Comparison {
  readonly accountNumber: string;
  readonly row: SourceRow;
  readonly candidate: Candidate;
  readonly entry: LedgerEntry | undefined;
  readonly #ledger: LedgerSnapshot;
  #changed: { readonly paths: readonly string[] | undefined } | undefined;
  #frees: { readonly value: boolean | undefined } | undefined;

  constructor(accountNumber: string, row: SourceRow, candidate: Candidate, ledger: LedgerSnapshot) {
    this.accountNumber = accountNumber;
    this.row = row;
    this.candidate = candidate;
    this.entry = ledger.get(accountNumber);
    this.#ledger = ledger;
  }

  /** Whether Oplead never accepted the user, as far as the ledger knows: all of it is new. */
  get isNew(): boolean {
    return !this.entry || !isComparable(this.entry);
  }

  /** {@link changedPaths} */
  changedPaths(): readonly string[] | undefined {
    const { content } = this.candidate;
    this.#changed ??= { paths: changedPaths(new UserMarks(content.user), this.entry, this.#ledger.fingerprints) };
    return this.#changed.paths;
  }

  /** {@link freesValue} */
  freesValue(): boolean | undefined {
    this.#frees ??= { value: freesValue(this.candidate.content, this.entry, () => this.changedPaths()) };
    return this.#frees.value;
  }

  /** Whether the guard counts the user. Not if its id was imported without its content. */
  differs(): boolean {
    if (this.entry?.id !== undefined && this.isNew) return false;
    return differsFromLast(this.candidate.content, this.entry, () => this.changedPaths());
  }
}
