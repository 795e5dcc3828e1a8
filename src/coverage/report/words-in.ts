import type { Texts } from "../../locales/coded.ts";
import { NEAREST, RULE_CHANGES, SUGGESTIONS } from "../../locales/en/coverage.ts";
import { COVERAGE_PAGE, COVERAGE_SCRIPT } from "../../locales/en/coverage-page.ts";
import { COVERAGE_FINDINGS } from "../../locales/en/findings.ts";
import { LEAD_LABELS, RULE_LABELS } from "../../locales/en/rules.ts";
import { NEAREST_FR, RULE_CHANGES_FR, SUGGESTIONS_FR } from "../../locales/fr/coverage.ts";
import { COVERAGE_PAGE_FR, COVERAGE_SCRIPT_FR } from "../../locales/fr/coverage-page.ts";
import { COVERAGE_FINDINGS_FR } from "../../locales/fr/findings.ts";
import { LEAD_LABELS_FR, RULE_LABELS_FR } from "../../locales/fr/rules.ts";
import { CoverageWords, type Names, type PageLanguage, type PageTexts } from "./words.ts";

const TOLD: Readonly<Record<PageLanguage, readonly Texts[]>> = {
  en: [COVERAGE_FINDINGS, SUGGESTIONS, NEAREST, RULE_CHANGES],
  fr: [COVERAGE_FINDINGS_FR, SUGGESTIONS_FR, NEAREST_FR, RULE_CHANGES_FR],
};

/** The words of a page. Its script makes its own, from its texts and those of explanations. */
export function wordsIn(language: PageLanguage, names: Names): CoverageWords<PageTexts> {
  const said =
    language === "fr"
      ? { ...COVERAGE_SCRIPT_FR, ...COVERAGE_PAGE_FR, ...LEAD_LABELS_FR, ...RULE_LABELS_FR }
      : { ...COVERAGE_SCRIPT, ...COVERAGE_PAGE, ...LEAD_LABELS, ...RULE_LABELS };
  return new CoverageWords<PageTexts>(language, said, TOLD[language], names);
}
