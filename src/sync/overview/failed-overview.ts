import type { OpleadIssue } from "../../core/issues.ts";
import { inFrench } from "../../locales/fr/issues.ts";
import { LANGUAGES, type Language } from "../language.ts";
import type { FailedReport, FailedRun } from "../types/failed-report.ts";
import type { LanguageOptions } from "../types/report.ts";
import { itemsOf, type Overview, type RunRow, sectionsIn, sentence } from "./overview.ts";
import { planOverview } from "./plan-overview.ts";

/** The facts of a run that ended without a report. */
export type FailedFacts = Pick<FailedReport, "status" | "exitCode" | "startedAt" | "hash" | "reason">;

/** Puts into words why a run has no report. If the guard refused a plan, this also says what the plan would send. */
export function failedOverview(
  { status, startedAt, reason }: FailedFacts,
  failure: FailedRun,
  options: LanguageOptions = {},
): Overview {
  const language = LANGUAGES[options.language ?? "en"];
  const isRefused = status === "refused";
  const planned = failure.plan && planOverview(failure.plan, options);
  const why = whyRows(failure, isRefused, language);
  const sentences = language.isTranslated
    ? why.map((row) => sentence(row.reason, [row]))
    : // People read the lines of a message one by one; a cell of the CSV has the whole message.
      reason.message.split("\n").map((message, index) => sentence(message, index === 0 ? why : []));
  return {
    language,
    title: language.overview.no_report({ isRefused, time: startedAt }),
    figures: planned?.figures ?? [],
    first: planned?.first ?? [],
    causes: planned?.causes ?? [],
    notes: planned ? [planned.title, ...planned.notes] : [],
    sections: [
      sectionsIn(language)(
        "why",
        "why",
        itemsOf(sentences, (one) => one),
      ),
      ...(planned?.sections.filter(({ role }) => role !== "why") ?? []),
    ],
  };
}

function whyRows(
  { code, message, issues = [], findings }: FailedRun,
  isRefused: boolean,
  language: Language,
): RunRow[] {
  const { reasons, advice, words, overview, told, isTranslated } = language;
  const problem = isRefused ? "run_refused" : "run_failed";
  // The texts for error codes have no parameters.
  const known = Object.hasOwn(reasons, code) ? (code as "source_failed") : undefined;
  const what = { problem, advice: known && advice[known]() } as const;
  if (!findings) {
    // Messages are in English. In another language, the texts for the codes of the issues are shown. If there are no
    // issues, the text refers to the log.
    const parts = issues.map((one) => `${one.path} ${failureIssue(one, language)}`.trimStart());
    const why = [
      known ? reasons[known]() : words.run_not_made(),
      parts.length === 0 ? words.see_log() : parts.join(overview.separator()),
    ];
    return [{ ...what, code, reason: isTranslated ? why.join(" ") : message }];
  }
  return findings.map((finding) => ({ ...what, code: finding.code, reason: told(finding) }));
}

/** The text of an issue of a failed run, for example an issue of its options, of its config or of a file. */
export function failureIssue(issue: OpleadIssue, { isTranslated }: Language): string {
  return isTranslated ? inFrench(issue) : issue.message;
}
