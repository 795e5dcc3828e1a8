import type { TextsLike } from "../../coded.ts";
import type { COVERAGE_OPTIONS } from "../../en/coverage/options.ts";
import { number } from "../words.ts";

export const COVERAGE_OPTIONS_FR: TextsLike<typeof COVERAGE_OPTIONS> = {
  not_rule_names: ({ known }) => `doit être une liste de règles : ${known.join(", ")}`,
  not_distance_from: () => 'doit être "address" ou une fonction',
  not_above_zero: () => "doit être un nombre au-dessus de 0",
  not_codes: () => "doit être une liste de codes",
  not_countries: () => "doit être une liste de ce que getCountry a rendu",
  not_country_details: () => "doit être ce que getCountry a rendu, avec ses départements",
  not_list_of_text: () => "doit être une liste de textes",
  not_located: () => "doit rendre un lieu ou undefined, et le rendre tout de suite",
  not_explanation: () => "doit être ce qu'explainLead a rendu",
  not_universe: () => 'doit être un objet avec les pays des leads : { countries: [await oplead.getCountry("FR")] }',
  too_many_kinds: ({ kinds, most }) =>
    `a ${number(kinds)} sortes de leads, le produit de ses listes de codes ; au plus ${number(most)}. Donnez les codes utilisés. Avec l'hypothèse codesLeftOut : "not_distinguished", les leads ne se distinguent pas par une liste qui manque`,
  not_code_of_lead: () => "doit être un texte, ou manquer",
  not_coordinates: () => "doit être [latitude, longitude] en degrés, en nombres",
  names_user: () => "est obligatoire : les résultats nomment les utilisateurs par lui",
  names_recipient: () => "est obligatoire : l'utilisateur qui a reçu le lead",
  not_labels: () => 'doit être des noms par code : { RNG_CARS: "Voitures" }',
  not_day: () => "doit être un jour comme 2026-01-31",
  names_two_users: () => "est aussi le numéro de compte d'un autre utilisateur",
  not_kept: () => "n'est pas connu : le registre ne garde pas ce qu'Oplead a accepté",
  not_policy_context: () => "prend ce qui est donné à une politique",
  not_in_universe: () => "n'est pas dans l'univers : aucun lead ne peut l'avoir",
  no_limit: () => "demande l'un de postcodes, inhabitants, share",
  not_area: () => 'doit être un objet avec un pays : { country: "FR", counties: ["29"] }',
  not_coverage_result: () => "demande ce que coverage a rendu, et non une copie",
};
