import type { Texts } from "../../../locales/coded.ts";
import { NEAREST_FR, SUGGESTIONS_FR } from "../../../locales/fr/coverage.ts";
import {
  COVERAGE_CHANGES_FR,
  COVERAGE_FINDINGS_FR,
  LEADS_CHECKED_FR,
  POLICIES_FR,
} from "../../../locales/fr/findings.ts";
import { inFrench } from "../../../locales/fr/issues.ts";
import { ADVICE_FR, ALERT_PROBLEMS_FR, REASONS_FR } from "../../../locales/fr/report.ts";
import { GUARD_FR, STOPS_FR, WARNINGS_FR } from "../../../locales/fr/sync.ts";
import { counted, date, duration, listed, number, typeset } from "../../../locales/fr/words.ts";
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
