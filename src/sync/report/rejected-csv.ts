import { boolean, issueFinder, oneOf, options, requireNoIssues } from "../../validation/validate.ts";
import type { RejectedCsvOptions, RejectedRow, RejectedRowsOptions, ReportFacts, ReportLanguage } from "../report.ts";
import { toCsv } from "./csv.ts";
import type { Wording } from "./language.ts";
import { rejectedRows, stepName } from "./rejected-rows.ts";

const PROBLEMS: Readonly<Record<RejectedRow["problem"], Wording>> = {
  failed: { en: "failed", fr: "échec" },
  held: { en: "refused", fr: "refusé" },
  invalid: { en: "invalid", fr: "invalide" },
  duplicate: { en: "duplicate", fr: "doublon" },
  skipped: { en: "skipped", fr: "non envoyé" },
  suspicious: { en: "suspicious", fr: "à vérifier" },
};

/** The columns, in their order. */
const COLUMNS: readonly [
  title: Wording,
  cell: (row: RejectedRow, language: ReportLanguage) => string | number | undefined,
][] = [
  [{ en: "row", fr: "ligne" }, ({ row }) => row],
  [{ en: "account number", fr: "numéro de compte" }, ({ accountNumber }) => accountNumber],
  [{ en: "problem", fr: "problème" }, ({ problem }, language) => PROBLEMS[problem][language]],
  [{ en: "step", fr: "étape" }, ({ step }, language) => step && stepName(step, language)],
  [{ en: "field", fr: "champ" }, ({ field }) => field],
  [{ en: "reason", fr: "motif" }, ({ reason }) => reason],
  [{ en: "advice", fr: "conseil" }, ({ advice }) => advice],
  [{ en: "Oplead's answer", fr: "réponse d'Oplead" }, ({ opleadAnswer }) => opleadAnswer],
  [{ en: "code", fr: "code" }, ({ code }) => code],
  [{ en: "HTTP status", fr: "statut HTTP" }, ({ status }) => status],
  [{ en: "since", fr: "depuis" }, ({ since }) => since],
  [{ en: "request id", fr: "identifiant de requête" }, ({ requestId }) => requestId],
];

/** The problems of a run as CSV. */
export function rejectedCsv(report: ReportFacts, given: RejectedCsvOptions): string {
  const { language = "en" } = given;
  const { delimiter = language === "fr" ? ";" : ",", bom = language === "fr" } = given;
  const rows = rejectedRows(report, language).map((row) => COLUMNS.map(([, cell]) => cell(row, language)));
  return toCsv([COLUMNS.map(([title]) => title[language]), ...rows], { delimiter, bom });
}

const language = oneOf("en", "fr");
const findRowsIssues = issueFinder(() => options({ language }));
const findCsvIssues = issueFinder(() => options({ language, delimiter: oneOf(",", ";", "\t"), bom: boolean() }));

/** @throws {@link OpleadError} `invalid_options`. */
export function checkRowsOptions(given: RejectedRowsOptions): void {
  requireNoIssues("rejectedRows: wrong options", findRowsIssues(given));
}

/** @throws {@link OpleadError} `invalid_options`. */
export function checkCsvOptions(given: RejectedCsvOptions): void {
  requireNoIssues("rejectedCsv: wrong options", findCsvIssues(given));
}
