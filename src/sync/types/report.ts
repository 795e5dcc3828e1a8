import type { OpleadIssue } from "../../core/issues.ts";
import type { LanguageOptions } from "../../core/names.ts";
import type { Outcome } from "../../core/outcomes.ts";
import type { Locate } from "../../coverage/types.ts";
import type { LedgerMark } from "../../ledger/notes.ts";
import type { UserOutcome } from "../../reconcile/reconciliation.ts";
import type { SyncStep } from "../../rules/types.ts";
import type { Finding } from "./findings.ts";
import type { GuardFinding, ProblemCode, StopReason, SyncWarning } from "./messages.ts";
import type { Findings, PlannedUser, RefreshFacts } from "./records.ts";

/** The outcome of one user of a run. */
export type PlannedOutcome = UserOutcome &
  Pick<PlannedUser, "record" | "row" | "rules"> & {
    /** {@link ReportFacts.runId}. */
    readonly runId: string;
  };

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
  /** Findings with `isNew`: problems that the last run with this ledger did not have. */
  readonly newProblems: number;
  /** Problems that the last run had as well: the same user or record, with the same code. */
  readonly knownProblems: number;
  /** Both by outcome; outcomes without any are left out. */
  readonly problems: Readonly<Partial<Record<Outcome, { readonly new: number; readonly known: number }>>>;
  readonly stopReason: StopReason | undefined;
  /** A trial or an older plan: `only` or `limit` chose the users, or the approved plan did not show everything. */
  readonly part: boolean;
  /** Oplead saved nothing, and the ledger did not change. */
  readonly testMode: boolean;
  /** Hash of the plan. Empty if runs were paused before one was made. */
  readonly hash: string;
  /** `advanced.sourceFile`. */
  readonly sourceFile?: string | undefined;
  /** Start of the run, ISO 8601. */
  readonly startedAt: string;
  /** Planning and sending, in ms. */
  readonly durationMs: number;
  readonly counts: ReportCounts;
  /** See {@link RefreshFacts}. Undefined without {@link SyncOptions.refreshAfterDays}. */
  readonly refresh?: RefreshFacts | undefined;
  /**
   * Why the guard refused the plan. It was sent nevertheless: a person had approved it, or it was test mode. If some
   * users were not approved, these wait for an approval of this plan.
   */
  readonly refusals: readonly GuardFinding[];
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
   * Keep it outside of the ledger, for `advanced.ledgerMark` of the next run. Undefined in test mode, with
   * `only` or `limit`, and if the run ended early.
   */
  readonly ledgerMark: LedgerMark | undefined;
}

export type ReportLanguage = NonNullable<LanguageOptions["language"]>;

/**
 * Forms of {@link SyncPlan.render}.
 *
 * - `text`: for a terminal or a log
 * - `markdown`: for a pull request or the summary of a CI job
 * - `html`: one page for the people who approve a plan or read a report. Loads nothing and works without a script. Of
 * a plan: whether the guard lets it through and if not why, how close it is to each limit, the changes in groups that
 * can be searched, what is not sent and why, and the command that sends it. 20,000 changes take 2 MB
 * - `csv`: {@link SyncReport.explain} as CSV (RFC 4180), for the people who maintain the data. A cell that a spreadsheet
 * would run as a formula gets an apostrophe in front. In French with semicolons and a byte order mark, for Excel
 */
export type RenderAs = "text" | "markdown" | "html" | "csv";

/** Options of {@link SyncPlan.render} and {@link SyncReport.render}. Those of another form have no effect. */
export interface RenderOptions extends LanguageOptions {
  /**
   * `text` and `markdown` of a plan: every row, and each change by itself. Default false: the first rows, and many
   * changes grouped by what is sent.
   */
  readonly all?: boolean | undefined;
  /** @internal Notes for the lines of leavers, by account number. */
  readonly leaverNotes?: ReadonlyMap<string, string> | undefined;
  /**
   * `csv`: names that people know, by account number, for the column `label`. Plans and reports keep none. Default: no
   * such column.
   */
  readonly labels?: ReadonlyMap<string, string> | undefined;
  /** @internal `csv`: segments by account number. */
  readonly segments?: ReadonlyMap<string, string> | undefined;
  /** @internal `html` of a plan: the command that sends it. */
  readonly command?: string | undefined;
  /** @internal `html` of a plan: for the map of areas. Default: `locate` of the plan's `coverage`. */
  readonly locate?: Locate | undefined;
  /**
   * `html` of a plan: new values of each change, and old ones that the ledger keeps. They may be personal data. A saved
   * plan has none. Default false.
   */
  readonly reveal?: boolean | undefined;
}

/** Options of {@link SyncReport.explain}. */
export interface ExplainOptions extends LanguageOptions {
  /** Only the findings of this account number, or these findings. Default: all. */
  readonly of?: string | readonly Finding[] | undefined;
}

/**
 * One problem of one user, for the people who maintain the data. May hold personal data in `opleadAnswer`, and in
 * `reason` if `map` threw.
 */
export interface Explained {
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
   * Every finding with reason and advice, one row each, as in the CSV; held users every night. May hold personal data,
   * unlike the rest of a report: answers of Oplead, and messages of errors in `map`.
   *
   * @throws {@link OpleadError} `invalid_options`.
   */
  explain(options?: ExplainOptions): Promise<readonly Explained[]>;
  /**
   * The report for people. Only `csv` may hold personal data.
   *
   * @throws {@link OpleadError} `invalid_options`.
   *
   * @example
   * ```ts
   * await writeFile("report.html", await report.render("html", { language: "fr" }));
   * ```
   */
  render(as: RenderAs, options?: RenderOptions): Promise<string>;
  /** Status and counts in one line, in English, as logged. */
  toString(): string;
  /** Without errors and answers of Oplead. */
  toJSON(): ReportFacts;
}
