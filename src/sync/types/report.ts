import type { OpleadError } from "../../core/errors.ts";
import type { OpleadIssue } from "../../core/issues.ts";
import type { Outcome } from "../../core/outcomes.ts";
import type { SyncStep } from "../../ledger/ledger.ts";
import type { LedgerMark } from "../../ledger/notes.ts";
import type { REASONS } from "../../locales/en/report.ts";
import type { UserOutcome } from "../../reconcile/reconciliation.ts";
import type {
  Advice,
  Findings,
  GuardFinding,
  HeldUser,
  InvalidRecord,
  PlannedUser,
  SourcePosition,
  StopReason,
  SyncWarning,
  WaitingRoot,
} from "./records.ts";

/** A step that failed, of a user that was sent. */
export interface SyncFailure extends Omit<HeldUser, "since"> {
  readonly requestId: string | undefined;
  /** Whether it is held: not tried again until its content changes. */
  readonly held: boolean;
  /**
   * The failure in a sentence, without personal data. Oplead's own words are in {@link SyncFailure.error} and in the
   * CSV.
   */
  readonly message: string;
  readonly advice: Advice;
  /** The error itself. Not enumerable: its body may hold personal data. */
  readonly error: OpleadError;
}

/** A user that should have been sent and was not, or not completely. The next run continues with it. */
export interface SyncSkip extends SourcePosition {
  readonly accountNumber: string;
  /**
   * - `parent`: its parent is not in Oplead, because it failed or could not be sent
   * - `stopped`, `paused`, `aborted`: the run ended before it was sent
   * - `handed_over`: the run had ended, and a worker of the queue has the user: it may still be sent
   */
  readonly reason: "parent" | "stopped" | "paused" | "aborted" | "handed_over";
  /** The account number of the parent. */
  readonly parent: string | undefined;
  /** For a user that waits for its parent: the first user above it that does not wait itself. */
  readonly root?: WaitingRoot | undefined;
}

/** A step that test mode cannot check, because Oplead forgets a user that a test creates. */
export interface Unverifiable extends SourcePosition {
  readonly accountNumber: string;
  readonly step: SyncStep;
  /** The account number of the user that only this run would create: its parent, or for a rule the user itself. */
  readonly dependsOn: string;
}

/** The outcome of one user of a run, with its place in the source and the fields and rules that the plan sends. */
export interface PlannedOutcome extends UserOutcome, Pick<PlannedUser, "record" | "row" | "fields" | "rules"> {
  /** The run, as in {@link ReportFacts.runId}. */
  readonly runId: string;
}

/** How many users had which outcome. Each user of the source counts once. */
export type ReportCounts = Readonly<Record<Exclude<Outcome, "sent" | "queued" | "ignored" | "repeated">, number>>;

/** The facts of a run. */
export interface ReportFacts extends Findings {
  /** Tells this run from others: {@link ApplyOptions.runId}, else a UUID. */
  readonly runId: string;
  /**
   * - `complete`: Oplead has every user as the source has it; with `only` or `limit`, every user that was chosen
   * - `partial`: all were tried; some failed, were skipped, are held or cannot be sent
   * - `stopped`: ended early, because everything failed; see {@link SyncReport.stopReason}
   * - `paused`: sent nothing, or ended early, because runs are paused: {@link pauseRuns}
   * - `aborted`: ended by the signal
   *
   * In test mode the same words say what a real run would have done.
   */
  readonly status: "complete" | "partial" | "stopped" | "paused" | "aborted";
  /**
   * For the end of a script.
   *
   * - 0: Oplead has every user as the source has it; with `only` or `limit`, every user that was chosen. Or runs are
   *   `paused`
   * - 1: there was something to send and nothing was sent successfully, and not only because Oplead refused content; or
   *   the run ended early (`stopped`, `aborted`)
   * - 4: some users failed or were refused in this run, and some arrived, or there were only refusals. Or {@link
   *   ApplyOptions.onMissing} threw
   * - 5: everything that can be sent was sent; some records cannot be: they are invalid, several of one user, perhaps a
   *   known user, held, or wait for a parent
   *
   * With {@link ApplyOptions.ignoreKnown}, problems that the last run had as well do not count for 4 and 5. They count
   * for 1, so an outage of two nights ends with 1 twice.
   */
  readonly exitCode: 0 | 1 | 4 | 5;
  /**
   * Problems of users and records that the last run with this ledger did not have. Suspicious data and the early end of
   * a run do not count.
   */
  readonly newProblems: number;
  /** Problems that the last run had as well: the same user or record, with the same code. */
  readonly knownProblems: number;
  /** The numbers by kind, as in {@link ProblemRow.problem}. A kind without problems is left out. */
  readonly problems: Readonly<
    Partial<
      Record<
        Extract<Outcome, "failed" | "held" | "invalid" | "duplicate" | "twin" | "skipped">,
        { readonly new: number; readonly known: number }
      >
    >
  >;
  readonly stopReason: StopReason | undefined;
  /** Whether it was in test mode: nothing was persisted, and the ledger did not change. */
  readonly testMode: boolean;
  /** The hash of the plan. Empty if runs were paused before there was one. */
  readonly hash: string;
  /** The file that was read in place of the source: {@link SyncOptions.sourceFile}. */
  readonly sourceFile?: string | undefined;
  /** When it began, ISO 8601. */
  readonly startedAt: string;
  /** How long planning and sending took, in milliseconds. */
  readonly durationMs: number;
  readonly counts: ReportCounts;
  readonly failures: readonly SyncFailure[];
  readonly skipped: readonly SyncSkip[];
  readonly unverifiable: readonly Unverifiable[];
  /** The guard's objections: the plan was approved all the same, or, in test mode, a real run would be refused. */
  readonly refusals: readonly GuardFinding[];
  /**
   * Account numbers that were not sent, because the ledger has a newer version or was written since the plan was made.
   */
  readonly stale: readonly string[];
  /** HTTP requests sent for users and rules. */
  readonly requests: number;
  /** How many of them were sent because something failed: repetitions, and questions after lost answers. */
  readonly retries: number;
  /** Milliseconds that requests of the client have waited for their turn, added up. */
  readonly throttledMs: number;
  readonly warnings: readonly SyncWarning[];
  /**
   * A mark of the ledger to keep outside of it, and to give to the next run as {@link SyncOptions.ledgerMark}.
   * Undefined if the run has not ended the ledger's night: in test mode, with `only` or `limit`, and if it ended early.
   */
  readonly ledgerMark: LedgerMark | undefined;
}

/** The languages of texts for people. Codes, JSON and log fields are the same in all of them. */
export type ReportLanguage = "en" | "fr";

/** Options of every text of a plan or a report. */
export interface LanguageOptions {
  /** The language of the text. Default `"en"`. */
  readonly language?: ReportLanguage | undefined;
}

/** Options of {@link SyncReport.problemCsv}. The defaults of `"fr"` are what Excel expects on a French Windows. */
export interface ProblemCsvOptions extends LanguageOptions {
  /** The text between two cells. Default `","`; with `language: "fr"` it is `";"`. */
  readonly delimiter?: "," | ";" | "\t" | undefined;
  /**
   * Whether the text begins with a byte order mark, by which Excel recognises UTF-8. Default: only with `language:
   * "fr"`.
   */
  readonly bom?: boolean | undefined;
}

/**
 * One problem of one user, for the people who maintain the data. May hold personal data in `opleadAnswer`, and in the
 * `reason` of an error that `map` threw.
 */
export interface ProblemRow {
  /**
   * The result of `rowOf` for the record, else its row in a spreadsheet whose first row is the header. Empty for a
   * leaver.
   */
  readonly row: number | string;
  readonly accountNumber: string | undefined;
  /**
   * - `failed`: could not be sent; the next run tries again
   * - `held`: refused by Oplead; sent again once it has changed
   * - `invalid`, `duplicate`: not sent
   * - `twin`: not sent, because it is perhaps a user that Oplead has
   * - `skipped`: not sent, because the run had ended; or a user that is not in Oplead, one row for all users that wait
   *   for it
   * - `suspicious`: can be sent, and looks wrong
   * - `leaver`: left the source; listed every night until it is back or done
   */
  readonly problem:
    | Extract<Outcome, "failed" | "held" | "invalid" | "duplicate" | "twin" | "skipped">
    | "suspicious"
    | "leaver";
  /** The user itself or one of its rules; undefined if the problem concerns the whole record. */
  readonly step: SyncStep | undefined;
  /** The path of an invalid field, for example `address.zipCode`. */
  readonly field: string | undefined;
  /**
   * The source's column from which `map` fills this field, if {@link Findings.columns} has it. The CSV shows it instead
   * of `field`.
   */
  readonly column: string | undefined;
  /** The problem in a sentence. */
  readonly reason: string;
  /** The remedy in a sentence. */
  readonly advice: string;
  /** Oplead's answer, in its own words. */
  readonly opleadAnswer: string | undefined;
  /** The problem as a literal to switch on. */
  readonly code: keyof typeof REASONS | OpleadIssue["code"];
  /** HTTP status. */
  readonly status: number | undefined;
  /** When Oplead refused it, or a leaver was first missing, ISO 8601. The CSV has the day only. */
  readonly since: string | undefined;
  readonly requestId: string | undefined;
}

/**
 * The result of a run. Printing it, and `JSON.stringify`, show account numbers, ids, paths and codes, no personal data.
 */
export interface SyncReport extends ReportFacts {
  /**
   * Every problem of the run with its reason and advice, one row each, for the people who maintain the data. Held users
   * are in it every night. Unlike everything else here it may hold personal data, in Oplead's own words and those of
   * errors in `map`.
   */
  problemRows(options?: LanguageOptions): ProblemRow[];
  /**
   * {@link SyncReport.problemRows} as CSV (RFC 4180). A cell that a spreadsheet would run as a formula gets an
   * apostrophe in front.
   *
   * @throws {@link OpleadError} `invalid_options`.
   */
  problemCsv(options?: ProblemCsvOptions): string;
  /** Several lines, for a terminal or a log. */
  toString(options?: LanguageOptions): string;
  /** For a pull-request comment or the summary of a CI job. */
  toMarkdown(options?: LanguageOptions): string;
  /**
   * The report as one HTML page: the outcome, the users that did not arrive with what to do about them, and what the
   * next run will do. It loads nothing from anywhere, can be read without a script, and holds what the report as JSON
   * holds: no personal data.
   *
   * @throws {@link OpleadError} `invalid_options`.
   *
   * @example
   * ```ts
   * await writeFile("report.html", await report.toHtml());
   * ```
   */
  toHtml(options?: LanguageOptions): Promise<string>;
  /** The facts, without errors and Oplead's words. */
  toJSON(): SavedReport;
}

/** A report as JSON. It holds no personal data. */
export interface SavedReport extends Omit<ReportFacts, "failures" | "invalid"> {
  readonly failures: readonly Omit<SyncFailure, "error">[];
  readonly invalid: readonly Omit<InvalidRecord, "error">[];
}
