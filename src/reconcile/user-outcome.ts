import type { OpleadErrorCode } from "../base/oplead-error-code.ts";
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
export interface UserOutcome
  extends Pick<Reconciliation, "accountNumber" | "id" | "testMode" | "fields" | "applied" | "requestIds"> {
  readonly outcome: Reconciliation["outcome"] | Extract<Outcome, "unverifiable" | "skipped">;
  /**
   * Whether the outcome stands. In a run it always does: every user is told of once. In a worker of a queue it is false if a step
   * failed that the queue tries again, so that `onUser` is called again for the user.
   */
  readonly final: boolean;
  readonly failures: readonly StepFailure[];
  /** Whether a worker that was killed had sent the user, so that this one found it done. Its request ids are not known. */
  readonly recovered?: true | undefined;
}

export function outcomeOf(reconciliation: Reconciliation): UserOutcome {
  const { accountNumber, id, outcome, testMode, fields, applied, failed, requestIds } = reconciliation;
  const final = failed.every(({ held }) => held);
  return { accountNumber, id, outcome, final, testMode, fields, applied, failures: failuresOf(failed), requestIds };
}

/** The failures of a user without their errors, which may hold personal data. */
export function failuresOf(failed: readonly FailedStep[]): StepFailure[] {
  return failed.map(({ step, error: { code, status, requestId }, held }) => ({ step, code, status, held, requestId }));
}
