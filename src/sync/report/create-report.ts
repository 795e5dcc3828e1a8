import { argumentsCheck, withMethods } from "../../base/validation/validate.ts";
import { tellSaved } from "../../locales/en/sync.ts";
import { printable, reportForm } from "../forms.ts";
import { asLines } from "../overview/overview.ts";
import { reportOverview } from "../overview/report-overview.ts";
import type { LanguageOptions, ReportFacts, SavedReport, SyncReport } from "../types/report.ts";
import type { TextLine } from "../types/text-line.ts";
import { addMethods } from "../with-methods.ts";
import { checkLinesOptions, checkRowsOptions, formsOf, problemCells, problemRows } from "./problems.ts";

const checkReport = /* @__PURE__ */ argumentsCheck("reportLines", () => ({
  report: withMethods(["toMarkdown", "problemRows"], tellSaved("not_report")),
}));

/**
 * The lines of a report as text, with the tone of headings and counts: for a terminal with colours.
 *
 * @throws {@link OpleadError} `invalid_input` for something that is no report; `invalid_options`.
 */
export function reportLines(report: SyncReport, options: LanguageOptions = {}): readonly TextLine[] {
  checkReport({ report });
  checkLinesOptions(options);
  return asLines(reportOverview(report, options.language));
}

/** A report for the caller: its facts, and how they can be written. */
export function createReport(facts: ReportFacts): SyncReport {
  const toJSON = (): SavedReport => printable(reportForm, facts);
  const methods = {
    problemRows: (options: LanguageOptions = {}) => {
      checkRowsOptions(options);
      return problemRows(facts, options.language ?? "en");
    },
    ...formsOf(
      ({ language }) => reportOverview(facts, language),
      (language) => problemCells(facts, language),
    ),
    toHtml: async (options: LanguageOptions = {}) =>
      (await import("../pages/report-page.ts")).reportPage(report, options),
    toJSON,
  };
  const report: SyncReport = addMethods({ ...facts }, methods, toJSON);
  return report;
}
