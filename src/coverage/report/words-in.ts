import { COVERAGE_FINDINGS, DRIFT } from "../../base/texts/en/coverage/findings.ts";
import { FAIRNESS, LOAD_FINDINGS, SUGGESTIONS } from "../../base/texts/en/coverage/load.ts";
import { COVERAGE_FINDINGS_FR, DRIFT_FR } from "../../base/texts/fr/coverage/findings.ts";
import { FAIRNESS_FR, LOAD_FINDINGS_FR, SUGGESTIONS_FR } from "../../base/texts/fr/coverage/load.ts";
import { COVERAGE_PAGE_FR } from "../../base/texts/fr/coverage/page.ts";
import { type Names, type PageLanguage, Words } from "./words.ts";

/** The words of a page. Its script makes its own, from the phrases of the page and the texts of explanations. */
export function wordsIn(language: PageLanguage, names: Names): Words {
  return language === "fr"
    ? new Words(
        COVERAGE_PAGE_FR,
        { ...COVERAGE_FINDINGS_FR, ...DRIFT_FR, ...LOAD_FINDINGS_FR, ...FAIRNESS_FR, ...SUGGESTIONS_FR },
        names,
      )
    : new Words(undefined, { ...COVERAGE_FINDINGS, ...DRIFT, ...LOAD_FINDINGS, ...FAIRNESS, ...SUGGESTIONS }, names);
}
