import { type TextsLike, toldBy } from "../coded.ts";
import { countryInFrench } from "../countries.ts";
import type { COVERAGE_OPTIONS, EXPLANATION, RULE_CHANGES, RULE_REASONS } from "../en/coverage.ts";
import { BUILDERS_FR, RULE_FINDINGS_FR, RULES_FR, VALUES_FR } from "./core.ts";
import { assumptionName, leadName, ruleName } from "./rules.ts";
import { counted, french, kilometres, listed, number, radius } from "./words.ts";

export const COVERAGE_OPTIONS_FR: TextsLike<typeof COVERAGE_OPTIONS> = /* @__PURE__ */ french({
  not_rule_names: ({ known }) => `doit être une liste de règles : ${known.join(", ")}`,
  not_distance_from: 'doit être "address" ou une fonction',
  not_above_zero: "doit être un nombre supérieur à 0",
  not_codes: "doit être une liste de codes",
  not_countries: "doit être une liste de ce que getCountry a renvoyé",
  not_country_details: "doit être ce que getCountry a renvoyé, avec ses départements",
  not_located: "doit renvoyer un lieu ou undefined, de façon synchrone",
  not_universe: 'doit être un objet avec les pays des leads : { countries: [await oplead.getCountry("FR")] }',
  too_many_kinds: ({ kinds, most }) =>
    `compte ${number(kinds)} sortes de leads, le produit de ses listes de codes ; au plus ${number(most)}. Donnez les codes utilisés. Avec l’hypothèse codesLeftOut : "not_distinguished", les leads ne se distinguent pas par une liste qui manque`,
  not_code_of_lead: "doit être un texte, ou absent",
  not_coordinates: "doit être [latitude, longitude] en degrés, en nombres",
  names_user: "est obligatoire : les résultats désignent les utilisateurs par ce numéro",
  not_receives: "est un utilisateur pour lequel `receives` ne renvoie ni true ni false",
  not_labels: 'doit être des noms par code : { RNG_CARS: "Voitures" }',
  names_two_users: "est aussi le numéro de compte d’un autre utilisateur",
  not_kept: "n’est pas connu : le registre ne garde pas ce qu’Oplead a accepté",
  not_policy_context: "exige ce qui est donné à une règle de couverture",
  not_in_universe: "n’est pas dans l’univers : aucun lead ne peut l’avoir",
  no_limit: "exige postcodes ou inhabitants",
  not_area: 'doit être un objet avec un pays : { country: "FR", counties: ["29"] }',
  not_coverage_result: "exige ce que coverage a renvoyé, et non une copie",
});

export const RULE_REASONS_FR: TextsLike<typeof RULE_REASONS> = /* @__PURE__ */ french({
  rule_disabled: "la plateforme n’a pas activé cette règle",
  not_set_admits_all: "non définie, elle ne restreint donc rien",
  not_set_admits_none: "non définie, et une règle non définie n’admet rien",
  list_empty_admits_all: "vide, elle ne restreint donc rien",
  list_empty_admits_none: "vide, elle n’admet donc rien",
  rule_not_valid: ({ problem }) => `non valide, elle n’est donc pas envoyée (${problemText(problem)})`,
  other_country: ({ country, covered }) =>
    `cet utilisateur ne couvre rien dans ce pays (${countryInFrench(country)}), seulement ${listed(covered.map(countryInFrench))}`,
  whole_country: ({ country }) => `cet utilisateur couvre ce pays en entier (${countryInFrench(country)})`,
  part_covers_nothing: ({ part }) => `${part} est nommé sans ses parties, ce qui est supposé ne rien couvrir`,
  no_lead_zip_code: "le code postal du lead n’est pas connu",
  zip_code_covered: ({ zipCode }) => `${zipCode} est un code postal que cet utilisateur couvre`,
  county_covered: ({ zipCode, county }) => `${zipCode} est dans ${county}, que cet utilisateur couvre`,
  listed_elsewhere: ({ zipCode, listedUnder, liesIn }) =>
    `${zipCode} est indiqué sous ${listed(listedUnder)}, et se trouve dans ${listed(liesIn)}`,
  no_county_known: ({ zipCode }) => `le département de ${zipCode} n’est pas connu`,
  county_in_part: ({ zipCode, liesIn }) =>
    `${zipCode} se trouve dans ${listed(liesIn)}, et cet utilisateur n’en couvre qu’une partie`,
  county_not_covered: ({ zipCode, nearest }) =>
    `${zipCode} n’est dans aucun département que cet utilisateur couvre${nearestText(nearest)}`,
  zip_code_not_covered: ({ zipCode, nearest }) =>
    `${zipCode} n’est pas un code postal que cet utilisateur couvre${nearestText(nearest)}`,
  no_lead_place: "le lieu du lead n’est pas connu",
  no_user_place: "le lieu de cet utilisateur n’est pas connu, il ne couvre donc rien par la distance",
  distance: ({ km, giveOrTakeKm, radiusKm }) =>
    `${kilometres(km)} km${giveOrTakeKm === undefined ? "" : ` à ${kilometres(giveOrTakeKm)} près`}, le rayon est de ${radius(radiusKm)} km`,
  no_lead_code: ({ field }) => `le champ « ${leadName(field)} » du lead n’est pas connu`,
  no_such_codes: ({ field }) => `l’univers ne contient aucune valeur de « ${leadName(field)} »`,
  every_code: ({ field }) => `cet utilisateur reçoit toutes les valeurs de « ${leadName(field)} »`,
  code_taken: ({ code }) => `cet utilisateur reçoit ${code}`,
  code_not_taken: ({ code, taken }) => `cet utilisateur ne reçoit que ${listed(taken)}, pas ${code}`,
  request_type_not_handled: ({ requestType }) => `cet utilisateur ne traite pas le type de demande ${requestType}`,
  range_not_handled: ({ range, handled }) => `cet utilisateur ne traite pas ${range}, seulement ${listed(handled)}`,
  range_handled: ({ range }) => `cet utilisateur traite ${range}`,
  range_handled_alone: ({ range }) =>
    `cet utilisateur traite ${range} sans type de demande, ce qui est supposé n’en admettre aucun`,
  no_lead_request_type: ({ range, requestTypes }) =>
    `le type de demande du lead n’est pas connu ; cet utilisateur traite ${range} avec ${listed(requestTypes)}`,
  pair_handled: ({ range, requestType }) => `cet utilisateur traite ${range} avec ${requestType}`,
  pair_not_handled: ({ range, requestType, requestTypes }) =>
    `cet utilisateur ne traite ${range} qu’avec ${listed(requestTypes)}, pas avec ${requestType}`,
});

export const EXPLANATION_FR: TextsLike<typeof EXPLANATION> = /* @__PURE__ */ french({
  lead: ({ lead }) => `Lead : ${lead}`,
  verdicts: ({ eligible, others }) =>
    `${counted(eligible, "utilisateur éligible", "utilisateurs éligibles")}, ${counted(others, "non éligible", "non éligibles")}.`,
  eligible: "Éligibles",
  not_eligible: "Non éligibles, les plus proches d’abord",
  more_users: ({ count }) => `et ${counted(count, "autre utilisateur", "autres utilisateurs")}`,
  no_rule: "n’a aucune règle, donc rien n’est restreint",
  rule: ({ name, answer }) => `${ruleName(name)} : ${answer}`,
  to_be_eligible: ({ changes }) => `Pour être éligible : ${changes.join(" ; et ")}`,
  otherwise: ({ names }) => `Une autre valeur changerait cela : ${names.map(assumptionName).join(", ")}`,
  assumptions: ({ names }) => `Hypothèses : ${names.map(assumptionName).join(", ")}`,
});

export const RULE_CHANGES_FR: TextsLike<typeof RULE_CHANGES> = /* @__PURE__ */ french({
  set_rule: ({ rule }) => `définir la règle « ${ruleName(rule)} »`,
  cover_country: ({ country }) => `couvrir tout le pays (${countryInFrench(country)})`,
  cover_zip_code: ({ zipCode, counties }) =>
    `couvrir le code postal ${zipCode}${counties.length > 0 ? ` ou le département ${counties.join(" ou ")}` : ""}`,
  known_place: "un code postal dont le lieu est connu",
  larger_radius: ({ km, radiusKm }) => `un rayon de ${number(km)} km au lieu de ${radius(radiusKm)}`,
  handle: ({ codes }) => `traiter ${codes.join(" avec ")}`,
  take_code: ({ code }) => `accepter ${code}`,
  to_have_rules: "une règle, ou des leads par `receives`",
  to_receive: "recevoir des leads (`receives` dit que cet utilisateur n’en reçoit aucun)",
  one_of_changes: ({ changes }) => `soit ${changes.map(explainedInFrench).join(", soit ")}`,
});

// Only the tables of rules are searched: the texts of all issues would make the script of a page larger.
function problemText(problem: Problem): string {
  return toldBy([VALUES_FR, COVERAGE_OPTIONS_FR, RULES_FR, BUILDERS_FR, RULE_FINDINGS_FR], { code: "", ...problem });
}

export function explainedInFrench(told: Problem): string {
  return toldBy([RULE_REASONS_FR, RULE_CHANGES_FR], { code: "", ...told });
}

// A problem has a code and parameters too, but its type shows only `message`.
interface Problem {
  readonly message: string;
}

function nearestText(nearest: { readonly zipCode: string; readonly km: number } | undefined): string {
  return nearest
    ? ` ; le code postal couvert le plus proche est ${nearest.zipCode}, à ${kilometres(nearest.km)} km`
    : "";
}
