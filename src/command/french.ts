import { type AnyCoded, namesIn, type Texts, toldBy } from "../locales/coded.ts";
import { ADVICE_FR } from "../locales/fr/advice.ts";
import { COMMAND_FR } from "../locales/fr/command.ts";
import { DOCTOR_ANSWERS_FR, DOCTOR_FIXES_FR } from "../locales/fr/doctor.ts";
import { COVERAGE_CHANGES_FR, COVERAGE_FINDINGS_FR, POLICIES_FR } from "../locales/fr/findings.ts";
import { INCOMPLETE_FR } from "../locales/fr/incomplete.ts";
import { inFrench } from "../locales/fr/issues.ts";
import { NOT_COUNTED_FR } from "../locales/fr/not-counted.ts";
import { ALERT_PROBLEMS_FR, REASONS_FR } from "../locales/fr/report.ts";
import { PROFILE_TYPES_FR } from "../locales/fr/rules.ts";
import { GUARD_FR, STOPS_FR, WARNINGS_FR } from "../locales/fr/sync.ts";
import { date } from "../locales/fr/words.ts";

const TOLD: readonly Texts[] = [
  INCOMPLETE_FR,
  REASONS_FR,
  GUARD_FR,
  WARNINGS_FR,
  STOPS_FR,
  ALERT_PROBLEMS_FR,
  COVERAGE_FINDINGS_FR,
  COVERAGE_CHANGES_FR,
  NOT_COUNTED_FR,
  POLICIES_FR,
];

export type Language = typeof FRENCH;

// This file is loaded only if French is chosen.
export const FRENCH = {
  texts: COMMAND_FR,
  answers: DOCTOR_ANSWERS_FR,
  fixes: DOCTOR_FIXES_FR,
  advice: ADVICE_FR,
  codes: namesIn(PROFILE_TYPES_FR),
  date,
  issue: inFrench,
  // The text of an error depends on its code alone, except for `incomplete`.
  told(given: AnyCoded): string {
    const isKnown = TOLD.some((texts) => Object.hasOwn(texts, given.code));
    return isKnown ? toldBy(TOLD, { parameters: {}, ...given }) : inFrench(given);
  },
};
