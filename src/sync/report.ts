import type { OpleadError, OpleadErrorCode } from "../errors.ts";
import type { SyncStep } from "../ledger/ledger.ts";
import type { DuplicateUser, HeldUser, InvalidRecord, MissingUser, SourcePosition, StopReason } from "./records.ts";

/** A step that failed, of a user that was sent. */
export interface SyncFailure extends SourcePosition {
  readonly accountNumber: string;
  /** The user itself, or the rule. */
  readonly step: SyncStep;
  readonly code: OpleadErrorCode;
  readonly status: number | undefined;
  readonly requestId: string | undefined;
  /** Whether it is held: not tried again until its content changes. */
  readonly held: boolean;
  /** What happened, without personal data. Oplead's own words are in {@link SyncFailure.error} and in the CSV. */
  readonly message: string;
  /** What to do about it, in a sentence. */
  readonly advice: string;
  /** The error itself. Not enumerable: its body may hold personal data. */
  readonly error: OpleadError;
}

/** A user that was due and was not sent, or not to the end. The next run goes on with it. */
export interface SyncSkip extends SourcePosition {
  readonly accountNumber: string;
  /**
   * - `parent`: its parent is not in Oplead, because it failed or could not be sent
   * - `stopped`, `aborted`: the run had ended before its turn
   */
  readonly reason: "parent" | "stopped" | "aborted";
  /** The account number of the parent. */
  readonly parent: string | undefined;
}

/** A step that test mode cannot check, because Oplead forgets a user that a test creates. */
export interface Unverifiable extends SourcePosition {
  readonly accountNumber: string;
  readonly step: SyncStep;
  /** The account number of the user, planned in this run, that would have to be there: its parent, or itself for a rule. */
  readonly dependsOn: string;
}

/** What became of how many users. Each user of the source is in one of these. */
export interface ReportCounts {
  readonly created: number;
  readonly updated: number;
  readonly unchanged: number;
  /** Something was accepted and something failed. */
  readonly incomplete: number;
  /** Nothing was accepted. */
  readonly failed: number;
  readonly held: number;
  readonly skipped: number;
  readonly unverifiable: number;
  readonly invalid: number;
  readonly duplicates: number;
  readonly stale: number;
  /** Changes of the plan that `only`, `limit` or `sample` left out of this run. */
  readonly notSelected: number;
}

/** The facts of a run. */
export interface ReportFacts {
  /** Tells this run from others: a UUID. */
  readonly runId: string;
  /**
   * - `complete`: Oplead has every user as the source has it
   * - `partial`: all were tried; some failed, were skipped, are held or cannot be sent
   * - `stopped`: ended early, because going on made no sense; see {@link SyncReport.stopReason}
   * - `aborted`: ended by the signal
   *
   * In test mode the same words say what a real run would have come to.
   */
  readonly status: "complete" | "partial" | "stopped" | "aborted";
  readonly stopReason: StopReason | undefined;
  /** Whether it was a rehearsal: nothing was persisted, and the ledger is as it was. */
  readonly testMode: boolean;
  /** The hash of the plan. */
  readonly hash: string;
  /** When it began, ISO 8601. */
  readonly startedAt: string;
  readonly durationMs: number;
  readonly counts: ReportCounts;
  readonly failures: readonly SyncFailure[];
  readonly skipped: readonly SyncSkip[];
  readonly unverifiable: readonly Unverifiable[];
  readonly held: readonly HeldUser[];
  readonly invalid: readonly InvalidRecord[];
  readonly duplicates: readonly DuplicateUser[];
  readonly missing: readonly MissingUser[];
  /** Account numbers that were not sent, because the ledger has a newer version or was written since the plan was made. */
  readonly stale: readonly string[];
  /** HTTP requests sent for users and rules. */
  readonly requests: number;
  /** How many of them would not have been sent had nothing failed: repetitions, and questions after lost answers. */
  readonly retries: number;
  /** Milliseconds that requests of the client have waited for their turn, added up. */
  readonly throttledMs: number;
  readonly warnings: readonly string[];
}

/** What a run came to. Printing it, and `JSON.stringify`, show account numbers, ids, paths and codes, no personal data. */
export interface SyncReport extends ReportFacts {
  /**
   * Whatever did not arrive as CSV, one line for each problem, with Oplead's own words: for those who keep the source.
   * Unlike everything else here it may hold personal data. Cells that a spreadsheet would run as formulas are disarmed.
   */
  rejectedCsv(): string;
  /** Several lines, for a terminal or a log. */
  toString(): string;
  toJSON(): Record<string, unknown>;
}
