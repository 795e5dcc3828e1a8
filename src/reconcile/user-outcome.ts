import type { OpleadErrorCode } from "../base/errors.ts";
import type { Outcome } from "../base/outcomes.ts";
import type { SyncStep } from "../ledger/ledger.ts";
import type { FailedStep, Reconciliation } from "./reconciliation.ts";

/** A step that failed, without its error. */
export interface StepFailure {
  readonly step: SyncStep;
  readonly code: OpleadErrorCode;
  readonly status: number | undefined;
  /** Whether it is held: not tried again until its content changes. */
  readonly held: boolean;
  readonly requestId: string | undefined;
}

/** The outcome of one user, which `onUser` gets in a batch and in a worker of a queue. */
export interface UserOutcome extends Pick<Reconciliation, "accountNumber" | "id" | "testMode" | "applied"> {
  readonly outcome: Reconciliation["outcome"] | Extract<Outcome, "unverifiable" | "skipped">;
  /**
   * Whether the outcome stands. In a run it always does: every user is told of once. In a worker of a queue it is false if a step
   * failed that the queue tries again, so that `onUser` is called again for the user.
   */
  readonly final: boolean;
  readonly failures: readonly StepFailure[];
  /** The request ids that Oplead gave, as far as they are known. */
  readonly requestIds: readonly string[];
}

export function outcomeOf({ accountNumber, id, outcome, testMode, applied, failed }: Reconciliation): UserOutcome {
  const final = failed.every(({ held }) => held);
  return { accountNumber, id, outcome, final, testMode, applied, ...failuresOf(failed) };
}

/** The failures of a user without their errors, which may hold personal data. */
export function failuresOf(failed: readonly FailedStep[]): Pick<UserOutcome, "failures" | "requestIds"> {
  const failures = failed.map(({ step, error: { code, status, requestId }, held }) => {
    return { step, code, status, held, requestId };
  });
  return { failures, requestIds: failures.flatMap(({ requestId }) => requestId ?? []) };
}
