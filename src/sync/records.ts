import type { OpleadErrorCode, OpleadIssue } from "../errors.ts";
import type { SyncStep } from "../ledger/ledger.ts";
import type { StepOnHold } from "../reconcile/compare.ts";
import type { RuleName } from "../rules/index.ts";

/** A user with something to send. */
export interface PlannedUser {
  readonly accountNumber: string;
  /** `new`: the ledger knows no Oplead ID of it. Oplead may have it all the same; it is asked first. */
  readonly kind: "new" | "changed";
  /** The Oplead ID, where the ledger knows it. */
  readonly id: string | undefined;
  /** The top-level fields that differ from what Oplead has accepted; empty when only rules do. */
  readonly fields: readonly string[];
  /** The rules that differ. */
  readonly rules: readonly RuleName[];
  /** The account number of its parent, where that is planned too: it goes first. */
  readonly after: string | undefined;
}

/** A record that cannot be sent. */
export interface InvalidRecord {
  /** Which record of the source, counted from 0. */
  readonly record: number;
  /** None where `map` threw or gave none. */
  readonly accountNumber: string | undefined;
  /** Every problem, with its path. */
  readonly issues: readonly OpleadIssue[];
}

/**
 * An account number that several records have, with different content and no version that tells which is newer. None of
 * them is sent: which is right?
 */
export interface DuplicateUser {
  readonly accountNumber: string;
  /** Which records of the source, counted from 0. */
  readonly records: readonly number[];
}

/** A step that Oplead has refused before and whose content is the same. */
export interface HeldUser {
  readonly accountNumber: string;
  readonly step: SyncStep;
  readonly code: OpleadErrorCode;
  readonly status: number | undefined;
  /** When it was refused, in milliseconds since 1970. */
  readonly since: number;
}

export function heldUser(accountNumber: string, { step, code, status, at }: StepOnHold): HeldUser {
  return { accountNumber, step, code, status, since: at };
}

/** A user that Oplead has and the source has no more. */
export interface MissingUser {
  readonly accountNumber: string;
  /** The user's Oplead ID. */
  readonly id: string;
  /** When it was first reported missing, in milliseconds since 1970. None on the first time. */
  readonly since: number | undefined;
}

/** Why a plan is not applied. */
export interface GuardFinding {
  /**
   * - `mass_change`, `mass_move`, `empty_source`: looks like an accident; go ahead with {@link ApplyOptions.approve}
   * - `other_plan`: the approval is for another plan
   * - `too_soon`: a run without a rate limit, less than 24 hours after the last; go ahead with {@link ApplyOptions.force}
   */
  readonly code: "mass_change" | "mass_move" | "empty_source" | "other_plan" | "too_soon";
  /** What was found, in a sentence with its numbers. */
  readonly message: string;
}

/** Why a run ended before it was through. */
export interface StopReason {
  readonly code: OpleadErrorCode | "too_many_failures" | "ledger_failed";
  /** What happened and what to do, in a sentence. */
  readonly message: string;
}
