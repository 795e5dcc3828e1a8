import { type Texts, type TextsLike, textIn } from "../../coded.ts";
import type { EXPLANATION, RULE_CHANGES, RULE_REASONS } from "../../en/coverage/reasons.ts";
import { RULE_FINDINGS_FR, RULES_FR, ZIP_CODES_FR } from "../rules.ts";
import { VALUES_FR } from "../values.ts";
import { counted, kilometres, listed, number, typeset } from "../words.ts";
import { COVERAGE_OPTIONS_FR } from "./options.ts";

export const RULE_REASONS_FR: TextsLike<typeof RULE_REASONS> = {
  rule_disabled: () => "la plateforme n'a pas activé cette règle",
  not_set: () => "non définie",
  not_set_admits_all: () => "non définie, elle ne restreint donc rien",
  not_set_admits_none: () => "non définie, et une règle non définie n'admet rien",
  list_empty: () => "vide",
  list_empty_admits_all: () => "vide, elle ne restreint donc rien",
  list_empty_admits_none: () => "vide, elle n'admet donc rien",
  rule_not_valid: ({ problem }) => `non valide, elle n'est donc pas envoyée (${problemText(problem)})`,
  other_country: ({ country, covered }) => `cet utilisateur ne couvre rien en ${country}, seulement ${listed(covered)}`,
  whole_country: ({ country }) => `cet utilisateur couvre tout le pays ${country}`,
  no_lead_zip_code: () => "le code postal du lead n'est pas connu",
  zip_code_covered: ({ zipCode }) => `${zipCode} est un code postal que cet utilisateur couvre`,
  county_covered: ({ zipCode, county }) => `${zipCode} est dans ${county}, que cet utilisateur couvre`,
  listed_elsewhere: ({ zipCode, listedUnder, liesIn }) =>
    `${zipCode} est indiqué sous ${listed(listedUnder)}, et se trouve dans ${listed(liesIn)}`,
  no_county_known: ({ zipCode }) => `le département de ${zipCode} n'est pas connu`,
  county_in_part: ({ zipCode, liesIn }) =>
    `${zipCode} se trouve dans ${listed(liesIn)}, et cet utilisateur n'en couvre qu'une partie`,
  county_not_covered: ({ zipCode, nearest }) =>
    `${zipCode} n'est dans aucun département que cet utilisateur couvre${nearestText(nearest)}`,
  zip_code_not_covered: ({ zipCode, nearest }) =>
    `${zipCode} n'est pas un code postal que cet utilisateur couvre${nearestText(nearest)}`,
  no_lead_place: () => "le lieu du lead n'est pas connu",
  no_user_place: () => "le lieu de cet utilisateur n'est pas connu",
  distance: ({ km, giveOrTakeKm, radiusKm }) =>
    `${kilometres(km)} km${giveOrTakeKm === undefined ? "" : ` à ${kilometres(giveOrTakeKm)} près`}, le rayon est de ${kilometres(radiusKm)} km`,
  no_lead_code: ({ field }) => `le champ « ${field} » du lead n'est pas connu`,
  every_code: ({ field }) => `cet utilisateur reçoit toutes les valeurs de « ${field} »`,
  code_taken: ({ code }) => `cet utilisateur reçoit ${code}`,
  code_not_taken: ({ code, taken }) => `cet utilisateur ne reçoit que ${listed(taken)}, pas ${code}`,
  request_type_not_handled: ({ requestType }) => `cet utilisateur ne traite aucun ${requestType}`,
  range_not_handled: ({ range, handled }) => `cet utilisateur ne traite pas ${range}, seulement ${listed(handled)}`,
  range_handled: ({ range }) => `cet utilisateur traite ${range}`,
  no_lead_request_type: ({ range, requestTypes }) =>
    `le type de demande du lead n'est pas connu ; cet utilisateur traite ${range} avec ${listed(requestTypes)}`,
  pair_handled: ({ range, requestType }) => `cet utilisateur traite ${range} avec ${requestType}`,
  pair_not_handled: ({ range, requestType, requestTypes }) =>
    `cet utilisateur ne traite ${range} qu'avec ${listed(requestTypes)}, pas avec ${requestType}`,
};

export const EXPLANATION_FR: TextsLike<typeof EXPLANATION> = {
  lead: ({ lead }) => `Lead : ${lead}`,
  verdicts: ({ eligible, uncertain, others }) =>
    `${counted(eligible, "utilisateur éligible", "utilisateurs éligibles")}, ${counted(uncertain, "incertain")}, ${counted(others, "non éligible", "non éligibles")}.`,
  eligible: () => "Éligibles",
  uncertain: () => "Incertains",
  not_eligible: () => "Non éligibles, les plus proches d'abord",
  more_users: ({ count }) => `et ${counted(count, "autre utilisateur", "autres utilisateurs")}`,
  no_rule: () => "n'a aucune règle, donc rien n'est restreint",
  rule: ({ name, answer }) => `${name} : ${answer}`,
  to_be_eligible: ({ changes, isEnough }) =>
    `Pour être éligible${isEnough ? "" : ", au moins"} : ${changes.join(" ; et ")}`,
  assumptions: ({ names }) => `Hypothèses : ${names.join(", ")}`,
};

export const RULE_CHANGES_FR: TextsLike<typeof RULE_CHANGES> = {
  set_rule: ({ rule }) => `définir la règle « ${rule} »`,
  cover_country: ({ country }) => `couvrir ${country}`,
  cover_zip_code: ({ zipCode, counties }) =>
    `couvrir le code postal ${zipCode}${counties.length > 0 ? ` ou le département ${counties.join(" ou ")}` : ""}`,
  other_radius: () => "un autre rayon",
  larger_radius: ({ km, radiusKm }) => `un rayon de ${number(km)} km au lieu de ${kilometres(radiusKm)}`,
  handle: ({ codes }) => `traiter ${codes.join(" avec ")}`,
  take_code: ({ code }) => `accepter ${code}`,
  // Each is told by its own code, too.
  one_of_changes: ({ changes }) => `soit ${changes.map(changeInFrench).join(", soit ")}`,
};

/** A problem of a rule, in French. */
export function problemText(problem: { readonly path: string; readonly message: string }): string {
  // An issue of a rule. The texts of all other issues would come along with the script of a page.
  const { code, parameters } = { code: "", parameters: {}, ...problem };
  const texts = { ...VALUES_FR, ...COVERAGE_OPTIONS_FR, ...RULES_FR, ...ZIP_CODES_FR, ...RULE_FINDINGS_FR };
  // The parameters of an issue are those of its code.
  return textIn(texts, code)?.(parameters as never) ?? problem.message;
}

export function changeInFrench(change: { readonly message: string }): string {
  return explainedInFrench({ code: "", parameters: {}, ...change });
}

/** Sentences of an explanation about a rule, or about a change of it. */
export function explainedInFrench({
  code,
  parameters,
  message,
}: {
  readonly code: string;
  readonly parameters: object;
  readonly message: string;
}): string {
  const texts: Texts = Object.hasOwn(RULE_REASONS_FR, code) ? RULE_REASONS_FR : RULE_CHANGES_FR;
  const text = Object.hasOwn(texts, code) ? texts[code] : undefined;
  // Parameters are those of the code.
  return text ? typeset(text(parameters as never)) : message;
}

function nearestText(nearest: { readonly zipCode: string; readonly km: number } | undefined): string {
  return nearest
    ? ` ; le code postal couvert le plus proche est ${nearest.zipCode}, à ${kilometres(nearest.km)} km`
    : "";
}
