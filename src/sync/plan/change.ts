import type { PlannedUser } from "../records.ts";
import type { Candidate } from "./source/source-users.ts";

/** A user of the plan with what is needed to send it. Holds personal data, so it stays inside. */
export interface Change extends Candidate {
  readonly planned: PlannedUser;
  /** The paths in which the user differs from what Oplead accepted last. */
  readonly paths: readonly string[];
  /** Those of them, and the rules (`rules.maxDistance`), that Oplead has not had before, as far as the ledger knows. */
  readonly added: ReadonlySet<string>;
  /** The account number of its parent, if the source or the ledger knows it. */
  readonly parent: string | undefined;
  /** The account number of its parent, if the parent is in the source and Oplead does not have it yet. */
  readonly newParent: string | undefined;
  /** The revision of the ledger entry that the plan was made from; 0 without an entry. */
  readonly revision: number;
  /** Whether the ledger had an entry. */
  readonly hasEntry: boolean;
  /**
   * Whether the content differs from what Oplead accepted, so that the guard counts it. Not for users that are only sent
   * again, or whose ids were imported without their content.
   */
  readonly differs: boolean;
  /**
   * Sent after all others: it was refused because of a value that another change may give up, or its parent is not known,
   * so that Oplead probably refuses it.
   */
  readonly last: boolean;
  /** Whether it may give up a login or an e-mail address that another user wants. */
  readonly freesValue: boolean;
}
