import type { CoverageFinding } from "oplead-sdk/coverage";
import { csvLine, safeCell } from "../../base/csv.ts";
import { messageOf } from "../texts/say.ts";

const COLUMNS = ["kind", "certain", "finding", "inhabitants", "accountNumbers", "zipCodes"];

/** Findings for a spreadsheet, one row each. The columns are named as in JSON; the sentence is in the language of the command. */
export function findingsCsv(findings: readonly CoverageFinding[]): string {
  const rows = findings.map((finding) => {
    const { kind, certain, inhabitants, accountNumbers, zipCodes } = finding;
    return [kind, String(certain), messageOf(finding), inhabitants ?? "", accountNumbers.join(" "), zipCodes.join(" ")];
  });
  return [COLUMNS, ...rows].map((row) => `${csvLine(row.map(safeCell))}\r\n`).join("");
}
