import type { OpleadError } from "../../base/errors.ts";
import type { SyncStep } from "../../ledger/ledger.ts";
import type { Reconciliation } from "../../reconcile/reconciliation.ts";
import { adviceFor, caseOfError } from "../advice.ts";
import type { HeldUser, PlannedUser, StopReason } from "../types/records.ts";
import type { SyncFailure, SyncSkip, Unverifiable } from "../types/report.ts";

export type RunResult = ReturnType<typeof emptyResult>;

export function emptyResult() {
  return {
    counts: { created: 0, updated: 0, unchanged: 0, incomplete: 0, failed: 0, held: 0, stale: 0 },
    failures: [] as SyncFailure[],
    skipped: [] as SyncSkip[],
    unverifiable: [] as Unverifiable[],
    /** Steps that became held after the plan was made, and before the run came to them. */
    held: [] as HeldUser[],
    stale: [] as string[],
    /** Users without an entry in the ledger before this run that have one now. */
    newEntries: 0,
    requests: 0,
    retries: 0,
    stopReason: undefined as StopReason | undefined,
  };
}

export function failureOf(
  { record, row, accountNumber }: PlannedUser,
  step: SyncStep,
  error: OpleadError,
  held: boolean,
): SyncFailure {
  const { code, status, requestId, message } = error;
  const advice = adviceFor(caseOfError(error, step));
  const failure = { record, row, accountNumber, step, code, status, requestId, held, message, advice };
  return Object.defineProperty(failure, "error", { get: () => error }) as SyncFailure;
}

/** Combines the results of two attempts of one run for one user. */
export function together(first: Reconciliation | undefined, second: Reconciliation): Reconciliation {
  if (!first) return second;
  const isNew = first.isNew || second.isNew;
  const outcome = second.failed.length > 0 ? "incomplete" : isNew ? "created" : "updated";
  return {
    ...second,
    id: second.id ?? first.id,
    isNew,
    outcome: first.applied.length === 0 ? second.outcome : outcome,
    applied: [...new Set([...first.applied, ...second.applied])],
    unverifiable: [...new Set([...first.unverifiable, ...second.unverifiable])],
    requestIds: [...first.requestIds, ...second.requestIds],
    requests: first.requests + second.requests,
    // Without the failures of the first attempt there would have been no second one.
    retries: Math.min(first.requests + second.requests, first.retries + second.retries + first.failed.length),
  };
}
