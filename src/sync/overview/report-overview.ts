import { LANGUAGES, type Language } from "../language.ts";
import { answerOf, userAt, who } from "../text.ts";
import type { ReportFacts, ReportLanguage } from "../types/report.ts";
import { isLeftOut, isWaiting } from "../waiting.ts";
import { findingSections, leaverAmount, moveAmount, waitingSection } from "./findings.ts";
import { type Overview, sectionsIn } from "./overview.ts";

/** A report for people: what happened, then what to look at. */
export function reportOverview(report: ReportFacts, name: ReportLanguage = "en"): Overview {
  const language = LANGUAGES[name];
  const { overview, advice, told, say } = language;
  const section = sectionsIn(language);
  const { status, stopReason, testMode, requests, retries, throttledMs, counts, durationMs } = report;
  // Waits of requests at the same time add up, so this is the most that it can have been.
  const waited = Math.min(1, throttledMs / Math.max(1, durationMs));
  return {
    language,
    title: overview.report({ status, testMode, durationMs }),
    amounts: [
      [counts.created, overview.created({ testMode }), "good"],
      [counts.updated, overview.updated({ testMode }), "notable"],
      [counts.unchanged, say("unchanged")],
      [counts.incomplete, say("arrived, but not all of their rules")],
      [counts.failed, say("failed"), "bad"],
      [counts.skipped, say("skipped")],
      [counts.unverifiable, say("cannot be verified: they depend on a user that only this run would create")],
      [counts.held, say("held: refused before, and not changed since"), "notable"],
      [counts.invalid, say("invalid"), "bad"],
      [counts.duplicate, say("with an account number that several records have")],
      [counts.twin, say("perhaps known already: not sent"), "notable"],
      [counts.stale, say("older than what Oplead has")],
      [counts.notSelected, say("left out of this run (only or limit)")],
      moveAmount(language, report.moves),
      leaverAmount(language, report.missing),
    ],
    notes: [
      ...problemNote(report, language),
      overview.requests({ requests, retries, waited }),
      overview.run({ run: report.runId, plan: report.hash }),
    ],
    sections: [
      section(
        status === "paused" ? "Paused" : "Stopped",
        ["why"],
        stopReason ? [stopReason] : [],
        (one) => [told(one)],
        { tone: status === "paused" ? "notable" : "bad", isUrgent: true },
      ),
      section(
        testMode ? "A real run would be refused" : "Approved, although it was refused",
        ["why"],
        report.refusals,
        (one) => [told(one)],
        {
          tone: "notable",
          isUrgent: true,
        },
      ),
      section(
        "Failed",
        ["user", "step", "advice"],
        report.failures,
        (user) => [
          userAt(user, language),
          overview.failed_step({ step: user.step, answer: answerOf(user), held: user.held }),
          advice[user.advice.code]({}),
        ],
        { tone: "bad" },
      ),
      waitingSection([...report.skipped, ...report.held].filter(isWaiting), language),
      section("Skipped", ["user", "why"], report.skipped.filter(isLeftOut), (user) => [
        userAt(user, language),
        language.reasons[`run_${user.reason}`]({}),
      ]),
      section("Cannot be verified in test mode", ["user", "step"], report.unverifiable, (user) => {
        const which = user.dependsOn === user.accountNumber ? say("the user itself") : who(user.dependsOn);
        return [userAt(user, language), overview.depends({ step: user.step, on: which })];
      }),
      ...findingSections(report, language),
    ],
  };
}

function problemNote({ newProblems, knownProblems }: ReportFacts, { overview }: Language): string[] {
  const all = newProblems + knownProblems;
  return all === 0 ? [] : [overview.problems({ all, fresh: newProblems })];
}
