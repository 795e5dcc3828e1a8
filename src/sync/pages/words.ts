import type { TextsLike } from "../../locales/coded.ts";
import { FIELDS, PAGE } from "../../locales/en/pages.ts";
import { FIELDS_FR, PAGE_FR, PAGE_PHRASES_FR } from "../../locales/fr/pages.ts";
import { PHRASES_FR } from "../../locales/fr/sync.ts";
import { allTypeset, typeset } from "../../locales/fr/words.ts";
import { LANGUAGES, type Language, type Phrase } from "../language.ts";
import type { ReportLanguage } from "../types/report.ts";

type PagePhrase = Phrase | keyof typeof PAGE_PHRASES_FR;

export interface Words extends Language {
  readonly language: ReportLanguage;
  readonly page: TextsLike<typeof PAGE>;
  readonly say: (phrase: PagePhrase) => string;
  readonly fields: TextsLike<typeof FIELDS>;
}

/** Kinds of changes and problems, and outcomes of users. Most are sections of a plan or report as text. */
export const KINDS = {
  leaver_rules: "Rules of leavers",
  moved: "Moved",
  not_moved: "Not moved",
  created: "Created",
  updated: "Updated",
  incomplete: "Not all rules arrived",
  unchanged: "Unchanged",
  stale: "Older than what Oplead has",
  not_selected: "Left out of this run",
  new: "New",
  changed: "Changed",
  retried: "Tried once more",
  held: "Held",
  waiting: "Waiting",
  invalid: "Invalid",
  duplicate: "Several records each",
  twin: "Perhaps known already",
  suspicious: "Suspicious data",
  leaver: "Leavers",
  failed: "Failed",
  skipped: "Skipped",
  unverifiable: "Cannot be verified in test mode",
} as const satisfies Readonly<Record<string, PagePhrase>>;

const WORDS: Readonly<Record<ReportLanguage, () => Words>> = {
  en: () => ({ ...LANGUAGES.en, language: "en", page: PAGE, say: (phrase) => phrase, fields: FIELDS }),
  fr: () => {
    const phrases = { ...PHRASES_FR, ...PAGE_PHRASES_FR };
    const say = (phrase: PagePhrase) => typeset(phrases[phrase]);
    return { ...LANGUAGES.fr, language: "fr", page: allTypeset(PAGE_FR), say, fields: FIELDS_FR };
  },
};

export function wordsIn(language: ReportLanguage = "en"): Words {
  return WORDS[language]();
}

/** A field or a rule as people call it; the name of a custom field. */
export function fieldName({ fields }: Words, name: string): string {
  return Object.hasOwn(fields, name) ? fields[name as keyof typeof fields]({}) : name;
}
