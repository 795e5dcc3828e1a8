import { inFrench } from "../../base/french.ts";
import type { OpleadIssue } from "../../base/issues.ts";
import type { TextsLike } from "../../base/texts/coded.ts";
import { ADVICE, COLUMNS, REASONS, REPORT } from "../../base/texts/en/report.ts";
import { ADVICE_FR, COLUMNS_FR, REASONS_FR, REPORT_FR } from "../../base/texts/fr/report.ts";
import type { ReportLanguage } from "../types/report.ts";

/** Everything that the report says to the people who maintain the data. */
export interface Language {
  readonly reasons: TextsLike<typeof REASONS>;
  readonly advice: TextsLike<typeof ADVICE>;
  readonly words: TextsLike<typeof REPORT>;
  readonly columns: TextsLike<typeof COLUMNS>;
  readonly issue: (issue: OpleadIssue) => string;
}

export const LANGUAGES: Readonly<Record<ReportLanguage, Language>> = {
  en: { reasons: REASONS, advice: ADVICE, words: REPORT, columns: COLUMNS, issue: ({ message }) => message },
  fr: { reasons: REASONS_FR, advice: ADVICE_FR, words: REPORT_FR, columns: COLUMNS_FR, issue: inFrench },
};
