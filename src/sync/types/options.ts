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

/** Records, as a list or as an iterable, synchronous or asynchronous. */
export type SyncRecords<SourceRecord> = Iterable<SourceRecord> | AsyncIterable<SourceRecord>;

/**
 * Records, one after the other. They are read once, and no faster than they are mapped. A function is told which
 * records are asked for. It returns them, or another source that gives them: `({ since }) => restSource({ … })`.
 */
export type SyncSource<SourceRecord> =
  | SyncRecords<SourceRecord>
  | ((request: SourceRequest) => GivenRecords<SourceRecord> | Promise<GivenRecords<SourceRecord>>);

/**
 * The value that a {@link SyncSource} returns if it is a function: records, or a function without arguments, such as
 * `csvSource(…)`.
 */
export type GivenRecords<SourceRecord> = SyncRecords<SourceRecord> | (() => SyncRecords<SourceRecord>);

/** A request to a source that is a function. */
export interface SourceRequest {
  /**
   * Records that were last changed before this time may be left out. Undefined: all records are asked for. {@link
   * IncrementalOptions.lookbackMs} has already been subtracted.
   */
  readonly since: Date | undefined;
  /**
   * How far `since` lies before the last reading: {@link IncrementalOptions.lookbackMs}. For a source that computes the
   * time by its own clock.
   */
  readonly lookbackMs: number;
}

/**
 * A record that its source considers damaged. A source that is a function may have a method `suspected` that lists such
 * records after it was read.
 */
export interface SuspectedRecord {
  /** The number of the record in the source, counted from 0. */
  readonly record: number;
  readonly issue: OpleadIssue;
}

/**
 * A queue whose workers sync the users of a run to Oplead, instead of this process: `userQueue` of `oplead-sdk/bullmq`.
 */
export interface SyncQueue {
  /**
   * Lets a worker sync one user to Oplead, and returns the result. If `drain` aborts before a worker has begun, the
   * user is taken back, and the promise rejects with `aborted`. Returns undefined if a signal ended the wait while a
   * worker has the user.
   */
  reconcileUser(user: SourceUser, options: QueuedUserRequest): Promise<Reconciliation | undefined>;
}

/** The options with which a worker of the queue sends a user, and the signals that end the wait for it. */
export interface QueuedUserRequest
  extends Omit<SendOptions, "now" | "lateUntil" | "abandonedMsAgo" | "isInOpenRun" | "notesAttempt" | "carrier">,
    Pick<ApplyOptions, "signal" | "drain"> {
  readonly testMode: boolean;
  /** The platform to which the user is sent. */
  readonly platform: LedgerPlatform;
}

/** A {@link SavedPlan} that a person has read and approved. */
export interface ApprovedPlan {
  readonly hash: string;
  readonly checksum: string;
  readonly changes: readonly { readonly hash: string }[];
}

/**
 * How a plan is carried out. If these options are given to {@link planSync}, they are the defaults of {@link
 * SyncPlan.apply}.
 */
export interface ApplyOptions {
  /**
   * Approves a plan that is refused, for the reasons that it shows. Give the {@link SyncPlan.hash} of the plan that a
   * person has read: if this plan has another hash, it is refused. Or give the saved plan that a person has read: then
   * only the users whose change is the same in this plan are sent. An approval does not cover a reason that the person
   * has not seen. Default: a plan that is refused is not applied.
   */
  readonly approve?: string | ApprovedPlan | undefined;
  /** The name of the run in its report, in hooks, in log lines and in an audit file. Default: a UUID. */
  readonly runId?: string | undefined;
  /**
   * For a trial: sends only the users with these account numbers. If a user's parent is new and not in the list, the
   * user is skipped.
   */
  readonly only?: readonly string[] | undefined;
  /** For a trial: sends at most this many users of the plan, parents first. */
  readonly limit?: number | undefined;
  /**
   * Makes {@link SyncReport.exitCode} ignore problems that the last run had as well. So a record that is wrong every
   * night does not hide new problems. Default false.
   */
  readonly ignoreKnown?: boolean | undefined;
  /** The limits at which a run with many failures ends early. */
  readonly stop?: StopOptions | undefined;
  /** Aborts the run and its requests. The ledger keeps what Oplead accepted before. */
  readonly signal?: AbortSignal | undefined;
  /** Ends the run as soon as the users that are being sent are finished. No request is interrupted. */
  readonly drain?: AbortSignal | undefined;
  /**
   * Hands the users to a queue, parents before children, and waits until workers have synced them to Oplead. This
   * process and the workers must use the same ledger. Default: this process sends them.
   */
  readonly queue?: SyncQueue | undefined;
  /** Called after every user with the progress of the run. */
  readonly onProgress?: ((progress: SyncProgress) => void) | undefined;
  /** Called after every user with its outcome, for example for an audit file. */
  readonly onUser?: ((user: PlannedOutcome) => void) | undefined;
  /**
   * Called once for every user that has certainly left the source. Oplead documents no way to remove a user, so you
   * decide what to do. If it throws, the exit code of the run is 4, and the next run calls it again. Not called in test
   * mode, nor with `only` or `limit`.
   */
  readonly onMissing?: ((user: MissingUser) => void | Promise<void>) | undefined;
}

/** Options of {@link SyncPlan.verify}. */
export interface VerifyOptions
  extends Pick<ApplyOptions, "runId" | "only" | "stop" | "signal" | "drain" | "onProgress" | "onUser"> {
  /** Verifies at most this many of the changes that test mode can verify, spread evenly over the plan. Default: all. */
  readonly limit?: number | undefined;
}

/** Options of {@link checkSourceUser}. Give it the options of the client that sends the users. */
export interface CheckSourceUserOptions extends Pick<OpleadOptions, "numericAccountNumbers" | "customFields"> {}

/** Options of {@link SyncPlan.diff}. */
export interface DiffOptions {
  /**
   * Shows the new values of fields, and the old values if the ledger keeps them. They may be personal data. Default
   * false.
   */
  readonly reveal?: boolean | undefined;
}

/** The result of `map`: a user, or null or undefined to leave the record out. */
export type MappedRecord = SourceUser | null | undefined;

/** Options of {@link planSync} and {@link syncUsers}. */
export interface SyncOptions<SourceRecord, Mapped extends MappedRecord = MappedRecord>
  extends ApplyOptions,
    Pick<ReconcileOptions, "adoptPlatform" | "now"> {
  /** All users of the source. With {@link SyncOptions.incremental}, only the users that changed. */
  readonly source: SyncSource<SourceRecord>;
  /**
   * Turns a record into a user of Oplead; null or undefined leaves the record out. If the function throws, this record
   * is invalid, and the other records are still used. The message of the error, and the place in the code where it was
   * thrown, are logged as a warning of the client's `logger`. The paths of an error with `issues` (Zod's, Valibot's)
   * are in the report.
   */
  readonly map: ((record: SourceRecord) => Mapped | Promise<Mapped>) & OnlyKnownKeys<Mapped>;
  /**
   * The account number of a record. It is used if `map` throws, so that the user of the record does not count as
   * missing. If `map` returns another number, the record is invalid.
   */
  readonly key?: ((record: SourceRecord) => string | undefined) | undefined;
  /** The place of the record that the people who maintain the data know, for example its row in a spreadsheet. */
  readonly rowOf?: ((record: SourceRecord) => number | string | undefined) | undefined;
  /** Remembers what Oplead has accepted. Use the same ledger every time. */
  readonly ledger: Ledger;
  /**
   * The {@link SyncReport.ledgerMark} of the last run, kept outside of the ledger. With it the guard notices, and
   * refuses, a ledger that was restored from a backup, because its entries may be out of date. Default: not checked.
   */
  readonly ledgerMark?: LedgerMark | undefined;
  /**
   * Whether the source gives only what changed (guide, case 2: "retrieves new/updated users"). Then a user that the
   * source does not give is not missing, and an empty source is fine. If a record fails, the source must give it again
   * in the next run, because the ledger keeps no content.
   *
   * With options, `{}` for example, the ledger remembers how far the source was read. {@link SyncOptions.source} must
   * be a function, and is asked for the changes {@link SourceRequest.since}. A run reads everything every {@link
   * IncrementalOptions.fullEveryDays} days, and if the ledger is new, has lost entries, or cannot keep facts about
   * itself. With `true` the source gets no time. Default false.
   */
  readonly incremental?: boolean | IncrementalOptions | undefined;
  /**
   * The name of a file that `source` reads this time instead of its usual data. With it you can take back a bad run,
   * for example with yesterday's export. The plan, the report and the audit name the file. The state in the file counts
   * as the newest, even if its versions are older. Users that are not in the file do not count as missing, and `moves`
   * are not made. The next run without this option reads everything and sends the state of the source again. The guard
   * and policies judge as always. Default: none.
   */
  readonly sourceFile?: string | undefined;
  /**
   * Who makes the plan, for which company, and from which file or source. The plan's page shows these facts. Default:
   * it does not show them.
   */
  readonly made?: { readonly [Fact in "by" | "company" | "from"]?: string | undefined } | undefined;
  /**
   * People who got other account numbers: pairs of the old number and the new number. The plan shows them and writes
   * nothing. The run first moves the entries in the ledger, each by compare-and-set, and then updates the users by
   * their Oplead IDs. A run that sends only some users moves only these users. Pairs that were moved before are
   * ignored. If a pair cannot be moved, the guard refuses the plan. See {@link moveUsers}. Default: none.
   */
  readonly moves?:
    | Iterable<Move>
    | AsyncIterable<Move>
    | (() => Iterable<Move> | AsyncIterable<Move> | Promise<Iterable<Move> | AsyncIterable<Move>>)
    | undefined;
  /** How many days a user may be missing before it is due, and which rules it gets then. */
  readonly leavers?: LeaverOptions | undefined;
  /**
   * The limits above which a plan is refused, because it looks like an accident. With `false` the guard refuses
   * nothing.
   */
  readonly guard?: GuardOptions | false | undefined;
  /**
   * How {@link SyncOptions.policies} compute the coverage before and after the plan. It is computed from the rules, the
   * country and the postcode that the ledger keeps of each user. Default: no coverage is computed.
   */
  readonly coverage?: PolicyCoverage | undefined;
  /**
   * Rules about the coverage, from `oplead-sdk/coverage`. A plan that breaks one of them is refused until it is
   * approved, even with `guard: false`. For a plan without changes no policy is asked. Policies need the option
   * `coverage`, except in a config: there `oplead coverage` judges the users of the source by them too. Default: none.
   */
  readonly policies?: readonly SyncPolicy[] | undefined;
  /**
   * What to do with data that looks wrong although Oplead may accept it: postcodes that the reference data does not
   * have, counties and postcodes of geographical rules, e-mail addresses and logins that several users share, spaces
   * around values, parents that are not known, and records that the source itself suspects. If the reference data has
   * no postcodes, a French postcode must have five digits. If the universe of `coverage` includes France, the postcode
   * must also be in the universe. Only users with something to send are checked. If data that looks wrong is sent, it
   * stays in the list until it is right. `"error"` makes such records invalid, except for unknown parents; `"warn"`
   * lists them in {@link SyncPlan.suspicious} and sends them; `false` checks nothing. Default `"warn"`.
   */
  readonly checks?: "warn" | "error" | false | undefined;
  /**
   * Sends all users and rules, even if Oplead has accepted them according to the ledger. Use it after users were edited
   * in Oplead. Default false.
   */
  readonly resend?: boolean | undefined;
  /**
   * Account numbers of people who are really new, although Oplead already has a user with their login or e-mail address
   * (`possible_twin`). Default: none.
   */
  readonly newUsers?: readonly string[] | undefined;
  /**
   * Milliseconds after which a held step is sent again with the same content, because Oplead may have changed since.
   * `false`: never. 0: all held steps are sent now, with the users that wait for them; use 0 for a single run. Then
   * everything is read, and the guard does not count content that was refused before. Default 604,800,000 (7 days).
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
   * Days after which everything is read again. Only a run that reads everything finds users that left the source, and
   * changes that were missed. 0: everything is read now; use 0 for a single run, for example after a change of `map` or
   * of the source. Default 7.
   */
  readonly fullEveryDays?: number | undefined;
  /**
   * Changes are read from this many milliseconds before the beginning of the last reading. It must be longer than the
   * longest transaction of the source plus the difference of the clocks, because a source writes the time of a record
   * before the record can be read. A change that is read twice is not sent twice. Default 3,600,000 (one hour).
   */
  readonly lookbackMs?: number | undefined;
}

/**
 * How users that left the source are treated. Oplead documents no way to remove or deactivate a user, so the package
 * offers none.
 */
export interface LeaverOptions {
  /** Days after which a leaver is due ({@link Leaver.state}). Default 7. */
  readonly graceDays?: number | undefined;
  /**
   * The rules that a leaver gets when it is due, so that it gets no more leads; undefined leaves its rules as they are.
   * They are sent once, and the guard counts them. The user itself is not sent, so it is never created again. An empty
   * rule is refused: the package assumes that it admits no lead (`emptyRule`), but it might admit all leads. Default:
   * nothing is sent.
   */
  readonly rules?: ((leaver: Leaver) => UserRules | undefined) | undefined;
}

/**
 * The limits above which a plan counts as an accident. A share is a share of the users that Oplead has accepted and
 * that were not missing before. If the ledger is empty, or has lost more than a twentieth of its entries since the last
 * run, there is too little to compare, so the plan is refused.
 */
export interface GuardOptions {
  /** The share of users that may be changed or missing, 0 to 1. Default 0.2. */
  readonly maxChanged?: number | undefined;
  /** The share of users that may get another profile or another parent, 0 to 1. Default 0.05. */
  readonly maxMoved?: number | undefined;
  /**
   * The share of users that may be new, 0 or more; 1 allows twice as many users as before. Up to `minUsers` new users
   * are always allowed, because a person can check so few one by one. Default: the same as `maxChanged`.
   */
  readonly maxNew?: number | undefined;
  /** The share of users that may be missing, 0 to 1. Default: the same as `maxChanged`. */
  readonly maxMissing?: number | undefined;
  /**
   * The share of users that may have an invalid record, or several different records, 0 to 1. If there are fewer than
   * `minUsers` users, the share is at least a half. Default: the same as `maxChanged`.
   */
  readonly maxInvalid?: number | undefined;
  /**
   * If there are fewer users than this, shares are not judged, except for the share of invalid records. Default 100.
   */
  readonly minUsers?: number | undefined;
  /**
   * The segment of a user: its region, its brand, its country. A text is the name of a field of the records, such as a
   * column of the table; a record that lacks the field is invalid. Each share is also judged in each segment with at
   * least `minSegmentUsers` users. If the source gives no user of a segment any more, the plan is refused. The ledger
   * keeps the name for each user, so it should not be the name of a person. If the function throws, the record is
   * invalid, as if `map` had thrown. Default: none.
   */
  readonly segments?: string | ((user: UserInput, rules: UserRules) => string | undefined) | undefined;
  /**
   * If a segment has fewer users than this, its shares are not judged. Up to this many new users are always allowed in
   * a segment. Default 20.
   */
  readonly minSegmentUsers?: number | undefined;
  /** Allows a source without any user, although the ledger has users. Default false. */
  readonly allowEmptySource?: boolean | undefined;
}

/**
 * The limits at which a run ends early because many calls fail. Only failures of Oplead, the network or the token
 * count. The next run tries the remaining users.
 */
export interface StopOptions {
  /**
   * The run ends after this many calls in a row that Oplead did not answer. An answer that is not from Oplead, such as
   * the HTML page of a proxy, counts as no answer. Default 5.
   */
  readonly connectionFailures?: number | undefined;
  /**
   * The share of the last 20 calls that may fail, 0 to 1. If more fail, the run ends. If Oplead refuses the content of
   * a user, this does not count as a failure: the user is held, and the run goes on. Default 0.5.
   */
  readonly failureShare?: number | undefined;
}

/** The progress of a run. */
export interface SyncProgress {
  /** How many users of the run are finished, whatever their outcome. */
  readonly done: number;
  /** How many users the run has to send. */
  readonly total: number;
  /** How many users have failed so far. */
  readonly failed: number;
  /** How many users were skipped so far, because the run was ended or their parent is not in Oplead. */
  readonly skipped: number;
  /** Users per second, on average since the start. */
  readonly rate: number;
  /**
   * The time that the rest of the run takes at this rate, in milliseconds; undefined before the first user is finished.
   */
  readonly etaMs: number | undefined;
}
