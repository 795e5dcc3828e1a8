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
  /** Whether the step is held: it is not sent again until its content changes. */
  readonly held: boolean;
  /**
   * The failure in a sentence, without personal data. The answer of Oplead is in {@link SyncFailure.error} and in the
   * CSV.
   */
  readonly message: string;
  readonly advice: Advice;
  /** The error itself. Not enumerable, because its body may hold personal data. */
  readonly error: OpleadFailure;
}

/** A user that should have been sent and was not sent, or not completely. The next run sends the rest. */
export interface SyncSkip extends SourcePosition {
  readonly accountNumber: string;
  /**
   * - `parent`: its parent is not in Oplead, because the parent failed or could not be sent
   * - `stopped`, `paused`, `aborted`: the run ended before the user was sent
   * - `handed_over`: the run ended while a worker of the queue had the user, so the worker may still send it
   */
  readonly reason: "parent" | "stopped" | "paused" | "aborted" | "handed_over";
  /** The account number of the parent. */
  readonly parent: string | undefined;
  /** For a user that waits for its parent: the nearest user above it that does not wait itself. */
  readonly root?: WaitingRoot | undefined;
}

/** A step that test mode cannot check, because it depends on a user that a test creates and Oplead forgets. */
export interface Unverifiable extends SourcePosition {
  readonly accountNumber: string;
  readonly step: SyncStep;
  /** The account number of the user that would be created by this run: the parent, or for a rule the user itself. */
  readonly dependsOn: string;
}

/**
 * The outcome of one user of a run. It has the user's place in the source, and the fields and rules that the plan
 * sends.
 */
export interface PlannedOutcome extends UserOutcome, Pick<PlannedUser, "record" | "row" | "fields" | "rules"> {
  /** The run, as in {@link ReportFacts.runId}. */
  readonly runId: string;
}

/** How many users had each outcome. Each user of the source counts once. */
export type ReportCounts = Readonly<Record<Exclude<Outcome, "sent" | "queued" | "ignored" | "repeated">, number>>;

/** The facts of a run. */
export interface ReportFacts extends Findings {
  /** A text that identifies this run: {@link ApplyOptions.runId}, or else a UUID. */
  readonly runId: string;
  /**
   * - `complete`: Oplead has every user as the source has it; with `only` or `limit`, every user that was chosen
   * - `partial`: all users were tried; some failed, were skipped, are held or cannot be sent
   * - `stopped`: the run ended early, because most calls failed; see {@link SyncReport.stopReason}
   * - `paused`: the run sent nothing, or ended early, because runs are paused: {@link pauseRuns}
   * - `aborted`: a signal of the caller ended the run
   *
   * In test mode the same words say what a real run would have done.
   */
  readonly status: "complete" | "partial" | "stopped" | "paused" | "aborted";
  /**
   * The exit code that a script should end with.
   *
   * - 0: Oplead has every user as the source has it; with `only` or `limit`, every user that was chosen. A `paused` run
   *   ends with 0 too
   * - 1: there were users to send, but none arrived, and Oplead's refusals were not the only cause; or the run ended
   *   early (`stopped`, `aborted`)
   * - 4: some users arrived in this run, and others failed or were refused; or Oplead refused all users; or {@link
   *   ApplyOptions.onMissing} threw
   * - 5: everything that can be sent was sent, but some records cannot be sent. Such a record is invalid, differs from
   *   another record of the same user, may be a user that Oplead has under a different account number, is held, or
   *   waits for a parent
   *
   * With {@link ApplyOptions.ignoreKnown}, problems that the last run had as well do not count for 4 and 5. They still
   * count for 1, so an outage that lasts two nights ends both runs with 1.
   */
  readonly exitCode: 0 | 1 | 4 | 5;
  /**
   * How many problems of users and records are new: the last run with this ledger did not have them. Suspicious data
   * and the early end of a run do not count.
   */
  readonly newProblems: number;
  /** How many problems the last run had as well: the same user or record, with the same code. */
  readonly knownProblems: number;
  /**
   * How many problems there are of each kind, named as in {@link ProblemRow.problem}. A kind without problems is left
   * out.
   */
  readonly problems: Readonly<
    Partial<
      Record<
        Extract<Outcome, "failed" | "held" | "invalid" | "duplicate" | "twin" | "skipped">,
        { readonly new: number; readonly known: number }
      >
    >
  >;
  readonly stopReason: StopReason | undefined;
  /** Whether the run was in test mode: Oplead saved nothing, and the ledger did not change. */
  readonly testMode: boolean;
  /** The hash of the plan. Empty if no plan was made because runs were paused. */
  readonly hash: string;
  /** The file that was read instead of the source: {@link SyncOptions.sourceFile}. */
  readonly sourceFile?: string | undefined;
  /** When the run began, ISO 8601. */
  readonly startedAt: string;
  /** How long planning and sending took, in milliseconds. */
  readonly durationMs: number;
  readonly counts: ReportCounts;
  /** The steps that failed, each with its user, its error and advice. */
  readonly failed: readonly SyncFailure[];
  readonly skipped: readonly SyncSkip[];
  readonly unverifiable: readonly Unverifiable[];
  /**
   * The reasons for which the guard refused the plan; empty if the guard did not refuse it. The run sent users despite
   * these reasons, because a person had approved the plan or because the run was in test mode. Without test mode, a
   * plan that nobody approved is refused.
   */
  readonly refusals: readonly GuardFinding[];
  /**
   * Account numbers of users that were not sent, because the ledger has a newer version or another process has written
   * their entry since the plan was made.
   */
  readonly stale: readonly string[];
  /** How many HTTP requests were sent for users and rules. */
  readonly requests: number;
  /**
   * How many of `requests` were sent because an earlier request failed. They are retries, and questions to Oplead after
   * an answer was lost: whether Oplead carried out the request.
   */
  readonly retries: number;
  /** How many milliseconds requests of the client waited for the rate limit, added up. */
  readonly throttledMs: number;
  readonly warnings: readonly SyncWarning[];
  /**
   * A mark of the ledger to keep outside of it, and to give to the next run as {@link SyncOptions.ledgerMark}.
   * Undefined in test mode, with `only` or `limit`, and if the run ended early.
   */
  readonly ledgerMark: LedgerMark | undefined;
}

/** The languages of texts for people. Codes, JSON and log fields do not depend on the language. */
export type ReportLanguage = "en" | "fr";

/** Options of every text of a plan or a report. */
export interface LanguageOptions {
  /** The language of the text. Default `"en"`. */
  readonly language?: ReportLanguage | undefined;
}

/**
 * Options of {@link SyncReport.problemCsv}. With `language: "fr"`, the defaults are what Excel expects on a French
 * Windows.
 */
export interface ProblemCsvOptions extends LanguageOptions {
  /** The text between two cells. Default `","`; with `language: "fr"` it is `";"`. */
  readonly delimiter?: "," | ";" | "\t" | undefined;
  /**
   * Whether the text begins with a byte order mark, by which Excel recognises UTF-8. Default: true with `language:
   * "fr"`, else false.
   */
  readonly bom?: boolean | undefined;
  /**
   * The names by which people know the users, indexed by account number. These names fill the column `label`. Plans and
   * reports keep no labels. Default: no such column.
   */
  readonly labels?: ReadonlyMap<string, string> | undefined;
  /**
   * The segment of each user, indexed by account number. The segments fill the column `segment`. Default: no such
   * column.
   */
  readonly segments?: ReadonlyMap<string, string> | undefined;
}

/**
 * One problem of one user, for the people who maintain the data. It may hold personal data in `opleadAnswer`, and in
 * `reason` if `map` threw an error.
 */
export interface ProblemRow {
  /**
   * The place of the record that `rowOf` returns. Without `rowOf`, its row in a spreadsheet whose first row is the
   * header. Empty for a leaver.
   */
  readonly row: number | string;
  readonly accountNumber: string | undefined;
  /**
   * - `failed`: could not be sent; the next run tries again
   * - `held`: refused by Oplead; sent again once it has changed
   * - `invalid`, `duplicate`: not sent
   * - `twin`: not sent, because it is perhaps a user that Oplead has
   * - `skipped`: not sent, because the run had ended. If users wait for a user that is not in Oplead, the row of that
   *   user stands for all of them
   * - `suspicious`: can be sent, but looks wrong
   * - `leaver`: the user left the source; listed by every run until the user is back or done
   */
  readonly problem:
    | Extract<Outcome, "failed" | "held" | "invalid" | "duplicate" | "twin" | "skipped">
    | "suspicious"
    | "leaver";
  /**
   * The step that the problem concerns: the user itself, or one of its rules. Undefined if it concerns the whole
   * record.
   */
  readonly step: SyncStep | undefined;
  /** The path of an invalid field, for example `address.zipCode`. */
  readonly field: string | undefined;
  /**
   * The column of the source from which `map` fills this field, if {@link Findings.columns} has it. The CSV shows the
   * column instead of `field`.
   */
  readonly column: string | undefined;
  /** The problem, as a sentence. */
  readonly reason: string;
  /** A sentence that says what to do about the problem. */
  readonly advice: string;
  /** What Oplead answered, in the words of its answer. */
  readonly opleadAnswer: string | undefined;
  /** The problem as a code, for programs. */
  readonly code: ProblemCode | OpleadIssue["code"];
  /** The HTTP status of Oplead's answer. */
  readonly status: number | undefined;
  /** When Oplead refused the content, or a leaver was first missing, ISO 8601. The CSV shows only the day. */
  readonly since: string | undefined;
  readonly requestId: string | undefined;
}

/**
 * The result of a run. Printing it, and `JSON.stringify`, show account numbers, ids, paths and codes, but no personal
 * data.
 */
export interface SyncReport extends ReportFacts {
  /**
   * Every problem of the run with its reason and advice, one row each, for the people who maintain the data. Held users
   * are in it every night. Unlike the other parts of a report it may hold personal data: in the answers of Oplead, and
   * in the messages of errors that `map` threw.
   */
  problemRows(options?: LanguageOptions): Promise<ProblemRow[]>;
  /**
   * {@link SyncReport.problemRows} as CSV (RFC 4180). If a spreadsheet would run a cell as a formula, the cell gets an
   * apostrophe in front.
   *
   * @throws {@link OpleadError} `invalid_options`.
   */
  problemCsv(options?: ProblemCsvOptions): Promise<string>;
  /** The report as several lines of text, for a terminal or a log. */
  toText(options?: LanguageOptions): Promise<string>;
  /** The report as Markdown, for a pull-request comment or the summary of a CI job. */
  toMarkdown(options?: LanguageOptions): Promise<string>;
  /** The lines of the text, with the tone of headings and counts. A terminal can show the tones as colours. */
  toLines(options?: LanguageOptions): Promise<readonly TextLine[]>;
  /**
   * The report as one HTML page: the outcome, the users that did not arrive in Oplead, advice about each of these
   * users, and what the next run will do. It loads nothing from anywhere, can be read without a script, and holds what
   * the report as JSON holds: no personal data.
   *
   * @throws {@link OpleadError} `invalid_options`.
   *
   * @example
   * ```ts
   * await writeFile("report.html", await report.toHtml());
   * ```
   */
  toHtml(options?: LanguageOptions): Promise<string>;
  /** The status and the counts in one line, in English, as it is logged. {@link SyncReport.toText} has the rest. */
  toString(): string;
  /** The data of the report, without its errors and without the answers of Oplead. */
  toJSON(): SavedReport;
}

/** A report as JSON. It holds no personal data. */
export interface SavedReport extends Omit<ReportFacts, "failed" | "invalid"> {
  readonly failed: readonly Omit<SyncFailure, "error">[];
  readonly invalid: readonly Omit<InvalidRecord, "error">[];
}
