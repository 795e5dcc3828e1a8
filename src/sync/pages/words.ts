import type { TextsLike } from "../../locales/coded.ts";
import { FIELDS, PAGE, PAGE_LABELS } from "../../locales/en/pages.ts";
import { RULE_LABELS } from "../../locales/en/rules.ts";
import { FIELDS_FR, PAGE_FR, PAGE_LABELS_FR } from "../../locales/fr/pages.ts";
import { RULE_LABELS_FR } from "../../locales/fr/rules.ts";
import { LANGUAGES, type Label, type Language } from "../language.ts";
import type { ReportLanguage } from "../types/report.ts";

/** A label of a plan, a report, or one of their pages. */
type PageLabel = Label | keyof typeof PAGE_LABELS;

export interface Words extends Language {
  readonly language: ReportLanguage;
  readonly page: TextsLike<typeof PAGE>;
  readonly say: (label: PageLabel) => string;
  readonly fields: TextsLike<typeof FIELDS>;
  readonly rules: TextsLike<typeof RULE_LABELS>;
}

const WORDS: Readonly<Record<ReportLanguage, Words>> = {
  en: {
    ...LANGUAGES.en,
    language: "en",
    page: PAGE,
    say: labelOf(LANGUAGES.en, PAGE_LABELS),
    fields: FIELDS,
    rules: RULE_LABELS,
  },
  fr: {
    ...LANGUAGES.fr,
    language: "fr",
    page: PAGE_FR,
    say: labelOf(LANGUAGES.fr, PAGE_LABELS_FR),
    fields: FIELDS_FR,
    rules: RULE_LABELS_FR,
  },
};

function labelOf({ say }: Language, ofPages: TextsLike<typeof PAGE_LABELS>): Words["say"] {
  return (label) => (label in ofPages ? ofPages[label as keyof typeof PAGE_LABELS]() : say(label as Label));
}

export function wordsIn(language: ReportLanguage = "en"): Words {
  return WORDS[language];
}

/** A field or a rule as people call it; the name of a custom field. */
export function fieldName({ fields, rules }: Words, name: string): string {
  if (Object.hasOwn(rules, name)) return rules[name as keyof typeof rules]();
  return Object.hasOwn(fields, name) ? fields[name as keyof typeof fields]() : name;
}
