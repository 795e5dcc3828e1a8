import { isOpleadError } from "../../base/errors.ts";
import { TimeSlice } from "../../base/time/time-slice.ts";
import { internalsOf } from "../../client/internals.ts";
import { bindLedger, describe } from "../../ledger/bind.ts";
import { tellGuard } from "../../locales/en/sync.ts";
import { type Move, moveUsers } from "../../reconcile/entries/move-users.ts";
import { readPause } from "../pause.ts";
import { KeptApproval } from "../plan/approval.ts";
import type { GuardBasis } from "../plan/guard/guard.ts";
import { findingsNow } from "../plan/guard/guard-plan.ts";
import { SyncGuardError } from "../plan/guard/sync-guard-error.ts";
import { movedView } from "../plan/moves.ts";
import { type PlanOptions, withDefaults } from "../plan/plan-options.ts";
import type { PreparedPlan } from "../plan/planning.ts";
import { policiesOnPlan } from "../plan/policies/judge-policies.ts";
import { type Selection, select } from "../plan/select.ts";
import { checkApplyOptions, checkVerifyOptions } from "../read-options.ts";
import { createReport } from "../report/create-report.ts";
import type { ApplyOptions, VerifyOptions } from "../types/options.ts";
import type { SavedPlan, SyncPlan } from "../types/plan.ts";
import { type GuardFinding, isoTime, type StopReason } from "../types/records.ts";
import type { SyncReport } from "../types/report.ts";
import { afterRun, openRun, readAllNext } from "./after-run.ts";
import { type Approved, isCovered, readApproved } from "./approved.ts";
import { Problems } from "./known-problems.ts";
import { whyPaused } from "./paused.ts";
import { reportFacts, runFields, runLine } from "./report-facts.ts";
import { run } from "./run.ts";

/** Carries a plan out. See {@link SyncPlan.apply}. */
export async function applyPlan(
  plan: SyncPlan,
  prepared: PreparedPlan,
  given: ApplyOptions,
  ledgerWasJustRead = false,
): Promise<SyncReport> {
  checkApplyOptions(given);
  const { oplead, changes, guard } = prepared;
  const options = withDefaults(prepared.options, given);
  const approved = readApproved(options.approve);
  const chosen = select(changes, options);
  const selection = typeof approved === "object" ? asApproved(chosen, prepared, approved) : chosen;
  const { testMode } = plan;
  const { ledger, adoptPlatform, now } = options;
  await bindLedger(ledger, oplead, { adoptPlatform, readOnly: testMode });

  const pause = testMode ? undefined : await readPause(ledger, now);
  if (pause) return carryOut(prepared, selection, options, false, [], whyPaused(pause));
  const ofGuard = await findingsNow(guard, selection, ledgerWasJustRead ? undefined : ledger);
  const isOther = selection !== chosen || options.only !== undefined || options.limit !== undefined;
  const findings = [...ofGuard, ...(await policyFindings(prepared, selection, isOther))];
  const mismatch = mismatchOf(approved, plan);
  if (mismatch) throw new SyncGuardError(plan, testMode ? [mismatch] : [mismatch, ...findings]);
  if (testMode) return carryOut(prepared, selection, options, true, findings);
  const seen = approved === undefined ? [] : typeof approved === "object" ? approved.refusals : plan.refusals;
  const unseen = findings.filter((finding) => !isCovered(finding, seen));
  if (unseen.length > 0) throw new SyncGuardError(plan, unseen);
  const isTrial = options.only !== undefined || options.limit !== undefined;
  if (findings.length > 0 && !isTrial && selection.changes.length > 0 && isFirstNight(guard)) {
    const { ledgerMark: mark } = options;
    const facts = {
      plan: typeof approved === "object" ? approved.hash : plan.hash,
      at: now(),
      mark: mark && { runs: mark.runs, lastRunId: mark.lastRunId },
      lost: findings.find((finding) => finding.code === "ledger_shrunk")?.parameters ?? guard.facts.lossApproved,
    };
    await keepApproval(prepared, selection, facts, new TimeSlice("apply", options.signal));
  }
  if (plan.selection.sourceFile !== undefined && selection.changes.length > 0) await readAllNext(ledger);
  await moveUsers(ledger, movesAmong(plan, selection));
  return carryOut(prepared, selection, options, false, findings);
}

/** Keeps the approval for the case that the run is interrupted. The run does not need it, so it goes on without. */
async function keepApproval(
  { oplead, options: { ledger } }: PreparedPlan,
  { changes }: Selection,
  facts: Parameters<typeof KeptApproval.keep>[2],
  slice: TimeSlice,
): Promise<void> {
  let code = "too_long";
  try {
    if (await KeptApproval.keep(ledger, changes, facts, slice)) return;
  } catch (error) {
    if (!isOpleadError(error) || !error.code.startsWith("ledger_")) throw error;
    code = error.code;
  }
  const { plan } = facts;
  const text = `oplead-sdk: the ledger cannot keep the approval of plan ${plan} (${code}); if the run is interrupted, the next one needs another approval`;
  internalsOf(oplead).transport.settings.logger?.warn(text, { event: "approval_not_kept", code, plan });
}

/** The changes that are as they were approved. The others are left to the next run. */
function asApproved(chosen: Selection, { changes, hashes, facts }: PreparedPlan, approved: SavedPlan): Selection {
  if (approved.hash === facts.hash) return chosen;
  const wanted = new Set(approved.changes.map(({ hash }) => hash));
  const isApproved = new Set(changes.filter((_, at) => wanted.has(hashes[at] ?? "")));
  const same = chosen.changes.filter((change) => isApproved.has(change));
  const notSelected = changes.length - same.length;
  return { ...chosen, changes: same, isPartial: true, notSelected };
}

/** Why an approval is not one of this plan. */
function mismatchOf(approved: Approved, { hash, platform, testMode }: SyncPlan): GuardFinding | undefined {
  if (typeof approved !== "object") {
    return approved === undefined || approved === hash ? undefined : tellGuard("other_plan");
  }
  const [saved, current] = [describe(approved.platform), describe(platform)];
  if (saved !== current) return tellGuard("other_platform", { saved, current });
  return approved.testMode === testMode ? undefined : tellGuard("other_test_mode", { saved: approved.testMode });
}

/** The findings of policies about a run: those of the plan, unless the run sends something else. */
async function policyFindings(
  { options, policies }: PreparedPlan,
  selection: Selection,
  isOther: boolean,
): Promise<readonly GuardFinding[]> {
  if (!policies) return [];
  if (!isOther) return policies.refusals;
  return (await policiesOnPlan(options.policies, policies.basis, selection)).refusals;
}

/** The moves of the users of a run. One whose number is taken meanwhile does not happen, and its change counts as stale. */
function movesAmong({ moves }: Pick<SyncPlan, "moves">, { changes, isPartial }: Selection): Move[] {
  const sent = isPartial ? new Set(changes.map(({ planned }) => planned.accountNumber)) : undefined;
  return moves.flatMap(({ from, to, problem }) => (problem || sent?.has(to) === false ? [] : [[from, to] as const]));
}

/**
 * Whether no run with this ledger has come to its end, or an approved first night goes on: a file may have been sent meanwhile. The approval of
 * a file, or of what changed, does not replace that of the whole source.
 */
function isFirstNight({ facts }: GuardBasis): boolean {
  if (facts.approved) return !facts.incremental;
  return facts.accepted === 0 || facts.runs === undefined;
}

/** Sends a plan in test mode. See {@link SyncPlan.verify}. */
export async function verifyPlan(prepared: PreparedPlan, given: VerifyOptions): Promise<SyncReport> {
  checkVerifyOptions(given);
  const options = withDefaults(prepared.options, given);
  const selection = select(prepared.changes, options, true);
  return carryOut(prepared, selection, { ...options, queue: undefined }, true, []);
}

function carryOut(
  prepared: PreparedPlan,
  selection: Selection,
  options: PlanOptions,
  testMode: boolean,
  refusals: readonly GuardFinding[],
  stop?: StopReason,
): Promise<SyncReport> {
  const { oplead, facts: plan, notes } = prepared;
  const { now } = options;
  const ledger = testMode ? movedView(options.ledger, plan.moves) : options.ledger;
  const target = { oplead, ...options, ledger };
  const { clock, limiter, settings, observers } = internalsOf(oplead).transport;
  const { runId = crypto.randomUUID() } = options;
  const work = async (): Promise<SyncReport> => {
    const isSending = !testMode && selection.changes.length > 0 && options.queue === undefined;
    const lateUntil = isSending ? await openRun(target, runId) : undefined;
    const startedAt = now();
    // Not by `now`: the clock of the day may be set while a run goes on.
    const begunAt = clock.now();
    const throttledBefore = limiter.throttledMs;
    const result = await run({ ...target, lateUntil }, selection.changes, options, testMode, runId, stop);
    const held = [...plan.held, ...result.held];
    const problems = new Problems({ ...plan, ...result, held }, notes.problems);
    const thrown = plan.invalid.filter(({ error }) => error !== undefined);
    const areWaiting = notes.areLeftOut || plan.duplicates.length > 0 || thrown.length > 0;
    // A service that map asks may be back, or its code repaired, and the record is the same.
    const hasMapFailed = thrown.some(({ issues }) => issues.some(({ code }) => code === "map_failed"));
    const ended = { ...result, runId, problems, areWaiting, hasMapFailed };
    const after = testMode ? { warnings: [] } : await afterRun(target, notes, selection, options, ended);
    const facts = reportFacts(plan, selection, result, after, {
      problems,
      ignoreKnown: options.ignoreKnown,
      runId,
      testMode,
      refusals,
      startedAt: isoTime(startedAt),
      durationMs: Math.round(clock.now() - begunAt),
      throttledMs: Math.round(limiter.throttledMs - throttledBefore),
    });
    settings.logger?.info(runLine(facts), runFields(facts));
    return createReport(facts);
  };
  const event = { kind: "run", runId, testMode, users: selection.changes.length } as const;
  return observers.around(event, work, ({ status, requests, failures }) => {
    return { outcome: status, requests, error: failures[0]?.error };
  });
}
