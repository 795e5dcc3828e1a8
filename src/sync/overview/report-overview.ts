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
      [counts.incomplete, say("incomplete")],
      [counts.failed, say("failed"), "bad"],
      [counts.skipped, say("skipped")],
      [counts.unverifiable, say("unverifiable")],
      [counts.held, say("held"), "notable"],
      [counts.invalid, say("invalid"), "bad"],
      [counts.duplicate, say("duplicate")],
      [counts.twin, say("twin"), "notable"],
      [counts.stale, say("stale")],
      [counts.notSelected, say("not_selected")],
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
        status === "paused" ? "title_paused" : "title_stopped",
        ["why"],
        stopReason ? [stopReason] : [],
        (one) => [told(one)],
        { tone: status === "paused" ? "notable" : "bad", isUrgent: true },
      ),
      section(testMode ? "title_would_be_refused" : "title_approved", ["why"], report.refusals, (one) => [told(one)], {
        tone: "notable",
        isUrgent: true,
      }),
      section(
        "title_failed",
        ["user", "step", "advice"],
        report.failures,
        (user) => [
          userAt(user, language),
          overview.failed_step({ step: user.step, answer: answerOf(user), held: user.held }),
          advice[user.advice.code](),
        ],
        { tone: "bad" },
      ),
      waitingSection([...report.skipped, ...report.held].filter(isWaiting), language),
      section("title_skipped", ["user", "why"], report.skipped.filter(isLeftOut), (user) => [
        userAt(user, language),
        language.reasons[`run_${user.reason}`](),
      ]),
      section("title_unverifiable", ["user", "step"], report.unverifiable, (user) => {
        const which = user.dependsOn === user.accountNumber ? say("user_itself") : who(user.dependsOn);
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
