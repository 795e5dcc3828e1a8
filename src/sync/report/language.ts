import { inFrench } from "../../base/french.ts";
import type { OpleadIssue } from "../../base/issues.ts";
import type { TextsLike } from "../../base/texts/coded.ts";
import { ADVICE, COLUMNS, REASONS, REPORT } from "../../base/texts/en/report.ts";
import { GUARD } from "../../base/texts/en/sync.ts";
import { ADVICE_FR, COLUMNS_FR, REASONS_FR, REPORT_FR } from "../../base/texts/fr/report.ts";
import { GUARD_FR } from "../../base/texts/fr/sync.ts";
import type { ReportLanguage } from "../types/report.ts";

/** Everything that the report says to the people who maintain the data. */
export interface Language {
  readonly reasons: TextsLike<typeof REASONS>;
  readonly advice: TextsLike<typeof ADVICE>;
  readonly words: TextsLike<typeof REPORT>;
  readonly guard: TextsLike<typeof GUARD>;
  /** Whether it is another one than that of messages. */
  readonly isTranslated: boolean;
  readonly columns: TextsLike<typeof COLUMNS>;
  readonly issue: (issue: OpleadIssue) => string;
}

export const LANGUAGES: Readonly<Record<ReportLanguage, Language>> = {
  en: {
    reasons: REASONS,
    advice: ADVICE,
    words: REPORT,
    guard: GUARD,
    isTranslated: false,
    columns: COLUMNS,
    issue: ({ message }) => message,
  },
  fr: {
    reasons: REASONS_FR,
    advice: ADVICE_FR,
    words: REPORT_FR,
    guard: GUARD_FR,
    isTranslated: true,
    columns: COLUMNS_FR,
    issue: inFrench,
  },
};
