import type { OpleadIssue } from "../../core/issues.ts";
import type { OpleadErrorCode } from "../../core/names.ts";
import type { Outcome } from "../../core/outcomes.ts";
import type { HeldStep, SyncStep } from "../../ledger/ledger.ts";
import type { Coded } from "../../locales/coded.ts";
import type { NOT_COUNTED, POLICIES } from "../../locales/en/findings.ts";
import type { ADVICE } from "../../locales/en/report.ts";
import type { GUARD, STOPS, WARNINGS } from "../../locales/en/sync.ts";
import type { RuleName } from "../../rules/rules.ts";

/** The place of a user in the source. */
export interface SourcePosition {
  /** Which record of the source, counted from 0. -1 for a user that left the source. */
  readonly record: number;
  /** The result of {@link SyncOptions.rowOf}, for example a row in a spreadsheet. */
  readonly row: number | string | undefined;
}

/** The place of a user without a record in the source. */
export const NO_RECORD = { record: -1, row: undefined } as const satisfies SourcePosition;

/** A rule that is replaced, with its values as the API has them. */
export interface RuleChange {
  readonly rule: RuleName;
  /** Oplead's present value. Null if Oplead has no such rule; absent if the ledger does not know it. */
  readonly was?: unknown;
  /** The value that is sent. */
  readonly now: unknown;
}

/** A user with something to send. */
export interface PlannedUser extends SourcePosition {
  readonly accountNumber: string;
  /**
   * - `new`: the ledger has no Oplead ID of it. Oplead may have the user all the same, so it is asked first
   * - `retried`: Oplead refused the same content before, of the user or of its rules, and after {@link
   *   SyncOptions.heldRetryAfterMs} it is tried once more. It counts neither as new nor as changed, and users below it
   *   wait until Oplead has it
   * - `leaver`: the user left the source, and only the rules of {@link LeaverOptions.rules} are sent
   */
  readonly kind: "new" | "changed" | "retried" | "leaver";
  /** The Oplead ID, if the ledger has it. */
  readonly id: string | undefined;
  /** The account number under which Oplead still has the user, after or with a {@link PlannedMove}. */
  readonly movedFrom: string | undefined;
  /** The top-level fields that differ from what Oplead accepted last. Empty if only rules differ. */
  readonly fields: readonly string[];
  /**
   * Whether the user differs although {@link PlannedUser.fields} is empty: the ledger has no fingerprints of its
   * fields, or no known key reads them.
   */
  readonly fieldsUnknown: boolean;
  /** Whether it is sent once more with its rules because an earlier attempt had no known outcome. */
  readonly doubted: boolean;
  /** The rules that are sent. */
  readonly rules: readonly RuleName[];
  /** The old and the new value of each of these rules. Only for users that Oplead has. */
  readonly ruleChanges?: readonly RuleChange[] | undefined;
  /** The account number of its parent, if the parent is planned too: the parent goes first. */
  readonly after: string | undefined;
  /** The segment in which the guard counts it. Only with {@link GuardOptions.segments}. */
  readonly segment?: string | undefined;
}

/** A record that cannot be sent. */
export interface InvalidRecord extends SourcePosition {
  /** Undefined if `map` gave none or threw, and there is no {@link SyncOptions.key}. */
  readonly accountNumber: string | undefined;
  /** Every problem, with its path. */
  readonly issues: readonly OpleadIssue[];
  /** The error of `map`. Not enumerable, because its message may hold personal data. */
  readonly error?: unknown;
}

/**
 * An account number of several records with different content and without versions that order them. They are not sent.
 */
export interface DuplicateUser {
  readonly accountNumber: string;
  /** Which records of the source, counted from 0. */
  readonly records: readonly number[];
  /** The result of {@link SyncOptions.rowOf} for each. */
  readonly rows: readonly (number | string | undefined)[];
}

/**
 * A new user with the login or the e-mail address of a user that Oplead has: perhaps the same person with another
 * account number. It is not sent until {@link SyncOptions.newUsers} says that it is another person, or the user is
 * moved. Found only if the ledger has a key.
 */
export interface TwinUser extends SourcePosition {
  readonly accountNumber: string;
  /** The account number of the user that Oplead has. */
  readonly of: string;
  /** The field that both have in common. */
  readonly by: "login" | "email";
  /**
   * Whether the source still has that user under its number, so that the new user is not the same row with a new
   * number. True for a source that gives only what changed.
   */
  readonly inSource: boolean;
}

/** A step that Oplead refused before and whose content is the same. */
export interface HeldUser extends SourcePosition {
  readonly accountNumber: string;
  /** The user itself, or the rule. */
  readonly step: SyncStep;
  readonly code: OpleadErrorCode;
  readonly status: number | undefined;
  /** When this content was first refused, ISO 8601. */
  readonly since: string;
  /**
   * Its parent, if neither the source nor the ledger knows it and the refusal names no other field: then Oplead
   * probably refused the user because of its parent.
   */
  readonly root?: WaitingRoot | undefined;
}

/** A time in milliseconds since 1970, ISO 8601. */
export function isoTime(ms: number): string {
  return new Date(ms).toISOString();
}

/** A held step with the user that it belongs to. */
export function heldUser(
  accountNumber: string,
  { record, row }: SourcePosition,
  { step, code, status, at, firstAt = at }: HeldStep,
): HeldUser {
  return { record, row, accountNumber, step, code, status, since: isoTime(firstAt) };
}

/** The user for which all users below it wait. */
export interface WaitingRoot extends SourcePosition {
  readonly accountNumber: string;
  /**
   * Why Oplead does not have it. `unknown`: neither the source nor the ledger knows this parent. `not_sent`: the run
   * has left it out.
   */
  readonly because:
    | Extract<Outcome, "invalid" | "held" | "duplicate" | "twin" | "stale" | "failed">
    | "unknown"
    | "not_sent";
}

/** A user that waits for its parent, which is not in Oplead and is not sent either. */
export interface WaitingUser extends SourcePosition {
  readonly accountNumber: string;
  /** The account number of the parent. */
  readonly parent: string;
  /** The first user above it that does not wait itself: its parent, or one further up. */
  readonly root: WaitingRoot;
}

/** A user that Oplead has and that a source of all users no longer has. The package removes no user. */
export interface Leaver {
  readonly accountNumber: string;
  /** The user's Oplead ID. */
  readonly id: string;
  /** When it was first missing, ISO 8601. */
  readonly missingSince: string;
  /** Whole days since then. */
  readonly days: number;
  /**
   * - `grace`: missing for fewer days than {@link LeaverOptions.graceDays}
   * - `due`: missing for longer, so an administrator should deal with it in Oplead
   * - `done`: an administrator said that it was dealt with ({@link markLeaver})
   * - `perhaps`: not {@link Leaver.certain}
   */
  readonly state: "grace" | "due" | "done" | "perhaps";
  /**
   * Whether the user has left. False while the source has records without an account number, which may be this user, or
   * a twin of it ({@link TwinUser}); after twice the grace period it is true all the same.
   */
  readonly certain: boolean;
}

/** A {@link Leaver}, as {@link ApplyOptions.onMissing} gets it. */
export interface MissingUser extends Pick<Leaver, "accountNumber" | "id" | "missingSince" | "certain"> {
  /** Whether the grace period is over. */
  readonly due: boolean;
}

/** A record that can be sent and that a data check finds odd. See {@link SyncOptions.checks}. */
export interface SuspiciousRecord extends SourcePosition {
  readonly accountNumber: string;
  readonly issues: readonly OpleadIssue[];
  /**
   * Since when Oplead has this data, ISO 8601: nothing is sent, and the record stays in the list until it is right.
   * Undefined if it is sent now.
   */
  readonly since?: string | undefined;
}

/** One of the {@link SyncOptions.moves} that was not made before. */
export interface PlannedMove {
  readonly from: string;
  readonly to: string;
  /** The Oplead ID, which goes to the new account number. */
  readonly id: string | undefined;
  /**
   * Why the move is not made; undefined if it is made.
   *
   * - `unknown`: the ledger has no Oplead ID of `from`
   * - `occupied`: the ledger has another user under `to`
   */
  readonly problem: "unknown" | "occupied" | undefined;
}

/** Users that are not sent, or that are worth a look, in a plan and in the report of its run. */
export interface Findings {
  readonly held: readonly HeldUser[];
  readonly invalid: readonly InvalidRecord[];
  readonly duplicates: readonly DuplicateUser[];
  /** New users that may be known ones. */
  readonly twins: readonly TwinUser[];
  /**
   * Records that look wrong. They are sent once all the same, and stay in this list each night until they are right.
   * They do not make a run `partial`.
   */
  readonly suspicious: readonly SuspiciousRecord[];
  /** Users that left the source. They are reported and never removed. Empty for an incremental source. */
  readonly missing: readonly Leaver[];
  /** The moves to new account numbers, which a run makes before it sends anything. */
  readonly moves: readonly PlannedMove[];
  /**
   * The columns of the source, by the path of the field that `map` fills from them: `{ "address.zipCode": "Code postal"
   * }`. Only columns that a source of `oplead-sdk/config` is certain of. Undefined if it knows none.
   */
  readonly columns?: Readonly<Record<string, string>> | undefined;
}

/** A hint that stops nothing. */
export type SyncWarning = Coded<typeof WARNINGS & typeof NOT_COUNTED & typeof POLICIES>;

/**
 * Why a plan is not applied.
 *
 * - `mass_change`, `mass_move`, `mass_missing`, `mass_new`, `mass_invalid`, `field_gone`, `segment_gone`,
 *   `empty_source`: looks like an accident; {@link ApplyOptions.approve} lets the plan be applied. With
 *   `parameters.segment` the figures are those of one segment
 * - `mass_twins`: more than 50 new users, and more than 5 % of the users, have the login or e-mail address of a user
 *   that Oplead has. Fewer are left out and listed ({@link Findings.twins}); {@link ApplyOptions.approve} sends all
 *   others, and never them
 * - `move_unknown`, `move_occupied`, `move_in_source`: moves that cannot be made, or of users that the source still has
 *   under the old number; {@link ApplyOptions.approve} makes the others
 * - `policy`: one of {@link SyncOptions.policies} does not allow what the plan does to the map; {@link
 *   ApplyOptions.approve} does
 * - `first_run`: the ledger knows no user that Oplead has, and many would be sent
 * - `ledger_shrunk`: the ledger lost more than a twentieth of its entries since the last run
 * - `ledger_restored`: the ledger is older than {@link SyncOptions.ledgerMark}; sending everything again (`resend`)
 *   needs no approval
 * - `ledger_copied`: the same, and the run that the ledger does not know was one of another host: two copies of the
 *   ledger are in use
 * - `other_plan`: the approval is for another plan
 * - `other_platform`, `other_test_mode`: a saved plan was made for another platform, or in the other test mode
 */
export type GuardFinding = Coded<typeof GUARD & typeof POLICIES>;

/** A limit of the guard, and how many users of a plan count towards it. */
export interface GuardLimit {
  /** The option of {@link GuardOptions} that sets it. */
  readonly option: "maxNew" | "maxInvalid" | "maxChanged" | "maxMoved" | "maxMissing";
  /**
   * How many users of the plan count towards the limit: new ones; those that cannot be sent; changed or missing ones;
   * those that get another profile or parent; or missing ones.
   */
  readonly users: number;
  /** At most this many pass the guard. */
  readonly most: number;
  /** The number of users in the ledger that the limit is a share of. */
  readonly among: number;
  /** The segment of {@link GuardOptions.segments} whose users these are. Undefined: all users. */
  readonly segment?: string | undefined;
}

/** Why a run ended before its plan was finished, and what helps. */
export type StopReason = Coded<typeof STOPS>;

/** The remedy for a failure. */
export type Advice = Coded<typeof ADVICE>;

/** The meaning of a line: something arrives or arrived, deserves a look, or went wrong. */
export type Tone = "good" | "notable" | "bad";

/** A line of a text for people. */
export interface TextLine {
  readonly text: string;
  /** Only of headings and counts. */
  readonly tone: Tone | undefined;
}
