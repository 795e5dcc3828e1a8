import type { ApplyOptions } from "./options.ts";
import type { DuplicateUser, GuardFinding, HeldUser, InvalidRecord, MissingUser, PlannedUser } from "./records.ts";
import type { SyncReport } from "./report.ts";

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
