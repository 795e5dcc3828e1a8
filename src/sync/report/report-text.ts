import { counted, day, duration, number } from "../../base/words.ts";
import {
  amounts,
  amountsTable,
  answerOf,
  escapeMarkdown,
  firstDuplicates,
  firstFew,
  firstProblems,
  foldedTable,
  problemTable,
  userAt,
  who,
} from "../text.ts";
import type { ReportFacts, SyncSkip } from "../types/report.ts";
import { caseOf } from "./advice.ts";
import { ENGLISH } from "./english.ts";

/** A report for people: what happened in one line, then what to look at. */
export function reportText(report: ReportFacts): string {
  const { status, stopReason, testMode, requests, retries, throttledMs } = report;
  const title = testMode ? `Rehearsal ${status} (test mode: nothing was persisted)` : `Sync ${status}`;
  const waited = throttledMs < 100 ? "" : `; together they waited ${duration(throttledMs)} for their turn`;
  return [
    `${title}, ${duration(report.durationMs)}${stopReason ? `: ${stopReason.message}` : ""}`,
    ...amounts(reportAmounts(report)),
    `  ${counted(requests, "request")}${retries > 0 ? `, ${number(retries)} of them to make up for failures` : ""}${waited}`,
    ...firstFew("Failed", report.failures, (user) => {
      return `${userAt(user)}  ${user.step}: ${answerOf(user)}${user.held ? ", held" : ""}. ${user.advice}`;
    }),
    ...firstFew("Skipped", report.skipped, (user) => `${userAt(user)}  ${skipReason(user)}`),
    ...firstFew("Cannot be verified in test mode", report.unverifiable, ({ accountNumber, step, dependsOn }) => {
      const which = dependsOn === accountNumber ? "the user itself" : who(dependsOn);
      return `${who(accountNumber)}  ${step}: depends on ${which}, which only this run would create`;
    }),
    ...firstFew("Held", report.held, (user) => {
      return `${userAt(user)}  ${user.step}: ${answerOf(user)} since ${day(user.since)}. ${ENGLISH.advice[caseOf(user)]}`;
    }),
    ...firstProblems("Invalid", report.invalid),
    ...firstDuplicates(report.duplicates),
    ...firstProblems("Suspicious data", report.suspicious),
    ...firstFew("Warnings", report.warnings, (warning) => warning),
  ].join("\n");
}

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
    ...problemTable("Invalid", "problems", report.invalid),
    ...problemTable("Suspicious data", "what", report.suspicious),
    ...foldedTable("Warnings", ["warning"], report.warnings, (warning) => [warning]),
    "",
  ].join("\n");
}

/** How many users had which outcome. */
function reportAmounts({ counts, testMode, missing }: ReportFacts): [amount: number, what: string][] {
  return [
    [counts.created, testMode ? "would be created" : "created"],
    [counts.updated, testMode ? "would be updated" : "updated"],
    [counts.unchanged, "unchanged"],
    [counts.incomplete, "arrived, but not all of their rules"],
    [counts.failed, "failed"],
    [counts.skipped, "skipped"],
    [counts.unverifiable, "cannot be verified: they depend on a user that only this run would create"],
    [counts.held, "held: refused before, and not changed since"],
    [counts.invalid, "invalid"],
    [counts.duplicates, "with an account number that several records have"],
    [counts.stale, "older than what Oplead has"],
    [counts.notSelected, "left out of this run (only, limit or sample)"],
    [missing.length, "missing from the source (no user is removed)"],
  ];
}

function skipReason({ reason, parent }: SyncSkip): string {
  return parent === undefined ? `the run was ${reason}` : `its parent ${who(parent)} is not in Oplead`;
}
