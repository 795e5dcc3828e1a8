import type { OpleadIssue } from "../../core/issues.ts";
import type { LanguageOptions } from "../../core/names.ts";
import { inFrench } from "../../locales/fr/issues.ts";
import { LANGUAGES, type Language } from "../language.ts";
import type { FailedReport, FailedRun } from "../types/failed-report.ts";
import { itemsOf, type Overview, type RunRow, sectionsIn, sentence } from "./overview.ts";
import { planOverview } from "./plan-overview.ts";
import { reasonsOf } from "./reasons.ts";

export type FailedFacts = Pick<FailedReport, "status" | "exitCode" | "startedAt" | "hash" | "reason">;

export function failedOverview(
  { status, startedAt }: FailedFacts,
  failure: FailedRun,
  options: LanguageOptions = {},
): Overview {
  const language = LANGUAGES[options.language ?? "en"];
  const isRefused = status === "refused";
  const planned = failure.plan && planOverview(failure.plan, options);
  const why = whyOf(failure, isRefused, language);
  const sentences = why.flatMap(({ row, lines }) =>
    lines.map((line, index) => sentence(line, index === 0 ? [row] : [])),
  );
  return {
    language,
    title: language.overview.no_report({ isRefused, time: startedAt }),
    figures: planned?.figures ?? [],
    consequence: planned?.consequence,
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

interface Why {
  readonly row: RunRow;
  readonly lines: readonly string[];
}

function whyOf(failure: FailedRun, isRefused: boolean, language: Language): Why[] {
  const { code, findings } = failure;
  const { advice } = language;
  const known = knownCode(code, language);
  const what = { problem: isRefused ? "run_refused" : "run_failed", advice: known && advice[known] } as const;
  if (findings) {
    return reasonsOf(findings, language).map(({ finding, text: reason }) => {
      return { row: { ...what, code: finding.code, reason }, lines: [reason] };
    });
  }
  const { reason, lines } = reasonOf(failure, language);
  return [{ row: { ...what, code, reason }, lines }];
}

function knownCode(code: string, { reasons }: Language): "source_failed" | undefined {
  return Object.hasOwn(reasons, code) ? (code as "source_failed") : undefined;
}

// Messages of errors are in English. Other languages refer to the log instead.
function reasonOf(
  { code, message, issues = [] }: FailedRun,
  language: Language,
): { readonly reason: string; readonly lines: readonly string[] } {
  const { reasons, words, overview, isTranslated } = language;
  const known = knownCode(code, language);
  if (!isTranslated && (known === undefined || issues.length === 0)) {
    return { reason: message, lines: message.split("\n") };
  }
  const what = known ? reasons[known] : words.run_not_made;
  const parts = issues.map((one) => `${one.path} ${failureIssue(one, language)}`.trimStart());
  if (parts.length > 0) return { reason: `${what} ${parts.join(overview.separator)}`, lines: [what, ...parts] };
  const reason = `${what} ${words.see_log}`;
  return { reason, lines: [reason] };
}

export function failureIssue(issue: OpleadIssue, { isTranslated }: Language): string {
  return isTranslated ? inFrench(issue) : issue.message;
}
