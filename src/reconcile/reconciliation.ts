import type { OpleadError } from "../base/errors.ts";
import type { Outcome } from "../base/outcomes.ts";
import type { HeldStep, SyncStep } from "../ledger/ledger.ts";
import type { CallOptions } from "../options.ts";
import type { RuleName } from "../rules/rules.ts";

/** Options of {@link reconcileUser}. */
export interface ReconcileOptions extends CallOptions {
  /** Sends steps again that Oplead refused, although their content is the same. Default false. */
  readonly retryHeld?: boolean | undefined;
  /** Binds a ledger of another platform to this one. Use it once, after the platform moved. Default false. */
  readonly adoptPlatform?: boolean | undefined;
  /** The clock, in milliseconds since 1970. Default `Date.now`. */
  readonly now?: (() => number) | undefined;
}

/** Options that decide which steps a reconciliation sends. */
export interface SendOptions extends Pick<ReconcileOptions, "now"> {
  /** The run that the user belongs to, for hooks. */
  readonly runId?: string | undefined;
  /** The held steps that are tried again: all of them, or those listed. Default false. */
  readonly retryHeld?: boolean | readonly SyncStep[] | undefined;
  /** Sends steps that Oplead has accepted before, too. Default false. */
  readonly resend?: boolean | undefined;
  /** The entry's revision that the plan saw (0: no entry). If it has another one by now, nothing is sent (`stale`). */
  readonly expectedRevision?: number | undefined;
  /** The doubt that the plan saw ({@link LedgerEntry.doubtedAt}): everything is sent once more, and then it is over. */
  readonly doubtedAt?: number | undefined;
  /**
   * Until when, by the client's clock, a request of a process that was killed may still be carried out: what is sent before is in doubt.
   * Default: no such process is known.
   */
  readonly lateUntil?: number | undefined;
  /** {@link Lease.abandonedMsAgo} of the lease on the user. */
  readonly abandonedMsAgo?: number | undefined;
  /** Whether the ledger has noted that the run is under way, which tells the next one if this process is killed. Default false. */
  readonly isInOpenRun?: boolean | undefined;
  /** Notes the user as in doubt while it is sent, because nothing else would tell that this process was killed meanwhile. Default false. */
  readonly notesAttempt?: boolean | undefined;
  /** The account number of the parent. Default: the user's `parentUserIdentifier`, which may also be an Oplead ID. */
  readonly parent?: string | undefined;
}

/** A step that failed. */
export interface FailedStep {
  readonly step: SyncStep;
  readonly error: OpleadError;
  /** Whether Oplead refused the content for good, so that the step is held. Otherwise the next reconciliation sends it again. */
  readonly held: boolean;
}

/** The result of {@link reconcileUser}. */
export interface Reconciliation {
  readonly accountNumber: string;
  /** The user's Oplead ID; undefined if Oplead does not have the user. */
  readonly id: string | undefined;
  readonly outcome: Extract<Outcome, "created" | "updated" | "unchanged" | "stale" | "held" | "incomplete" | "failed">;
  /** Whether Oplead did not have the user before. */
  readonly isNew: boolean;
  /** Whether this was test mode: Oplead persisted nothing and the ledger was not written. */
  readonly testMode: boolean;
  /** The top-level fields in which the user that was sent differs from what Oplead accepted before, as far as the ledger tells. */
  readonly fields: readonly string[];
  /** The steps that Oplead accepted. */
  readonly applied: readonly SyncStep[];
  /** Rules that test mode cannot check, because the user exists in this test only. */
  readonly unverifiable: readonly RuleName[];
  /** The steps that failed, each with its error. */
  readonly failed: readonly FailedStep[];
  /** Steps that were not tried, because the failure before them would have met them as well. */
  readonly notSent: readonly SyncStep[];
  /** Steps that were not tried, because Oplead refused this content before. */
  readonly held: readonly HeldStep[];
  /**
   * The user's parent, if Oplead refused the user and may do so because it does not have the parent yet. The same user can be
   * accepted once the parent is there.
   */
  readonly waitsFor?: string | undefined;
  /** The revision of the ledger entry afterwards; 0 without an entry. */
  readonly revision: number;
  /** HTTP requests sent, retries included. */
  readonly requests: number;
  /** How many of the requests were retries, or questions after an answer was lost. */
  readonly retries: number;
  /** The request ids that Oplead gave, of successes as well, in the order of the answers. */
  readonly requestIds: readonly string[];
}
