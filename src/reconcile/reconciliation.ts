import type { FailedStep, OpleadError } from "../core/errors.ts";
import type { OpleadErrorCode } from "../core/names.ts";
import type { Outcome } from "../core/outcomes.ts";
import { fieldsNamedIn, showIdentity } from "../core/redact.ts";
import type { HeldStep } from "../ledger/ledger.ts";
import type { RuleName, SyncStep } from "../rules/types.ts";
import type { CallOptions, UserEvent } from "../transport/options.ts";
import type { KeptOf } from "./presence.ts";

/** Options of {@link reconcileUser}. */
export interface ReconcileOptions extends CallOptions {
  /**
   * Whether steps that Oplead refused are sent again, even if their content has not changed since the refusal. Default
   * false.
   */
  readonly retryHeld?: boolean | undefined;
  /** Binds a ledger of another platform to this one. Use it once, after the platform moved. Default false. */
  readonly adoptPlatform?: boolean | undefined;
  /** The clock, in milliseconds since 1970. Default `Date.now`. */
  readonly now?: (() => number) | undefined;
}

/** Options that decide which steps a reconciliation sends. */
export interface SendOptions extends Pick<ReconcileOptions, "now"> {
  /** The run that the user belongs to, for hooks. */
  readonly runId?: string | undefined;
  /** The held steps that are tried again: `true` for all of them, or a list. Default false. */
  readonly retryHeld?: boolean | readonly SyncStep[] | undefined;
  /** Also sends steps that Oplead has accepted before. Default false. */
  readonly resend?: boolean | undefined;
  /**
   * The revision of the entry when the plan was made (0: no entry). If the entry has another revision by now, nothing
   * is sent (`stale`).
   */
  readonly expectedRevision?: number | undefined;
  /** The account number of the parent. Default: the user's `parentUserIdentifier`, which may also be an Oplead ID. */
  readonly parent?: string | undefined;
  /** For a user from a queue: the trace context that the hooks are given as {@link UserEvent.carrier}. */
  readonly carrier?: UserEvent["carrier"];
}

export interface DirectOptions extends SendOptions {
  // Written with the outcome, which saves a write.
  readonly kept?: KeptOf | undefined;
}

/** The result of {@link reconcileUser}. */
export interface Reconciliation {
  readonly accountNumber: string;
  /** The user's Oplead ID; undefined if Oplead does not have the user. */
  readonly id: string | undefined;
  readonly outcome: Extract<Outcome, "created" | "updated" | "unchanged" | "stale" | "held" | "incomplete" | "failed">;
  /** True if Oplead did not have the user before. */
  readonly isNew: boolean;
  /** Whether the call was in test mode: Oplead saved nothing, and the ledger was not written. */
  readonly testMode: boolean;
  /**
   * The top-level fields in which the sent user differs from the user that Oplead accepted before. Only fields whose
   * former value the ledger can compare.
   */
  readonly fields: readonly string[];
  /** The steps that Oplead accepted. */
  readonly applied: readonly SyncStep[];
  /** Rules that test mode cannot check, because the user exists in this test only. */
  readonly unverifiable: readonly RuleName[];
  /** The steps that failed, each with its error. */
  readonly failed: readonly FailedStep[];
  /** Steps that were not tried, because they would have failed like the step before them. */
  readonly notSent: readonly SyncStep[];
  /** Steps that were not tried, because Oplead refused the same content before. */
  readonly held: readonly HeldStep[];
  /**
   * The account number of the user's parent, if Oplead refused the user perhaps because it does not have the parent
   * yet. Once Oplead has the parent, it may accept the same user.
   */
  readonly waitsFor?: string | undefined;
  /** The revision of the ledger entry afterwards; 0 without an entry. */
  readonly revision: number;
  /** HTTP requests sent, retries included. */
  readonly requests: number;
  /** How many of the requests were retries, or asked what became of a request whose answer was lost. */
  readonly retries: number;
  /** The request ids that Oplead gave, also for successes, in the order of the answers. */
  readonly requestIds: readonly string[];
  /**
   * As in {@link UpsertResult.recovered}: the answer to the creation was lost, and Oplead turned out to have the user.
   */
  readonly recovered: boolean;
  /**
   * As in {@link WriteResult.inDoubt}: Oplead may still carry out an earlier request and overwrite later writes with
   * it. This is noted in the ledger, and the next reconciliation or run sends the user once more.
   */
  readonly inDoubt: boolean;
}

/** A {@link FailedStep} as the audit keeps it, without its error. */
export interface StepFailure {
  readonly step: SyncStep;
  readonly code: OpleadErrorCode;
  readonly status: number | undefined;
  /** Whether the step is held: it is not tried again until its content changes. */
  readonly held: boolean;
  readonly requestId: string | undefined;
}

/** The outcome of one user, which `onUser` gets in a batch and in a worker of a queue. */
export interface UserOutcome
  extends Pick<Reconciliation, "accountNumber" | "id" | "testMode" | "fields" | "applied" | "requestIds"> {
  readonly outcome: Reconciliation["outcome"] | Extract<Outcome, "unverifiable" | "skipped">;
  /**
   * Whether the outcome is final. In a run it always is: `onUser` is called once for each user. In a worker of a queue
   * it is false if a step failed that the queue tries again, so that `onUser` is called again for the user.
   */
  readonly final: boolean;
  /** The steps that failed, each with its error. */
  readonly failed: readonly FailedStep[];
  /** True if the worker that sent the user was killed. Then the request ids are not known. */
  readonly killed?: true | undefined;
}

export function outcomeOf(reconciliation: Reconciliation): UserOutcome {
  const { accountNumber, id, outcome, testMode, fields, applied, failed, requestIds } = reconciliation;
  const final = failed.every(({ held }) => held);
  return { accountNumber, id, outcome, final, testMode, fields, applied, failed, requestIds };
}

/** The failed steps of a user without their errors, which may hold personal data. */
export function withoutErrors(failed: readonly FailedStep[]): StepFailure[] {
  return failed.map(({ step, error, held = false }) => {
    const { code, status, requestId } = error;
    return { step, code, status, held, requestId };
  });
}

/** Status codes that concern the time, the token or the address of a request, and not its content. */
const NOT_ABOUT_CONTENT = new Set([401, 407, 408, 423, 425, 429]);

/**
 * Whether Oplead itself refused the content for good. For a user, 403, 404 and 405 do not count, because the token or
 * the base URL may be wrong. For a rule they count: the rule is not enabled for the platform.
 */
export function isRefusedForGood(step: SyncStep, error: OpleadError): boolean {
  const { status, code, retryable } = error;
  if (retryable || code === "ambiguous_creation" || code === "unexpected_response") return false;
  if (status === undefined || status < 400 || status >= 500 || NOT_ABOUT_CONTENT.has(status)) return false;
  return step !== "user" || (status !== 403 && status !== 404 && status !== 405);
}

/** Whether a refusal may mean that Oplead does not have the parent of the user. */
export function mayBeAboutParent({ body }: OpleadError): boolean {
  const named = fieldsNamedIn(body);
  return named.length === 0 || named.includes("parentUserIdentifier");
}

/**
 * Whether a refusal may mean that another user has the same value. It is not documented how Oplead answers a duplicate,
 * so several status codes count.
 */
export function mayBeConflict(step: SyncStep, status: number | undefined): boolean {
  return step === "user" && (status === 409 || status === 422 || status === 400);
}

/** The message if Oplead has not taken the new account number of a user that was moved. */
export function numberKept(accountNumber: string, movedFrom: string): string {
  const [from, to] = [showIdentity(movedFrom), showIdentity(accountNumber)];
  return (
    `Oplead answered with another accountNumber than ${to}, to which the user was moved from ${from}. The entry keeps its ID, so no ` +
    "second user is created. Correct the number in Oplead, or move the user back: oplead ledger move."
  );
}
