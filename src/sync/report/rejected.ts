import type { OpleadIssue } from "../../base/issues.ts";
import { boolean, oneOf, options, optionsCheck } from "../../base/validation/validate.ts";
import { day } from "../../base/words.ts";
import { caseOf, caseOfError, TEXTS } from "../advice.ts";
import type { SourcePosition } from "../types/records.ts";
import type {
  RejectedCsvOptions,
  RejectedRow,
  RejectedRowsOptions,
  ReportFacts,
  ReportLanguage,
  SyncSkip,
} from "../types/report.ts";
import { type Case, ENGLISH, type ReportTexts } from "./english.ts";
import { wordsOf } from "./oplead-words.ts";

/** Every problem of a run, one row each, in the order of the source where it is known. */
export function rejectedRows(report: ReportFacts, language: ReportLanguage): RejectedRow[] {
  const { failures, held, invalid, duplicates, skipped, suspicious } = report;
  const texts = TEXTS[language];
  const rows = [
    ...failures.map((failure) => {
      const { step, code, status, requestId, error } = failure;
      const facts = { step, code, status, requestId, opleadAnswer: wordsOf(error) || undefined };
      return rowFor(failure, failure.held ? "held" : "failed", guidance(caseOfError(error, step), texts), facts);
    }),
    ...held.map((user) => {
      const { step, code, status, since } = user;
      const { reason, advice } = guidance(caseOf(user), texts);
      const why = { reason: `${reason} ${texts.refusedBefore}`, advice };
      return rowFor(user, "held", why, { step, code, status, since: day(since) });
    }),
    ...invalid.flatMap((record) => {
      const advice = texts.advice.invalid_input;
      return record.issues.map((issue) => {
        return rowFor(record, "invalid", { ...inField(issue, texts), advice }, { code: "invalid_input" });
      });
    }),
    ...duplicates.flatMap(({ accountNumber, records, rows }) => {
      const places = records.map((record, index) => ({ accountNumber, record, row: rows[index] }));
      const why = texts.duplicate(places.map(rowOf).join(", "));
      return places.map((place) => rowFor(place, "duplicate", why));
    }),
    ...skipped.map((skip) => rowFor(skip, "skipped", skipGuidance(skip, texts))),
    ...suspicious.flatMap((record) => {
      const advice = texts.lookAtIt;
      return record.issues.map((issue) => rowFor(record, "suspicious", { ...inField(issue, texts), advice }));
    }),
  ];
  return rows.sort((a, b) => orderOf(a.row) - orderOf(b.row));
}

type Guidance = Pick<RejectedRow, "reason" | "advice"> & Partial<Pick<RejectedRow, "field">>;

function rowFor(
  place: SourcePosition & Pick<RejectedRow, "accountNumber">,
  problem: RejectedRow["problem"],
  { field, reason, advice }: Guidance,
  { step, opleadAnswer, code, status, since, requestId }: Partial<RejectedRow> = {},
): RejectedRow {
  const { accountNumber } = place;
  const found = { problem, step, field, reason, advice, opleadAnswer, code, status, since, requestId };
  return { row: rowOf(place), accountNumber, ...found };
}

function guidance(what: Case, texts: ReportTexts): Guidance {
  return { reason: texts.reasons[what], advice: texts.advice[what] };
}

function skipGuidance({ reason, parent = "" }: SyncSkip, texts: ReportTexts): Guidance {
  return reason === "parent" ? texts.parentMissing(parent) : guidance(`run_${reason}`, texts);
}

function inField(issue: OpleadIssue, texts: ReportTexts): Pick<RejectedRow, "field" | "reason"> {
  const { path } = issue;
  const text = texts.issue(issue);
  return path === "" ? { field: undefined, reason: text } : { field: path, reason: `${path} ${text}` };
}

/** The first row of a spreadsheet is the header, and people count from 1. */
const FIRST_ROW = 2;

function rowOf({ record, row }: SourcePosition): number | string {
  return row ?? record + FIRST_ROW;
}

/** Rows with a name instead of a number keep their order, after the numbered ones. */
function orderOf(row: RejectedRow["row"]): number {
  return typeof row === "number" ? row : Number.MAX_SAFE_INTEGER;
}

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
