import { amountsTable, escapeMarkdown, foldedTable } from "../markdown.ts";
import type { ReportFacts } from "../report.ts";
import { answerOf, counted, day, duration, problemsOf, userAt } from "../text.ts";
import { reportAmounts, skipReason } from "./report-text.ts";

/** A report for a pull-request comment or the summary of a CI job. */
export function reportMarkdown(report: ReportFacts): string {
  const { status, stopReason, testMode, requests, durationMs, hash } = report;
  return [
    `### ${testMode ? "Oplead rehearsal" : "Oplead sync"}: ${status}`,
    "",
    `Plan \`${hash}\`, ${counted(requests, "request")}, ${duration(durationMs)}.${testMode ? " Nothing was persisted." : ""}`,
    ...(stopReason ? ["", `**Stopped:** ${escapeMarkdown(stopReason.message)}`] : []),
    "",
    ...amountsTable(reportAmounts(report)),
    ...foldedTable("Failed", ["user", "step", "answer", "advice"], report.failures, (user) => {
      return [userAt(user), user.step, `${answerOf(user)}${user.held ? ", held" : ""}`, user.advice];
    }),
    ...foldedTable("Skipped", ["user", "why"], report.skipped, (user) => [userAt(user), skipReason(user)]),
    ...foldedTable("Held", ["user", "step", "code", "since"], report.held, (user) => {
      return [userAt(user), user.step, user.code, day(user.since)];
    }),
    ...foldedTable("Invalid", ["record", "problems"], report.invalid, (record) => [userAt(record), problemsOf(record)]),
    ...foldedTable("Suspicious data", ["record", "what"], report.suspicious, (record) => {
      return [userAt(record), problemsOf(record)];
    }),
    ...foldedTable("Warnings", ["warning"], report.warnings, (warning) => [warning]),
    "",
  ].join("\n");
}
