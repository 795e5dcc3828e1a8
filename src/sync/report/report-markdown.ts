import { amountsTable, escapeMarkdown, foldedTable } from "../markdown.ts";
import type { ReportFacts } from "../report.ts";
import { counted, day, duration, who } from "../text.ts";

/** A report for a pull-request comment or the summary of a CI job. */
export function reportMarkdown(report: ReportFacts): string {
  const { status, stopReason, testMode, counts, requests, durationMs, hash } = report;
  const title = testMode ? `Oplead rehearsal: ${status}` : `Oplead sync: ${status}`;
  return [
    `### ${title}`,
    "",
    `Plan \`${hash}\`, ${counted(requests, "request")}, ${duration(durationMs)}.${testMode ? " Nothing was persisted." : ""}`,
    ...(stopReason ? ["", `**Stopped:** ${escapeMarkdown(stopReason.message)}`] : []),
    "",
    ...amountsTable([
      [counts.created, testMode ? "would be created" : "created"],
      [counts.updated, testMode ? "would be updated" : "updated"],
      [counts.unchanged, "unchanged"],
      [counts.incomplete, "arrived, but not all of their rules"],
      [counts.failed, "failed"],
      [counts.skipped, "skipped"],
      [counts.unverifiable, "cannot be verified in test mode"],
      [counts.held, "held"],
      [counts.invalid, "invalid"],
      [counts.duplicates, "with an account number that several records have"],
      [counts.stale, "older than what Oplead has"],
      [report.missing.length, "missing from the source (no user is removed)"],
    ]),
    ...foldedTable(
      "Failed",
      ["user", "step", "answer", "advice"],
      report.failures,
      ({ accountNumber, step, code, status, held, advice }) => {
        const answer = `${code}${status === undefined ? "" : ` ${status}`}${held ? ", held" : ""}`;
        return [who(accountNumber), step, answer, advice];
      },
    ),
    ...foldedTable("Skipped", ["user", "why"], report.skipped, ({ accountNumber, reason, parent }) => [
      who(accountNumber),
      parent === undefined ? `the run was ${reason}` : `its parent ${who(parent)} is not in Oplead`,
    ]),
    ...foldedTable("Held", ["user", "step", "code", "since"], report.held, ({ accountNumber, step, code, since }) => {
      return [who(accountNumber), step, code, day(since)];
    }),
    ...foldedTable("Invalid", ["record", "problems"], report.invalid, ({ accountNumber, record, row, issues }) => [
      accountNumber === undefined ? `record ${row ?? record}` : who(accountNumber),
      issues.map(({ path, message }) => `${path} ${message}`.trim()).join("; "),
    ]),
    ...foldedTable("Warnings", ["warning"], report.warnings, (warning) => [warning]),
    "",
  ].join("\n");
}
