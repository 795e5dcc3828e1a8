import { isObject } from "../../core/values.ts";
import { type AnyCoded, type TextsLike, toldBy } from "../../locales/coded.ts";
import { PAGE, PAGE_LABELS } from "../../locales/en/pages.ts";
import { GUARD, WARNINGS } from "../../locales/en/sync.ts";
import { PAGE_FR, PAGE_LABELS_FR } from "../../locales/fr/pages.ts";
import { fieldName, LANGUAGES, type Label, type Language } from "../language.ts";
import type { ReportLanguage } from "../types/report.ts";

/** A label of a plan, of a report or of their pages. */
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
    told: (one) => toldBy([GUARD, WARNINGS], withNames(one, LANGUAGES.en)),
  },
  fr: {
    ...LANGUAGES.fr,
    language: "fr",
    page: PAGE_FR,
    say: labelOf(LANGUAGES.fr, PAGE_LABELS_FR),
    told: (one) => LANGUAGES.fr.told(withNames(one, LANGUAGES.fr)),
  },
};

function labelOf({ say }: Language, ofPages: TextsLike<typeof PAGE_LABELS>): PageLanguage["say"] {
  return (label) => (label in ofPages ? ofPages[label as keyof typeof PAGE_LABELS]() : say(label as Label));
}

export function pageLanguage(language: ReportLanguage = "en"): PageLanguage {
  return PAGE_LANGUAGES[language];
}

/** The parameters of texts that name fields: `address.zipCode`, or `address.zipCode 12` with an amount. */
const NAMING_FIELDS: ReadonlySet<string> = new Set(["field", "fields", "paths"]);

/** The same finding or warning, with the names of fields in the language of the page. */
function withNames(one: AnyCoded, language: Language): AnyCoded {
  if (!isObject(one.parameters)) return one;
  const named = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(named);
    return typeof value === "string" ? value.replace(/^[^ ]+/, (path) => fieldName(language, path)) : value;
  };
  const parameters = Object.entries(one.parameters).map(([key, value]) => {
    return [key, NAMING_FIELDS.has(key) ? named(value) : value];
  });
  return { ...one, parameters: Object.fromEntries(parameters) };
}
