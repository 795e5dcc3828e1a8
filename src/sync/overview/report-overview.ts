import { REASONS } from "../../base/texts/en/report.ts";
import { counted, duration, number, percent } from "../../base/words.ts";
import { answerOf, userAt, who } from "../text.ts";
import type { ReportFacts, SyncSkip } from "../types/report.ts";
import { findingSections, leaverAmount, moveAmount } from "./findings.ts";
import { type Overview, section } from "./overview.ts";

/** A report for people: what happened, then what to look at. */
export function reportOverview(report: ReportFacts): Overview {
  const { status, stopReason, testMode, requests, retries, throttledMs, counts } = report;
  const what = `sync ${status}${testMode ? " (test mode: nothing was persisted)" : ""}`;
  const repeated = retries > 0 ? `, ${number(retries)} of them to make up for failures` : "";
  // Waits of requests at the same time add up, so this is the most that it can have been.
  const share = Math.min(1, throttledMs / Math.max(1, report.durationMs));
  const waited = share < 0.01 ? "" : `; at most ${percent(share)} of the time was a wait for the rate`;
  return {
    title: `${what}, ${duration(report.durationMs)}`,
    amounts: [
      [counts.created, testMode ? "would be created" : "created", "good"],
      [counts.updated, testMode ? "would be updated" : "updated", "notable"],
      [counts.unchanged, "unchanged"],
      [counts.incomplete, "arrived, but not all of their rules"],
      [counts.failed, "failed", "bad"],
      [counts.skipped, "skipped"],
      [counts.unverifiable, "cannot be verified: they depend on a user that only this run would create"],
      [counts.held, "held: refused before, and not changed since", "notable"],
      [counts.invalid, "invalid", "bad"],
      [counts.duplicate, "with an account number that several records have"],
      [counts.stale, "older than what Oplead has"],
      [counts.notSelected, "left out of this run (only or limit)"],
      moveAmount(report.moves),
      leaverAmount(report.missing),
    ],
    notes: [
      ...problemNote(report),
      `${counted(requests, "request")}${repeated}${waited}`,
      `run ${report.runId}, plan ${report.hash}`,
    ],
    sections: [
      section("Stopped", ["why"], stopReason ? [stopReason] : [], ({ message }) => [message], {
        tone: "bad",
        isUrgent: true,
      }),
      section(
        testMode ? "A real run would be refused" : "Approved, although the guard refused it",
        ["why"],
        report.refusals,
        ({ message }) => [message],
        { tone: "notable", isUrgent: true },
      ),
      section(
        "Failed",
        ["user", "step", "advice"],
        report.failures,
        (user) => {
          return [userAt(user), `${user.step}: ${answerOf(user)}${user.held ? ", held" : ""}`, user.advice.message];
        },
        { tone: "bad" },
      ),
      section("Skipped", ["user", "why"], report.skipped, (user) => [userAt(user), skipReason(user)]),
      section("Cannot be verified in test mode", ["user", "step"], report.unverifiable, (user) => {
        const which = user.dependsOn === user.accountNumber ? "the user itself" : who(user.dependsOn);
        return [userAt(user), `${user.step}: depends on ${which}, which only this run would create`];
      }),
      ...findingSections(report),
    ],
  };
}

function problemNote({ newProblems, knownProblems }: ReportFacts): string[] {
  const all = newProblems + knownProblems;
  return all === 0 ? [] : [`${counted(all, "problem")}, ${number(newProblems)} of them new since the last run`];
}

function skipReason({ reason, parent = "" }: SyncSkip): string {
  return reason === "parent" ? REASONS.parent_missing({ parent: who(parent) }) : REASONS[`run_${reason}`]();
}
