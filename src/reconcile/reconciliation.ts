import type { FailedStep, OpleadError } from "../core/errors.ts";
import type { OpleadErrorCode } from "../core/names.ts";
import type { Outcome } from "../core/outcomes.ts";
import { showIdentity } from "../core/redact.ts";
import type { RuleName, SyncStep } from "../rules/types.ts";
import type { CallOptions, UserEvent } from "../transport/options.ts";
import type { KeptOf } from "./presence.ts";

/** Options of {@link reconcileUser}. */
export interface ReconcileOptions extends CallOptions {
  /** Sends refused steps again although their content has not changed. Default false. */
  readonly retryHeld?: boolean | undefined;
  /** @internal Binds a ledger of another platform to this one: once, after the platform moved. */
  readonly adoptPlatform?: boolean | undefined;
  /** @internal */
  readonly now?: (() => number) | undefined;
}

export interface SendOptions extends Pick<ReconcileOptions, "now"> {
  readonly runId?: string | undefined;
  // `true`: all held steps.
  readonly retryHeld?: boolean | readonly SyncStep[] | undefined;
  // Also steps that Oplead has accepted.
  readonly resend?: boolean | undefined;
  // Of the entry when the plan was made; 0 without an entry. With another one nothing is sent (`stale`).
  readonly expectedRevision?: number | undefined;
  // Account number of the parent. Default: the user's `parentUserIdentifier`, which may also be an Oplead ID.
  readonly parent?: string | undefined;
  readonly carrier?: UserEvent["carrier"];
}

export interface DirectOptions extends SendOptions {
  // Written with the outcome, which saves a write.
  readonly kept?: KeptOf | undefined;
}

/** The result of {@link reconcileUser}. */
export interface Reconciliation {
  readonly accountNumber: string;
  /** Oplead ID. */
  readonly id: string | undefined;
  readonly outcome: Extract<Outcome, "created" | "updated" | "unchanged" | "stale" | "held" | "incomplete" | "failed">;
  /** True if Oplead did not have the user before. */
  readonly isNew: boolean;
  /** True if Oplead saved nothing, and the ledger was not written. */
  readonly testMode: boolean;
  /** Top-level fields that differ from what Oplead accepted before, as far as the ledger can compare. */
  readonly fields: readonly string[];
  readonly applied: readonly SyncStep[];
  /** Rules that test mode cannot check: the user exists in this test only. */
  readonly unverifiable: readonly RuleName[];
  readonly failed: readonly FailedStep[];
  /** Steps that were not tried: they would have failed like the step before them. */
  readonly notSent: readonly SyncStep[];
  /** Steps that were not tried: Oplead refused the same content before. */
  readonly held: readonly {
    readonly step: SyncStep;
    /** Of the refused content. */
    readonly hash: string;
    readonly code: OpleadErrorCode;
    /** HTTP status. */
    readonly status?: number | undefined;
    /** When the last refused attempt began, in milliseconds since 1970. */
    readonly at: number;
  }[];
  /** Parent that Oplead perhaps lacks, so that it refused the user. */
  readonly waitsFor?: string | undefined;
  /** Revision of the ledger entry afterwards; 0 without an entry. */
  readonly revision: number;
  /** HTTP requests, retries included. */
  readonly requests: number;
  /** Requests that were retries, or asked what became of a lost answer. */
  readonly retries: number;
  /** Request ids of Oplead, also for successes, in order. */
  readonly requestIds: readonly string[];
  /** {@link UpsertResult.recovered} */
  readonly recovered: boolean;
  /** {@link WriteResult.inDoubt}; the ledger notes it, and everything is sent once more later. */
  readonly inDoubt: boolean;
}

/** A failed step, as the audit and a queue keep it: without the error, which may hold personal data. */
export interface StepFailure {
  readonly step: SyncStep;
  readonly code: OpleadErrorCode;
  readonly status: number | undefined;
  readonly held: boolean;
  readonly requestId: string | undefined;
}

/** Outcome of one user, for `onUser`. */
export interface UserOutcome
  extends Pick<Reconciliation, "accountNumber" | "id" | "testMode" | "fields" | "applied" | "requestIds"> {
  readonly outcome: Reconciliation["outcome"] | Extract<Outcome, "unverifiable" | "skipped">;
  /** False in a worker of a queue if a step is tried again, so that `onUser` is called again. */
  readonly final: boolean;
  readonly failed: readonly FailedStep[];
  /** True if the worker that sent the user was killed: request ids are not known. */
  readonly killed?: true | undefined;
}

export function outcomeOf(reconciliation: Reconciliation): UserOutcome {
  const { accountNumber, id, outcome, testMode, fields, applied, failed, requestIds } = reconciliation;
  const final = failed.every(({ held }) => held);
  return { accountNumber, id, outcome, final, testMode, fields, applied, failed, requestIds };
}

// Errors may hold personal data.
export function withoutErrors(failed: readonly FailedStep[]): StepFailure[] {
  return failed.map(({ step, error, held = false }) => {
    const { code, status, requestId } = error;
    return { step, code, status, held, requestId };
  });
}

// Statuses that are about the time, the token or the address.
const NOT_ABOUT_CONTENT = new Set([401, 407, 408, 423, 425, 429]);

// For a user, 403, 404 and 405 are about the token or the base URL; for a rule they are final.
export function isRefusedForGood(step: SyncStep, error: OpleadError): boolean {
  const { status, code, retryable } = error;
  if (retryable || code === "ambiguous_creation" || code === "unexpected_response") return false;
  if (status === undefined || status < 400 || status >= 500 || NOT_ABOUT_CONTENT.has(status)) return false;
  return step !== "user" || (status !== 403 && status !== 404 && status !== 405);
}

export function mayBeAboutParent({ issues = [] }: OpleadError): boolean {
  return issues.length === 0 || issues.some(({ path }) => path === "parentUserIdentifier");
}

// It is not documented how Oplead answers a duplicate.
export function mayBeConflict(step: SyncStep, status: number | undefined): boolean {
  return step === "user" && (status === 409 || status === 422 || status === 400);
}

export function numberKept(accountNumber: string, movedFrom: string): string {
  const [from, to] = [showIdentity(movedFrom), showIdentity(accountNumber)];
  return (
    `Oplead answered with another accountNumber than ${to}, to which the user was moved from ${from}. The entry keeps its ID, so no ` +
    "second user is created. Correct the number in Oplead, or move the user back: oplead ledger move."
  );
}
