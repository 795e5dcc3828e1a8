import type { Oplead } from "../../client/api.ts";
import { internalsOf } from "../../client/client-state.ts";
import { tellWarning } from "../../locales/en/sync.ts";
import { createReport, lineOf } from "../report/create-report.ts";
import { usersAmong } from "../show.ts";
import type { GuardFinding, SyncWarning } from "../types/messages.ts";
import { isoTime } from "../types/records.ts";
import type { ReportFacts, SyncReport, SyncSkip } from "../types/report.ts";
import type { Noted, Problems } from "./note-run.ts";
import type { RunResult } from "./outcomes.ts";
import type { Run } from "./run.ts";

// `clockMs`: monotonic.
export type Start = Pick<ReportFacts, "startedAt" | "throttledMs"> & { readonly clockMs: number };

export function startOf({ oplead, options }: Run): Start {
  const { clock, limiter } = internalsOf(oplead).transport;
  // The system clock may be set during the run.
  return { startedAt: isoTime(options.now()), clockMs: clock.now(), throttledMs: limiter.throttledMs };
}

interface RunBasis {
  readonly start: Start;
  readonly problems: Problems;
  // All approved.
  readonly refusals: readonly GuardFinding[];
}

export function tellRun(run: Run, sent: RunResult, noted: Noted, basis: RunBasis): SyncReport {
  const facts = reportFacts(run, sent, noted, basis);
  logRun(run.oplead, facts);
  return createReport(facts);
}

function reportFacts(
  { runId, oplead, options, testMode, plan, planningMs, selection }: Run,
  result: RunResult,
  noted: Noted,
  { start, problems, refusals }: RunBasis,
): ReportFacts {
  const { clock, limiter } = internalsOf(oplead).transport;
  const { failed, unverifiable, requests, retries } = result;
  const skipped: readonly SyncSkip[] = [
    ...result.skipped,
    ...plan.waiting.map((user) => ({ ...user, reason: "parent" as const })),
  ];
  const held = [...plan.held, ...result.held];
  const stale = [...plan.stale, ...result.stale];
  const stopReason = result.stopReason ?? noted.failure;
  const { invalid, duplicates, twins, suspicious, missing, moves, columns } = plan;
  const imperfect = [failed, skipped, held, invalid, duplicates, twins];
  const isImperfect = imperfect.some((users) => users.length > 0);
  const isAborted = skipped.some(({ reason }) => reason === "aborted" || reason === "handed_over");
  const isPaused = stopReason?.code === "runs_paused";
  const { onMissingFailed } = noted;
  const { isPartial: part, notSelected, notApproved } = selection;
  const isPartial = isImperfect || onMissingFailed || notApproved > 0;
  const status = isAborted
    ? "aborted"
    : isPaused
      ? "paused"
      : stopReason
        ? "stopped"
        : isPartial
          ? "partial"
          : "complete";
  const { created, updated, incomplete } = result.counts;
  const isOver = status === "aborted" || status === "stopped";
  const exitCode = problems.exitCode(created + updated + incomplete > 0, options.ignoreKnown);
  const orNotApproved = exitCode === 0 && notApproved > 0 ? 5 : exitCode;
  return {
    status,
    exitCode: status === "paused" ? 0 : isOver ? 1 : exitCode !== 1 && onMissingFailed ? 4 : orNotApproved,
    part,
    ...problems.counts,
    stopReason,
    hash: plan.hash,
    sourceFile: plan.selection.sourceFile,
    runId,
    testMode,
    refusals,
    startedAt: start.startedAt,
    durationMs: Math.round(planningMs + clock.now() - start.clockMs),
    throttledMs: Math.round(limiter.throttledMs - start.throttledMs),
    counts: {
      ...result.counts,
      unchanged: result.counts.unchanged + plan.counts.unchanged,
      held: result.counts.held + plan.counts.held,
      stale: stale.length,
      skipped: skipped.length,
      unverifiable: unverifiable.filter(({ step }) => step === "user").length,
      invalid: invalid.length,
      duplicate: duplicates.length,
      twin: twins.length,
      notSelected,
      notApproved,
    },
    failed,
    skipped,
    unverifiable,
    held,
    invalid,
    duplicates,
    twins,
    suspicious,
    missing,
    moves,
    columns,
    stale,
    requests,
    retries,
    ledgerMark: noted.ledgerMark,
    warnings: [...plan.warnings, ...notFoundWarning(selection.notFound), ...noted.warnings],
  };
}

function notFoundWarning(accountNumbers: readonly string[]): SyncWarning[] {
  return accountNumbers.length === 0 ? [] : [tellWarning("not_to_send", usersAmong(accountNumbers))];
}

export function logRun(oplead: Oplead, facts: ReportFacts): void {
  const { runId: run, hash: plan, status, stopReason, testMode, counts, requests, durationMs } = facts;
  internalsOf(oplead).transport.settings.logger?.info(`oplead-sdk: ${lineOf(facts)}`, {
    event: "run_ended",
    run,
    plan,
    status,
    code: stopReason?.code,
    testMode,
    requests,
    durationMs,
    ...counts,
  });
}
