import type { Oplead } from "../../client/api.ts";
import { internalsOf } from "../../client/client-state.ts";
import { tellWarning } from "../../locales/en/sync.ts";
import { among, amounts, inKinds, isProblem, newsAmong } from "../findings.ts";
import { createReport, lineOf } from "../report/create-report.ts";
import { tally, usersAmong } from "../show.ts";
import type { Finding } from "../types/findings.ts";
import type { GuardFinding, SyncWarning } from "../types/messages.ts";
import { isoTime } from "../types/records.ts";
import type { ReportFacts, SyncReport } from "../types/report.ts";
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
  { runId, oplead, options, testMode, plan, notes, planningMs, selection }: Run,
  result: RunResult,
  noted: Noted,
  { start, problems, refusals }: RunBasis,
): ReportFacts {
  const { clock, limiter } = internalsOf(oplead).transport;
  const { requests, retries } = result;
  const findings = inOrder([...plan.findings, ...result.findings], problems);
  const stopReason = result.stopReason ?? noted.failure;
  const { moves, columns } = plan;
  const isImperfect = findings.some(isProblem);
  const isAborted = among(findings, "skipped").some(({ reason }) => reason === "aborted" || reason === "handed_over");
  const amount = amounts(findings);
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
  const { created, updated, refreshed, incomplete } = result.counts;
  const isOver = status === "aborted" || status === "stopped";
  const exitCode = problems.exitCode(created + updated + refreshed + incomplete > 0, options.ignoreKnown);
  const orNotApproved = exitCode === 0 && notApproved > 0 ? 5 : exitCode;
  return {
    status,
    exitCode: status === "paused" ? 0 : isOver ? 1 : exitCode !== 1 && onMissingFailed ? 4 : orNotApproved,
    part,
    ...newsAmong(findings),
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
      stale: amount("stale"),
      skipped: amount("skipped") + amount("waiting"),
      unverifiable: among(findings, "unverifiable").filter(({ step }) => step === "user").length,
      invalid: amount("invalid"),
      duplicate: amount("duplicate"),
      twin: amount("twin"),
      notSelected,
      notApproved,
    },
    refresh: plan.refresh && {
      ...plan.refresh,
      oldestAt: oldestOf(plan.refresh.oldestAt, notes.confirmed, testMode ? new Set() : result.confirmed),
    },
    findings,
    moves,
    columns,
    requests,
    retries,
    ledgerMark: noted.ledgerMark,
    warnings: [
      ...plan.warnings,
      ...notFoundWarning(selection.notFound),
      ...differsWarning(result.differing),
      ...noted.warnings,
    ],
  };
}

// Copies, because a plan's findings do not tell what is new. Copies keep the errors, which are not enumerable.
function inOrder(findings: readonly Finding[], problems: Problems): Finding[] {
  return inKinds(findings).map((one) => {
    const isNew = problems.isNew(one);
    if (isNew === undefined) return one;
    const copy = { ...one, isNew };
    return "error" in one ? Object.defineProperty(copy, "error", { get: () => one.error }) : copy;
  });
}

function oldestOf(
  others: string | undefined,
  planned: ReadonlyMap<string, number>,
  confirmed: ReadonlySet<string>,
): string | undefined {
  const left = [...planned].flatMap(([accountNumber, at]) => (confirmed.has(accountNumber) ? [] : [isoTime(at)]));
  return [...left, ...(others === undefined ? [] : [others])].reduce<string | undefined>(
    (oldest, at) => (oldest === undefined || at < oldest ? at : oldest),
    undefined,
  );
}

function differsWarning(differing: ReadonlyMap<string, readonly string[]>): SyncWarning[] {
  if (differing.size === 0) return [];
  const fields = tally([...differing.values()].flat(), String);
  return [tellWarning("answer_differs", { ...usersAmong([...differing.keys()]), fields })];
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
