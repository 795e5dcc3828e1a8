import type { CoverageFinding } from "oplead-sdk/coverage";
import { csvLine, safeCell } from "../../base/csv.ts";

const COLUMNS = ["kind", "certain", "finding", "inhabitants", "accountNumbers", "zipCodes"];

/** Findings for a spreadsheet, one row each. The columns are named as in JSON. */
export function findingsCsv(findings: readonly CoverageFinding[]): string {
  const rows = findings.map(({ kind, certain, message, inhabitants, accountNumbers, zipCodes }) => {
    return [kind, String(certain), message, inhabitants ?? "", accountNumbers.join(" "), zipCodes.join(" ")];
  });
  return [COLUMNS, ...rows].map((row) => `${csvLine(row.map(safeCell))}\r\n`).join("");
}
