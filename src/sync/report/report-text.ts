import type { ReportFacts } from "../report.ts";
import {
  amounts,
  counted,
  day,
  duration,
  firstDuplicates,
  firstFew,
  firstInvalid,
  firstSuspicious,
  number,
  userAt,
  who,
} from "../text.ts";
import { adviceFor } from "./advice.ts";

/** A report for people: what happened in one line, then what to look at. */
export function reportText(report: ReportFacts): string {
  const { status, stopReason, testMode, counts, failures, skipped, requests, retries, throttledMs } = report;
  const { created, updated, unchanged, incomplete, failed, held, invalid, duplicates, stale } = counts;
  const title = testMode ? `Rehearsal ${status} (test mode: nothing was persisted)` : `Sync ${status}`;
  const waited = throttledMs < 100 ? "" : `; together they waited ${duration(throttledMs)} for their turn`;
  return [
    `${title}, ${duration(report.durationMs)}${stopReason ? `: ${stopReason.message}` : ""}`,
    ...amounts([
      [created, testMode ? "would be created" : "created"],
      [updated, testMode ? "would be updated" : "updated"],
      [unchanged, "unchanged"],
      [incomplete, "arrived, but not all of their rules"],
      [failed, "failed"],
      [skipped.length, "skipped"],
      [counts.unverifiable, "cannot be verified: they depend on a user that only this run would create"],
      [held, "held: refused before, and not changed since"],
      [invalid, "invalid"],
      [duplicates, "with an account number that several records have"],
      [stale, "older than what Oplead has"],
      [counts.notSelected, "left out of this run (only, limit or sample)"],
      [report.missing.length, "missing from the source (no user is removed)"],
    ]),
    `  ${counted(requests, "request")}${retries > 0 ? `, ${number(retries)} of them to make up for failures` : ""}${waited}`,
    ...firstFew("Failed", failures, (user) => {
      const { step, code, status, held, advice } = user;
      const answer = status === undefined ? code : `${code} ${status}`;
      return `${userAt(user)}  ${step}: ${answer}${held ? ", held" : ""}. ${advice}`;
    }),
    ...firstFew("Skipped", skipped, (user) => {
      const { reason, parent } = user;
      return `${userAt(user)}  ${parent === undefined ? `the run was ${reason}` : `its parent ${who(parent)} is not in Oplead`}`;
    }),
    ...firstFew("Cannot be verified in test mode", report.unverifiable, ({ accountNumber, step, dependsOn }) => {
      const which = dependsOn === accountNumber ? "the user itself" : who(dependsOn);
      return `${who(accountNumber)}  ${step}: depends on ${which}, which only this run would create`;
    }),
    ...firstFew("Held", report.held, (user) => {
      const { step, code, status, since } = user;
      const answer = status === undefined ? code : `${code} ${status}`;
      return `${userAt(user)}  ${step}: ${answer} since ${day(since)}. ${adviceFor(code, step, status)}`;
    }),
    ...firstInvalid(report.invalid),
    ...firstDuplicates(report.duplicates),
    ...firstSuspicious(report.suspicious),
    ...firstFew("Warnings", report.warnings, (warning) => warning),
  ].join("\n");
}
