import type { Texts } from "../../../base/texts/coded.ts";
import { ALERT_PROBLEMS_FR } from "../../../base/texts/fr/alerts.ts";
import { COVERAGE_CHANGES_FR, COVERAGE_FINDINGS_FR } from "../../../base/texts/fr/coverage/findings.ts";
import { LEADS_CHECKED_FR } from "../../../base/texts/fr/coverage/leads.ts";
import { POLICIES_FR } from "../../../base/texts/fr/coverage/policies.ts";
import { NEAREST_FR, SUGGESTIONS_FR } from "../../../base/texts/fr/coverage/suggestions.ts";
import { GUARD_FR, STOPS_FR, WARNINGS_FR } from "../../../base/texts/fr/sync/plan.ts";
import { ADVICE_FR, REASONS_FR } from "../../../base/texts/fr/sync/report.ts";
import { counted, date, duration, listed, number, typeset } from "../../../base/texts/fr/words.ts";
import { inFrench } from "../../../base/wording/french.ts";
import type { CommandTexts } from "../command-texts.ts";
import { COMMANDER } from "./commander.ts";
import { ANSWERS_FR, FIXES_FR } from "./doctor.ts";
import { NOUNS, TEXTS } from "./texts.ts";

const TOLD: Texts = {
  ...REASONS_FR,
  ...GUARD_FR,
  ...WARNINGS_FR,
  ...STOPS_FR,
  ...ALERT_PROBLEMS_FR,
  ...COVERAGE_FINDINGS_FR,
  ...COVERAGE_CHANGES_FR,
  ...POLICIES_FR,
  ...LEADS_CHECKED_FR,
  ...NEAREST_FR,
  ...SUGGESTIONS_FR,
};

/** The command in French. Loaded when it is chosen. */
export const FRENCH: CommandTexts = {
  texts: TEXTS,
  commander: Object.keys(COMMANDER) as (keyof typeof COMMANDER)[],
  counted: (amount, noun) => {
    const [one = "", many] = NOUNS[noun].split("|");
    return counted(amount, one, many);
  },
  answers: ANSWERS_FR,
  fixes: FIXES_FR,
  advice: ADVICE_FR,
  listed,
  number,
  duration,
  date,
  typeset,
  issue: inFrench,
  told: (given) => {
    const { code, parameters = {}, message } = given;
    const text = Object.hasOwn(TOLD, code) ? TOLD[code] : undefined;
    // The parameters are those of the code; what is no error of the package is an issue, or has its own words.
    return text ? typeset(text(parameters as never)) : inFrench({ path: "", code, parameters, message } as never);
  },
};
