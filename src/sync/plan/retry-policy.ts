import type { LedgerEntry, SyncStep } from "../../ledger/ledger.ts";

/** Which held steps are sent again although their content is the same. */
export interface RetryPolicy {
  /** All of them, or those of some account numbers. */
  readonly retryHeld: boolean | ReadonlySet<string>;
  /** Milliseconds after the refusal; `false`: never. */
  readonly heldRetryAfterMs: number | false;
  readonly now: number;
}

/** All steps, or these. */
export type StepsToRetry = true | readonly SyncStep[];

const NONE: StepsToRetry = [];

/** Which steps of a user are sent again: because the caller asked for it, or because they have been held for long. */
export function stepsToRetry(accountNumber: string, entry: LedgerEntry | undefined, policy: RetryPolicy): StepsToRetry {
  const { retryHeld, heldRetryAfterMs, now } = policy;
  if (!entry?.held) return NONE;
  if (retryHeld === true || (retryHeld !== false && retryHeld.has(accountNumber))) return true;
  if (heldRetryAfterMs === false) return NONE;
  return Object.entries(entry.held).flatMap(([step, refusal]) => {
    return refusal && now - refusal.at >= heldRetryAfterMs ? [step as SyncStep] : [];
  });
}
