import type { OpleadIssue } from "../../core/issues.ts";
import type { OpleadErrorCode } from "../../core/names.ts";
import type { Outcome } from "../../core/outcomes.ts";
import type { HeldStep } from "../../ledger/ledger.ts";
import type { RuleName, SyncStep } from "../../rules/types.ts";

/** The place of a user in the source. */
export interface SourcePosition {
  /** Number of the record in the source, from 0. -1: a user that left the source. */
  readonly record: number;
  /** {@link SyncOptions.rowOf}, for example a row in a spreadsheet. */
  readonly row: number | string | undefined;
}

export const NO_RECORD = { record: -1, row: undefined } as const satisfies SourcePosition;

/** A rule that a plan replaces, with values as the API has them. */
export interface ChangedRule {
  readonly rule: RuleName;
  /** Present value. Null if Oplead has no such rule; absent if it is not known. */
  readonly was?: unknown;
  /** Value to send. */
  readonly now: unknown;
}

/** A user with something to send. */
export interface PlannedUser extends SourcePosition {
  readonly accountNumber: string;
  /**
   * - `new`: the ledger has no Oplead ID. Oplead may have the user nevertheless, so the client asks first
   * - `retried`: Oplead refused the same content before, and {@link SyncOptions.heldRetryAfterMs} have passed. Counts
   * neither as new nor as changed; users below it wait until Oplead has it
   * - `leaver`: it left the source, and only {@link LeaverOptions.rules} are sent
   */
  readonly kind: "new" | "changed" | "retried" | "leaver";
  /** Oplead ID, if the ledger has it. */
  readonly id: string | undefined;
  /** Account number in Oplead until a {@link PlannedMove}, of this plan or earlier, is sent. */
  readonly movedFrom: string | undefined;
  /** Top-level fields that differ from what Oplead accepted last. Empty if only rules differ. */
  readonly fields: readonly string[];
  /**
   * True if the user differs, but the ledger cannot tell where: it has no fingerprints of fields by a known key.
   * {@link PlannedUser.fields} is empty.
   */
  readonly fieldsUnknown: boolean;
  /** True if sent once more with its rules, because the outcome of an earlier attempt is unknown. */
  readonly doubted: boolean;
  /** Rules to send. */
  readonly rules: readonly RuleName[];
  /** Old and new values of these rules, if Oplead has the user. */
  readonly ruleChanges?: readonly ChangedRule[] | undefined;
  /** Account number of its parent, if this plan sends the parent too, before the user. */
  readonly after: string | undefined;
  /** Segment for the guard, with {@link GuardOptions.segments}. */
  readonly segment?: string | undefined;
}

/** A record that cannot be sent. */
export interface InvalidRecord extends SourcePosition {
  /** Undefined if `map` returned none or threw, and {@link SyncOptions.key} gives none. */
  readonly accountNumber: string | undefined;
  /** All problems, each with its path. */
  readonly issues: readonly OpleadIssue[];
  /** Error thrown by `map`. Not enumerable: its message may hold personal data. */
  readonly error?: unknown;
}

/** An account number of several records that differ. No version tells which is the newest, so none is sent. */
export interface DuplicateUser {
  readonly accountNumber: string;
  /** Numbers of the records in the source, from 0. */
  readonly records: readonly number[];
  /** {@link SyncOptions.rowOf} of each. */
  readonly rows: readonly (number | string | undefined)[];
}

/**
 * A new user with the login or e-mail address of a user in Oplead: perhaps the same person with another account number.
 * Or a user whose record has the login and e-mail address of another one, which has lost both: their account numbers
 * were probably exchanged in the file. Not sent until {@link SyncOptions.newUsers} says that it is another person, or
 * the user is moved. Found only if the ledger has a key.
 */
export interface TwinUser extends SourcePosition {
  readonly accountNumber: string;
  /** Account number of the user in Oplead. */
  readonly of: string;
  /** Field with the same value in both; `exchange`: login and e-mail address, and the other user has lost them. */
  readonly by: "login" | "email" | "exchange";
  /**
   * True if the source still has a record of the user in Oplead, so that user was not renamed. Always true for a source
   * that gives only what changed.
   */
  readonly inSource: boolean;
}

/** A step that Oplead refused, with the same content since. */
export interface HeldUser extends SourcePosition {
  readonly accountNumber: string;
  /** The user itself, or one of its rules. */
  readonly step: SyncStep;
  readonly code: OpleadErrorCode;
  readonly status: number | undefined;
  /** First refusal of this content, ISO 8601. */
  readonly since: string;
  /** The parent, if neither source nor ledger knows it and the refusal names no other field: probably the reason. */
  readonly root?: WaitingRoot | undefined;
}

export function isoTime(ms: number): string {
  return new Date(ms).toISOString();
}

export function heldUser(
  accountNumber: string,
  { record, row }: SourcePosition,
  { step, code, status, at, firstAt = at }: HeldStep,
): HeldUser {
  return { record, row, accountNumber, step, code, status, since: isoTime(firstAt) };
}

/** A user that is not in Oplead and for which all users below it wait. */
export interface WaitingRoot extends SourcePosition {
  readonly accountNumber: string;
  /** `unknown`: neither source nor ledger knows it. `not_sent`: the run left it out. */
  readonly because:
    | Extract<Outcome, "invalid" | "held" | "duplicate" | "twin" | "stale" | "failed">
    | "unknown"
    | "not_sent";
}

/** A user whose parent is not in Oplead and not sent by this plan. */
export interface WaitingUser extends SourcePosition {
  readonly accountNumber: string;
  /** Account number of the parent. */
  readonly parent: string;
  /** Nearest user above that does not wait itself: the parent, or one above it. */
  readonly root: WaitingRoot;
}

/** A user in Oplead that a source of all users no longer has. This package never removes a user. */
export interface Leaver {
  readonly accountNumber: string;
  /** Oplead ID. */
  readonly id: string;
  /** Time when first missing from the source, ISO 8601. */
  readonly missingSince: string;
  /** Whole days since {@link Leaver.missingSince}. */
  readonly days: number;
  /**
   * - `grace`: missing for fewer days than {@link LeaverOptions.graceDays}
   * - `due`: for at least that many; an administrator should deal with it in Oplead
   * - `done`: an administrator has ({@link markLeaver})
   * - `perhaps`: not {@link Leaver.certain}
   */
  readonly state: "grace" | "due" | "done" | "perhaps";
  /**
   * False while a record without an account number, or a twin ({@link TwinUser}), may be this user. Always true after
   * twice the grace period.
   */
  readonly certain: boolean;
}

/** A {@link Leaver} as {@link ApplyOptions.onMissing} gets it. */
export interface MissingUser extends Pick<Leaver, "accountNumber" | "id" | "missingSince" | "certain"> {
  /** True if the grace period is over. */
  readonly due: boolean;
}

/** A record that can be sent but looks wrong: {@link SyncOptions.checks}. */
export interface SuspiciousRecord extends SourcePosition {
  readonly accountNumber: string;
  readonly issues: readonly OpleadIssue[];
  /** Since when Oplead has this data, ISO 8601. Undefined if the record is sent now. */
  readonly since?: string | undefined;
}

/** One of {@link SyncOptions.moves} not made before. */
export interface PlannedMove {
  readonly from: string;
  readonly to: string;
  /** Oplead ID, kept under the new account number. */
  readonly id: string | undefined;
  /**
   * Why it cannot be made. `unknown`: the ledger has no Oplead ID for `from`. `occupied`: it has another user under
   * `to`.
   */
  readonly problem: "unknown" | "occupied" | undefined;
}

/** Users of a plan or report that are not sent, or that a person should look at. */
export interface Findings {
  readonly held: readonly HeldUser[];
  readonly invalid: readonly InvalidRecord[];
  readonly duplicates: readonly DuplicateUser[];
  /** New users that are perhaps in Oplead already. */
  readonly twins: readonly TwinUser[];
  /** Data that looks wrong. Sent nevertheless, listed each night until it is right, and no reason for `partial`. */
  readonly suspicious: readonly SuspiciousRecord[];
  /** Leavers: listed, never removed. Empty for a source that gives only what changed. */
  readonly missing: readonly Leaver[];
  /** Moves, made before any user is sent. */
  readonly moves: readonly PlannedMove[];
  /**
   * Columns by the path of the field that `map` fills: `{ "address.zipCode": "Code postal" }`. Only from sources of
   * `oplead-sdk/config`, and only where certain.
   */
  readonly columns?: Readonly<Record<string, string>> | undefined;
}

/** A limit of the guard, with the users of a plan that count. */
export interface GuardLimit {
  /** Option of {@link GuardOptions}. */
  readonly option: "maxNew" | "maxInvalid" | "maxChanged" | "maxMoved" | "maxMissing";
  /** New users; users that cannot be sent; changed or missing; with another profile or parent; or only missing ones. */
  readonly users: number;
  /** Users allowed. */
  readonly most: number;
  /** Users of which the limit is a share. */
  readonly among: number;
  /** Segment of the limit. Undefined: all users. */
  readonly segment?: string | undefined;
}

/** `good`: users arrive. `notable`: a person should look. `bad`: something went wrong. */
export type Tone = "good" | "notable" | "bad";

/** A line of a text for people. */
export interface TextLine {
  readonly text: string;
  /** Tone of headings, counts and rows of what is sent. */
  readonly tone: Tone | undefined;
  /** Emphasis, for example bold in a terminal. Default false. */
  readonly isStrong?: boolean | undefined;
}
