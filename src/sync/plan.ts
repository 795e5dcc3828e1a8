import type { OpleadErrorCode, OpleadIssue } from "../errors.ts";
import type { DeliveryStep, StepOnHold } from "../ledger/index.ts";
import type { RuleName } from "../rules/index.ts";
import type { GuardFinding } from "./guard.ts";
import type { ApplyOptions, MissingUser } from "./options.ts";
import type { SyncReport } from "./report.ts";

/** A user with something to send. */
export interface PlannedUser {
  readonly accountNumber: string;
  /** `new`: the ledger knows no Oplead ID of it. Oplead may have it all the same; it is asked first. */
  readonly kind: "new" | "changed";
  /** The Oplead ID, where the ledger knows it. */
  readonly id: string | undefined;
  /** The top-level fields that differ from what Oplead has accepted; empty when only rules do. */
  readonly fields: readonly string[];
  /** The rules that differ. */
  readonly rules: readonly RuleName[];
  /** The account number of its parent, where that is planned too: it goes first. */
  readonly after: string | undefined;
}

/** A record that cannot be sent. */
export interface InvalidRecord {
  /** Which record of the source, counted from 0. */
  readonly record: number;
  /** None where `map` threw or gave none. */
  readonly accountNumber: string | undefined;
  /** Every problem, with its path. */
  readonly issues: readonly OpleadIssue[];
}

/**
 * An account number that several records have, with different content and no version that tells which is newer. None of
 * them is sent: which is right?
 */
export interface DuplicateUser {
  readonly accountNumber: string;
  /** Which records of the source, counted from 0. */
  readonly records: readonly number[];
}

/** A step that Oplead has refused before and whose content is the same. */
export interface HeldUser {
  readonly accountNumber: string;
  readonly step: DeliveryStep;
  readonly code: OpleadErrorCode;
  readonly status: number | undefined;
  /** When it was refused, in milliseconds since 1970. */
  readonly since: number;
}

export function heldUser(accountNumber: string, { step, code, status, at }: StepOnHold): HeldUser {
  return { accountNumber, step, code, status, since: at };
}

/** How many users, or records, of each kind. */
export interface PlanCounts {
  /** Records read. */
  readonly records: number;
  readonly new: number;
  readonly changed: number;
  readonly unchanged: number;
  /** Users with nothing to send but what is held. */
  readonly held: number;
  readonly invalid: number;
  readonly duplicates: number;
  /** Users of which the ledger has a newer version. */
  readonly stale: number;
  /** Records that `map` passed over, and of several of one user those that repeat another or have an older version. */
  readonly ignored: number;
  readonly missing: number;
}

/** What a plan needs if nothing fails. */
export interface PlanEstimate {
  /** Two for a new user, one for a changed one, one for each rule. */
  readonly requests: number;
  /** Milliseconds at the client's rate; undefined with `rateLimit: false`. */
  readonly durationMs: number | undefined;
}

/** The facts of a plan. */
export interface PlanFacts {
  /** Stands for what would be sent and who is missing, whatever the order of the source: approve a plan by it. */
  readonly hash: string;
  /** Whether the client is in test mode: applying is a rehearsal then, and the ledger stays as it is. */
  readonly testMode: boolean;
  readonly counts: PlanCounts;
  readonly estimate: PlanEstimate;
  /** What is to be sent, parents first. */
  readonly changes: readonly PlannedUser[];
  readonly held: readonly HeldUser[];
  readonly invalid: readonly InvalidRecord[];
  readonly duplicates: readonly DuplicateUser[];
  /** Account numbers of which the ledger has a newer version. */
  readonly stale: readonly string[];
  /** Users that left the source. Never removed. Empty for an incremental source. */
  readonly missing: readonly MissingUser[];
  /** What looks like an accident. Unless it is empty, only {@link ApplyOptions.approve} lets the plan be applied. */
  readonly refusals: readonly GuardFinding[];
  /** What is worth knowing and stops nothing. */
  readonly warnings: readonly string[];
}

/**
 * What a run would do. Printing it, and `JSON.stringify`, show account numbers, ids, paths and codes, and no personal
 * data.
 */
export interface SyncPlan extends PlanFacts {
  /**
   * Carries it out: parents first, unrelated users at the same time. What other deliveries have done meanwhile is not
   * done again. Failures of users are in the report.
   *
   * @throws {@link SyncGuardError} before anything is sent, when the guard refuses the plan or `approve` is the hash of
   * another one; {@link OpleadError} `invalid_options`, `ledger_unavailable`, also before.
   */
  apply(options?: ApplyOptions): Promise<SyncReport>;

  /**
   * Sends every change with `?test=true`: Oplead runs all its logic and persists nothing, and the ledger stays as it is.
   * What depends on a user that only this plan creates cannot be verified: the report lists it as such.
   */
  verify(options?: Pick<ApplyOptions, "signal" | "onProgress" | "stop">): Promise<SyncReport>;

  /** Several lines, for a terminal or a log. */
  toString(): string;
  toJSON(): Record<string, unknown>;
}
