import { internalsOf } from "../../client/client-state.ts";
import { bindLedger } from "../../ledger/bind.ts";
import { among } from "../findings.ts";
import { readPause } from "../pause.ts";
import type { PreparedPlan } from "../plan/planning.ts";
import { checkApplyOptions } from "../read-options.ts";
import { readSavedPlan } from "../saved-plan.ts";
import type { GuardFinding, StopReason } from "../types/messages.ts";
import type { ApplyOptions } from "../types/options.ts";
import type { SyncPlan } from "../types/plan.ts";
import type { SyncReport } from "../types/report.ts";
import { noteBegin, noteRun, Problems } from "./note-run.ts";
import { whyPaused } from "./paused.ts";
import { permit } from "./permit.ts";
import { type Run, runOf } from "./run.ts";
import { sendChanges } from "./send.ts";
import { startOf, tellRun } from "./tell-run.ts";

// `ledgerWasJustRead`: the plan has just read it, so the guard need not look for changes of other processes.
export async function applyPlan(
  plan: SyncPlan,
  prepared: PreparedPlan,
  given: ApplyOptions,
  ledgerWasJustRead = false,
): Promise<SyncReport> {
  checkApplyOptions(given);
  const approve = given.approve ?? prepared.options.approve;
  const approved = typeof approve === "object" ? readSavedPlan(approve) : approve;
  const run = runOf(prepared, given, typeof approved === "object" ? approved : undefined);
  const { oplead, options, testMode } = run;
  await bindLedger(options.ledger, oplead, { adoptPlatform: options.adoptPlatform, readOnly: testMode });
  const pause = testMode ? undefined : await readPause(options.ledger, options.now);
  if (pause) return carryOut(run, [], whyPaused(pause));
  const refusals = await permit(plan, prepared, run, approved, ledgerWasJustRead);
  if (!testMode) await noteBegin(run, prepared.guard, approved, refusals);
  // Changes that were not approved are still refused for the plan's reasons.
  return carryOut(run, run.selection.notApproved > 0 ? plan.refusals : refusals);
}

// If `stop` is given, nothing is sent.
function carryOut(run: Run, refusals: readonly GuardFinding[], stop?: StopReason): Promise<SyncReport> {
  const { runId, testMode, selection } = run;
  const work = async (): Promise<SyncReport> => {
    const start = startOf(run);
    const sent = await sendChanges(run, stop);
    const { plan } = run;
    const problems = new Problems(plan.findings, sent.findings, run.notes.problems);
    const noted = await noteRun(run, sent, problems);
    return tellRun(run, sent, noted, { start, problems, refusals });
  };
  const event = { kind: "run", runId, testMode, users: selection.changes.length + selection.refreshes.length } as const;
  return internalsOf(run.oplead).transport.observers.around(event, work, ({ status, requests, findings }) => {
    return { runStatus: status, requests, error: among(findings, "failed")[0]?.error };
  });
}
