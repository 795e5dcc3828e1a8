import type { OpleadIssue } from "../base/issues.ts";
import type { AnyCoded, Texts, TextsLike } from "../locales/coded.ts";
import { ADVICE, COLUMNS, REASONS, REPORT } from "../locales/en/report.ts";
import { OVERVIEW } from "../locales/en/sync.ts";
import { number } from "../locales/en/words.ts";
import { POLICIES_FR } from "../locales/fr/findings.ts";
import { inFrench } from "../locales/fr/issues.ts";
import { ADVICE_FR, COLUMNS_FR, REASONS_FR, REPORT_FR } from "../locales/fr/report.ts";
import { GUARD_FR, OVERVIEW_FR, PHRASES_FR, STOPS_FR, WARNINGS_FR } from "../locales/fr/sync.ts";
import { allTypeset, number as frenchNumber, typeset } from "../locales/fr/words.ts";
import type { ReportLanguage } from "./types/report.ts";

/** A text without parameters. One that has no French does not compile. */
export type Phrase = keyof typeof PHRASES_FR;

/** Everything that plans and reports say to people. */
export interface Language {
  readonly reasons: TextsLike<typeof REASONS>;
  readonly advice: TextsLike<typeof ADVICE>;
  readonly words: TextsLike<typeof REPORT>;
  readonly overview: TextsLike<typeof OVERVIEW>;
  readonly columns: TextsLike<typeof COLUMNS>;
  readonly say: (phrase: Phrase) => string;
  /** Whether it is another one than that of messages. */
  readonly isTranslated: boolean;
  readonly issue: (issue: OpleadIssue) => string;
  /** A finding of the guard, a warning, or why a run stopped. One of a newer version keeps its message. */
  readonly told: (told: AnyCoded) => string;
  /** A word above a list: `Invalid:`. */
  readonly heading: (title: string) => string;
  readonly number: (value: number) => string;
}

const TOLD_FR: Texts = { ...GUARD_FR, ...POLICIES_FR, ...WARNINGS_FR, ...STOPS_FR };

export const LANGUAGES: Readonly<Record<ReportLanguage, Language>> = {
  en: {
    reasons: REASONS,
    advice: ADVICE,
    words: REPORT,
    overview: OVERVIEW,
    columns: COLUMNS,
    say: (phrase) => phrase,
    isTranslated: false,
    issue: ({ message }) => message,
    told: ({ message }) => message,
    heading: (title) => `${title}:`,
    number,
  },
  fr: {
    reasons: /* @__PURE__ */ allTypeset(REASONS_FR),
    advice: /* @__PURE__ */ allTypeset(ADVICE_FR),
    words: /* @__PURE__ */ allTypeset(REPORT_FR),
    overview: /* @__PURE__ */ allTypeset(OVERVIEW_FR),
    columns: COLUMNS_FR,
    say: (phrase) => typeset(PHRASES_FR[phrase]),
    isTranslated: true,
    issue: inFrench,
    told: ({ code, parameters, message }) => {
      const text = Object.hasOwn(TOLD_FR, code) ? TOLD_FR[code] : undefined;
      // The parameters of what is told are those of its code; a saved plan may have none.
      return text === undefined || parameters === undefined ? message : typeset(text(parameters as never));
    },
    heading: (title) => typeset(`${title} :`),
    number: frenchNumber,
  },
};
