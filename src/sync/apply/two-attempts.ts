import type { Reconciliation } from "../../reconcile/reconciliation.ts";

/** What two attempts of one run at one user came to together. */
export function together(first: Reconciliation | undefined, second: Reconciliation): Reconciliation {
  if (!first) return second;
  const applied = [...new Set([...first.applied, ...second.applied])];
  return {
    ...second,
    id: second.id ?? first.id,
    outcome: first.applied.length === 0 ? second.outcome : first.outcome,
    applied,
    unverifiable: [...new Set([...first.unverifiable, ...second.unverifiable])],
    requests: first.requests + second.requests,
    // Without the failures of the first attempt there would have been no second one.
    retries: Math.min(first.requests + second.requests, first.retries + second.retries + first.failed.length),
  };
}
