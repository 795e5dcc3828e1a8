import { type AnyCoded, toldBy } from "../locales/coded.ts";
import { ADVICE_FR } from "../locales/fr/advice.ts";
import { COMMAND_FR } from "../locales/fr/command.ts";
import { DOCTOR_ANSWERS_FR, DOCTOR_FIXES_FR } from "../locales/fr/doctor.ts";
import { inFrench } from "../locales/fr/issues.ts";
import { ALERTS_FR } from "../locales/fr/report.ts";
import { PROFILE_TYPES_FR } from "../locales/fr/rules.ts";
import { toldInFrench } from "../locales/fr/told.ts";
import { date } from "../locales/fr/words.ts";

export type Language = typeof FRENCH;

// This file is loaded only if French is chosen.
export const FRENCH = {
  texts: COMMAND_FR,
  answers: DOCTOR_ANSWERS_FR,
  fixes: DOCTOR_FIXES_FR,
  advice: ADVICE_FR,
  codes: PROFILE_TYPES_FR,
  date,
  issue: inFrench,
  told: (given: AnyCoded): string => {
    const said = toldInFrench(given);
    return said === given.message ? toldBy([ALERTS_FR], given) : said;
  },
};
