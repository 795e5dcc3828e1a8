import { isOpleadError } from "../../base/errors.ts";
import { internalsOf } from "../../client/internals.ts";
import { bindLedger } from "../../ledger/bind.ts";
import type { ApplyOptions, VerifyOptions } from "../options.ts";
import { countChanges, type GuardFacts, guardFindings, SyncGuardError } from "../plan/guard/guard.ts";
import { LedgerSnapshot } from "../plan/ledger-snapshot.ts";
import type { PreparedPlan } from "../plan/prepare-plan.ts";
import type { SyncPlan } from "../plan.ts";
import { checkApplyOptions, checkVerifyOptions } from "../read-options.ts";
import type { GuardFinding } from "../records.ts";
import { reportOf } from "../report/report.ts";
import type { SyncReport } from "../report.ts";
import { Turns } from "../turns.ts";
import { afterRun, noteStart } from "./after-run.ts";
import { reportFacts, runLine } from "./report-facts.ts";
import { run } from "./run.ts";
import { type Selection, sampleOf, select } from "./select.ts";

/** Carries a plan out. See {@link SyncPlan.apply}. */
export async function applyPlan(
  plan: SyncPlan,
  prepared: PreparedPlan,
  given: ApplyOptions,
  ledgerWasJustRead = false,
): Promise<SyncReport> {
  checkApplyOptions(given);
  const options = withDefaults(prepared.defaults, given);
  const selection = select(prepared.changes, options);
  const { oplead, ledger, adoptPlatform } = prepared;
  const { testMode } = plan;
  await bindLedger(ledger, oplead, { adoptPlatform, readOnly: testMode });

  const findings = await currentFindings(prepared, selection, ledgerWasJustRead);
  if (options.approve !== undefined && options.approve !== plan.hash) {
    const message = "The approval is for another plan: the source or the ledger has changed since. Read this one.";
    const otherPlan: GuardFinding = { code: "other_plan", message };
    throw new SyncGuardError(plan, testMode ? [otherPlan] : [otherPlan, ...findings]);
  }
  if (testMode) {
    const warnings = findings.map(({ message }) => `A real run would be refused. ${message}`);
    return carryOut(prepared, selection, options, true, warnings);
  }
  if (options.approve === undefined && findings.length > 0) throw new SyncGuardError(plan, findings);
  await noteStart(prepared);
  return carryOut(prepared, selection, options, false);
}

/** Sends a plan in test mode. See {@link SyncPlan.verify}. */
export async function verifyPlan(prepared: PreparedPlan, given: VerifyOptions): Promise<SyncReport> {
  checkVerifyOptions(given);
  const options = withDefaults<VerifyOptions>(prepared.defaults, given);
  const selection = sampleOf(select(prepared.changes, options), options.sample);
  return carryOut(prepared, selection, { ...options, queue: undefined }, true);
}

/** An option set to `undefined` falls back to the plan's default. */
function withDefaults<Options extends object>(defaults: Options, given: Options): Options {
  const set = Object.entries(given).filter(([, value]) => value !== undefined);
  return { ...defaults, ...(Object.fromEntries(set) as Options) };
}

/** What the guard finds in the changes of a run, with the ledger as it is now. */
async function currentFindings(
  prepared: PreparedPlan,
  selection: Selection,
  ledgerWasJustRead: boolean,
): Promise<readonly GuardFinding[]> {
  const { guard, guardFacts, facts } = prepared;
  if (guard === false) return [];
  if (ledgerWasJustRead && !selection.isPartial) return facts.refusals;
  const current = ledgerWasJustRead ? guardFacts : await factsNow(prepared, selection);
  // A run with selected users does not act on those that are missing, nor on an empty source.
  const partial = selection.isPartial ? { ...countChanges(selection.changes), missing: 0, incremental: true } : {};
  return guardFindings(guard, { ...current, ...partial });
}

/** The guard's facts, without what another process has done since the plan was made. */
async function factsNow({ ledger, facts, guardFacts }: PreparedPlan, { changes }: Selection): Promise<GuardFacts> {
  const now = await LedgerSnapshot.read(ledger, new Turns(), "apply");
  const { population, comparable } = now;
  const left = changes.filter(({ planned, revision }) => {
    const entry = now.get(planned.accountNumber);
    return entry === undefined || (entry.revision ?? 0) === revision;
  });
  const missing = facts.missing.filter(({ accountNumber, since }) => {
    return since === undefined && now.get(accountNumber)?.missingSince === undefined;
  });
  return { ...guardFacts, ...countChanges(left), population, comparable, missing: missing.length };
}

async function carryOut(
  prepared: PreparedPlan,
  selection: Selection,
  options: ApplyOptions,
  testMode: boolean,
  warnings: readonly string[] = [],
): Promise<SyncReport> {
  const { now } = prepared;
  const { limiter, settings } = internalsOf(prepared.oplead).transport;
  const { logger } = settings;
  const startedAt = now();
  const throttledBefore = limiter.throttledMs;
  const result = await run(prepared, selection.changes, options, testMode);
  const after = testMode ? { warnings } : await afterRun(prepared, selection, options, result);
  const facts = reportFacts(prepared, selection, result, after, {
    testMode,
    startedAt: new Date(startedAt).toISOString(),
    durationMs: now() - startedAt,
    throttledMs: Math.round(limiter.throttledMs - throttledBefore),
  });
  logger?.info(runLine(facts));
  const report = reportOf(facts);
  // The run has ended: without the copy for other processes there is still the report itself.
  await options.queue?.saveReport(facts.runId, report.toJSON()).catch((error: unknown) => {
    const why = isOpleadError(error) ? error.message : "";
    logger?.warn(`oplead-sdk: the report cannot be read by other processes. ${why}`);
  });
  return report;
}
