import { internalsOf } from "../../client/internals.ts";
import { invalid } from "../../errors.ts";
import type { Ledger } from "../../ledger/ledger.ts";
import { observer } from "../../observe.ts";
import type { ApplyOptions, HealthChange, StopOptions } from "../options.ts";
import { SyncGuardError } from "../plan/guard.ts";
import type { SyncPlan } from "../plan.ts";
import type { GuardFinding } from "../records.ts";
import { reportOf } from "../report/report.ts";
import type { SyncReport } from "../report.ts";
import { Health, stopIssues } from "./health.ts";
import { tooSoon } from "./last-run.ts";
import type { PlanMeans } from "./means.ts";
import { Progress } from "./progress.ts";
import { type Remembered, remember } from "./remember.ts";
import { type RunResult, run } from "./run.ts";

/** Kept from run to run in one process: a service hears that Oplead works again also when the night before had failed. */
const healths = new WeakMap<Ledger, HealthChange["health"]>();

export async function applyPlan(plan: SyncPlan, means: PlanMeans, options: ApplyOptions): Promise<SyncReport> {
  const chosen = chosenOf(means, options);
  checkStop("apply", chosen.stop);
  await refuse(plan, means, chosen);
  return carryOut(plan, means, chosen, plan.testMode, async (result) => {
    if (!plan.testMode) return remember(plan, means, chosen, result);
    return { warnings: plan.refusals.map(({ message }) => `A real run would be refused. ${message}`) };
  });
}

export async function verifyPlan(plan: SyncPlan, means: PlanMeans, options: ApplyOptions): Promise<SyncReport> {
  const { signal, onProgress, stop } = chosenOf(means, options);
  checkStop("verify", stop);
  return carryOut(plan, means, { signal, onProgress, stop }, true, async () => ({ warnings: [] }));
}

/** What is given as undefined is not given. */
function chosenOf({ defaults }: PlanMeans, options: ApplyOptions): ApplyOptions {
  return { ...defaults, ...Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) };
}

function checkStop(method: string, stop: StopOptions | undefined): void {
  const issues = stopIssues(stop);
  if (issues.length > 0) throw invalid("invalid_options", `${method}: wrong options`, issues);
}

/** Before the first write. In a rehearsal nothing is written, and what speaks against the plan is in the report. */
async function refuse(plan: SyncPlan, means: PlanMeans, { approve, force = false }: ApplyOptions): Promise<void> {
  const { ledger, oplead, now } = means;
  const findings: GuardFinding[] = [];
  if (approve !== undefined && approve !== plan.hash) {
    const message = "The approval is for another plan: the source or the ledger has changed since. Read this one.";
    findings.push({ code: "other_plan", message });
  }
  if (!plan.testMode) {
    if (approve !== plan.hash) findings.push(...plan.refusals);
    const unlimited = internalsOf(oplead).transport.settings.rateLimit === false;
    const early = unlimited && !force && plan.changes.length > 0 ? await tooSoon(ledger, now()) : undefined;
    if (early) findings.push(early);
  }
  if (findings.length > 0) throw new SyncGuardError(plan, findings);
}

async function carryOut(
  plan: SyncPlan,
  means: PlanMeans,
  options: ApplyOptions,
  testMode: boolean,
  afterwards: (result: RunResult) => Promise<Remembered>,
): Promise<SyncReport> {
  const { oplead, ledger, changes, concurrency, now } = means;
  const { transport } = internalsOf(oplead);
  const { signal, stop = {} } = options;
  const observe = observer(transport.settings.logger);
  const onHealthChange = observe("onHealthChange", options.onHealthChange);
  const health = new Health(stop, onHealthChange, healths.get(ledger) ?? "healthy");
  const progress = new Progress(changes.length, now, observe("onProgress", options.onProgress));
  const startedAt = now();
  const throttledBefore = transport.gate.throttledMs;

  const result = await run(changes, { oplead, ledger, testMode, concurrency, signal, health, progress, now });
  const remembered = await afterwards(result);
  // What nobody has heard of is not known.
  if (onHealthChange) healths.set(ledger, health.current);

  const { failures, skipped, unverifiable } = result;
  const stopReason = result.stopReason ?? remembered.failure;
  const { unchanged, held: heldUsers, invalid, duplicates, stale } = plan.counts;
  const held = [...plan.held, ...result.held];
  const counts = {
    ...result.counts,
    unchanged: result.counts.unchanged + unchanged,
    held: result.counts.held + heldUsers,
    stale: result.counts.stale + stale,
    skipped: skipped.length,
    unverifiable: unverifiable.filter(({ step }) => step === "user").length,
    invalid,
    duplicates,
  };
  const imperfect = failures.length + skipped.length + held.length + invalid + duplicates > 0;
  const aborted = skipped.some(({ reason }) => reason === "aborted");
  return reportOf({
    status: aborted ? "aborted" : stopReason ? "stopped" : imperfect ? "partial" : "complete",
    stopReason,
    testMode,
    hash: plan.hash,
    startedAt: new Date(startedAt).toISOString(),
    durationMs: now() - startedAt,
    counts,
    failures,
    skipped,
    unverifiable,
    held,
    invalid: plan.invalid,
    duplicates: plan.duplicates,
    missing: plan.missing,
    requests: result.requests,
    retries: result.retries,
    throttledMs: Math.round(transport.gate.throttledMs - throttledBefore),
    warnings: [...plan.warnings, ...remembered.warnings],
  });
}
