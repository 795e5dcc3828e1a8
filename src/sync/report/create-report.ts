import { asMarkdown, asText } from "../overview/overview.ts";
import { reportOverview } from "../overview/report-overview.ts";
import { printable } from "../printable.ts";
import type { ProblemCsvOptions, ProblemRowsOptions, ReportFacts, SavedReport, SyncReport } from "../types/report.ts";
import { withMethods } from "../with-methods.ts";
import { checkCsvOptions, checkRowsOptions, csvOf, problemCells, problemRows } from "./problems.ts";

/** A report for the caller: its facts, and how they can be written. */
export function createReport(facts: ReportFacts): SyncReport {
  const toJSON = (): SavedReport => printable(facts);
  const methods = {
    problemRows: (options: ProblemRowsOptions = {}) => {
      checkRowsOptions(options);
      return problemRows(facts, options.language ?? "en");
    },
    problemCsv: (options: ProblemCsvOptions = {}) => {
      checkCsvOptions(options);
      return csvOf(problemCells(facts, options.language ?? "en"), options);
    },
    toString: () => asText(reportOverview(facts)),
    toMarkdown: () => asMarkdown(reportOverview(facts)),
    toJSON,
  };
  return withMethods({ ...facts }, methods, toJSON);
}
