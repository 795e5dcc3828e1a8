import type { FailedStep, OpleadError, SentResult, UserResult } from "../core/errors.ts";
import type { OpleadErrorCode } from "../core/names.ts";
import { showIdentity } from "../core/redact.ts";
import type { SyncStep } from "../rules/types.ts";
import type { CallOptions, HookEvent } from "../transport/options.ts";
import type { SourceUser } from "./content.ts";
import type { KeptOf } from "./presence.ts";

/** Options of {@link reconcileUser}. */
export interface ReconcileOptions extends CallOptions {
  /** Sends held steps again although their content has not changed: all, or those listed. Default false. */
  readonly retryHeld?: boolean | readonly SyncStep[] | undefined;
  /** @internal Binds a ledger of another platform to this one: once, after the platform moved. */
  readonly adoptPlatform?: boolean | undefined;
  /** @internal */
  readonly now?: (() => number) | undefined;
}

export interface SendOptions extends Pick<ReconcileOptions, "now" | "retryHeld"> {
  readonly runId?: string | undefined;
  // Also steps that Oplead has accepted.
  readonly resend?: boolean | undefined;
  // Of the entry when the plan was made; 0 without an entry. With another one nothing is sent (`stale`).
  readonly expectedRevision?: number | undefined;
  // Account number of the parent. Default: the user's `parentUserIdentifier`, which may also be an Oplead ID.
  readonly parent?: string | undefined;
  readonly carrier?: HookEvent<"user">["carrier"];
}

export interface DirectOptions extends SendOptions {
  // Written with the outcome, which saves a write.
  readonly kept?: KeptOf | undefined;
}

/** The result of {@link reconcileUser}. */
export type Reconciliation = SentResult<
  "created" | "updated" | "unchanged" | "stale" | "held" | "incomplete" | "failed"
> & {
  /** Top-level fields that differ from what Oplead accepted before, as far as the ledger can compare. */
  readonly fields: readonly string[];
  /** Fields, by path, that Oplead's answer to the user has with another value than was sent. Absent without any. */
  readonly differs?: readonly string[] | undefined;
  /** Parent that Oplead perhaps lacks, so that it refused the user. */
  readonly waitsFor?: string | undefined;
  /** Revision of the ledger entry afterwards; 0 without an entry. */
  readonly revision: number;
  /** Requests that were retries, or asked what became of a lost answer. */
  readonly retries: number;
};

/** Outcome of one user, for `onUser`. */
export type UserOutcome = UserResult<Reconciliation["outcome"] | "refreshed" | "unverifiable" | "skipped"> & {
  /** {@link Reconciliation.fields}; of a user that was not sent: those that a plan would send. */
  readonly fields: readonly string[];
  /** {@link Reconciliation.differs} */
  readonly differs?: readonly string[] | undefined;
  /** False in a worker of a queue if a step is tried again, so that `onUser` is called again. */
  readonly final: boolean;
  /** True if the worker that sent the user was killed: request ids are not known. */
  readonly killed?: true | undefined;
};

/** What a webhook made of one entry. Printing it shows no other data of the user: `entry` is not enumerable. */
export type WebhookOutcome<
  Of extends "created" | "updated" | "unchanged" | "stale" | "incomplete" | "failed" | "queued" =
    | "created"
    | "updated"
    | "unchanged"
    | "stale"
    | "incomplete"
    | "failed"
    | "queued",
> = UserResult<Of> & {
  readonly deliveryId: string | undefined;
  /** {@link Reconciliation.fields}. Empty without a ledger, and with a queue. */
  readonly fields: readonly string[];
  /** The entry as `map` returned it. It holds personal data, so it is neither printed nor serialised. */
  readonly entry: SourceUser;
};

// A failed step, as the audit and a queue keep it: without the error, which may hold personal data.
export interface StepFailure {
  readonly step: SyncStep;
  readonly code: OpleadErrorCode;
  readonly status: number | undefined;
  readonly held: boolean;
  readonly requestId: string | undefined;
  /** Paths of the fields that Oplead named. */
  readonly fields?: readonly string[] | undefined;
}

export function outcomeOf(reconciliation: Reconciliation): UserOutcome {
  const { accountNumber, id, outcome, testMode, fields, applied, failed, held, requests, requestIds } = reconciliation;
  const final = failed.every((step) => step.held);
  const told = { accountNumber, id, outcome, final, testMode, fields, applied, failed, held, requests, requestIds };
  if (reconciliation.differs) Object.assign(told, { differs: reconciliation.differs });
  return told as UserOutcome; // Safe: the outcome and its fields are those of the reconciliation.
}

// Errors may hold personal data.
export function withoutErrors(failed: readonly FailedStep[]): StepFailure[] {
  return failed.map(({ step, error, held = false }) => {
    const { code, status, requestId } = error;
    return { step, code, status, held, requestId, fields: namedFields(error) };
  });
}

// Excludes the end of a lease, which has the same code but can be retried.
export function isAborted({ code, retryable }: OpleadError): boolean {
  return code === "aborted" && !retryable;
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

export function namedFields({ issues = [] }: Pick<OpleadError, "issues">): readonly string[] | undefined {
  return issues.length === 0 ? undefined : issues.map(({ path }) => path);
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
