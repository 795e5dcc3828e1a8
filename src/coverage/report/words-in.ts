import { COVERAGE_FINDINGS } from "../../base/texts/en/coverage/findings.ts";
import { RULE_CHANGES } from "../../base/texts/en/coverage/reasons.ts";
import { NEAREST, SUGGESTIONS } from "../../base/texts/en/coverage/suggestions.ts";
import { COVERAGE_FINDINGS_FR } from "../../base/texts/fr/coverage/findings.ts";
import { COVERAGE_PAGE_FR } from "../../base/texts/fr/coverage/page.ts";
import { RULE_CHANGES_FR } from "../../base/texts/fr/coverage/reasons.ts";
import { NEAREST_FR, SUGGESTIONS_FR } from "../../base/texts/fr/coverage/suggestions.ts";
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
