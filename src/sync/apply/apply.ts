import { internalsOf } from "../../client/internals.ts";
import { isOpleadError } from "../../errors.ts";
import { bindLedger, platformOf } from "../../ledger/bind.ts";
import { observer } from "../../observe.ts";
import type { ApplyOptions, VerifyOptions } from "../options.ts";
import { SyncGuardError } from "../plan/guard/guard-error.ts";
import type { PreparedPlan } from "../plan/prepared-plan.ts";
import type { SyncPlan } from "../plan.ts";
import { checkApplyOptions, checkVerifyOptions } from "../read-options.ts";
import type { GuardFinding } from "../records.ts";
import { reportOf } from "../report/report.ts";
import type { SyncReport } from "../report.ts";
import { type AfterRun, afterRun, noteStart } from "./after-run.ts";
import { currentFindings } from "./current-guard.ts";
import { Progress } from "./progress.ts";
import { reportFacts, runLine } from "./report-facts.ts";
import { run } from "./run.ts";
import type { RunResult } from "./run-result.ts";
import { type Selection, sampleOf, select } from "./select.ts";
import { StopRule } from "./stop-rule.ts";

/** Carries a plan out. See {@link SyncPlan.apply}. */
export async function applyPlan(
  plan: SyncPlan,
  prepared: PreparedPlan,
  given: ApplyOptions,
  { ledgerWasJustRead = false }: { readonly ledgerWasJustRead?: boolean } = {},
): Promise<SyncReport> {
  checkApplyOptions(given);
  const options = withDefaults(prepared.defaults, given);
  const selection = select(prepared.changes, options);
  const { oplead, ledger, adoptPlatform } = prepared;
  const { testMode } = plan;
  const { logger } = internalsOf(oplead).transport.settings;
  await bindLedger(ledger, platformOf(oplead), { adoptPlatform, readOnly: testMode, logger });

  const findings = await currentFindings(prepared, selection, ledgerWasJustRead);
  if (options.approve !== undefined && options.approve !== plan.hash) {
    const message = "The approval is for another plan: the source or the ledger has changed since. Read this one.";
    const otherPlan: GuardFinding = { code: "other_plan", message };
    throw new SyncGuardError(plan, testMode ? [otherPlan] : [otherPlan, ...findings]);
  }
  if (testMode) {
    const warnings = findings.map(({ message }) => `A real run would be refused. ${message}`);
    return carryOut(prepared, selection, options, true, async () => ({ warnings }));
  }
  if (options.approve === undefined && findings.length > 0) throw new SyncGuardError(plan, findings);
  await noteStart(prepared);
  return carryOut(prepared, selection, options, false, (result) => afterRun(prepared, selection, options, result));
}

/** Sends a plan in test mode. See {@link SyncPlan.verify}. */
export async function verifyPlan(_plan: SyncPlan, prepared: PreparedPlan, given: VerifyOptions): Promise<SyncReport> {
  checkVerifyOptions(given);
  const { only, limit, stop, signal, drain, onProgress, onUser, sample } = withDefaults<VerifyOptions>(
    prepared.defaults,
    given,
  );
  const selection = sampleOf(select(prepared.changes, { only, limit }), sample);
  return carryOut(prepared, selection, { stop, signal, drain, onProgress, onUser }, true, async () => ({
    warnings: [],
  }));
}

/** An option set to `undefined` falls back to the plan's default. */
function withDefaults<Options extends object>(defaults: Options, given: Options): Options {
  const set = Object.entries(given).filter(([, value]) => value !== undefined);
  return { ...defaults, ...(Object.fromEntries(set) as Options) };
}

async function carryOut(
  prepared: PreparedPlan,
  selection: Selection,
  options: ApplyOptions,
  testMode: boolean,
  afterwards: (result: RunResult) => Promise<AfterRun>,
): Promise<SyncReport> {
  const { oplead, ledger, resend, concurrency, now } = prepared;
  const { transport } = internalsOf(oplead);
  const { logger } = transport.settings;
  const observe = observer(logger);
  const { changes } = selection;
  const startedAt = now();
  const throttledBefore = transport.limiter.throttledMs;

  const result = await run(changes, {
    oplead,
    ledger,
    testMode,
    resend,
    through: options.through,
    // The workers limit how many users are sent at once; this is how many may wait for them.
    concurrency: options.through ? WAITING_IN_QUEUE : concurrency,
    signal: options.signal,
    drain: options.drain,
    stopRule: new StopRule(options.stop ?? {}),
    progress: new Progress(changes.length, now, observe("onProgress", options.onProgress)),
    onUser: observe("onUser", options.onUser),
    logger,
    now,
  });
  const after = await afterwards(result);
  const throttledMs = Math.round(transport.limiter.throttledMs - throttledBefore);
  const facts = reportFacts(prepared, selection, result, after, { testMode, startedAt, endedAt: now(), throttledMs });
  logger?.info(runLine(facts));
  const report = reportOf(facts);
  // The run has ended: without the copy for other processes there is still the report itself.
  await options.through?.saveReport(facts.runId, report.toJSON()).catch((error: unknown) => {
    logger?.warn(
      `oplead-sdk: the report cannot be read by other processes. ${isOpleadError(error) ? error.message : ""}`,
    );
  });
  return report;
}

/** Users of a run that wait in a queue at once: enough to keep dozens of workers busy. */
const WAITING_IN_QUEUE = 1_000;
