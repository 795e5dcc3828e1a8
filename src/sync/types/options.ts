import type { OpleadIssue } from "../../core/issues.ts";
import type { PolicyCoverage, SyncPolicy } from "../../coverage/types.ts";
import type { Ledger, LedgerPlatform } from "../../ledger/ledger.ts";
import type { LedgerMark } from "../../ledger/notes.ts";
import type { OnlyKnownKeys, SourceUser } from "../../reconcile/content.ts";
import type { Move } from "../../reconcile/move-users.ts";
import type { ReconcileOptions, Reconciliation, SendOptions } from "../../reconcile/reconciliation.ts";
import type { UserRules } from "../../rules/rules.ts";
import type { CallOptions } from "../../transport/options.ts";
import type { UserInput } from "../../user/user.ts";
import type { Finding } from "./findings.ts";
import type { MissingUser } from "./records.ts";
import type { PlannedOutcome } from "./report.ts";

/** Records, as a list or an iterable. */
export type SyncRecords<SourceRecord> = Iterable<SourceRecord> | AsyncIterable<SourceRecord>;

/**
 * Records, read once with backpressure; or a function that gets what is asked for and returns them, or another source:
 * `({ since }) => restSource({ … })`.
 */
export type SyncSource<SourceRecord> =
  | SyncRecords<SourceRecord>
  | ((request: SourceRequest) => GivenRecords<SourceRecord> | Promise<GivenRecords<SourceRecord>>);

/**
 * What a {@link SyncSource} that is a function returns: records, or a function without arguments such as
 * `csvSource(…)`.
 */
export type GivenRecords<SourceRecord> = SyncRecords<SourceRecord> | (() => SyncRecords<SourceRecord>);

/** A request to a source that is a function. */
export interface SourceRequest {
  /**
   * Records last changed before this time may be left out. Undefined: everything. {@link IncrementalOptions.lookbackMs}
   * is already subtracted.
   */
  readonly since: Date | undefined;
  /** {@link IncrementalOptions.lookbackMs}, in ms, for a source that computes the time by its own clock. */
  readonly lookbackMs: number;
}

/** A record that its source considers damaged: listed by the method `suspected` of a source that is a function. */
export interface SuspectedRecord {
  /** Number in the source, from 0. */
  readonly record: number;
  readonly issue: OpleadIssue;
}

/** A queue whose workers sync the users of a run instead of this process: `userQueue` of `oplead-sdk/bullmq`. */
export interface SyncQueue {
  enqueue(user: SourceUser): Promise<unknown>;
  /**
   * @internal If `drain` aborts before a worker has begun, takes the user back and rejects with `aborted`. Undefined if a
   * signal ends the wait while a worker has the user.
   */
  reconcileUser(user: SourceUser, options: QueuedUserRequest): Promise<Reconciliation | undefined>;
}

export interface QueuedUserRequest
  extends Omit<SendOptions, "now" | "carrier">,
    Pick<ApplyOptions, "signal" | "drain"> {
  readonly testMode: boolean;
  readonly platform: LedgerPlatform;
}

/** How a plan is carried out. Given to {@link planSync}, they are the defaults of {@link SyncPlan.apply}. */
export interface ApplyOptions extends Pick<CallOptions, "signal"> {
  /**
   * Approves a refused plan, for the reasons that it shows: the {@link SyncPlan.hash} that a person has read (a plan
   * with another hash is refused), or the saved plan (sends only users whose change is the same). Reasons that the
   * person has not seen are not covered. Default: a refused plan is not applied.
   */
  readonly approve?:
    | string
    | {
        readonly hash: string;
        readonly checksum: string;
        readonly changes: readonly { readonly hash: string }[];
      }
    | undefined;
  /** Name of the run in its report, hooks, log lines and audit file. Default: a UUID. */
  readonly runId?: string | undefined;
  /** For a trial: account numbers of the only users to send. A user whose parent is new and not listed is skipped. */
  readonly only?: readonly string[] | undefined;
  /** For a trial: users to send at most, parents first; in test mode, spread evenly over the plan. Default: all. */
  readonly limit?: number | undefined;
  /**
   * {@link SyncReport.exitCode} ignores problems that the last run had as well, so that they hide no new ones. Default
   * false.
   */
  readonly ignoreKnown?: boolean | undefined;
  /** @internal Only failures of Oplead, the network or the token count, not refusals of content. */
  readonly stop?:
    | {
        /** Calls in a row without an answer from Oplead after which the run ends. Default 5. */
        readonly connectionFailures?: number | undefined;
        /** Share of the last 20 calls that may fail, 0 to 1. Default 0.5. */
        readonly failureShare?: number | undefined;
      }
    | undefined;
  /** Ends the run once the users in flight are finished. Interrupts no request. */
  readonly drain?: AbortSignal | undefined;
  /**
   * Hands users to a queue, parents first, and waits for its workers. They must use the same ledger. Default: this
   * process sends them.
   */
  readonly queue?: SyncQueue | undefined;
  /** Called after every user with its outcome, for example for an audit file, and the progress of the run. */
  readonly onUser?: ((user: PlannedOutcome, progress: SyncProgress) => void) | undefined;
  /**
   * Called once for each user that has certainly left the source. Oplead documents no way to remove a user: you decide
   * what to do. If it throws, the run's exit code is 4, and the next run calls it again. Not called in test mode, nor
   * with `only` or `limit`.
   */
  readonly onMissing?: ((user: MissingUser) => void | Promise<void>) | undefined;
}

/** Options of {@link SyncPlan.diff}. */
export interface DiffOptions {
  /** Shows new values of fields, and old ones that the ledger keeps. They may be personal data. Default false. */
  readonly reveal?: boolean | undefined;
}

/** The result of `map`; null or undefined leaves the record out. */
export type MappedRecord = SourceUser | null | undefined;

/** Options of {@link planSync} and {@link syncUsers}. */
export interface SyncOptions<SourceRecord, Mapped extends MappedRecord = MappedRecord> extends ApplyOptions {
  /** @internal */
  readonly now?: ReconcileOptions["now"];
  /** All users of the source; with {@link SyncOptions.incremental}, only those that changed. */
  readonly source: SyncSource<SourceRecord>;
  /**
   * Turns a record into a user; null or undefined leaves it out. If it throws, this record is invalid: the client's
   * `logger` gets the message and the place in the code as a warning, and the report the paths of an error with
   * `issues` (Zod's, Valibot's).
   */
  readonly map: ((record: SourceRecord) => Mapped | Promise<Mapped>) & OnlyKnownKeys<Mapped>;
  /**
   * Account number of a record. If `map` throws, its user then does not count as missing. If `map` returns another
   * number, the record is invalid.
   */
  readonly key?: ((record: SourceRecord) => string | undefined) | undefined;
  /** Place of a record that people know, for example its row in a spreadsheet. */
  readonly rowOf?: ((record: SourceRecord) => number | string | undefined) | undefined;
  /** What Oplead has accepted. Use the same ledger every time. */
  readonly ledger: Ledger;
  /**
   * The source gives only what changed (guide, case 2: "retrieves new/updated users"): users that it omits are not
   * missing, and it may be empty. A record that fails must be given again in the next run, because the ledger keeps no
   * content.
   *
   * With options, for example `{}`, the ledger remembers how far the source was read. {@link SyncOptions.source} must
   * be a function, and is asked for changes {@link SourceRequest.since}. A run reads everything every {@link
   * IncrementalOptions.fullEveryDays} days, and if the ledger is new, has lost entries, or cannot keep facts about
   * itself. With `true` the source gets no time. Default false.
   */
  readonly incremental?: boolean | IncrementalOptions | undefined;
  /**
   * People with other account numbers: pairs of old and new number. The run first moves their ledger entries by
   * compare-and-set, then updates the users by their Oplead IDs; a run of some users moves only those. Pairs moved
   * before are ignored. A pair that cannot be moved makes the guard refuse the plan. See {@link moveUsers}. Default:
   * none.
   */
  readonly moves?:
    | Iterable<Move>
    | AsyncIterable<Move>
    | (() => Iterable<Move> | AsyncIterable<Move> | Promise<Iterable<Move> | AsyncIterable<Move>>)
    | undefined;
  /** Days until a missing user is due, and the rules that it then gets. */
  readonly leavers?: LeaverOptions | undefined;
  /** Limits above which a plan looks like an accident and is refused. `false`: the guard refuses nothing. */
  readonly guard?: GuardOptions | false | undefined;
  /**
   * How {@link SyncOptions.policies} compute coverage before and after the plan: from the rules, country and postcode
   * that the ledger keeps of each user. Default: no coverage is computed.
   */
  readonly coverage?: PolicyCoverage | undefined;
  /**
   * Rules about the coverage, from `oplead-sdk/coverage`. A plan that breaks one is refused until it is approved, even
   * with `guard: false`. Not asked about a plan without changes. They need `coverage`, except in a config: there
   * `oplead coverage` judges the users of the source by them too. Default: none.
   */
  readonly policies?: readonly SyncPolicy[] | undefined;
  /**
   * Data that looks wrong although Oplead may accept it: postcodes, counties and areas that the reference data lacks,
   * e-mail addresses and logins of several users, spaces around values, unknown parents, and records that the source
   * suspects. Without postcodes in the reference data, a French one must have five digits and be in the universe of
   * `coverage`, if that includes France. Only users with something to send are checked; what is sent stays in the list
   * until it is right. `"error"` makes such records invalid, except for unknown parents; `"warn"` lists them in {@link
   * SyncPlan.suspicious} and sends them; `false` checks nothing. Default `"warn"`.
   */
  readonly checks?: "warn" | "error" | false | undefined;
  /**
   * Sends all users and rules, even those that Oplead has accepted: after users were edited in Oplead. Default false.
   */
  readonly resend?: boolean | undefined;
  /**
   * Whole days until an unchanged user is sent again with its rules, so that edits made in Oplead end. Each user has a
   * day of its own, and at most 2 / `refreshAfterDays` of the users are sent in a day, after all others. Only readings
   * of the whole source do it. Default: never.
   */
  readonly refreshAfterDays?: number | undefined;
  /**
   * Sends all held steps, and the users that wait for them: everything is read, and the guard does not count content
   * that was refused before. Default false: a held step with the same content is sent again seven days after its refusal.
   */
  readonly retryHeld?: boolean | undefined;
  /** Options of a tool that plans for others, as the command does. Default: none. */
  readonly advanced?: AdvancedOptions | undefined;
  /** @internal Records mapped, and users sent, at the same time. Default: the client's `maxConcurrency`. */
  readonly concurrency?: number | undefined;
}

/** Options of {@link SyncOptions.advanced}. */
export interface AdvancedOptions {
  /**
   * Account numbers of people who are really new or other ones, although Oplead has a user with their login or e-mail
   * address (`possible_twin`). Default: none.
   */
  readonly newUsers?: readonly string[] | undefined;
  /**
   * Name of a file that `source` reads this time instead, for example yesterday's export, to take back a bad run. Plan,
   * report and audit name it. Its state counts as the newest, whatever the versions; users not in it are not missing;
   * `moves` are not made. The next run without this option reads everything and sends the state of the source again.
   * Guard and policies judge as always. Default: none.
   */
  readonly sourceFile?: string | undefined;
  /**
   * {@link SyncReport.ledgerMark} of the last run, kept outside of the ledger. The guard then refuses a ledger that was
   * restored from a backup: its entries may be stale. Default: not checked.
   */
  readonly ledgerMark?: LedgerMark | undefined;
  /** @internal Who makes the plan, for which company, from which file or source, for the plan's page. */
  readonly made?: { readonly [Fact in "by" | "company" | "from"]?: string | undefined } | undefined;
  /** Binds a ledger of another platform to this one: once, after the platform moved. Default false. */
  readonly adoptPlatform?: boolean | undefined;
}

export type FlatOptions<SourceRecord> = SyncOptions<SourceRecord> & AdvancedOptions;

/** How a source is asked for changes. */
export interface IncrementalOptions {
  /**
   * Days until everything is read again. Only that finds users that left the source and changes that were missed. 0,
   * for a single run: everything now, for example after a change of `map` or of the source. Default 7.
   */
  readonly fullEveryDays?: number | undefined;
  /**
   * Milliseconds before the last reading from which changes are read. Must exceed the longest transaction of the source
   * plus the difference of the clocks: a source dates a record before it can be read. A change read twice is sent once.
   * Default 3,600,000 (one hour).
   */
  readonly lookbackMs?: number | undefined;
}

/** How users that left the source are treated. Oplead documents no way to remove or deactivate a user. */
export interface LeaverOptions {
  /** Days until a leaver is due ({@link FindingDetails.leaver}). Default 7. */
  readonly graceDays?: number | undefined;
  /**
   * Rules for a leaver that is due, so that it gets no more leads; undefined leaves its rules. Sent once, counted by
   * the guard. The user itself is not sent, so it is never created again. An empty rule is refused: it is assumed to
   * admit no lead (`emptyRule`), but might admit all. Default: nothing is sent.
   */
  readonly rules?: ((leaver: Finding<"leaver">) => UserRules | undefined) | undefined;
}

/**
 * Limits above which a plan counts as an accident. Shares are of the users that Oplead accepted and that were not
 * missing before; unless its limit is 0, a share counts from five users on. A ledger that is empty, or lost more than a twentieth of its entries since the last run, has too
 * little to compare: the plan is refused.
 */
export interface GuardOptions {
  /** Share of users changed or missing, 0 to 1. Default 0.2. */
  readonly maxChanged?: number | undefined;
  /** Share of users with another profile or parent, 0 to 1. Default 0.05. */
  readonly maxMoved?: number | undefined;
  /**
   * Share of new users, 0 or more; 1 allows twice as many users as before. Up to `minUsers` are always allowed: a
   * person can check so few. Default: the same as `maxChanged`.
   */
  readonly maxNew?: number | undefined;
  /** Share of missing users, 0 to 1. Default: the same as `maxChanged`. */
  readonly maxMissing?: number | undefined;
  /**
   * Share of users with an invalid record or several different ones, 0 to 1; below `minUsers` users at least a half.
   * Default: the same as `maxChanged`.
   */
  readonly maxInvalid?: number | undefined;
  /** Users below which shares are not judged, except that of invalid records. Default 100. */
  readonly minUsers?: number | undefined;
  /**
   * The segment of a user: its region, brand, country. A text names a field of the records, such as a column; a record
   * without it is invalid. Each share is also judged in each segment with at least 20 users, and a plan
   * is refused if a segment has no user left in the source. The ledger keeps the name, so it should not be that of a
   * person. If the function throws, the record is invalid. Default: none.
   */
  readonly segments?: string | ((user: UserInput, rules: UserRules) => string | undefined) | undefined;
  /** @internal
   * Users from which on the shares of a segment are judged. A segment may always get this many new users. Default 20.
   */
  readonly minSegmentUsers?: number | undefined;
}

/** The progress of a run. */
export interface SyncProgress {
  /** Users finished, whatever their outcome. */
  readonly done: number;
  /** Users to send. */
  readonly total: number;
  /** Users failed so far. */
  readonly failed: number;
  /** Users skipped so far: the run was ended, or their parent is not in Oplead. */
  readonly skipped: number;
  /** Users per second, on average since the start. */
  readonly rate: number;
  /** Time left at this rate, in ms; undefined before the first user is finished. */
  readonly etaMs: number | undefined;
}
