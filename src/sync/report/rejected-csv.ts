import { boolean, oneOf, options, optionsCheck } from "../../validation/validate.ts";
import type { RejectedCsvOptions, RejectedRow, RejectedRowsOptions, ReportFacts } from "../report.ts";
import { TEXTS } from "./advice.ts";
import { toCsv } from "./csv.ts";
import { ENGLISH } from "./english.ts";
import { rejectedRows } from "./rejected-rows.ts";

const COLUMNS = Object.keys(ENGLISH.columns) as (keyof RejectedRow)[];

/** The problems of a run as CSV. */
export function rejectedCsv(report: ReportFacts, given: RejectedCsvOptions): string {
  const { language = "en" } = given;
  const { delimiter = language === "fr" ? ";" : ",", bom = language === "fr" } = given;
  const { columns, problems, step } = TEXTS[language];
  const rows = rejectedRows(report, language).map((row) => {
    const cells = { ...row, problem: problems[row.problem], step: row.step && step(row.step) };
    return COLUMNS.map((column) => cells[column]);
  });
  return toCsv([COLUMNS.map((column) => columns[column]), ...rows], { delimiter, bom });
}

const language = oneOf("en", "fr");

export const checkRowsOptions = optionsCheck<RejectedRowsOptions>("rejectedRows", () => options({ language }));

export const checkCsvOptions = optionsCheck<RejectedCsvOptions>("rejectedCsv", () =>
  options({ language, delimiter: oneOf(",", ";", "\t"), bom: boolean() }),
);
