import type { OpleadIssue } from "oplead-sdk";
import type { AnyCoded, Texts } from "../../locales/coded.ts";
import { COMMAND_FR } from "../../locales/fr/command.ts";
import { NEAREST_FR, SUGGESTIONS_FR } from "../../locales/fr/coverage.ts";
import { DOCTOR_ANSWERS_FR, DOCTOR_FIXES_FR } from "../../locales/fr/doctor.ts";
import { COVERAGE_CHANGES_FR, COVERAGE_FINDINGS_FR, LEADS_CHECKED_FR, POLICIES_FR } from "../../locales/fr/findings.ts";
import { inFrench } from "../../locales/fr/issues.ts";
import { ADVICE_FR, ALERT_PROBLEMS_FR, REASONS_FR } from "../../locales/fr/report.ts";
import { GUARD_FR, STOPS_FR, WARNINGS_FR } from "../../locales/fr/sync.ts";
import { date, typeset } from "../../locales/fr/words.ts";

/** Texts of the package that the command tells. */
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

export type Language = typeof FRENCH;

/** The command in French. Loaded when it is chosen. English is where nothing is chosen. */
export const FRENCH = {
  texts: COMMAND_FR,
  answers: DOCTOR_ANSWERS_FR,
  fixes: DOCTOR_FIXES_FR,
  advice: ADVICE_FR,
  date,
  typeset,
  issue: inFrench as (issue: OpleadIssue) => string,
  /** Texts of the package's errors, findings and warnings, by code. */
  told({ code, parameters = {}, message }: AnyCoded): string {
    const text = Object.hasOwn(TOLD, code) ? TOLD[code] : undefined;
    // The parameters are those of the code; what is no error of the package is an issue, or has its own words.
    return text ? typeset(text(parameters as never)) : inFrench({ path: "", code, parameters, message } as never);
  },
};
