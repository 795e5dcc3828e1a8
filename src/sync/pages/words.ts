import type { TextsLike } from "../../locales/coded.ts";
import { PAGE, PAGE_LABELS } from "../../locales/en/pages.ts";
import { PAGE_FR, PAGE_LABELS_FR } from "../../locales/fr/pages.ts";
import { LANGUAGES, type Label, type Language } from "../language.ts";
import type { ReportLanguage } from "../types/report.ts";

type PageLabel = Label | keyof typeof PAGE_LABELS;

export interface PageLanguage extends Language {
  readonly language: ReportLanguage;
  readonly page: TextsLike<typeof PAGE>;
  readonly say: (label: PageLabel) => string;
}

const PAGE_LANGUAGES: Readonly<Record<ReportLanguage, PageLanguage>> = {
  en: {
    ...LANGUAGES.en,
    language: "en",
    page: PAGE,
    say: labelOf(LANGUAGES.en, PAGE_LABELS),
  },
  fr: {
    ...LANGUAGES.fr,
    language: "fr",
    page: PAGE_FR,
    say: labelOf(LANGUAGES.fr, PAGE_LABELS_FR),
  },
};

function labelOf({ say }: Language, ofPages: TextsLike<typeof PAGE_LABELS>): PageLanguage["say"] {
  return (label) => (label in ofPages ? ofPages[label as keyof typeof PAGE_LABELS] : say(label as Label));
}

export function pageLanguage(language: ReportLanguage = "en"): PageLanguage {
  return PAGE_LANGUAGES[language];
}
