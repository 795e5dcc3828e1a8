import type { OpleadIssue } from "../../base/issues.ts";
import type { TimeSlice } from "../../base/time/time-slice.ts";
import type { Oplead } from "../../client/api.ts";
import { internalsOf } from "../../client/internals.ts";
import { platformOf } from "../../ledger/bind.ts";
import type { RateLimitOptions } from "../../options.ts";
import { who } from "../text.ts";
import { recordIssue, warning } from "../told.ts";
import type { PlanEstimate, PlanFacts } from "../types/plan.ts";
import { type GuardFinding, isoTime, type SuspiciousRecord, type SyncWarning } from "../types/records.ts";
import { addTo } from "./checks/check-data.ts";
import type { Answers, Checked, Decided } from "./decide.ts";
import { findingsNow } from "./guard/findings-now.ts";
import { type GuardBasis, guardWarnings } from "./guard/guard.ts";
import { guardLimits } from "./guard/limits.ts";
import type { Change } from "./judge.ts";
import { planHashInSlices } from "./plan-hash.ts";
import {
  keyWarnings,
  perhapsMovedWarning,
  suspiciousWarning,
  tooSoonWarning,
  unknownParentsWarning,
  usersWarning,
} from "./plan-warnings.ts";
import type { Given, Memory, UsersRead } from "./read-inputs.ts";
import { select } from "./select.ts";

interface Made {
  readonly oplead: Oplead;
  readonly given: Given;
  readonly memory: Memory;
  readonly source: UsersRead;
  readonly checked: Checked;
  readonly decided: Decided;
  readonly guard: GuardBasis;
  readonly answers: Answers;
  /** {@link PreparedPlan.hashes}. */
  readonly hashes: readonly string[];
}

/** The public part of a plan. */
export async function planFacts(made: Made, slice: TimeSlice): Promise<PlanFacts> {
  const { oplead, given, memory, source, decided, guard, answers, hashes } = made;
  const { judgement, leavers, changes } = decided;
  const { users, read, reading } = source;
  const { moves } = memory;
  const { rate } = internalsOf(oplead).transport.limiter;
  const target = { platform: platformOf(oplead), testMode: oplead.testMode };
  const invalid = [...users.invalid(), ...judgement.invalid, ...leavers.invalid].sort((a, b) => a.record - b.record);
  const duplicates = users.duplicates();
  const { stale, twins, waiting, unchanged } = judgement;
  const missing = leavers.all;
  const added = addedBy(changes);
  const retried = changes.filter(({ planned }) => planned.kind === "retried").length;
  // A plan of some users is judged as its run will be.
  const ofGuard = await findingsNow(guard, select(changes, given.defaults), undefined);
  const refusals = [...ofGuard, ...(answers?.refusals ?? [])];
  const hashed = { ...target, changes: hashes.map((hash) => ({ hash })), missing, moves, refusals };
  const { suspicious, warnings } = suspectedIn(made);
  return {
    hash: await planHashInSlices(hashed, slice),
    ...target,
    selection: {
      resend: given.resend,
      ...(given.full && { full: true }),
      sourceFile: given.sourceFile,
      only: given.defaults.only,
      limit: given.defaults.limit,
      newUsers: given.newUsers.length === 0 ? undefined : given.newUsers,
    },
    changedSince: reading.request.since && isoTime(reading.request.since.getTime()),
    counts: {
      records: read.records,
      new: added,
      changed: changes.length - added - retried,
      retried,
      unchanged,
      held: judgement.heldUsers + leavers.heldUsers,
      invalid: invalid.length,
      duplicate: duplicates.length,
      twin: twins.length,
      waiting: waiting.length,
      stale: stale.length,
      ignored: users.ignored,
      missing: missing.length,
    },
    estimate: estimateOf(changes, rate),
    refusals,
    limits: guardLimits(guard.options, guard.facts),
    areas: answers?.areas,
    warnings: warningsOf(made, ofGuard, warnings, rate),
    changes: changes.map(({ planned }) => planned),
    held: [...judgement.held, ...leavers.held],
    invalid,
    duplicates,
    twins,
    waiting,
    suspicious,
    stale,
    missing,
    moves,
    columns: read.columns,
  };
}

/**
 * The changes whose data looks wrong, with a warning. Parents that are not known are told of too, with a warning of their own. With
 * `checks: "error"` such records are invalid, so they are no changes.
 */
function suspectedIn({ checked: { found }, source: { shared }, decided: { changes, judgement } }: Made) {
  const suspiciousIn = (issues: ReadonlyMap<string, readonly OpleadIssue[]>) =>
    changes.flatMap(({ planned: { record, row, accountNumber } }): SuspiciousRecord[] => {
      const ofUser = issues.get(accountNumber);
      return ofUser ? [{ record, row, accountNumber, issues: ofUser }] : [];
    });
  const warnings = suspiciousWarning(suspiciousIn(found));
  if (shared)
    for (const user of judgement.unknownParents)
      addTo(found, user.accountNumber, [
        recordIssue("parentUserIdentifier", "unknown_parent", { parent: who(user.parent) }),
      ]);
  return { suspicious: suspiciousIn(found), warnings };
}

function warningsOf(
  { given, memory, source: { users }, checked, decided, guard, answers }: Made,
  ofGuard: readonly GuardFinding[],
  suspicious: readonly SyncWarning[],
  rate: RateLimitOptions | false,
): SyncWarning[] {
  const { info, plannedAt, snapshot } = memory;
  const { changes, judgement, leavers } = decided;
  const { unidentified } = users;
  return [
    ...(given.sourceFile === undefined ? [] : [warning("source_file", { file: given.sourceFile })]),
    ...checked.warnings,
    ...suspicious,
    ...usersWarning("damaged_entries", snapshot.damaged),
    ...keyWarnings(snapshot),
    ...perhapsMovedWarning(leavers.newlyMissing, addedBy(changes), snapshot),
    ...usersWarning("incomparable_versions", users.incomparable),
    ...unknownParentsWarning(judgement.unknownParents),
    ...(unidentified === 0 || leavers.all.length === 0 ? [] : [warning("missing_unsure", { records: unidentified })]),
    ...usersWarning("leaver_rules_stay", users.backWithRules),
    ...guardWarnings(guard.options, guard.facts, ofGuard),
    ...(answers?.warnings ?? []),
    ...(changes.length === 0 ? [] : tooSoonWarning(info?.lastRunAt, plannedAt, rate)),
  ];
}

/** How many users are new, also those of an approved first night, which the guard does not count. */
function addedBy(changes: readonly Change[]): number {
  return changes.filter(({ planned }) => planned.kind === "new").length;
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
