import type { TextsLike } from "../base/texts/coded.ts";
import { FIELDS, KINDS, PAGE } from "../base/texts/en/pages.ts";
import { FIELDS_FR, KINDS_FR, PAGE_FR } from "../base/texts/fr/pages.ts";
import { allTypeset } from "../base/texts/fr/words.ts";
import { LANGUAGES, type Language } from "../sync/language.ts";
import type { ReportLanguage } from "../sync/types/report.ts";

export interface Words extends Language {
  readonly language: ReportLanguage;
  readonly page: TextsLike<typeof PAGE>;
  readonly kinds: ReturnType<typeof kindsOf>;
  readonly fields: TextsLike<typeof FIELDS>;
}

/** Kinds, most of which are sections of a plan or report as text. */
function kindsOf(kinds: TextsLike<typeof KINDS>, { overview }: Language) {
  return {
    ...kinds,
    new: overview.section_new,
    changed: overview.section_changed,
    held: overview.section_held,
    waiting: overview.section_waiting,
    invalid: overview.section_invalid,
    duplicate: overview.section_duplicates,
    suspicious: overview.section_suspicious,
    leaver: overview.section_leavers,
    failed: overview.section_failed,
    skipped: overview.section_skipped,
    unverifiable: overview.section_unverifiable,
  };
}

const WORDS: Readonly<Record<ReportLanguage, () => Words>> = {
  en: () => ({ ...LANGUAGES.en, language: "en", page: PAGE, kinds: kindsOf(KINDS, LANGUAGES.en), fields: FIELDS }),
  fr: () => ({
    ...LANGUAGES.fr,
    language: "fr",
    page: allTypeset(PAGE_FR),
    kinds: kindsOf(KINDS_FR, LANGUAGES.fr),
    fields: FIELDS_FR,
  }),
};

export function wordsIn(language: ReportLanguage = "en"): Words {
  return WORDS[language]();
}

/** A field or a rule as people call it; the name of a custom field. */
export function fieldName({ fields }: Words, name: string): string {
  return Object.hasOwn(fields, name) ? fields[name as keyof typeof fields]({}) : name;
}
