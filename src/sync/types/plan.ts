import type { AreaChange, Locate } from "../../coverage/types.ts";
import type { LedgerPlatform } from "../../ledger/ledger.ts";
import type { GuardFinding, SyncWarning } from "./messages.ts";
import type { ApplyOptions, DiffOptions, VerifyOptions } from "./options.ts";
import type { Findings, GuardLimit, InvalidRecord, PlannedUser, TextLine, WaitingUser } from "./records.ts";
import type { LanguageOptions, ProblemCsvOptions, ReportLanguage, SyncReport } from "./report.ts";

/** How many users or records there are of each kind. */
export interface PlanCounts {
  /** Records that were read. */
  readonly records: number;
  readonly new: number;
  /** Users that differ from what Oplead accepted. Leavers that get rules are included. */
  readonly changed: number;
  /** Held users that are sent again with the same content. */
  readonly retried: number;
  readonly unchanged: number;
  /** Users that differ from Oplead only in content that Oplead refused before. Nothing is sent for them. */
  readonly held: number;
  readonly invalid: number;
  readonly duplicate: number;
  /** New users that are perhaps users that Oplead has already: {@link Findings.twins}. */
  readonly twin: number;
  /** Users that wait for their parent: Oplead does not have the parent, and the parent cannot be sent. */
  readonly waiting: number;
  /** Users for which the ledger has a newer version. */
  readonly stale: number;
  /** Records that `map` left out, and repeated or older records of a user. */
  readonly ignored: number;
  /** All leavers, including those that are done. */
  readonly missing: number;
}

/** The options that select what a plan sends. Options of {@link SyncPlan.apply} replace them. */
export interface PlanSelection extends Pick<ApplyOptions, "only" | "limit"> {
  /**
   * Account numbers of people who are said to be really new: {@link SyncOptions.newUsers}. Undefined if there are none.
   */
  readonly newUsers: readonly string[] | undefined;
  /** Whether the plan also sends users that are unchanged according to the ledger: {@link SyncOptions.resend}. */
  readonly resend: boolean;
  /** Whether the whole source was read because {@link IncrementalOptions.fullEveryDays} is 0. */
  readonly full?: true | undefined;
  /** The file that was read instead of the source: {@link SyncOptions.sourceFile}. */
  readonly sourceFile?: string | undefined;
}

/** The facts of a plan. */
export interface PlanFacts extends Findings {
  /**
   * A hash of all moves, all content to send, the missing users, the reasons against the plan, the platform and the
   * test mode. It does not depend on the order of the source. It consists of letters and digits only. An approval names
   * it.
   */
  readonly hash: string;
  /** The platform that the plan is for. */
  readonly platform: LedgerPlatform;
  readonly selection: PlanSelection;
  /**
   * The time from which the source was asked for changes, ISO 8601; undefined if everything was read. See {@link
   * SyncOptions.incremental}.
   */
  readonly changedSince?: string | undefined;
  /** Whether the client is in test mode. In test mode Oplead saves nothing, and the ledger does not change. */
  readonly testMode: boolean;
  readonly counts: PlanCounts;
  /** The cost of the plan if no request fails. */
  readonly estimate: {
    /** How many requests: two for each new user, one for each changed user, and one for each rule. */
    readonly requests: number;
    /** The time that the requests take at the client's rate, in milliseconds; undefined with `rateLimit: false`. */
    readonly durationMs: number | undefined;
  };
  /** The users that would be sent, parents first. */
  readonly changes: readonly PlannedUser[];
  readonly waiting: readonly WaitingUser[];
  /** Account numbers of users that are not sent, because the ledger has a newer version. */
  readonly stale: readonly string[];
  /**
   * Why the guard or policies refuse the plan. If there are any reasons, the plan is applied only with {@link
   * ApplyOptions.approve}.
   */
  readonly refusals: readonly GuardFinding[];
  /**
   * The counts of the guard beside their limits. Empty if the guard is off, or if the ledger has no users to compare
   * with.
   */
  readonly limits: readonly GuardLimit[];
  /** The gains and losses of areas. Undefined without {@link PolicyCoverage.areas}. */
  readonly areas?: readonly AreaChange[] | undefined;
  /** Findings that do not stop the plan. */
  readonly warnings: readonly SyncWarning[];
  /** The names of the codes in the changed rules, from {@link PolicyCoverage.labels}. Undefined without that option. */
  readonly labels?: Readonly<Record<string, string>> | undefined;
  /**
   * Who made the plan, for which company, from which file or source, and when (ISO 8601): {@link SyncOptions.made}.
   * Undefined without that option.
   */
  readonly made?: { readonly [Fact in "at" | "by" | "company" | "from"]?: string | undefined } | undefined;
}

/** One changed path of a user. */
export interface DiffLine {
  /** The path that changes, for example `address.city` or `rules.maxDistance`. */
  readonly path: string;
  /**
   * How the value changes. If it is `"changed"`, the ledger knows from hashes that the old value differs. `"unknown"`:
   * at least one of the user's fields with this mark differs, but it is not known which; see {@link
   * PlannedUser.fieldsUnknown}.
   */
  readonly change: "added" | "changed" | "removed" | "unknown";
  /** The new value. It is given for a rule, and with {@link DiffOptions.reveal} also for a field. */
  readonly value?: unknown;
  /**
   * The value of a rule that Oplead has now, if the ledger keeps it ({@link LedgerEntry.accepted}). Absent if Oplead
   * has no such rule, or if its value is not known.
   */
  readonly was?: unknown;
}

/** The content that a plan would send for one user. */
export interface UserDiff {
  readonly accountNumber: string;
  readonly kind: PlannedUser["kind"];
  readonly id: string | undefined;
  /**
   * {@link PlannedUser.fieldsUnknown}. If it is true, `lines` has only the rules; with {@link DiffOptions.reveal} it
   * has all fields as well.
   */
  readonly fieldsUnknown: boolean;
  readonly lines: readonly DiffLine[];
  /** The changes as text, one line for each path. */
  toString(options?: LanguageOptions): string;
}

/**
 * What a run would do. Printing it, and `JSON.stringify`, show account numbers, ids, paths and codes, but no personal
 * data: an account number that is an e-mail address is shown as `[not shown]`.
 */
export interface SyncPlan extends PlanFacts {
  /**
   * Carries the plan out: parents first, unrelated users at the same time. If another process has written the entry of
   * a user since the plan was made, the user is not sent and counts as `stale`. Failures of users are in the report.
   *
   * @throws {@link SyncGuardError} before anything is sent, if the guard refuses the plan or `approve` names another
   * plan; {@link OpleadError} `invalid_options`, `ledger_unavailable`, `ledger_mismatch`, also before.
   */
  apply(options?: ApplyOptions): Promise<SyncReport>;

  /**
   * Sends changes with `?test=true`: Oplead checks them as usual and saves nothing, and the ledger does not change.
   * Users and rules that depend on a user that this plan creates cannot be verified. The report lists them.
   *
   * @throws {@link OpleadError} `invalid_options`.
   */
  verify(options?: VerifyOptions): Promise<SyncReport>;

  /** The content that would be sent for one user, by path; undefined if the plan has no change for it. */
  diff(accountNumber: string, options?: DiffOptions): UserDiff | undefined;

  /**
   * The records that would not be sent or that look wrong, as CSV: see {@link SyncReport.problemCsv}.
   *
   * @throws {@link OpleadError} `invalid_options`.
   */
  problemCsv(options?: ProblemCsvOptions): Promise<string>;
  /** The plan as several lines of text, for a terminal or a log. */
  toText(options?: RenderPlanOptions): Promise<string>;
  /** The plan as Markdown, for a pull-request comment or the summary of a CI job. */
  toMarkdown(options?: RenderPlanOptions): Promise<string>;
  /** The lines of the text, with the tone of headings and counts. A terminal can show the tones as colours. */
  toLines(options?: RenderPlanOptions): Promise<readonly TextLine[]>;
  /**
   * One HTML page for the person who approves the plan. It says whether the guard lets the plan through, and if not,
   * why not. It shows how close the plan is to each limit, which changes are sent, what is not sent and why, and the
   * command that sends the plan. The changes are grouped and can be searched. The page loads nothing and can be read
   * without a script. It holds what the saved plan holds: account numbers and names of fields, and no personal data
   * without `reveal`. The page of a plan with 20,000 changes is 2 MB large.
   *
   * @throws {@link OpleadError} `invalid_options`.
   *
   * @example
   * ```ts
   * await writeFile("plan.html", await plan.toHtml({ language: "fr" }));
   * ```
   */
  toHtml(options?: PlanPageOptions): Promise<string>;
  /** The hash and the counts in one line, in English. {@link SyncPlan.toText} has the rest. */
  toString(): string;
  /**
   * The plan as JSON: hashes, account numbers, ids, paths and codes. It can be saved, and compared later with {@link
   * comparePlans}.
   */
  toJSON(): SavedPlan;
}

/** A change in a {@link SavedPlan}. */
export interface SavedChange extends PlannedUser {
  /** A hash of the content that would be sent for this user. */
  readonly hash: string;
}

/** A plan as JSON. It holds no personal data. */
export interface SavedPlan extends Omit<PlanFacts, "changes" | "invalid"> {
  /**
   * The version of this form. If the minor number differs, fields were added. If the major number differs, this version
   * of the package cannot read the form.
   */
  readonly version: `5.${number}`;
  /** A hash of all other fields of this form, by which an alteration is noticed. */
  readonly checksum: string;
  readonly changes: readonly SavedChange[];
  readonly invalid: readonly Omit<InvalidRecord, "error">[];
}

/** A saved plan that {@link readSavedPlan} has checked, with methods that show it to people. */
export interface ReadPlan extends SavedPlan {
  /**
   * The records that would not be sent or that look wrong, as CSV: see {@link SyncReport.problemCsv}.
   *
   * @throws {@link OpleadError} `invalid_options`.
   */
  problemCsv(options?: ProblemCsvOptions): Promise<string>;
  /** The text of the plan, for a terminal or a log, as {@link SyncPlan.toText} gives it. */
  toText(options?: RenderPlanOptions): Promise<string>;
  /** The Markdown of the plan, as {@link SyncPlan.toMarkdown} gives it. */
  toMarkdown(options?: RenderPlanOptions): Promise<string>;
  /** The lines of the text of the plan: see {@link SyncPlan.toLines}. */
  toLines(options?: RenderPlanOptions): Promise<readonly TextLine[]>;
  /** The hash and the counts in one line: see {@link SyncPlan.toString}. */
  toString(): string;
  /**
   * The page of the plan: see {@link SyncPlan.toHtml}. A saved plan has no values to reveal.
   *
   * @throws {@link OpleadError} `invalid_options`.
   */
  toHtml(options?: PlanPageOptions): Promise<string>;
}

/** Options of {@link SyncPlan.toHtml}. */
export interface PlanPageOptions {
  /** The language of the page. Default `"en"`. */
  readonly language?: ReportLanguage | undefined;
  /**
   * The command that sends the plan; the page shows it. Default: `npx oplead sync --approve` with the hash of the plan
   * and the options by which it selects users.
   */
  readonly command?: string | undefined;
  /**
   * Returns the place of a postcode, for the map that shows which areas gain and lose users: `locate` of
   * `oplead-sdk/coverage/france`. The map shows France in Europe. Default: the page has a table and no map. Not used
   * for a plan that has neither {@link SyncPlan.areas} nor findings of policies.
   */
  readonly locate?: Locate | undefined;
  /**
   * Shows the new values of each change, and the old values if the ledger keeps them. They may be personal data. A
   * saved plan has no values. Default false.
   */
  readonly reveal?: boolean | undefined;
}

/** Options of {@link SyncPlan.toText} and {@link SyncPlan.toMarkdown}. */
export interface RenderPlanOptions extends LanguageOptions {
  /**
   * Shows every row of every list, and each change separately. Default false: shows the first rows, and groups many
   * changes by what is sent.
   */
  readonly all?: boolean | undefined;
  /**
   * Indexed by account number: a note for the line of a leaver, for example how many postcodes only leavers reach.
   * Default: no notes.
   */
  readonly leaverNotes?: ReadonlyMap<string, string> | undefined;
}
