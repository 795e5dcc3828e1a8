import type { OpleadIssue } from "../../core/issues.ts";
import type { OpleadErrorCode } from "../../core/names.ts";
import type { Outcome } from "../../core/outcomes.ts";
import type { HeldStep } from "../../ledger/ledger.ts";
import type { RuleName, SyncStep } from "../../rules/types.ts";

/** The place of a user in the source. */
export interface SourcePosition {
  /** The number of the record in the source, counted from 0. -1 for a user that left the source. */
  readonly record: number;
  /** The place that {@link SyncOptions.rowOf} returns, for example a row in a spreadsheet. */
  readonly row: number | string | undefined;
}

/** The place of a user that has no record in the source. */
export const NO_RECORD = { record: -1, row: undefined } as const satisfies SourcePosition;

/** A rule that a plan replaces, with its values in the form of the API. */
export interface ChangedRule {
  readonly rule: RuleName;
  /** The value that Oplead has now. Null if Oplead has no such rule; absent if the ledger does not know the value. */
  readonly was?: unknown;
  /** The value that is sent. */
  readonly now: unknown;
}

/** A user with something to send. */
export interface PlannedUser extends SourcePosition {
  readonly accountNumber: string;
  /**
   * - `new`: the ledger has no Oplead ID of the user. Oplead may have the user nevertheless, so the client asks first
   * - `retried`: Oplead refused the same content of the user or of its rules before, and {@link
   *   SyncOptions.heldRetryAfterMs} have passed, so the content is sent once more. The user counts neither as new nor
   *   as changed, and users below it wait until Oplead has it
   * - `leaver`: the user left the source, and only the rules of {@link LeaverOptions.rules} are sent
   */
  readonly kind: "new" | "changed" | "retried" | "leaver";
  /** The Oplead ID, if the ledger has it. */
  readonly id: string | undefined;
  /**
   * The account number under which Oplead has the user until a {@link PlannedMove} of this plan, or an earlier move, is
   * sent.
   */
  readonly movedFrom: string | undefined;
  /** The top-level fields that differ from what Oplead accepted last. Empty if only rules differ. */
  readonly fields: readonly string[];
  /**
   * Whether the user differs but the ledger can't tell in which fields, so that {@link PlannedUser.fields} is empty:
   * the entry has no fingerprints of fields, or they were made with an unknown key.
   */
  readonly fieldsUnknown: boolean;
  /** Whether the user is sent once more with its rules, because the outcome of an earlier attempt is unknown. */
  readonly doubted: boolean;
  /** The rules that are sent. */
  readonly rules: readonly RuleName[];
  /** The old and the new value of each of these rules. Given only if Oplead has the user. */
  readonly ruleChanges?: readonly ChangedRule[] | undefined;
  /** The account number of its parent, if this plan sends the parent too. The parent is sent first. */
  readonly after: string | undefined;
  /** The segment in which the guard counts the user. Given only with {@link GuardOptions.segments}. */
  readonly segment?: string | undefined;
}

/** A record that cannot be sent. */
export interface InvalidRecord extends SourcePosition {
  /**
   * Undefined if the account number is not known: `map` returned none or threw, and {@link SyncOptions.key} gives none.
   */
  readonly accountNumber: string | undefined;
  /** Every problem of the record, each with its path. */
  readonly issues: readonly OpleadIssue[];
  /** The error that `map` threw. Not enumerable, because its message may hold personal data. */
  readonly error?: unknown;
}

/**
 * An account number for which the source has several records with different content. No versions tell which of them is
 * the newest, so none is sent.
 */
export interface DuplicateUser {
  readonly accountNumber: string;
  /** The numbers of these records in the source, counted from 0. */
  readonly records: readonly number[];
  /** The place of each record that {@link SyncOptions.rowOf} returns. */
  readonly rows: readonly (number | string | undefined)[];
}

/**
 * A new user with the login or the e-mail address of a user that Oplead has: perhaps the same person with another
 * account number. It is not sent until {@link SyncOptions.newUsers} says that it is another person, or the user is
 * moved. Such users are found only if the ledger has a key.
 */
export interface TwinUser extends SourcePosition {
  readonly accountNumber: string;
  /** The account number of the user in Oplead that has the same login or e-mail address. */
  readonly of: string;
  /** The field that has the same value in both users. */
  readonly by: "login" | "email";
  /**
   * Whether the source still has a record with the account number of the user that Oplead has. If so, that user was not
   * renamed to the new account number: both records exist. Always true for a source that gives only what changed.
   */
  readonly inSource: boolean;
}

/** A step that Oplead refused before and that still has the same content. */
export interface HeldUser extends SourcePosition {
  readonly accountNumber: string;
  /** The step: the user itself, or one of its rules. */
  readonly step: SyncStep;
  readonly code: OpleadErrorCode;
  readonly status: number | undefined;
  /** When Oplead first refused this content, ISO 8601. */
  readonly since: string;
  /**
   * The account number of the parent, if neither the source nor the ledger knows the parent and the refusal names no
   * other field. Oplead then probably refused the user because of its parent.
   */
  readonly root?: WaitingRoot | undefined;
}

/** Turns milliseconds since 1970 into ISO 8601. */
export function isoTime(ms: number): string {
  return new Date(ms).toISOString();
}

/** A held step, with its user. */
export function heldUser(
  accountNumber: string,
  { record, row }: SourcePosition,
  { step, code, status, at, firstAt = at }: HeldStep,
): HeldUser {
  return { record, row, accountNumber, step, code, status, since: isoTime(firstAt) };
}

/** A user that is not in Oplead, and for which all users below it wait. */
export interface WaitingRoot extends SourcePosition {
  readonly accountNumber: string;
  /**
   * Why Oplead does not have the user. `unknown`: neither the source nor the ledger knows it. `not_sent`: the run has
   * left it out.
   */
  readonly because:
    | Extract<Outcome, "invalid" | "held" | "duplicate" | "twin" | "stale" | "failed">
    | "unknown"
    | "not_sent";
}

/** A user that waits for its parent: Oplead does not have the parent, and this plan does not send it. */
export interface WaitingUser extends SourcePosition {
  readonly accountNumber: string;
  /** The account number of the parent. */
  readonly parent: string;
  /**
   * The user that must arrive first: the nearest user above this one that does not wait itself. It is the parent, or a
   * user above the parent.
   */
  readonly root: WaitingRoot;
}

/** A user that Oplead has and that is no longer in a source of all users. This package never removes a user. */
export interface Leaver {
  readonly accountNumber: string;
  /** The user's Oplead ID. */
  readonly id: string;
  /** When the user was first missing from the source, ISO 8601. */
  readonly missingSince: string;
  /** Whole days since the user was first missing. */
  readonly days: number;
  /**
   * - `grace`: missing for fewer days than {@link LeaverOptions.graceDays}
   * - `due`: missing for at least that many days, so an administrator should deal with the user in Oplead
   * - `done`: an administrator noted that the user was dealt with ({@link markLeaver})
   * - `perhaps`: it is not {@link Leaver.certain} that the user has left
   */
  readonly state: "grace" | "due" | "done" | "perhaps";
  /**
   * Whether it is certain that the user has left. False if the source has a record without an account number or a twin
   * of the user ({@link TwinUser}), because that record may be this user. After twice the grace period it is always
   * true.
   */
  readonly certain: boolean;
}

/** A {@link Leaver} in the form in which {@link ApplyOptions.onMissing} gets it. */
export interface MissingUser extends Pick<Leaver, "accountNumber" | "id" | "missingSince" | "certain"> {
  /** Whether the grace period is over. */
  readonly due: boolean;
}

/** A record that can be sent, but whose data looks wrong to a data check. See {@link SyncOptions.checks}. */
export interface SuspiciousRecord extends SourcePosition {
  readonly accountNumber: string;
  readonly issues: readonly OpleadIssue[];
  /**
   * If nothing is sent for the record: since when Oplead has this data, ISO 8601. The record stays in the list until
   * its data is right. Undefined if the record is sent now.
   */
  readonly since?: string | undefined;
}

/** One of the {@link SyncOptions.moves} that have not been made before. */
export interface PlannedMove {
  readonly from: string;
  readonly to: string;
  /** The Oplead ID of the user, which is kept under the new account number. */
  readonly id: string | undefined;
  /**
   * Why the move cannot be made; undefined if it will be made.
   *
   * - `unknown`: the ledger has no Oplead ID for `from`
   * - `occupied`: the ledger has another user under `to`
   */
  readonly problem: "unknown" | "occupied" | undefined;
}

/** Users of a plan, or of the report of its run, that are not sent or that a person should look at. */
export interface Findings {
  readonly held: readonly HeldUser[];
  readonly invalid: readonly InvalidRecord[];
  readonly duplicates: readonly DuplicateUser[];
  /** New users that are perhaps users that Oplead has already. */
  readonly twins: readonly TwinUser[];
  /**
   * Records whose data looks wrong. They are sent nevertheless, and stay in this list each night until the data is
   * right. They do not make a run `partial`.
   */
  readonly suspicious: readonly SuspiciousRecord[];
  /** Users that left the source. They are listed and never removed. Empty if the source gives only what changed. */
  readonly missing: readonly Leaver[];
  /** The moves to new account numbers. A run makes them before it sends any user. */
  readonly moves: readonly PlannedMove[];
  /**
   * The columns of the source, indexed by the path of the field that `map` fills from the column: `{ "address.zipCode":
   * "Code postal" }`. Only a source of `oplead-sdk/config` knows columns, and it lists a field only if its column is
   * certain. Undefined if no column is known.
   */
  readonly columns?: Readonly<Record<string, string>> | undefined;
}

/** A limit of the guard, and how many users of a plan count towards it. */
export interface GuardLimit {
  /** The option of {@link GuardOptions} that sets this limit. */
  readonly option: "maxNew" | "maxInvalid" | "maxChanged" | "maxMoved" | "maxMissing";
  /**
   * How many users of the plan count towards the limit. Depending on the limit, they are new users; users that cannot
   * be sent; changed or missing users; users that get another profile or parent; or only missing users.
   */
  readonly users: number;
  /** The maximum number of users that the guard allows. */
  readonly most: number;
  /** The number of users in the ledger from which the limit was computed as a share. */
  readonly among: number;
  /**
   * The segment of {@link GuardOptions.segments} to which these users belong. Undefined: the limit is about all users.
   */
  readonly segment?: string | undefined;
}

/** The meaning of a line: users arrive or have arrived, a person should look at it, or something went wrong. */
export type Tone = "good" | "notable" | "bad";

/** A line of a text that people read. */
export interface TextLine {
  readonly text: string;
  /** The meaning of the line. Only headings, counts and the rows of what is sent have a meaning of this kind. */
  readonly tone: Tone | undefined;
  /** Whether the line counts more than others. A terminal can show it in bold type. Default false. */
  readonly isStrong?: boolean | undefined;
}
