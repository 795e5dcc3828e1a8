import type { AreaChange, Locate } from "../../coverage/types.ts";
import type { LedgerPlatform } from "../../ledger/ledger.ts";
import type { ApplyOptions, DiffOptions, VerifyOptions } from "./options.ts";
import type {
  Findings,
  GuardFinding,
  GuardLimit,
  InvalidRecord,
  PlannedUser,
  SyncWarning,
  TextLine,
  WaitingUser,
} from "./records.ts";
import type { LanguageOptions, ProblemCsvOptions, ReportLanguage, SyncReport } from "./report.ts";

/** How many users, or records, of each kind. */
export interface PlanCounts {
  /** Records read. */
  readonly records: number;
  readonly new: number;
  /** Leavers that get rules are among them. */
  readonly changed: number;
  /** Held users that are tried once more. */
  readonly retried: number;
  readonly unchanged: number;
  /** Users whose only open steps are held. */
  readonly held: number;
  readonly invalid: number;
  readonly duplicate: number;
  /** New users that may be known ones: {@link Findings.twins}. */
  readonly twin: number;
  /** Users that wait for a parent which is not in Oplead and cannot be sent. */
  readonly waiting: number;
  /** Users for which the ledger has a newer version. */
  readonly stale: number;
  /** Records for which `map` gave nothing, and repeated or older records of a user. */
  readonly ignored: number;
  /** Leavers, also those that are done. */
  readonly missing: number;
}

/** The cost of a plan if nothing fails. */
export interface PlanEstimate {
  /** Two for a new user, one for a changed one, one for each rule. */
  readonly requests: number;
  /** Milliseconds at the client's rate; undefined with `rateLimit: false`. */
  readonly durationMs: number | undefined;
}

/** Which of its changes a plan sends, unless {@link SyncPlan.apply} gets other options. */
export interface PlanSelection extends Pick<ApplyOptions, "only" | "limit"> {
  /** {@link SyncOptions.newUsers}, if there are any. */
  readonly newUsers: readonly string[] | undefined;
  /** Whether the plan also has users that Oplead already has according to the ledger. */
  readonly resend: boolean;
  /** Whether everything was read because {@link IncrementalOptions.fullEveryDays} is 0. */
  readonly full?: true | undefined;
  /** The file that was read in place of the source: {@link SyncOptions.sourceFile}. */
  readonly sourceFile?: string | undefined;
}

/** The facts of a plan. */
export interface PlanFacts extends Findings {
  /**
   * Stands for all moves, all content to send, the missing users, the platform and the test mode, whatever the order of
   * the source. An approval names it. Letters and digits only.
   */
  readonly hash: string;
  /** The platform that the plan is for. */
  readonly platform: LedgerPlatform;
  readonly selection: PlanSelection;
  /**
   * Since when the source was asked for changes (ISO 8601). Undefined: for everything. See {@link
   * SyncOptions.incremental}.
   */
  readonly changedSince?: string | undefined;
  /** Whether the client is in test mode: then Oplead persists nothing, and the ledger does not change. */
  readonly testMode: boolean;
  readonly counts: PlanCounts;
  readonly estimate: PlanEstimate;
  /** The users that would be sent, parents first. */
  readonly changes: readonly PlannedUser[];
  readonly waiting: readonly WaitingUser[];
  /** Account numbers of users for which the ledger has a newer version. */
  readonly stale: readonly string[];
  /** Signs of an accident. If there are any, the plan is applied only with {@link ApplyOptions.approve}. */
  readonly refusals: readonly GuardFinding[];
  /** The guard's counts beside their limits. Empty if the guard is off or has nothing to compare with. */
  readonly limits: readonly GuardLimit[];
  /** The gains and losses of areas. Undefined without {@link PolicyCoverage.areas}. */
  readonly areas?: readonly AreaChange[] | undefined;
  /** Hints that stop nothing. */
  readonly warnings: readonly SyncWarning[];
}

/** One changed path of a user. */
export interface DiffLine {
  /** For example `address.city`, or `rules.maxDistance`. */
  readonly path: string;
  /**
   * The ledger knows from hashes that the old value differs. `"unknown"`: one of these fields differs; see {@link
   * PlannedUser.fieldsUnknown}.
   */
  readonly change: "added" | "changed" | "removed" | "unknown";
  /** The new value: of a rule, and with {@link DiffOptions.reveal} of a field. */
  readonly value?: unknown;
  /**
   * Oplead's present value of a rule, if the ledger keeps it ({@link LedgerEntry.accepted}). Absent if Oplead has no
   * such rule, or if it is not known.
   */
  readonly was?: unknown;
}

/** The content that a plan would send for one user. */
export interface UserDiff {
  readonly accountNumber: string;
  readonly kind: PlannedUser["kind"];
  readonly id: string | undefined;
  /** {@link PlannedUser.fieldsUnknown}. Then `lines` has the rules only, and all fields if values are revealed. */
  readonly fieldsUnknown: boolean;
  readonly lines: readonly DiffLine[];
  /** One line per path. */
  toString(options?: LanguageOptions): string;
}

/**
 * The work of a run, before it is done. Printing it, and `JSON.stringify`, show account numbers, ids, paths and codes,
 * and no personal data: account numbers that are e-mail addresses are shown as `[not shown]` there.
 */
export interface SyncPlan extends PlanFacts {
  /**
   * Carries the plan out: parents first, unrelated users at the same time. Entries of the ledger that another process
   * has written since the plan was made are not sent and count as `stale`. Failures of users are in the report.
   *
   * @throws {@link SyncGuardError} before anything is sent, if the guard refuses the plan or `approve` names another
   * one; {@link OpleadError} `invalid_options`, `ledger_unavailable`, `ledger_mismatch`, also before.
   */
  apply(options?: ApplyOptions): Promise<SyncReport>;

  /**
   * Sends changes with `?test=true`: Oplead runs all its logic and persists nothing, and the ledger stays as it is.
   * Users and rules that depend on a user which only this plan creates cannot be verified: the report lists them.
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
  problemCsv(options?: ProblemCsvOptions): string;
  /** Several lines, for a terminal or a log. */
  toString(options?: RenderPlanOptions): string;
  /** For a pull-request comment or the summary of a CI job. */
  toMarkdown(options?: RenderPlanOptions): string;
  /** The lines of the text, with the tone of headings and counts: for a terminal with colours. */
  toLines(options?: RenderPlanOptions): readonly TextLine[];
  /**
   * One HTML page, for the person who approves the plan: whether the guard lets it pass and why not, how close it is to
   * each limit, the changes grouped by what is sent, with a search, what is not sent and why, and the command that
   * sends the plan. It loads nothing from anywhere, can be read without a script, and holds what the saved plan holds:
   * account numbers, names of fields, no personal data without `reveal`. A page with 20,000 changes has 2 MB.
   *
   * @throws {@link OpleadError} `invalid_options`.
   *
   * @example
   * ```ts
   * await writeFile("plan.html", await plan.toHtml({ language: "fr" }));
   * ```
   */
  toHtml(options?: PlanPageOptions): Promise<string>;
  /** Hashes, account numbers, ids, paths and codes. Can be saved and compared later with {@link comparePlans}. */
  toJSON(): SavedPlan;
}

/** A change of a {@link SavedPlan}. */
export interface SavedChange extends PlannedUser {
  /** Stands for what would be sent for this user. */
  readonly hash: string;
}

/** A plan as JSON. It holds no personal data. */
export interface SavedPlan extends Omit<PlanFacts, "changes" | "invalid"> {
  /**
   * The version of this form. Another minor number: fields were added. Another major number: the form cannot be read by
   * this version of the package.
   */
  readonly version: `5.${number}`;
  /** Stands for everything else in this form, so that an alteration is noticed. */
  readonly checksum: string;
  readonly changes: readonly SavedChange[];
  readonly invalid: readonly Omit<InvalidRecord, "error">[];
}

/** A saved plan that {@link readSavedPlan} has checked, and the forms in which people read it. */
export interface ReadPlan extends SavedPlan {
  /**
   * The records that would not be sent or that look wrong, as CSV: see {@link SyncReport.problemCsv}.
   *
   * @throws {@link OpleadError} `invalid_options`.
   */
  problemCsv(options?: ProblemCsvOptions): string;
  /** The text that the plan itself printed, for a terminal or a log. */
  toString(options?: RenderPlanOptions): string;
  /** The Markdown that the plan itself gave. */
  toMarkdown(options?: RenderPlanOptions): string;
  /** The lines of the text: see {@link SyncPlan.toLines}. */
  toLines(options?: RenderPlanOptions): readonly TextLine[];
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
  /** The company whose users they are. Default: none is named. */
  readonly company?: string | undefined;
  /** When the plan was made (ISO 8601). Default: the page does not say. */
  readonly madeAt?: string | undefined;
  /** Who made it. Default: the page does not say. */
  readonly madeBy?: string | undefined;
  /** The file or source that it was made from. Default: {@link PlanSelection.sourceFile}, if there is one. */
  readonly madeFrom?: string | undefined;
  /**
   * The command that sends the plan, as the page shows it. Default: `npx oplead sync --approve` with the hash of the
   * plan and what it selects.
   */
  readonly command?: string | undefined;
  /**
   * Where postcodes are, for the map of what areas gain and lose: `locate` of `oplead-sdk/coverage/france`. The map
   * shows France in Europe. Default: a table without a map. Not used for a plan that has neither {@link SyncPlan.areas}
   * nor findings of policies.
   */
  readonly locate?: Locate | undefined;
  /**
   * Shows new values beside each change, and old ones as far as the ledger keeps them. They may be personal data. A
   * saved plan has none. Default false.
   */
  readonly reveal?: boolean | undefined;
}

/** Options of {@link SyncPlan.toString} and {@link SyncPlan.toMarkdown}. */
export interface RenderPlanOptions extends LanguageOptions {
  /**
   * Every row of every list, and each change by itself. Default false: the first ones, and many changes by their kind.
   */
  readonly all?: boolean | undefined;
  /** Notes for the lines of leavers, by account number: for example the losses in their areas. Default: none. */
  readonly leaverNotes?: ReadonlyMap<string, string> | undefined;
}
