import { LANGUAGES, type Language } from "../language.ts";
import { who } from "../text.ts";
import type { LanguageOptions, ReportFacts, SavedReport } from "../types/report.ts";
import { figuresIn, itemAt, type Naming, type Overview, sectionsIn, sentence } from "./overview.ts";
import { leaverFigure, movedFigure } from "./plan-overview.ts";
import { movedItems, problemSections, waitingAmong } from "./problems.ts";

/** A report for people: what happened, then what to look at. `named`: the names of fields and rules on a page. */
export function reportOverview(
  report: ReportFacts | SavedReport,
  { language: name = "en" }: LanguageOptions = {},
  named: Naming = (fieldOrRule) => fieldOrRule,
): Overview {
  const language = LANGUAGES[name];
  const { overview, told, say } = language;
  const section = sectionsIn(language);
  const figure = figuresIn(language);
  const { status, stopReason, testMode, requests, retries, throttledMs, counts, durationMs } = report;
  // Waits of requests at the same time add up, so this is the most that it can have been.
  const waited = Math.min(1, throttledMs / Math.max(1, durationMs));
  const [skippedWaiting, heldWaiting] = [waitingAmong(report.skipped), waitingAmong(report.held)];
  return {
    language,
    title: overview.report({ status, testMode, durationMs }),
    figures: [
      figure("created", counts.created, overview.created({ testMode })),
      figure("updated", counts.updated, overview.updated({ testMode })),
      movedFigure(report, language),
      figure("unchanged", counts.unchanged),
      figure("incomplete", counts.incomplete),
      figure("failed", counts.failed),
      figure("skipped", counts.skipped - skippedWaiting),
      figure("waiting", skippedWaiting + heldWaiting),
      figure("unverifiable", counts.unverifiable),
      figure("held", counts.held - heldWaiting),
      figure("invalid", counts.invalid),
      figure("duplicate", counts.duplicate),
      figure("twin", counts.twin),
      figure("suspicious", report.suspicious.length),
      leaverFigure(report, language),
      figure("stale", counts.stale),
      figure("not_selected", counts.notSelected),
    ],
    notes: [
      ...problemNote(report, language),
      overview.requests({ requests, retries, waited }),
      overview.run({ run: report.runId, plan: report.hash }),
    ],
    sections: [
      section(status === "paused" ? "paused" : "stopped", "why", stopReason ? [sentence(told(stopReason))] : []),
      section(
        testMode ? "would_be_refused" : "approved",
        "why",
        report.refusals.map((one) => sentence(told(one))),
      ),
      section("moved", "sent", movedItems(report.moves, true, language)),
      ...problemSections(report, language, { named }, [
        section(
          "unverifiable",
          "unsent",
          report.unverifiable.map((user) => {
            const on = user.dependsOn === user.accountNumber ? say("user_itself") : who(user.dependsOn);
            return itemAt(user, { text: overview.depends({ step: user.step, on }) }, language);
          }),
        ),
      ]),
      section(
        "warnings",
        "hint",
        report.warnings.map((one) => sentence(told(one))),
      ),
    ],
  };
}

function problemNote(
  { newProblems, knownProblems }: Pick<ReportFacts, "newProblems" | "knownProblems">,
  { overview }: Language,
): string[] {
  const all = newProblems + knownProblems;
  return all === 0 ? [] : [overview.problems({ all, fresh: newProblems })];
}
