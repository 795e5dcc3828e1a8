import { inspectAs, printable } from "../printable.ts";
import type { ReportFacts, SyncReport } from "../report.ts";
import { toCsv } from "./csv.ts";
import { reportText } from "./report-text.ts";
import { wordsOf } from "./words.ts";

export function reportOf(facts: ReportFacts): SyncReport {
  return Object.defineProperties(
    { ...facts },
    {
      rejectedCsv: { value: () => rejectedCsv(facts) },
      toString: { value: () => reportText(facts) },
      toJSON: { value: () => printable(facts) },
      ...inspectAs(() => printable(facts)),
    },
  ) as SyncReport;
}

function rejectedCsv({ failures, invalid, duplicates, held, skipped }: ReportFacts): string {
  return toCsv([
    ["accountNumber", "what", "step", "code", "status", "message", "oplead", "advice", "requestId"],
    ...failures.map(({ accountNumber, step, code, status, message, error, advice, requestId, held }) => {
      return [accountNumber, held ? "held" : "failed", step, code, status, message, wordsOf(error), advice, requestId];
    }),
    ...invalid.flatMap(({ accountNumber, record, issues }) =>
      issues.map(({ path, message }) => {
        const where = path === "" ? `record ${record}` : `record ${record}, ${path}`;
        return [accountNumber, "invalid", "", "invalid_input", "", `${where}: ${message}`];
      }),
    ),
    ...duplicates.map(({ accountNumber, records }) => {
      return [accountNumber, "duplicate", "", "", "", `records ${records.join(", ")} have the same account number`];
    }),
    ...held.map(({ accountNumber, step, code, status, since }) => {
      return [accountNumber, "held", step, code, status, `refused on ${new Date(since).toISOString()}`];
    }),
    ...skipped.map(({ accountNumber, reason, parent }) => {
      return [
        accountNumber,
        "skipped",
        "",
        "",
        "",
        parent === undefined ? reason : `parent ${parent} is not in Oplead`,
      ];
    }),
  ]);
}
