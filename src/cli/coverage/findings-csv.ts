import type { CoverageFinding } from "oplead-sdk/coverage";
import { csvLine, safeCell } from "../../base/csv.ts";
import { languageName, messageOf, say } from "../texts/say.ts";

const COLUMNS = ["kind", "certain", "finding", "inhabitants", "accountNumbers", "zipCodes"] as const;

/**
 * Findings for a spreadsheet, one row each. In English the columns are named as in JSON; in French everything is as Excel on a French Windows
 * reads it, semicolons and a byte order mark included.
 */
export function findingsCsv(findings: readonly CoverageFinding[]): string {
  const isEnglish = languageName() === "en";
  const rows = findings.map((finding) => {
    const { kind, certain, inhabitants, accountNumbers, zipCodes } = finding;
    const facts = [say(kind), say(certain ? "true" : "false"), messageOf(finding), inhabitants ?? ""];
    return [...facts, accountNumbers.join(" "), zipCodes.join(" ")];
  });
  const lines = [COLUMNS.map((name) => say(name)), ...rows].map(
    (row) => `${csvLine(row.map(safeCell), isEnglish ? "," : ";")}\r\n`,
  );
  return (isEnglish ? "" : "\uFEFF") + lines.join("");
}
