import { NEAREST, RULE_CHANGES, SUGGESTIONS } from "../../locales/en/coverage.ts";
import { COVERAGE_FINDINGS } from "../../locales/en/findings.ts";
import { NEAREST_FR, RULE_CHANGES_FR, SUGGESTIONS_FR } from "../../locales/fr/coverage.ts";
import { COVERAGE_FINDINGS_FR } from "../../locales/fr/findings.ts";
import { COVERAGE_PAGE_FR } from "../../locales/fr/pages.ts";
import { type Names, type PageLanguage, Words } from "./words.ts";

/** The words of a page. Its script makes its own, from the phrases of the page and the texts of explanations. */
export function wordsIn(language: PageLanguage, names: Names): Words {
  return language === "fr"
    ? new Words(
        COVERAGE_PAGE_FR,
        { ...COVERAGE_FINDINGS_FR, ...SUGGESTIONS_FR, ...NEAREST_FR, ...RULE_CHANGES_FR },
        names,
      )
    : new Words(undefined, { ...COVERAGE_FINDINGS, ...SUGGESTIONS, ...NEAREST, ...RULE_CHANGES }, names);
}
