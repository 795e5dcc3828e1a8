import type { TextsLike } from "../coded.ts";
import type { FAIRNESS, LOAD_FINDINGS } from "../en/load.ts";
import { number, percent } from "./words.ts";

export const LOAD_FINDINGS_FR: TextsLike<typeof LOAD_FINDINGS> = {
  above_ceiling: ({ user, leads, limit }) =>
    `${user} reçoit au moins ${amount(leads)} prospects par mois, quel que soit le partage ; le plafond est de ${amount(limit)}`,
  above_ceiling_if_shared: ({ user, leads, limit }) =>
    `${user} reçoit ${amount(leads)} prospects par mois si le partage est celui attendu ; le plafond est de ${amount(limit)}`,
  below_floor: ({ user, leads, limit }) =>
    `${user} reçoit au plus ${amount(leads)} prospects par mois, même avec tous ceux qu'il partage ; le plancher est de ${amount(limit)}`,
  below_floor_if_shared: ({ user, leads, limit }) =>
    `${user} reçoit ${amount(leads)} prospects par mois si le partage est celui attendu ; le plancher est de ${amount(limit)}`,
};

export const FAIRNESS_FR: TextsLike<typeof FAIRNESS> = {
  spread: ({ gini, ratio }) =>
    `${giniText(gini)} L'utilisateur du 90e centile reçoit ${amount(ratio)} fois plus de prospects que celui du 10e.`,
  spread_with_idle_users: ({ gini }) => `${giniText(gini)} L'utilisateur du 10e centile ne reçoit aucun prospect.`,
  no_leads: () => "Aucun utilisateur ne reçoit de prospects.",
};

function giniText(gini: number): string {
  const told = String(Math.round(gini * 100) / 100).replace(".", ",");
  return `Gini ${told} : les prospects de deux utilisateurs pris au hasard diffèrent en moyenne de ${percent(2 * gini)} de la moyenne.`;
}

function amount(leads: number): string {
  return leads < 9.95 ? String(Math.round(leads * 10) / 10).replace(".", ",") : number(leads);
}
