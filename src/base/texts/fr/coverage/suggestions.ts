import { kilometres, roughly } from "../../../wording/words.ts";
import type { TextsLike } from "../../coded.ts";
import type { GapEffect, NEAREST, SUGGESTIONS } from "../../en/coverage/suggestions.ts";
import { counted } from "../words.ts";
import { changeInFrench } from "./reasons.ts";

export const SUGGESTIONS_FR: TextsLike<typeof SUGGESTIONS> = {
  raise_radius: ({ user, fromKm, toKm, ...effect }) =>
    `porter le rayon de ${user} de ${kilometres(fromKm)} à ${kilometres(toKm)} km : ${gapText(effect)}`,
  add_county: ({ user, county, ...effect }) => `ajouter ${county} à la zone de ${user} : ${gapText(effect)}`,
  add_code: ({ user, rule, code, ...effect }) =>
    `ajouter ${code} à la règle « ${rule} » de ${user} : ${gapText(effect)}`,
};

export const NEAREST_FR: TextsLike<typeof NEAREST> = {
  near_gap: ({ user, zipCode, km, changes, isEnough }) =>
    `près de ${zipCode} : ${user}${km === undefined ? "" : `, à ${kilometres(km)} km`} ; ` +
    `pour être éligible${isEnough ? "" : ", au moins"} : ${changes.map(changeInFrench).join(" ; et ")}`,
};

function gapText({ inhabitants, isForSome }: GapEffect): string {
  const gain = counted(
    roughly(inhabitants),
    "habitant obtient un premier utilisateur",
    "habitants obtiennent un premier utilisateur",
  );
  return `${gain}${isForSome ? " pour certains leads" : ""}`;
}
