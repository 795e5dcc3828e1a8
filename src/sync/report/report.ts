import { inspectAs, printable } from "../printable.ts";
import type { RejectedCsvOptions, RejectedRowsOptions, ReportFacts, SyncReport } from "../report.ts";
import { checkCsvOptions, checkRowsOptions, rejectedCsv } from "./rejected-csv.ts";
import { rejectedRows } from "./rejected-rows.ts";
import { reportMarkdown, reportText } from "./report-text.ts";

/** A report with its methods. They are not enumerable, so printing a report shows facts only. */
export function reportOf(facts: ReportFacts): SyncReport {
  const report = { ...facts, exitCode: exitCodeOf(facts) };
  return Object.defineProperties(report, {
    rejectedRows: {
      value: (options: RejectedRowsOptions = {}) => {
        checkRowsOptions(options);
        return rejectedRows(facts, options.language ?? "en");
      },
    },
    rejectedCsv: {
      value: (options: RejectedCsvOptions = {}) => {
        checkCsvOptions(options);
        return rejectedCsv(facts, options);
      },
    },
    toString: { value: () => reportText(facts) },
    toMarkdown: { value: () => reportMarkdown(facts) },
    toJSON: { value: () => printable(report) },
    ...inspectAs(() => printable(report)),
  }) as typeof report & SyncReport;
}

function exitCodeOf({ status, counts }: ReportFacts): SyncReport["exitCode"] {
  if (status === "complete") return 0;
  const { created, updated, unchanged, incomplete, stale } = counts;
  return status === "partial" && created + updated + unchanged + incomplete + stale > 0 ? 4 : 1;
}
