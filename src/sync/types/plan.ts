import type { LanguageOptions } from "../../core/names.ts";
import type { AreaChange } from "../../coverage/types.ts";
import type { LedgerPlatform } from "../../ledger/ledger.ts";
import type { GuardFinding, SyncWarning } from "./messages.ts";
import type { ApplyOptions, DiffOptions } from "./options.ts";
import type { Findings, GuardLimit, PlannedUser, RefreshFacts } from "./records.ts";
import type { Explained, ExplainOptions, RenderAs, RenderOptions, SyncReport } from "./report.ts";

/** Users or records of each kind. */
export interface PlanCounts {
  /** Records read. */
  readonly records: number;
  readonly new: number;
  /** Users that differ from what Oplead accepted, with leavers that get rules. */
  readonly changed: number;
  /** Held users, sent again with the same content. */
  readonly retried: number;
  /** Unchanged users, sent again: {@link SyncOptions.refreshAfterDays}. */
  readonly refreshed: number;
  readonly unchanged: number;
  /** Users that differ only in what Oplead refused before. Nothing is sent for them. */
  readonly held: number;
  readonly invalid: number;
  readonly duplicate: number;
  /** New users that are perhaps in Oplead already. */
  readonly twin: number;
  /** Users whose parent is not in Oplead and cannot be sent. */
  readonly waiting: number;
  /** Users with a newer version in the ledger. */
  readonly stale: number;
  /** Records that `map` left out, and repeated or older ones. */
  readonly ignored: number;
  /** All leavers, also those that an administrator has ticked off. */
  readonly missing: number;
}

/** What a plan sends. Options of {@link SyncPlan.apply} replace it. */
export interface PlanSelection extends Pick<ApplyOptions, "only" | "limit"> {
  /** `advanced.newUsers`, if any. */
  readonly newUsers: readonly string[] | undefined;
  /** {@link SyncOptions.resend}. */
  readonly resend: boolean;
  /** The whole source was read because {@link IncrementalOptions.fullEveryDays} is 0. */
  readonly full?: true | undefined;
  /** `advanced.sourceFile`. */
  readonly sourceFile?: string | undefined;
}

/** The facts of a plan. */
export interface PlanFacts extends Findings {
  /**
   * Hash of the moves, the content to send, the missing users, the refusals, the platform and the test mode, whatever
   * the order of the source. Not of `refreshed` users. Letters and digits. An approval names it.
   */
  readonly hash: string;
  readonly platform: LedgerPlatform;
  readonly selection: PlanSelection;
  /**
   * From when the source was asked for changes, ISO 8601; undefined if everything was read. See {@link
   * SyncOptions.incremental}.
   */
  readonly changedSince?: string | undefined;
  /** In test mode Oplead saves nothing, and the ledger does not change. */
  readonly testMode: boolean;
  readonly counts: PlanCounts;
  /** See {@link RefreshFacts}. Undefined without {@link SyncOptions.refreshAfterDays}. */
  readonly refresh?: RefreshFacts | undefined;
  /** The cost if no request fails. */
  readonly estimate: {
    /** Two for each new user, one for each changed user and each rule. */
    readonly requests: number;
    /** At the client's rate, in ms; undefined with `rateLimit: false`. */
    readonly durationMs: number | undefined;
  };
  /** Users to send, parents first, `refreshed` ones last. */
  readonly changes: readonly PlannedUser[];
  /** Why guard or policies refuse the plan. With any, it is applied only with {@link ApplyOptions.approve}. */
  readonly refusals: readonly GuardFinding[];
  /** Counts of the guard beside their limits. Empty if it is off, or the ledger has no users to compare with. */
  readonly limits: readonly GuardLimit[];
  /** Gains and losses of areas. Undefined without {@link PolicyCoverage.areas}. */
  readonly areas?: readonly AreaChange[] | undefined;
  /** Findings that do not stop the plan. */
  readonly warnings: readonly SyncWarning[];
  /** Names of codes in the changed rules: {@link PolicyCoverage.labels}. */
  readonly labels?: Readonly<Record<string, string>> | undefined;
  /** `advanced.made`, and when (ISO 8601). Undefined without that option. */
  readonly made?: { readonly [Fact in "at" | "by" | "company" | "from"]?: string | undefined } | undefined;
}

/** One changed path of a user. */
export interface DiffLine {
  /** Path, for example `address.city` or `rules.maxDistance`. */
  readonly path: string;
  /**
   * `"changed"`: by hashes, the old value differs. `"unknown"`: at least one of the fields with this mark differs; see
   * {@link PlannedUser.fieldsUnknown}.
   */
  readonly change: "added" | "changed" | "removed" | "unknown";
  /** New value: of a rule, and with {@link DiffOptions.reveal} of a field. */
  readonly value?: unknown;
  /**
   * Present value of a rule, if the ledger keeps it ({@link LedgerEntry.accepted}). Absent if Oplead has no such rule,
   * or its value is not known.
   */
  readonly was?: unknown;
}

/** What a plan would send for one user. */
export interface UserDiff {
  readonly accountNumber: string;
  readonly kind: PlannedUser["kind"];
  readonly id: string | undefined;
  /**
   * {@link PlannedUser.fieldsUnknown}. `lines` then has only the rules; with {@link DiffOptions.reveal} all fields as
   * well.
   */
  readonly fieldsUnknown: boolean;
  readonly lines: readonly DiffLine[];
  /** One line for each path. */
  toString(options?: LanguageOptions): string;
}

/**
 * What a run would do. Printing it, and `JSON.stringify`, show account numbers, ids, paths and codes, but no personal
 * data: an account number that is an e-mail address is shown as `[not shown]`.
 */
export interface SyncPlan extends PlanFacts {
  /**
   * Carries the plan out: parents first, unrelated users concurrently. A user whose ledger entry changed since the plan
   * is not sent and counts as `stale`. Failures of users are in the report. With a client in test mode, Oplead checks
   * the users and saves nothing, and the ledger does not change.
   *
   * @throws before anything is sent: {@link SyncGuardError} if the guard refuses the plan or `approve` names another
   * one; {@link OpleadError} `invalid_options`, `ledger_unavailable`, `ledger_mismatch`.
   */
  apply(options?: ApplyOptions): Promise<SyncReport>;

  /** What would be sent for one user, by path; undefined without a change. */
  diff(accountNumber: string, options?: DiffOptions): UserDiff | undefined;

  /** Records that would not be sent or look wrong: see {@link SyncReport.explain}. */
  explain(options?: ExplainOptions): Promise<readonly Explained[]>;
  /**
   * The plan for people. Holds no personal data, except `csv`, and `html` with `reveal`.
   *
   * @throws {@link OpleadError} `invalid_options`.
   *
   * @example
   * ```ts
   * await writeFile("plan.html", await plan.render("html", { language: "fr" }));
   * ```
   */
  render(as: RenderAs, options?: RenderOptions): Promise<string>;
  /** Hash and counts in one line, in English. */
  toString(): string;
  /**
   * The plan as JSON: hashes, account numbers, ids, paths and codes. {@link readSavedPlan} reads it, and {@link
   * ApplyOptions.approve} takes it.
   */
  toJSON(): SavedPlan;
}

/** A plan as JSON. It holds no personal data. */
export interface SavedPlan extends Omit<PlanFacts, "changes"> {
  /**
   * Version of this form. Another minor number: fields were added. Another major number: this package cannot read it.
   */
  readonly version: `6.${number}`;
  /** Hash of all other fields, by which an alteration is noticed. */
  readonly checksum: string;
  readonly changes: readonly (PlannedUser & {
    /** Hash of the content for this user. */
    readonly hash: string;
  })[];
}

export type SavedChange = SavedPlan["changes"][number];

/** A saved plan that {@link readSavedPlan} has checked, with the methods that show it. It has no values to reveal. */
export interface ReadPlan extends SavedPlan, Pick<SyncPlan, "explain" | "render" | "toString"> {}
