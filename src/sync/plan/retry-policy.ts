import type { LedgerEntry, SyncStep } from "../../ledger/ledger.ts";

/** When held steps are sent again although their content is the same. */
export interface RetryPolicy {
  /** Milliseconds after the refusal; 0: all of them now; `false`: never. */
  readonly heldRetryAfterMs: number | false;
  readonly now: number;
}

/** All steps, or these. */
export type StepsToRetry = true | readonly SyncStep[];

const NONE: StepsToRetry = [];

/** Which steps of a user are sent again: all, because the caller asked for it, or those that have been held for long. */
export function stepsToRetry(entry: LedgerEntry | undefined, { heldRetryAfterMs, now }: RetryPolicy): StepsToRetry {
  if (!entry?.held || heldRetryAfterMs === false) return NONE;
  if (heldRetryAfterMs === 0) return true;
  return Object.entries(entry.held).flatMap(([step, refusal]) => {
    return refusal && now - refusal.at >= heldRetryAfterMs ? [step as SyncStep] : [];
  });
}
