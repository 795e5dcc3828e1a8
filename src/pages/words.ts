import type { TextsLike } from "../base/texts/coded.ts";
import { FIELDS, KINDS, PAGE } from "../base/texts/en/pages.ts";
import { FIELDS_FR, KINDS_FR, PAGE_FR } from "../base/texts/fr/pages.ts";
import { allTypeset } from "../base/texts/fr/words.ts";
import { LANGUAGES, type Language } from "../sync/language.ts";
import type { ReportLanguage } from "../sync/types/report.ts";

/** Everything that a page says, in one language. */
export interface Words extends Language {
  readonly language: ReportLanguage;
  readonly page: TextsLike<typeof PAGE>;
  readonly kinds: TextsLike<typeof KINDS>;
  readonly fields: TextsLike<typeof FIELDS>;
}

const WORDS: Readonly<Record<ReportLanguage, Words>> = {
  en: { ...LANGUAGES.en, language: "en", page: PAGE, kinds: KINDS, fields: FIELDS },
  fr: {
    ...LANGUAGES.fr,
    ...{ language: "fr", page: /* @__PURE__ */ allTypeset(PAGE_FR), kinds: KINDS_FR, fields: FIELDS_FR },
  },
};

export function wordsIn(language: ReportLanguage = "en"): Words {
  return WORDS[language];
}

/** A field or a rule as people call it; the name of a custom field. */
export function fieldName({ fields }: Words, name: string): string {
  return Object.hasOwn(fields, name) ? fields[name as keyof typeof fields]({}) : name;
}
