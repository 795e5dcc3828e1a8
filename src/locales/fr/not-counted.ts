import type { TextsLike } from "../coded.ts";
import type { NOT_COUNTED, Users } from "../en/not-counted.ts";
import { counted, french, listed } from "./words.ts";

export const NOT_COUNTED_FR: TextsLike<typeof NOT_COUNTED> = /* @__PURE__ */ french({
  users_invalid: (not) =>
    `${counted(not.userCount, "utilisateur dont la ligne n’est pas valide n’est pas compté", "utilisateurs dont la ligne n’est pas valide ne sont pas comptés")}${namesText(not)}.`,
  users_refused: (not) =>
    `${counted(not.userCount, "utilisateur refusé par Oplead n’est pas compté", "utilisateurs refusés par Oplead ne sont pas comptés")}${namesText(not)}.`,
  users_left: (not) =>
    `${counted(not.userCount, "utilisateur parti de la source n’est pas compté", "utilisateurs partis de la source ne sont pas comptés")}${namesText(not)} ; toujours dans Oplead, ${not.userCount > 1 ? "ils peuvent" : "il peut"} encore recevoir des leads.`,
  users_without_rules: (not) =>
    `${counted(not.userCount, "utilisateur sans règle n’est pas compté", "utilisateurs sans règle ne sont pas comptés")}${namesText(not)} ; ${not.userCount > 1 ? "s’ils reçoivent" : "s’il reçoit"} tous les leads, indiquez-le dans la configuration (receives).`,
  users_without_leads: (not) =>
    `${counted(not.userCount, "utilisateur ne reçoit aucun lead d’après la configuration et n’est pas compté", "utilisateurs ne reçoivent aucun lead d’après la configuration et ne sont pas comptés")}${namesText(not)}.`,
  users_without_place: (not) =>
    `${counted(not.userCount, "utilisateur sans lieu connu ne couvre", "utilisateurs sans lieu connu ne couvrent")} rien par la distance${namesText(not)}.`,
  users_with_unknown_rules: (not) =>
    `${counted(not.userCount, "utilisateur a des règles non valides ou inconnues ici et ne reçoit", "utilisateurs ont des règles non valides ou inconnues ici et ne reçoivent")} aucun lead par elles${namesText(not)}.`,
});

export function namesText({ users, userCount, rows = [] }: Users): string {
  const named = users.map((user, at) => (rows[at] === undefined ? user : `${user} (ligne ${rows[at]})`));
  return users.length > 0 ? ` : ${listed(named, "and", userCount)}` : "";
}
