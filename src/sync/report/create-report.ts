import { argumentsCheck, options, optionsCheck, withMethods } from "../../base/validation/validate.ts";
import { tellSaved } from "../../locales/en/sync.ts";
import { printable, reportForm } from "../forms.ts";
import { asLines, formsOf, language, problemRowsOf } from "../overview/render.ts";
import { reportOverview } from "../overview/report-overview.ts";
import type { LanguageOptions, ReportFacts, SavedReport, SyncReport } from "../types/report.ts";
import type { TextLine } from "../types/text-line.ts";
import { addMethods } from "../with-methods.ts";

const checkReport = /* @__PURE__ */ argumentsCheck("reportLines", () => ({
  report: withMethods(["toMarkdown", "problemRows"], tellSaved("not_report")),
}));

const checkLinesOptions = /* @__PURE__ */ optionsCheck<LanguageOptions>("reportLines", () => options({ language }));

const checkRowsOptions = /* @__PURE__ */ optionsCheck<LanguageOptions>("problemRows", () => options({ language }));

/** The options of the forms of a report, also of one that stands for a run without a report. */
export const formChecks = {
  toString: /* @__PURE__ */ optionsCheck<LanguageOptions>("toString", () => options({ language })),
  toMarkdown: /* @__PURE__ */ optionsCheck<LanguageOptions>("toMarkdown", () => options({ language })),
};

/**
 * The lines of a report as text, with the tone of headings and counts: for a terminal with colours.
 *
 * @throws {@link OpleadError} `invalid_input` for something that is no report; `invalid_options`.
 */
export function reportLines(report: SyncReport, options: LanguageOptions = {}): readonly TextLine[] {
  checkReport({ report });
  checkLinesOptions(options);
  return asLines(reportOverview(report, options));
}

/** A report for the caller: its facts, and how they can be written. */
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
