import { internalsOf } from "../../client/internals.ts";
import { platformOf } from "../../ledger/bind.ts";
import type { RateLimitOptions } from "../../options.ts";
import type { PlanCounts, PlanEstimate, PlanFacts, PlanSelection } from "../types/plan.ts";
import { isoTime } from "../types/records.ts";
import { guardLimits } from "./guard/limits.ts";
import { type Change, ofKind } from "./judge.ts";
import { planHash } from "./plan-hash.ts";
import type { PlanOptions } from "./plan-options.ts";
import type { Guarded } from "./planning.ts";
import { readsAll } from "./source/reading.ts";

/** The public part of a plan. `hashes`: {@link PreparedPlan.hashes}. */
export function planFacts(guarded: Guarded, hashes: readonly string[]): PlanFacts {
  const { oplead, options, read, reading, users, moves, judgement, leavers, changes } = guarded;
  const { guard, policies, refusals } = guarded;
  const { waiting, twins, stale } = judgement;
  const { testMode } = oplead;
  const platform = platformOf(oplead);
  const missing = leavers.all;
  const hashed = { platform, testMode, changes: hashes.map((hash) => ({ hash })), missing, moves, refusals };
  const facts = {
    changes: changes.map(({ planned }) => planned),
    held: [...judgement.held, ...leavers.held],
    invalid: [...users.invalid(), ...judgement.invalid, ...leavers.invalid].sort((a, b) => a.record - b.record),
    duplicates: users.duplicates(),
    twins,
    waiting,
    suspicious: guarded.suspicious,
    stale,
    missing,
    moves,
  };
  return {
    hash: planHash(hashed),
    platform,
    testMode,
    selection: selectionOf(options),
    changedSince: reading.request.since && isoTime(reading.request.since.getTime()),
    counts: countsOf(guarded, facts),
    estimate: estimateOf(changes, internalsOf(oplead).transport.limiter.rate),
    refusals,
    limits: guardLimits(options.guard, guard.figures),
    areas: policies?.areas,
    warnings: guarded.warnings,
    ...facts,
    columns: read.columns,
  };
}

function selectionOf({ resend, incremental, sourceFile, only, limit, newUsers }: PlanOptions): PlanSelection {
  return {
    resend,
    ...(readsAll(incremental) && { full: true as const }),
    sourceFile,
    only,
    limit,
    newUsers: newUsers.length === 0 ? undefined : newUsers,
  };
}

function countsOf(
  { read, users, judgement, leavers, changes }: Guarded,
  facts: Pick<PlanFacts, "invalid" | "duplicates" | "twins" | "waiting" | "stale" | "missing">,
): PlanCounts {
  const added = ofKind(changes, "new").length;
  const retried = ofKind(changes, "retried").length;
  return {
    records: read.records,
    new: added,
    changed: changes.length - added - retried,
    retried,
    unchanged: judgement.unchanged,
    held: judgement.heldUsers + leavers.heldUsers,
    invalid: facts.invalid.length,
    duplicate: facts.duplicates.length,
    twin: facts.twins.length,
    waiting: facts.waiting.length,
    stale: facts.stale.length,
    ignored: users.ignored,
    missing: facts.missing.length,
  };
}

function estimateOf(changes: readonly Change[], rateLimit: RateLimitOptions | false): PlanEstimate {
  const requests = changes.reduce((sum, { planned, open }) => {
    return sum + (open.user ? (planned.id === undefined ? 2 : 1) : 0) + open.rules.length;
  }, 0);
  return {
    requests,
    durationMs: rateLimit ? Math.ceil((requests * rateLimit.perMs) / rateLimit.requests) : undefined,
  };
}
