import type { FailedStep, OpleadFailure } from "../../core/errors.ts";
import type { OpleadIssue } from "../../core/issues.ts";
import type { Outcome } from "../../core/outcomes.ts";
import type { LedgerMark } from "../../ledger/notes.ts";
import type { UserOutcome } from "../../reconcile/reconciliation.ts";
import type { SyncStep } from "../../rules/types.ts";
import type { Advice, GuardFinding, ProblemCode, StopReason, SyncWarning } from "./messages.ts";
import type {
  Findings,
  HeldUser,
  InvalidRecord,
  PlannedUser,
  SourcePosition,
  TextLine,
  WaitingRoot,
} from "./records.ts";

/** A failed step of a user that was sent. */
export interface SyncFailure extends Omit<HeldUser, "since">, FailedStep {
  readonly requestId: string | undefined;
  /** True if the step is not sent again until its content changes. */
  readonly held: boolean;
  /** A sentence without personal data. Oplead's answer is in {@link SyncFailure.error} and in the CSV. */
  readonly message: string;
  readonly advice: Advice;
  /** Not enumerable: its body may hold personal data. */
  readonly error: OpleadFailure;
}

/** A user that was not sent, or not completely. The next run sends the rest. */
export interface SyncSkip extends SourcePosition {
  readonly accountNumber: string;
  /**
   * - `parent`: its parent failed or could not be sent
   * - `stopped`, `paused`, `aborted`: the run ended before
   * - `handed_over`: the run ended while a worker of the queue had the user, and may still send it
   */
  readonly reason: "parent" | "stopped" | "paused" | "aborted" | "handed_over";
  /** Account number of the parent. */
  readonly parent: string | undefined;
  /** Nearest user above that does not wait itself. */
  readonly root?: WaitingRoot | undefined;
}

/** A step that test mode cannot check: it depends on a user that a test creates and Oplead forgets. */
export interface Unverifiable extends SourcePosition {
  readonly accountNumber: string;
  readonly step: SyncStep;
  /** Account number of that user: the parent, or for a rule the user itself. */
  readonly dependsOn: string;
}

/** The outcome of one user of a run. */
export interface PlannedOutcome extends UserOutcome, Pick<PlannedUser, "record" | "row" | "fields" | "rules"> {
  /** {@link ReportFacts.runId}. */
  readonly runId: string;
}

/** Users by outcome. Each user of the source counts once. */
export type ReportCounts = Readonly<Record<Exclude<Outcome, "sent" | "queued" | "ignored" | "repeated">, number>>;

/** The facts of a run. */
export interface ReportFacts extends Findings {
  /** {@link ApplyOptions.runId}, or a UUID. */
  readonly runId: string;
  /**
   * - `complete`: Oplead has every user as the source has it; with `only` or `limit`, every chosen user
   * - `partial`: all were tried; some failed, were skipped, are held, not approved or cannot be sent
   * - `stopped`: ended early, because most calls failed; see {@link SyncReport.stopReason}
   * - `paused`: sent nothing or ended early, because runs are paused: {@link pauseRuns}
   * - `aborted`: a signal of the caller ended the run
   *
   * In test mode, what a real run would have done.
   */
  readonly status: "complete" | "partial" | "stopped" | "paused" | "aborted";
  /**
   * Exit code for a script.
   *
   * - 0: `complete` or `paused`
   * - 1: there were users to send, but none arrived, and not only because of Oplead's refusals; or `stopped`, `aborted`
   * - 4: some users arrived, others failed or were refused; or Oplead refused all; or {@link ApplyOptions.onMissing}
   * threw
   * - 5: everything that can be sent was sent, but some records are invalid, duplicates, twins, held or not approved,
   * or wait for a parent
   *
   * With {@link ApplyOptions.ignoreKnown}, problems that the last run had as well do not count for 4 and 5. They do for
   * 1: an outage of two nights ends both runs with 1.
   */
  readonly exitCode: 0 | 1 | 4 | 5;
  /**
   * Problems of users and records that the last run with this ledger did not have. Suspicious data and an early end do
   * not count.
   */
  readonly newProblems: number;
  /** Problems that the last run had as well: the same user or record, with the same code. */
  readonly knownProblems: number;
  /** Problems by kind ({@link ProblemRow.problem}); kinds without any are left out. */
  readonly problems: Readonly<
    Partial<
      Record<
        Extract<Outcome, "failed" | "held" | "invalid" | "duplicate" | "twin" | "skipped">,
        { readonly new: number; readonly known: number }
      >
    >
  >;
  readonly stopReason: StopReason | undefined;
  /** A trial or an older plan: `only` or `limit` chose the users, or the approved plan did not show everything. */
  readonly part: boolean;
  /** Oplead saved nothing, and the ledger did not change. */
  readonly testMode: boolean;
  /** Hash of the plan. Empty if runs were paused before one was made. */
  readonly hash: string;
  /** {@link SyncOptions.sourceFile}. */
  readonly sourceFile?: string | undefined;
  /** Start of the run, ISO 8601. */
  readonly startedAt: string;
  /** Planning and sending, in ms. */
  readonly durationMs: number;
  readonly counts: ReportCounts;
  /** Failed steps. */
  readonly failed: readonly SyncFailure[];
  readonly skipped: readonly SyncSkip[];
  readonly unverifiable: readonly Unverifiable[];
  /**
   * Why the guard refused the plan. It was sent nevertheless: a person had approved it, or it was test mode. If some
   * users were not approved, these wait for an approval of this plan.
   */
  readonly refusals: readonly GuardFinding[];
  /**
   * Account numbers of users with a newer version in the ledger, or whose entry another process wrote since the plan.
   * Not sent.
   */
  readonly stale: readonly string[];
  /** HTTP requests for users and rules. */
  readonly requests: number;
  /**
   * Requests sent because an earlier one failed: retries, and questions whether Oplead carried out a request whose
   * answer was lost.
   */
  readonly retries: number;
  /** Waits of the client's requests for the rate limit, added up, in ms. */
  readonly throttledMs: number;
  readonly warnings: readonly SyncWarning[];
  /**
   * Keep it outside of the ledger, for {@link SyncOptions.ledgerMark} of the next run. Undefined in test mode, with
   * `only` or `limit`, and if the run ended early.
   */
  readonly ledgerMark: LedgerMark | undefined;
}

/** Languages of texts for people. Codes, JSON and log fields have none. */
export type ReportLanguage = "en" | "fr";

/** Options of every text of a plan or report. */
export interface LanguageOptions {
  /** Language of the text. Default `"en"`. */
  readonly language?: ReportLanguage | undefined;
}

/** Options of {@link SyncReport.problemCsv}. `language: "fr"` has semicolons and a byte order mark, for a French Excel. */
export interface ProblemCsvOptions extends LanguageOptions {
  /**
   * Names that people know, by account number, for the column `label`. Plans and reports keep none. Default: no such
   * column.
   */
  readonly labels?: ReadonlyMap<string, string> | undefined;
  /** Segments by account number, for the column `segment`. Default: no such column. */
  readonly segments?: ReadonlyMap<string, string> | undefined;
}

/**
 * One problem of one user, for the people who maintain the data. May hold personal data in `opleadAnswer`, and in
 * `reason` if `map` threw.
 */
export interface ProblemRow {
  /** {@link SyncOptions.rowOf}, or the row in a spreadsheet with a header. Empty for a leaver. */
  readonly row: number | string;
  readonly accountNumber: string | undefined;
  /**
   * - `failed`: the next run tries again
   * - `held`: refused by Oplead; sent again once it changed
   * - `invalid`, `duplicate`: not sent
   * - `twin`: not sent; perhaps a user that Oplead has
   * - `skipped`: not sent, because the run had ended. One row stands for all users that wait for the same user
   * - `suspicious`: can be sent, but looks wrong
   * - `leaver`: left the source; listed until it is back or done
   */
  readonly problem:
    | Extract<Outcome, "failed" | "held" | "invalid" | "duplicate" | "twin" | "skipped">
    | "suspicious"
    | "leaver";
  /** The user itself, or one of its rules. Undefined for the whole record. */
  readonly step: SyncStep | undefined;
  /** Path of an invalid field, for example `address.zipCode`. */
  readonly field: string | undefined;
  /** Column that `map` reads for the field, if {@link Findings.columns} has it. The CSV shows it instead of `field`. */
  readonly column: string | undefined;
  /** What is wrong, in a sentence. */
  readonly reason: string;
  /** What to do, in a sentence. */
  readonly advice: string;
  /** Answer in Oplead's words. */
  readonly opleadAnswer: string | undefined;
  readonly code: ProblemCode | OpleadIssue["code"];
  /** HTTP status of Oplead's answer. */
  readonly status: number | undefined;
  /** Refusal of the content, or first absence of a leaver, ISO 8601. The CSV shows only the day. */
  readonly since: string | undefined;
  readonly requestId: string | undefined;
}

/**
 * The result of a run. Printing it, and `JSON.stringify`, show account numbers, ids, paths and codes, but no personal
 * data.
 */
export interface SyncReport extends ReportFacts {
  /**
   * Every problem with reason and advice, one row each; held users every night. May hold personal data, unlike the rest
   * of a report: answers of Oplead, and messages of errors in `map`.
   */
  problemRows(options?: LanguageOptions): Promise<ProblemRow[]>;
  /**
   * {@link SyncReport.problemRows} as CSV (RFC 4180). A cell that a spreadsheet would run as a formula gets an
   * apostrophe in front.
   *
   * @throws {@link OpleadError} `invalid_options`.
   */
  problemCsv(options?: ProblemCsvOptions): Promise<string>;
  /** Text for a terminal or a log. */
  toText(options?: LanguageOptions): Promise<string>;
  /** Markdown for a pull request or the summary of a CI job. */
  toMarkdown(options?: LanguageOptions): Promise<string>;
  /** The lines of the text, with the tone of headings and counts, for example for colours. */
  toLines(options?: LanguageOptions): Promise<readonly TextLine[]>;
  /**
   * One HTML page: the outcome, the users that did not arrive with advice about each, and what the next run will do.
   * Loads nothing, works without a script, and holds no personal data.
   *
   * @throws {@link OpleadError} `invalid_options`.
   *
   * @example
   * ```ts
   * await writeFile("report.html", await report.toHtml());
   * ```
   */
  toHtml(options?: LanguageOptions): Promise<string>;
  /** Status and counts in one line, in English, as logged. */
  toString(): string;
  /** Without errors and answers of Oplead. */
  toJSON(): SavedReport;
}

/** A report as JSON. It holds no personal data. */
export interface SavedReport extends Omit<ReportFacts, "failed" | "invalid"> {
  readonly failed: readonly Omit<SyncFailure, "error">[];
  readonly invalid: readonly Omit<InvalidRecord, "error">[];
}
