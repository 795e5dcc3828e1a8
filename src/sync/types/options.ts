import type { OpleadIssue } from "../../core/issues.ts";
import type { PolicyCoverage, SyncPolicy } from "../../coverage/types.ts";
import type { Ledger, LedgerPlatform } from "../../ledger/ledger.ts";
import type { LedgerMark } from "../../ledger/notes.ts";
import type { OnlyKnownKeys, SourceUser } from "../../reconcile/content.ts";
import type { Move } from "../../reconcile/move-users.ts";
import type { ReconcileOptions, Reconciliation, SendOptions } from "../../reconcile/reconciliation.ts";
import type { UserRules } from "../../rules/rules.ts";
import type { OpleadOptions } from "../../transport/options.ts";
import type { UserInput } from "../../user/user.ts";
import type { Leaver, MissingUser } from "./records.ts";
import type { PlannedOutcome } from "./report.ts";

/** Records, as a list or as they come. */
export type SyncRecords<SourceRecord> = Iterable<SourceRecord> | AsyncIterable<SourceRecord>;

/**
 * Records, one after the other. They are read once, and no faster than they are worked on. A function is told which
 * records are asked for, and gives them, or another source: `({ since }) => restSource({ … })`.
 */
export type SyncSource<SourceRecord> =
  | SyncRecords<SourceRecord>
  | ((request: SourceRequest) => GivenRecords<SourceRecord> | Promise<GivenRecords<SourceRecord>>);

/**
 * The result of a {@link SyncSource} that is a function: records, or a function without arguments, such as
 * `csvSource(…)`.
 */
export type GivenRecords<SourceRecord> = SyncRecords<SourceRecord> | (() => SyncRecords<SourceRecord>);

/** A request to a source that is a function. */
export interface SourceRequest {
  /**
   * Records that were changed before then may be left out. Undefined: all records are asked for. The lookback has been
   * subtracted. See {@link SyncOptions.incremental}.
   */
  readonly since: Date | undefined;
  /** {@link IncrementalOptions.lookbackMs}, for a source that reckons by its own clock. */
  readonly lookbackMs: number;
}

/**
 * A record that its source considers damaged. A source that is a function may have a method `suspected` that lists such
 * records after it was read.
 */
export interface SuspectedRecord {
  /** Which record of the source, counted from 0. */
  readonly record: number;
  readonly issue: OpleadIssue;
}

/** Syncs the users of a run to Oplead instead of this process: `userQueue` of `oplead-sdk/bullmq`. */
export interface SyncQueue {
  /**
   * Lets a worker sync one user to Oplead, and gives the result. `drain` takes the user back if the work has not begun.
   * Undefined: a signal ended the wait, and a worker has the user. Rejects with `aborted` if the user was taken back.
   */
  reconcileUser(user: SourceUser, options: QueuedUserRequest): Promise<Reconciliation | undefined>;
}

/** The options by which a queue handles a user, and the signals that end the wait for it. */
export interface QueuedUserRequest
  extends Omit<SendOptions, "now" | "lateUntil" | "abandonedMsAgo" | "isInOpenRun" | "notesAttempt">,
    Pick<ApplyOptions, "signal" | "drain"> {
  readonly testMode: boolean;
  /** The platform that the user is for. */
  readonly platform: LedgerPlatform;
}

/** A {@link SavedPlan} that was read and approved. */
export interface ApprovedPlan {
  readonly hash: string;
  readonly checksum: string;
  readonly changes: readonly { readonly hash: string }[];
}

/** How a plan is carried out. Given to {@link planSync}, they are the defaults of {@link SyncPlan.apply}. */
export interface ApplyOptions {
  /**
   * Approves a plan that is refused, for the reasons that it shows. Give the {@link SyncPlan.hash} of the plan that was
   * read: then that plan is applied and no other. Or give that plan as it was saved: then the users whose change is
   * still the same are sent. Neither covers a reason that comes up later. Default: a plan that is refused is not
   * applied.
   */
  readonly approve?: string | ApprovedPlan | undefined;
  /** Names the run in its report, in hooks, in log lines and in an audit file. Default: a UUID. */
  readonly runId?: string | undefined;
  /**
   * Sends the users with these account numbers only, for a trial. Children of a new parent that is not among them are
   * skipped.
   */
  readonly only?: readonly string[] | undefined;
  /** Sends at most this many users of the plan, parents first, for a trial. */
  readonly limit?: number | undefined;
  /**
   * Ignores problems that the last run had as well in {@link SyncReport.exitCode}, so that a record that is wrong every
   * night does not hide others. Default false.
   */
  readonly ignoreKnown?: boolean | undefined;
  /** The limits at which a run with many failures ends early. */
  readonly stop?: StopOptions | undefined;
  /** Ends the run and the requests in flight. Whatever Oplead acknowledged before stays in the ledger. */
  readonly signal?: AbortSignal | undefined;
  /** Ends the run after the users under way: no other is started, and no request is interrupted. */
  readonly drain?: AbortSignal | undefined;
  /**
   * Hands the users to a queue, parents before children, and waits until workers have synced them to Oplead. Planner
   * and workers share a ledger. Default: this process sends them.
   */
  readonly queue?: SyncQueue | undefined;
  /** Called after every user with the progress of the run. */
  readonly onProgress?: ((progress: SyncProgress) => void) | undefined;
  /** Called after every user with its outcome, for example for an audit file. */
  readonly onUser?: ((user: PlannedOutcome) => void) | undefined;
  /**
   * Called once for every user that left the source, when that is certain. Oplead documents no way to remove a user, so
   * the next step is yours. If it throws, the run ends with 4 and the next one calls it again. Not called in test mode,
   * nor with `only` or `limit`.
   */
  readonly onMissing?: ((user: MissingUser) => void | Promise<void>) | undefined;
}

/** Options of {@link SyncPlan.verify}. */
export interface VerifyOptions
  extends Pick<ApplyOptions, "runId" | "only" | "stop" | "signal" | "drain" | "onProgress" | "onUser"> {
  /** Verifies at most this many of the changes that test mode can verify, spread evenly over the plan. Default: all. */
  readonly limit?: number | undefined;
}

/** Options of {@link checkSourceUser}: those of the client that the users are sent with. */
export interface CheckSourceUserOptions extends Pick<OpleadOptions, "numericAccountNumbers" | "customFields"> {}

/** Options of {@link SyncPlan.diff}. */
export interface DiffOptions {
  /** Shows the new values, and the old ones that the ledger keeps, which may be personal data. Default false. */
  readonly reveal?: boolean | undefined;
}

/** The result of `map`: a user, or null or undefined for a record to leave out. */
export type MappedRecord = SourceUser | null | undefined;

/** Options of {@link planSync} and {@link syncUsers}. */
export interface SyncOptions<SourceRecord, Mapped extends MappedRecord = MappedRecord>
  extends ApplyOptions,
    Pick<ReconcileOptions, "adoptPlatform" | "now"> {
  /** All users of the source, or with {@link SyncOptions.incremental} some of them. */
  readonly source: SyncSource<SourceRecord>;
  /**
   * Turns a record into a user of Oplead; null or undefined leaves the record out. If it throws, this record is invalid
   * and the others go on. Its message and position are logged as a warning of the client's `logger`. The paths of an
   * error with `issues` (Zod's, Valibot's) are in the report.
   */
  readonly map: ((record: SourceRecord) => Mapped | Promise<Mapped>) & OnlyKnownKeys<Mapped>;
  /**
   * The account number of a record, so that its user is not missing if `map` throws. If `map` gives another number, the
   * record is invalid.
   */
  readonly key?: ((record: SourceRecord) => string | undefined) | undefined;
  /** The place of the record as the people who maintain the data know it, for example its row in a spreadsheet. */
  readonly rowOf?: ((record: SourceRecord) => number | string | undefined) | undefined;
  /** Remembers what Oplead has accepted. Use the same ledger every time. */
  readonly ledger: Ledger;
  /**
   * The {@link SyncReport.ledgerMark} of the last run, kept outside of the ledger. It reveals a ledger that was
   * restored from a backup, which the guard refuses, because its entries may be out of date. Default: not checked.
   */
  readonly ledgerMark?: LedgerMark | undefined;
  /**
   * Whether the source gives only what changed (guide, case 2: "retrieves new/updated users"). Then an absent user is
   * not missing, and an empty source is fine. A record that failed must be in the source again next time, because the
   * ledger keeps no content.
   *
   * With options, `{}` for example, the ledger remembers how far the source was read, and {@link SyncOptions.source}, a
   * function, is asked for the changes {@link SourceRequest.since}. It is asked for everything now and then, and when
   * the ledger is new, has lost entries, or cannot keep facts about itself. With `true` the source is told no time.
   * Default false.
   */
  readonly incremental?: boolean | IncrementalOptions | undefined;
  /**
   * The name of a file that `source` reads this time instead of its usual data, for example yesterday's export, to take
   * back a bad run. The plan, the report and the audit name it. The state in the file counts as the newest, whatever
   * its versions. Users that the file lacks are not missing, and `moves` are not made. The next run without it reads
   * everything and sends the state of the source again. The guard and policies judge as always. Default: none.
   */
  readonly sourceFile?: string | undefined;
  /**
   * People who got other account numbers: pairs of the old one and the new one. The plan shows them and writes nothing.
   * Its run first moves the entries in the ledger, each by compare-and-set, and then updates the users by their Oplead
   * IDs. A run of some users moves only these. Pairs that were moved before are ignored. A pair that cannot be moved
   * refuses the plan. See {@link moveUsers}. Default: none.
   */
  readonly moves?:
    | Iterable<Move>
    | AsyncIterable<Move>
    | (() => Iterable<Move> | AsyncIterable<Move> | Promise<Iterable<Move> | AsyncIterable<Move>>)
    | undefined;
  /** How long a user may be missing, and which rules it gets then. */
  readonly leavers?: LeaverOptions | undefined;
  /** The limits above which a plan is refused, because it looks like an accident. `false` refuses nothing. */
  readonly guard?: GuardOptions | false | undefined;
  /**
   * Computes the coverage before and after the plan for {@link SyncOptions.policies}, from the rules, the country and
   * the postcode that the ledger keeps of each user. Default: it is not computed.
   */
  readonly coverage?: PolicyCoverage | undefined;
  /**
   * Rules about the map, from `oplead-sdk/coverage`. A plan that breaks one is refused before the first write, also
   * with `guard: false`, until it is approved. Nothing is computed for a plan that changes nothing. Needs `coverage`,
   * except in a config, where `oplead coverage` judges the users of the source by them as well. Default: none.
   */
  readonly policies?: readonly SyncPolicy[] | undefined;
  /**
   * How to treat data that Oplead may accept and that looks wrong: postcodes that the reference data does not have,
   * counties and postcodes of geographical rules, e-mail addresses and logins that several users share, spaces around
   * values, parents that are not known, and records that the source itself suspects. If the reference data has no
   * postcodes, French ones must have five digits, and be in the universe of `coverage` if that has France. Only users
   * with something to send are checked. Data that was sent although it looked wrong stays in the list until it is
   * right. `"error"` makes such records invalid, except for unknown parents; `"warn"` lists them in {@link
   * SyncPlan.suspicious} and sends them; `false` checks nothing. Default `"warn"`.
   */
  readonly checks?: "warn" | "error" | false | undefined;
  /**
   * Sends users and rules again although the ledger says that Oplead has them: after users were edited in Oplead.
   * Default false.
   */
  readonly resend?: boolean | undefined;
  /**
   * Account numbers of people who are really new, although the ledger has their login or e-mail address
   * (`possible_twin`). Default: none.
   */
  readonly newUsers?: readonly string[] | undefined;
  /**
   * Milliseconds after which a held step is sent again although its content is the same, since Oplead may have changed.
   * `false`: never. 0, for one run: all held steps now, with the users that wait for them. Then everything is read, and
   * the guard does not count content that was refused before. Default 604,800,000 (7 days).
   */
  readonly heldRetryAfterMs?: number | false | undefined;
  /**
   * How many records are mapped, and how many users are sent, at the same time. Default: the client's `maxConcurrency`.
   */
  readonly concurrency?: number | undefined;
}

/** How a source is asked for changes. */
export interface IncrementalOptions {
  /**
   * Days after which everything is read again. Only such a run finds users that left the source, and changes that were
   * missed. 0, for one run: everything is read, for example after a change of `map` or of the source. Default 7.
   */
  readonly fullEveryDays?: number | undefined;
  /**
   * How many milliseconds before the last reading began the changes start. It must be longer than the longest
   * transaction of the source plus the difference of the clocks, because a record gets its time before others can see
   * it. A change that is read twice is not sent twice. Default 3,600,000 (one hour).
   */
  readonly lookbackMs?: number | undefined;
}

/**
 * How users that left the source are treated. Oplead documents no way to remove or deactivate a user, so the package
 * offers none.
 */
export interface LeaverOptions {
  /** Days after which a leaver is due. Default 7. */
  readonly graceDays?: number | undefined;
  /**
   * The rules that a leaver gets when it is due, so that it gets no more leads; undefined leaves its rules as they are.
   * They are sent once, counted by the guard, and never with the user itself, which is not created anew. An empty rule
   * is refused: the package assumes that it admits no lead (`emptyRule`), but it could admit all leads. Default:
   * nothing is sent.
   */
  readonly rules?: ((leaver: Leaver) => UserRules | undefined) | undefined;
}

/**
 * The limits of a plan that is no accident. Shares are of the users that Oplead accepted before and that were not
 * missing already. With an empty ledger, or one that lost more than a twentieth of its entries since the last run,
 * there is too little to compare: such plans are refused.
 */
export interface GuardOptions {
  /** The share of users that may be changed or missing, 0 to 1. Default 0.2. */
  readonly maxChanged?: number | undefined;
  /** The share of users that may get another profile or another parent, 0 to 1. Default 0.05. */
  readonly maxMoved?: number | undefined;
  /**
   * The share of users that may be new, 0 or more; 1 allows twice as many users as before. `minUsers` new users are
   * always allowed, because a person can read so few one by one. Default: the same as `maxChanged`.
   */
  readonly maxNew?: number | undefined;
  /** The share of users that may be missing, 0 to 1. Default: the same as `maxChanged`. */
  readonly maxMissing?: number | undefined;
  /**
   * The share of users that may have an invalid record or several records, 0 to 1. If there are fewer than `minUsers`
   * users, it is at least a half. Default: the same as `maxChanged`.
   */
  readonly maxInvalid?: number | undefined;
  /** If there are fewer users than this, shares are not judged. Default 100. */
  readonly minUsers?: number | undefined;
  /**
   * The segment of a user: its region, its brand, its country. Each share also holds in each segment with at least
   * `minSegmentUsers` users, and a segment that the source no longer names refuses the plan. The ledger keeps the name
   * for each user, so it should not be the name of a person. If it throws, the record is invalid, as if `map` had.
   * Default: none.
   */
  readonly segments?: ((user: UserInput, rules: UserRules) => string | undefined) | undefined;
  /**
   * In a segment with fewer users than this, shares are not judged. This many new users are always allowed there.
   * Default 20.
   */
  readonly minSegmentUsers?: number | undefined;
  /** Allows a source without any user although the ledger has some. Default false. */
  readonly allowEmptySource?: boolean | undefined;
}

/** When a run with many failures of Oplead, the network or the token ends early. The next run tries the rest. */
export interface StopOptions {
  /**
   * The run ends after this many calls in a row without an answer of Oplead: no answer at all, or another one, such as
   * a proxy's HTML page. Default 5.
   */
  readonly connectionFailures?: number | undefined;
  /**
   * The share of the last 20 calls that may fail, 0 to 1; more ends the run. A user whose content Oplead refuses does
   * not count as a failure here: it is held, and the run goes on. Default 0.5.
   */
  readonly failureShare?: number | undefined;
}

/** The progress of a run. */
export interface SyncProgress {
  /** Users of the run that are finished, whatever their outcome. */
  readonly done: number;
  /** Users that the run has to send. */
  readonly total: number;
  /** Users that have failed so far. */
  readonly failed: number;
  /** Users that were skipped so far, because the run was ended or their parent is not in Oplead. */
  readonly skipped: number;
  /** Users per second, on average since the start. */
  readonly rate: number;
  /** Milliseconds to the end at this rate; undefined before the first user is finished. */
  readonly etaMs: number | undefined;
}
