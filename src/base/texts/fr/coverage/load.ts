import { kilometres, roughly } from "../../../wording/words.ts";
import type { TextsLike } from "../../coded.ts";
import type { FAIRNESS, GapEffect, LOAD_FINDINGS, SUGGESTIONS } from "../../en/coverage/load.ts";
import { counted, listed, number, percent } from "../words.ts";

export const LOAD_FINDINGS_FR: TextsLike<typeof LOAD_FINDINGS> = {
  above_ceiling: ({ user, leads, limit }) =>
    `${user} reçoit au moins ${amount(leads)} leads par mois, quel que soit le partage ; le plafond est de ${amount(limit)}`,
  above_ceiling_if_shared: ({ user, leads, limit }) =>
    `${user} reçoit ${amount(leads)} leads par mois si le partage est celui attendu ; le plafond est de ${amount(limit)}`,
  below_floor: ({ user, leads, limit }) =>
    `${user} reçoit au plus ${amount(leads)} leads par mois, même avec tous ceux qu'il partage ; le plancher est de ${amount(limit)}`,
  below_floor_if_shared: ({ user, leads, limit }) =>
    `${user} reçoit ${amount(leads)} leads par mois si le partage est celui attendu ; le plancher est de ${amount(limit)}`,
};

export const FAIRNESS_FR: TextsLike<typeof FAIRNESS> = {
  spread: ({ gini, ratio }) =>
    `${giniText(gini)} L'utilisateur du 90e centile reçoit ${amount(ratio)} fois plus de leads que celui du 10e.`,
  spread_with_idle_users: ({ gini }) => `${giniText(gini)} L'utilisateur du 10e centile ne reçoit aucun lead.`,
  no_leads: () => "Aucun utilisateur ne reçoit de leads.",
};

export const SUGGESTIONS_FR: TextsLike<typeof SUGGESTIONS> = {
  raise_radius: ({ user, fromKm, toKm, ...effect }) =>
    `porter le rayon de ${user} de ${kilometres(fromKm)} à ${kilometres(toKm)} km : ${gapText(effect)}`,
  add_county: ({ user, county, ...effect }) => `ajouter ${county} à la zone de ${user} : ${gapText(effect)}`,
  add_zip_codes: ({ user, county, zipCodes, zipCodeCount, ...effect }) =>
    `ajouter ${counted(zipCodeCount, "code postal", "codes postaux")} de ${county} à la zone de ${user} (${listed(zipCodes, zipCodeCount)}) : ${gapText(effect)}`,
  add_range: ({ user, range, ...effect }) => `ajouter ${range} aux compétences de ${user} : ${gapText(effect)}`,
};

function gapText({ inhabitants, isForSome, limit, load }: GapEffect): string {
  if (load) {
    const { before, after, other } = load;
    const falls =
      other && amount(other.before) !== amount(other.after)
        ? ` ; ${other.user} passe de ${amount(other.before)} à ${amount(other.after)}`
        : "";
    return `de ${amount(before)} à ${amount(after)} leads par mois${falls}`;
  }
  const gain = counted(
    roughly(inhabitants),
    "habitant obtient un premier utilisateur",
    "habitants obtiennent un premier utilisateur",
  );
  return `${gain}${isForSome ? " pour certains leads" : ""}${limit === undefined ? "" : `, sans recouvrement au-dessus de ${limit}`}`;
}

function giniText(gini: number): string {
  const told = String(Math.round(gini * 100) / 100).replace(".", ",");
  return `Gini ${told} : les leads de deux utilisateurs pris au hasard diffèrent en moyenne de ${percent(2 * gini)} de la moyenne.`;
}

function amount(leads: number): string {
  return leads < 9.95 ? String(Math.round(leads * 10) / 10).replace(".", ",") : number(leads);
}
