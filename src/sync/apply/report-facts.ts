import type { LogFields } from "../../base/observe.ts";
import { tellWarning } from "../../locales/en/sync.ts";
import { counted, duration } from "../../locales/en/words.ts";
import type { Selection } from "../plan/select.ts";
import { usersAmong } from "../text.ts";
import type { ApplyOptions } from "../types/options.ts";
import type { PlanFacts } from "../types/plan.ts";
import type { SyncWarning } from "../types/records.ts";
import type { ReportFacts, SyncSkip } from "../types/report.ts";
import type { AfterRun } from "./after-run.ts";
import type { Problems } from "./known-problems.ts";
import type { RunResult } from "./run-result.ts";

interface RunFacts
  extends Pick<ReportFacts, "runId" | "testMode" | "refusals" | "startedAt" | "durationMs" | "throttledMs">,
    Pick<ApplyOptions, "ignoreKnown"> {
  readonly problems: Problems;
}

/** The results of a run, together with the findings of its plan. */
export function reportFacts(
  plan: PlanFacts,
  selection: Selection,
  result: RunResult,
  after: AfterRun,
  { problems, ignoreKnown, ...run }: RunFacts,
): ReportFacts {
  const { failures, unverifiable, requests, retries } = result;
  const skipped: readonly SyncSkip[] = [
    ...result.skipped,
    ...plan.waiting.map((user) => ({ ...user, reason: "parent" as const })),
  ];
  const held = [...plan.held, ...result.held];
  const stale = [...plan.stale, ...result.stale];
  const stopReason = result.stopReason ?? after.failure;
  const { invalid, duplicates, twins, suspicious, missing, moves, columns } = plan;
  const imperfect = [failures, skipped, held, invalid, duplicates, twins];
  const isImperfect = imperfect.some((users) => users.length > 0);
  const isAborted = skipped.some(({ reason }) => reason === "aborted" || reason === "handed_over");
  const isPaused = stopReason?.code === "runs_paused";
  const { onMissingFailed } = after;
  const isPartial = isImperfect || onMissingFailed;
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
  const exitCode = problems.exitCode(created + updated + incomplete > 0, ignoreKnown);
  return {
    status,
    exitCode: status === "paused" ? 0 : isOver ? 1 : exitCode !== 1 && onMissingFailed ? 4 : exitCode,
    ...problems.counts,
    stopReason,
    hash: plan.hash,
    sourceFile: plan.selection.sourceFile,
    ...run,
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
      notSelected: selection.notSelected,
    },
    failures,
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
    ledgerMark: after.ledgerMark,
    warnings: [...plan.warnings, ...notFoundWarning(selection.notFound), ...after.warnings],
  };
}

function notFoundWarning(accountNumbers: readonly string[]): SyncWarning[] {
  return accountNumbers.length === 0 ? [] : [tellWarning("not_to_send", usersAmong(accountNumbers))];
}

/** The one line that a run writes to the log. */
export function runLine(facts: ReportFacts): string {
  const { runId, hash, status, stopReason, testMode, counts, requests, durationMs } = facts;
  const amounts = Object.entries(counts)
    .filter(([, amount]) => amount > 0)
    .map(([name, amount]) => `${amount} ${name}`);
  const what = testMode ? "sync (test mode)" : "sync";
  const why = stopReason ? ` (${stopReason.code})` : "";
  const result = [...amounts, counted(requests, "request")].join(", ");
  return `oplead-sdk: ${what} ${status}${why}: ${result}, ${duration(durationMs)}; run ${runId}, plan ${hash}`;
}

export function runFields(facts: ReportFacts): LogFields {
  const { runId: run, hash: plan, status, stopReason, testMode, counts, requests, durationMs } = facts;
  return { event: "run_ended", run, plan, status, code: stopReason?.code, testMode, requests, durationMs, ...counts };
}
