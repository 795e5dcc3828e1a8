import { boolean, oneOf, options, optionsCheck } from "../../validation/validate.ts";
import type { RejectedCsvOptions, RejectedRow, RejectedRowsOptions, ReportFacts } from "../report.ts";
import { TEXTS } from "./advice.ts";
import { ENGLISH } from "./english.ts";
import { rejectedRows } from "./rejected-rows.ts";

const COLUMNS = Object.keys(ENGLISH.columns) as (keyof RejectedRow)[];

/** The problems of a run as CSV, as RFC 4180 describes it. */
export function rejectedCsv(report: ReportFacts, given: RejectedCsvOptions): string {
  const { language = "en" } = given;
  const { delimiter = language === "fr" ? ";" : ",", bom = language === "fr" } = given;
  const { columns, problems, step } = TEXTS[language];
  const rows = rejectedRows(report, language).map((row) => {
    const cells = { ...row, problem: problems[row.problem], step: row.step && step(row.step) };
    return COLUMNS.map((column) => cells[column]);
  });
  const lines = [COLUMNS.map((column) => columns[column]), ...rows].map((cells) => {
    return `${cells.map((cell) => cellOf(cell ?? "", delimiter)).join(delimiter)}\r\n`;
  });
  return (bom ? "\uFEFF" : "") + lines.join("");
}

/** Safe to open in a spreadsheet: what would run as a formula gets an apostrophe in front, and is shown as text then. */
function cellOf(value: string | number, delimiter: string): string {
  const text = String(value);
  // Spreadsheets skip leading white space, and read full-width signs as the plain ones.
  const safe = /^\s*[=+\-@＝＋－＠\t\r]/.test(text) ? `'${text}` : text;
  return /["\r\n]/.test(safe) || safe.includes(delimiter) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

const language = oneOf("en", "fr");

export const checkRowsOptions = optionsCheck<RejectedRowsOptions>("rejectedRows", () => options({ language }));

export const checkCsvOptions = optionsCheck<RejectedCsvOptions>("rejectedCsv", () =>
  options({ language, delimiter: oneOf(",", ";", "\t"), bom: boolean() }),
);
