import type { FailedStep } from "../../core/errors.ts";
import type { OpleadIssue } from "../../core/issues.ts";
import type { OpleadErrorCode } from "../../core/names.ts";
import type { SyncStep } from "../../rules/types.ts";
import type { Advice } from "./messages.ts";

/** The place of a user in the source. */
export interface SourcePosition {
  /** Number of the record in the source, from 0. -1: a user that left the source. */
  readonly record: number;
  /** {@link SyncOptions.rowOf}, for example a row in a spreadsheet. */
  readonly row: number | string | undefined;
}

export const NO_RECORD = { record: -1, row: undefined } as const satisfies SourcePosition;

/** A user that is not in Oplead and for which all users below it wait. */
export interface WaitingRoot extends SourcePosition {
  readonly accountNumber: string;
  /** `unknown`: neither source nor ledger knows it. `not_sent`: the run left it out. */
  readonly because: "invalid" | "held" | "duplicate" | "twin" | "stale" | "failed" | "unknown" | "not_sent";
}

export type PlacedUser = Omit<WaitingRoot, "because">;

/** What a {@link Finding} of each kind has beside its place and account number. */
export interface FindingDetails {
  /** A step that failed in this run. Its `error` is not enumerable: the body may hold personal data. */
  readonly failed: FailedStep & {
    readonly code: OpleadErrorCode;
    readonly status: number | undefined;
    readonly requestId: string | undefined;
    /** True if the step is not sent again until its content changes. */
    readonly held: boolean;
    /** Paths of the fields that Oplead named, inside the user or the rule. Undefined if it named none. */
    readonly fields?: readonly string[] | undefined;
    /** User that has the login or e-mail address according to the ledger, for a conflict. */
    readonly takenBy?: Omit<WaitingRoot, "because"> | undefined;
    /** A sentence without personal data. Oplead's answer is in `error` and in the CSV. */
    readonly message: string;
    readonly advice: Advice;
  };
  /** A step that Oplead refused, with the same content since. */
  readonly held: {
    /** The user itself, or one of its rules. */
    readonly step: SyncStep;
    readonly code: OpleadErrorCode;
    readonly status: number | undefined;
    /** Paths of the fields that Oplead named, inside the user or the rule. Undefined if it named none. */
    readonly fields?: readonly string[] | undefined;
    /** User that has the login or e-mail address according to the ledger, for a conflict. */
    readonly takenBy?: Omit<WaitingRoot, "because"> | undefined;
    /** First refusal of this content, ISO 8601. */
    readonly since: string;
    /** The parent, if neither source nor ledger knows it and the refusal names no other field: probably the reason. */
    readonly root?: WaitingRoot | undefined;
  };
  /** A record that cannot be sent. */
  readonly invalid: {
    /** All problems, each with its path. */
    readonly issues: readonly OpleadIssue[];
    /** Error thrown by `map`. Not enumerable: its message may hold personal data. */
    readonly error?: unknown;
  };
  /** An account number of several records that differ. No version tells which is the newest, so none is sent. */
  readonly duplicate: { readonly places: readonly SourcePosition[] };
  /**
   * A new user with the login or e-mail address of a user in Oplead: perhaps the same person with another account
   * number. Or a user whose record has the login and e-mail address of another one, which has lost both: their account
   * numbers were probably exchanged in the file. Not sent until `advanced.newUsers` says that it is another
   * person, or the user is moved. Found only if the ledger has a key.
   */
  readonly twin: {
    /** Account number of the user in Oplead. */
    readonly of: string;
    /** Field with the same value in both; `exchange`: login and e-mail address, and the other user has lost them. */
    readonly by: "login" | "email" | "exchange";
    /**
     * True if the source still has a record of the user in Oplead, so that user was not renamed. Always true for a
     * source that gives only what changed.
     */
    readonly inSource: boolean;
  };
  /**
   * A user that was not sent, or not completely, because the run ended. The next run sends the rest. `handed_over`: a
   * worker of the queue had the user, and may still send it.
   */
  readonly skipped: { readonly reason: "stopped" | "paused" | "aborted" | "handed_over" };
  /** A user whose parent is not in Oplead: it failed, or cannot be sent. */
  readonly waiting: {
    /** Account number of the parent. */
    readonly parent: string;
    /** Nearest user above that does not wait itself: the parent, or one above it. */
    readonly root: WaitingRoot;
  };
  /** A step that test mode cannot check: it depends on a user that a test creates and Oplead forgets. */
  readonly unverifiable: {
    readonly step: SyncStep;
    /** Account number of that user: the parent, or for a rule the user itself. */
    readonly dependsOn: string;
  };
  /** Data that looks wrong: {@link SyncOptions.checks}. Sent nevertheless, and listed each night until it is right. */
  readonly suspicious: {
    readonly issues: readonly OpleadIssue[];
    /** Since when Oplead has this data, ISO 8601. Undefined if the record is sent now. */
    readonly since?: string | undefined;
  };
  /** A user with a newer version in the ledger, or whose entry another process wrote since the plan. Not sent. */
  readonly stale: { readonly accountNumber: string };
  /** A user in Oplead that a source of all users no longer has. This package never removes a user. */
  readonly leaver: {
    /** Oplead ID. */
    readonly id: string;
    /** Time when first missing from the source, ISO 8601. */
    readonly missingSince: string;
    /** Whole days since `missingSince`. */
    readonly days: number;
    /** Users of the source that still name this user as their parent. Undefined if there are none. */
    readonly team?: number | undefined;
    /**
     * - `grace`: missing for fewer days than {@link LeaverOptions.graceDays}
     * - `due`: for at least that many; an administrator should deal with it in Oplead
     * - `done`: an administrator has ({@link markLeaver})
     * - `perhaps`: not `certain`
     */
    readonly state: "grace" | "due" | "done" | "perhaps";
    /**
     * False while a record without an account number, or a twin, may be this user. Always true after twice the grace
     * period.
     */
    readonly certain: boolean;
  };
}

export type FindingKind = keyof FindingDetails;

/**
 * What a plan or a report says about one user or record: not sent, or for a person to look at. Switch on `kind`.
 * `accountNumber` is undefined only for an invalid record without one. `isNew`, in reports and only for problems
 * and for leavers to deal with: the last run with this ledger did not have it.
 */
export type Finding<Kind extends keyof FindingDetails = keyof FindingDetails> = {
  readonly [One in Kind]: SourcePosition &
    FindingDetails[One] & {
      readonly kind: One;
      readonly accountNumber: One extends "invalid" ? string | undefined : string;
      readonly isNew?: boolean | undefined;
    };
}[Kind];
