import type { TextsLike } from "../coded.ts";
import type { NOT_COUNTED, Users } from "../en/not-counted.ts";
import { counted, french, listed } from "./words.ts";

export const NOT_COUNTED_FR: TextsLike<typeof NOT_COUNTED> = /* @__PURE__ */ french<typeof NOT_COUNTED>({
  users_without_rules: (not) => {
    const who = counted(
      not.userCount,
      "utilisateur sans règle n’est pas compté",
      "utilisateurs sans règle ne sont pas comptés",
    );
    const theyGet = not.userCount > 1 ? "s’ils reçoivent" : "s’il reçoit";
    return `${who}${namesText(not)} ; ${theyGet} tous les leads, dites-le avec \`receives\`.`;
  },
  users_without_leads: (not) =>
    `${counted(not.userCount, "utilisateur ne reçoit aucun lead (`receives`) et n’est pas compté", "utilisateurs ne reçoivent aucun lead (`receives`) et ne sont pas comptés")}${namesText(not)}.`,
  users_without_place: ({ users, userCount, rows }) => {
    const named = users.map((user, at) => (rows[at] === undefined ? user : `${user} (ligne ${rows[at]})`));
    return `${counted(userCount, "utilisateur sans lieu connu ne couvre", "utilisateurs sans lieu connu ne couvrent")} rien par la distance${namesText({ users: named, userCount })}.`;
  },
  users_with_unknown_rules: (not) =>
    `${counted(not.userCount, "utilisateur a des règles non valides ou inconnues ici et ne reçoit", "utilisateurs ont des règles non valides ou inconnues ici et ne reçoivent")} aucun lead par elles${namesText(not)}.`,
});

export function namesText({ users, userCount }: Users): string {
  return users.length > 0 ? ` : ${listed(users, "and", userCount)}` : "";
}
