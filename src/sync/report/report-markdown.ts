import type { OpleadIssue } from "../../errors.ts";
import { amountsTable, escapeMarkdown, foldedTable } from "../markdown.ts";
import type { ReportFacts } from "../report.ts";
import { counted, day, duration, userAt, who } from "../text.ts";

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
    ...foldedTable("Failed", ["user", "step", "answer", "advice"], report.failures, (user) => {
      const { step, code, status, held, advice } = user;
      const answer = `${code}${status === undefined ? "" : ` ${status}`}${held ? ", held" : ""}`;
      return [userAt(user), step, answer, advice];
    }),
    ...foldedTable("Skipped", ["user", "why"], report.skipped, (user) => [
      userAt(user),
      user.parent === undefined ? `the run was ${user.reason}` : `its parent ${who(user.parent)} is not in Oplead`,
    ]),
    ...foldedTable("Held", ["user", "step", "code", "since"], report.held, (user) => {
      return [userAt(user), user.step, user.code, day(user.since)];
    }),
    ...foldedTable("Invalid", ["record", "problems"], report.invalid, (record) => [userAt(record), problemsOf(record)]),
    ...foldedTable("Suspicious data", ["record", "what"], report.suspicious, (record) => [
      userAt(record),
      problemsOf(record),
    ]),
    ...foldedTable("Warnings", ["warning"], report.warnings, (warning) => [warning]),
    "",
  ].join("\n");
}

function problemsOf({ issues }: { readonly issues: readonly OpleadIssue[] }): string {
  return issues.map(({ path, message }) => `${path} ${message}`.trim()).join("; ");
}
