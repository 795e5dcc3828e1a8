import { isOpleadError } from "../../core/errors.ts";
import type { OpleadIssue } from "../../core/issues.ts";
import { argumentsCheck, options, optionsCheck, withMethods } from "../../core/validate.ts";
import { isObject } from "../../core/values.ts";
import { tellSaved } from "../../locales/en/sync.ts";
import { inFrench } from "../../locales/fr/issues.ts";
import { printable, reportForm } from "../forms.ts";
import { addMethods, LANGUAGES, type Language } from "../language.ts";
import { itemsOf, type Overview, type RunRow, sectionsIn, sentence } from "../overview/overview.ts";
import { planOverview, reportOverview } from "../overview/plan-overview.ts";
import { asLines, formsOf, language, problemRowsOf } from "../overview/render.ts";
import type { FailedReport, FailedRun } from "../types/failed-report.ts";
import { isoTime, type TextLine } from "../types/records.ts";
import type { LanguageOptions, ReportFacts, SavedReport, SyncReport } from "../types/report.ts";

const checkReport = /* @__PURE__ */ argumentsCheck("reportLines", () => ({
  report: withMethods(["toMarkdown", "problemRows"], tellSaved("not_report")),
}));

const checkLinesOptions = /* @__PURE__ */ optionsCheck<LanguageOptions>("reportLines", () => options({ language }));

const checkRowsOptions = /* @__PURE__ */ optionsCheck<LanguageOptions>("problemRows", () => options({ language }));

/** Checks the options of `toString` and `toMarkdown`. Used for reports, and for runs without a report. */
const formChecks = {
  toString: /* @__PURE__ */ optionsCheck<LanguageOptions>("toString", () => options({ language })),
  toMarkdown: /* @__PURE__ */ optionsCheck<LanguageOptions>("toMarkdown", () => options({ language })),
};

/**
 * The lines of a report as text, with the tone of headings and counts: for a terminal with colours.
 *
 * @throws {@link OpleadError} `invalid_input` for a value that is not a report; `invalid_options`.
 */
export function reportLines(report: SyncReport, options: LanguageOptions = {}): readonly TextLine[] {
  checkReport({ report });
  checkLinesOptions(options);
  return asLines(reportOverview(report, options));
}

/** Makes the report that the caller gets: its facts, and its methods. */
export function createReport(facts: ReportFacts): SyncReport {
  const toJSON = (): SavedReport => printable(reportForm, facts);
  const methods = {
    problemRows: (options: LanguageOptions = {}) => {
      checkRowsOptions(options);
      return problemRowsOf(reportOverview(facts, options));
    },
    ...formsOf<LanguageOptions>((options) => reportOverview(facts, options), formChecks),
    toHtml: async (options: LanguageOptions = {}) =>
      (await import("../pages/report-page.ts")).reportPage(report, options),
    toJSON,
  };
  const report: SyncReport = addMethods({ ...facts }, methods, toJSON);
  return report;
}

/**
 * Makes a report for a run that ended without one. If such a run saved no report, a saved report of an earlier run
 * could be mistaken for its report.
 *
 * ```ts
 * const report = await syncUsers(oplead, options).catch((error) => failedReport(error));
 * await writeFile("report.json", JSON.stringify(report));
 * ```
 *
 * `failure`: an {@link OpleadError}, or an object of the form {@link FailedRun}. Any other error keeps only its name,
 * because its message may hold personal data. `status`: default `"refused"` for `sync_refused`, else `"failed"`.
 */
export function failedReport(given: unknown, status?: FailedReport["status"]): FailedReport {
  const failure = readFailure(given);
  const { code, issues, findings, plan } = failure;
  const messages = findings?.map(({ message }) => message) ?? failure.message.split("\n");
  const isRefused = (status ?? (code === "sync_refused" ? "refused" : "failed")) === "refused";
  const facts = {
    status: isRefused ? ("refused" as const) : ("failed" as const),
    exitCode: isRefused ? (3 as const) : (1 as const),
    startedAt: isoTime(Date.now()),
    hash: plan?.hash,
    reason: { code, message: messages.join("\n"), issues, findings },
  };
  const overviewIn = (options: LanguageOptions): Overview => {
    const language = LANGUAGES[options.language ?? "en"];
    const planned = plan && planOverview(plan, options);
    const why = whyRows(failure, isRefused, language);
    const sentences = language.isTranslated
      ? why.map((row) => sentence(row.reason, [row]))
      : // People read the lines of a message one by one; a cell of the CSV has the whole message.
        messages.map((message, index) => sentence(message, index === 0 ? why : []));
    return {
      language,
      title: language.overview.no_report({ isRefused, time: facts.startedAt }),
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
  };
  const methods = {
    ...formsOf<LanguageOptions>(overviewIn, formChecks),
    toHtml: async (options: LanguageOptions = {}) =>
      (await import("../pages/report-page.ts")).failedPage(facts, overviewIn, options),
  };
  const report: FailedReport = addMethods(facts, methods, () => ({ ...facts }));
  return report;
}

function readFailure(given: unknown): FailedRun {
  const isTold = isOpleadError(given) || (isObject(given) && !(given instanceof Error));
  const { code, message } = isTold ? (given as Partial<FailedRun>) : {};
  // A value with a code and a message is taken as a FailedRun, whether this package or the caller made it.
  if (typeof code === "string" && typeof message === "string") return given as FailedRun;
  return { code: "unexpected", message: given instanceof Error ? given.name : "no error was given" };
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
    // Messages are in English. In another language, the texts for their codes are shown, and the reader finds the rest
    // in the log.
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
