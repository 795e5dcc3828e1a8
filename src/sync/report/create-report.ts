import { isOpleadError } from "../../core/errors.ts";
import { addMethods, isObject } from "../../core/values.ts";
import { counted, duration } from "../../locales/en/words.ts";
import { printable, reportForm } from "../forms.ts";
import { renderMethods } from "../render-methods.ts";
import { amountsIn } from "../show.ts";
import type { FailedReport, FailedRun } from "../types/failed-report.ts";
import { isoTime } from "../types/records.ts";
import type { ReportFacts, SyncReport } from "../types/report.ts";

export function createReport(facts: ReportFacts): SyncReport {
  const toJSON = (): ReportFacts => printable(reportForm, facts);
  const texts = async () => (await import("../overview/texts.ts")).reportTexts(facts);
  const methods = {
    ...renderMethods(texts, async (options) => (await import("../pages/report-page.ts")).reportPage(report, options)),
    toString: () => lineOf(facts),
    toJSON,
  };
  const report: SyncReport = addMethods({ ...facts }, methods, toJSON);
  return report;
}

export function lineOf(facts: ReportFacts): string {
  const { runId, hash, status, stopReason, testMode, counts, requests, durationMs } = facts;
  const what = testMode ? "sync (test mode)" : "sync";
  const why = stopReason ? ` (${stopReason.code})` : "";
  const result = [...amountsIn(counts), counted(requests, "request")].join(", ");
  return `${what} ${status}${why}: ${result}, ${duration(durationMs)}; run ${runId}, plan ${hash}`;
}

/**
 * A report for a run that ended without one, so that a saved report of an earlier run does not pass for it.
 *
 * ```ts
 * const report = await syncUsers(oplead, options).catch((error) => failedReport(error));
 * await writeFile("report.json", JSON.stringify(report));
 * ```
 *
 * `failure`: an {@link OpleadError} or a {@link FailedRun}. Any other error keeps only its name: its message may hold
 * personal data. `status`: default `"refused"` for `sync_refused`, else `"failed"`.
 */
export function failedReport(given: unknown, status?: FailedReport["status"]): FailedReport {
  const failure = readFailure(given);
  const { code, issues, findings, plan } = failure;
  const message = findings?.map((finding) => finding.message).join("\n") ?? failure.message;
  const isRefused = (status ?? (code === "sync_refused" ? "refused" : "failed")) === "refused";
  const facts = {
    status: isRefused ? ("refused" as const) : ("failed" as const),
    exitCode: isRefused ? (3 as const) : (1 as const),
    startedAt: isoTime(Date.now()),
    hash: plan?.hash,
    reason: { code, message, issues, findings },
  };
  const methods = {
    ...renderMethods(
      async () => (await import("../overview/texts.ts")).failedTexts(facts, failure),
      async (options) => (await import("../pages/report-page.ts")).failedPage(facts, failure, options),
    ),
    plan,
    toString: () => `sync ${facts.status}: ${[code, ...(plan ? [`plan ${plan.hash}`] : [])].join("; ")}`,
  };
  const report: FailedReport = addMethods(facts, methods, () => ({ ...facts }));
  return report;
}

function readFailure(given: unknown): FailedRun {
  const isTold = isOpleadError(given) || (isObject(given) && !(given instanceof Error));
  const { code, message } = isTold ? (given as Partial<FailedRun>) : {};
  if (typeof code === "string" && typeof message === "string") return given as FailedRun;
  return { code: "unexpected", message: given instanceof Error ? given.name : "no error was given" };
}
