import { csvLine, safeCell } from "../../base/csv.ts";
import type { OpleadIssue } from "../../base/issues.ts";
import { boolean, oneOf, options, optionsCheck, type Schema } from "../../base/validation/validate.ts";
import { type Case, caseOf, caseOfAdvice } from "../advice.ts";
import { LANGUAGES } from "../language.ts";
import { openLeavers } from "../leavers/leaver.ts";
import { asMarkdown, asText, type Overview } from "../overview/overview.ts";
import { recordFindings } from "../record-findings.ts";
import { twinCase } from "../twin-case.ts";
import type { PlanFacts } from "../types/plan.ts";
import type { SourcePosition } from "../types/records.ts";
import type {
  LanguageOptions,
  ProblemCsvOptions,
  ProblemRow,
  ReportFacts,
  ReportLanguage,
  SavedReport,
  SyncFailure,
} from "../types/report.ts";
import { byRoot, isLeftOut, isWaiting, rootName, waitedFor } from "../waiting.ts";
import { wordsOf } from "./oplead-words.ts";

/** The users and records of a report that are problems. */
export type Unsent = Pick<
  ReportFacts,
  "failures" | "held" | "invalid" | "duplicates" | "twins" | "skipped" | "suspicious" | "missing" | "columns"
>;

/** The problems of a plan, of which nothing was sent. */
export function unsentOf(plan: PlanFacts): Unsent {
  const skipped = plan.waiting.map((user) => ({ ...user, reason: "parent" as const }));
  return { ...plan, failures: [], skipped };
}

/** The rows of failures, also of those that were saved, which have no error. */
export function failureRows(
  failures: readonly (SavedReport["failures"][number] & Partial<Pick<SyncFailure, "error">>)[],
  language: ReportLanguage,
): ProblemRow[] {
  const { reasons, advice } = LANGUAGES[language];
  return failures.map((failure) => {
    const { step, status, requestId, error } = failure;
    const code = caseOfAdvice(failure.advice);
    const facts = { step, status, requestId, opleadAnswer: (error && wordsOf(error)) || undefined };
    const guidance = { code, reason: reasons[code](), advice: advice[code]() };
    return rowFor(failure, failure.held ? "held" : "failed", guidance, facts);
  });
}

/** Every problem of a run, one row each, in the order of the source where it is known. */
export function problemRows(report: Unsent, language: ReportLanguage): ProblemRow[] {
  const { failures, held, invalid, duplicates, twins, skipped, suspicious, missing, columns = {} } = report;
  const { reasons, advice, words } = LANGUAGES[language];
  const about = (code: Case): Guidance => ({ code, reason: reasons[code](), advice: advice[code]() });
  const findingsOf = ({ issues }: { readonly issues: readonly OpleadIssue[] }) =>
    recordFindings(issues, LANGUAGES[language], columns);
  const rows = [
    ...failureRows(failures, language),
    ...held
      .filter((user) => !isWaiting(user))
      .map((user) => {
        const { step, status, since } = user;
        const what = about(caseOf(user));
        const reason = `${what.reason} ${words.refused_before()}`;
        return rowFor(user, "held", { ...what, reason }, { step, status, since });
      }),
    ...invalid.flatMap((record) => {
      return findingsOf(record).map((what) => {
        const reason = what.reason + wordsOfMap(what, record.error);
        return rowFor(record, "invalid", { ...what, reason, advice: advice.invalid_input() });
      });
    }),
    ...duplicates.flatMap(({ accountNumber, records, rows }) => {
      const places = records.map((record, index) => ({ accountNumber, record, row: rows[index] }));
      const reason = reasons.duplicate({ rows: places.map(rowOf) });
      return places.map((place) => {
        return rowFor(place, "duplicate", { code: "duplicate", reason, advice: advice.duplicate() });
      });
    }),
    ...twins.map((twin) => rowFor(twin, "twin", twinCase(twin, LANGUAGES[language]))),
    ...skipped.filter(isLeftOut).map((skip) => rowFor(skip, "skipped", about(`run_${skip.reason}`))),
    ...byRoot([...skipped, ...held].filter(isWaiting)).map((waiting) => {
      const { root } = waiting;
      const reason = reasons.parent_missing({ root: rootName(root, LANGUAGES[language]), ...waitedFor(waiting) });
      return rowFor(root, "skipped", { code: "parent_missing", reason, advice: advice.parent_missing() });
    }),
    ...suspicious.flatMap((record) => {
      const { since = undefined } = record;
      return findingsOf(record).map((what) => {
        const reason = since ? `${what.reason}. ${words.sent_before()}` : what.reason;
        return rowFor(record, "suspicious", { ...what, reason, advice: advice.suspicious() }, { since });
      });
    }),
    ...openLeavers(missing).map(({ accountNumber, state, missingSince: since }) => {
      // A leaver that was ticked off is not open.
      const code = `leaver_${state as Exclude<typeof state, "done">}` as const;
      return rowFor({ record: -1, row: undefined, accountNumber }, "leaver", about(code), { since });
    }),
  ];
  return rows.sort(byRow);
}

/** The order of the source, where it is known. */
function byRow(a: ProblemRow, b: ProblemRow): number {
  return orderOf(a.row) - orderOf(b.row);
}

/** The message of an error in `map`, which only the people who maintain the data may see. */
function wordsOfMap({ code }: Pick<OpleadIssue, "code">, error: unknown): string {
  return code === "map_failed" && error instanceof Error && error.message !== "" ? `: ${error.message}` : "";
}

type Guidance = Pick<ProblemRow, "code" | "reason" | "advice"> & Partial<Pick<ProblemRow, "field" | "column">>;

function rowFor(
  place: SourcePosition & Pick<ProblemRow, "accountNumber">,
  problem: ProblemRow["problem"],
  { code, field, column, reason, advice }: Guidance,
  { step, opleadAnswer, status, since, requestId }: Partial<ProblemRow> = {},
): ProblemRow {
  const { accountNumber } = place;
  const found = { problem, step, field, column, reason, advice, opleadAnswer, code, status, since, requestId };
  return { row: rowOf(place), accountNumber, ...found };
}

/** The first row of a spreadsheet is the header, and people count from 1. */
const FIRST_ROW = 2;

function rowOf({ record, row }: SourcePosition): number | string {
  return row ?? (record < 0 ? "" : record + FIRST_ROW);
}

/** Rows with a name instead of a number keep their order, after the numbered ones. */
function orderOf(row: ProblemRow["row"]): number {
  return typeof row === "number" ? row : Number.MAX_SAFE_INTEGER;
}

/** The cells of a CSV, by column. */
type Cells = Partial<Record<keyof ProblemRow, string | number | undefined>>;

/** The problems of a run as rows of a CSV. */
export function problemCells(report: Unsent, language: ReportLanguage): Cells[] {
  const { words } = LANGUAGES[language];
  return problemRows(report, language).map((row) => {
    const { problem, step, field, column, since } = row;
    const stepName = step && (step === "user" ? words.user() : words.rule({ name: step }));
    return { ...row, field: column ?? field, problem: words[problem](), step: stepName, since: since?.slice(0, 10) };
  });
}

/** Rows as CSV, as RFC 4180 describes it. */
function csvOf(rows: readonly Cells[], given: ProblemCsvOptions): string {
  const { language = "en" } = given;
  const { delimiter = language === "fr" ? ";" : ",", bom = language === "fr" } = given;
  const { columns } = LANGUAGES[language];
  const names = Object.keys(columns) as (keyof typeof columns)[];
  const cells = rows.map((row) => names.map((name) => row[name]));
  const lines = [names.map((name) => columns[name]()), ...cells].map((row) => {
    return `${csvLine(
      row.map((cell) => safeCell(cell ?? "")),
      delimiter,
    )}\r\n`;
  });
  return (bom ? "\uFEFF" : "") + lines.join("");
}

export const language: Schema = oneOf("en", "fr");

/** What a plan and a report have as CSV. */
export function problemCsvOf(cellsIn: (language: ReportLanguage) => readonly Cells[]) {
  return {
    problemCsv: (options: ProblemCsvOptions = {}) => {
      checkCsvOptions(options);
      return csvOf(cellsIn(options.language ?? "en"), options);
    },
  };
}

/** The forms of a report that people read. */
export function formsOf(
  overviewIn: (options: LanguageOptions) => Overview,
  cellsIn: (language: ReportLanguage) => readonly Cells[],
) {
  const checked = (options: LanguageOptions, check: (options: LanguageOptions) => void): Overview => {
    check(options);
    return overviewIn(options);
  };
  return {
    ...problemCsvOf(cellsIn),
    toString: (options: LanguageOptions = {}) => asText(checked(options, checkToString)),
    toMarkdown: (options: LanguageOptions = {}) => asMarkdown(checked(options, checkToMarkdown)),
  };
}

const checkToString = /* @__PURE__ */ optionsCheck<LanguageOptions>("toString", () => options({ language }));

const checkToMarkdown = /* @__PURE__ */ optionsCheck<LanguageOptions>("toMarkdown", () => options({ language }));

export const checkLinesOptions = /* @__PURE__ */ optionsCheck<LanguageOptions>("reportLines", () =>
  options({ language }),
);

export const checkRowsOptions = /* @__PURE__ */ optionsCheck<LanguageOptions>("problemRows", () =>
  options({ language }),
);

const checkCsvOptions = /* @__PURE__ */ optionsCheck<ProblemCsvOptions>("problemCsv", () =>
  options({ language, delimiter: oneOf(",", ";", "\t"), bom: boolean() }),
);
