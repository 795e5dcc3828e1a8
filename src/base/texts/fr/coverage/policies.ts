import { kilometres } from "../../../wording/words.ts";
import type { TextsLike } from "../../coded.ts";
import { CAUSES, type POLICIES, type PolicyCause, type PolicyFacts } from "../../en/coverage/policies.ts";
import { counted, listed, number, percent } from "../words.ts";

export const POLICIES_FR: TextsLike<typeof POLICIES> = {
  policy: (facts) =>
    `${facts.certain ? "" : "Incertain : "}${sentence(facts)}${causesOf(facts)} (politique ${facts.policy}).${leaversOf(facts)}${dependsOn(facts)}`,
};

function sentence(facts: PolicyFacts): string {
  const { problem, text, isState, limit = 0, groups = [], most = {} } = facts;
  const kinds = facts.kinds.length === 0 ? "" : ` pour ${listed(facts.kinds)}`;
  const places = placesOf(facts);
  const users = limit === 1 ? "sans utilisateur" : `avec moins de ${number(limit)} utilisateurs`;
  switch (problem) {
    case "uncovered":
      return isState ? `${places} ${users}${kinds}` : `Ce plan laisse ${places} ${users}${kinds}`;
    case "lost": {
      const limits = [
        ...(most.postcodes === undefined ? [] : [counted(most.postcodes, "code postal", "codes postaux")]),
        ...(most.inhabitants === undefined ? [] : [counted(most.inhabitants, "habitant")]),
        ...(most.share === undefined ? [] : [`${percent(most.share)} des codes postaux`]),
      ];
      return `Ce plan retire à ${places} leur dernier utilisateur${kinds} ; la limite est de ${limits.join(", ")}`;
    }
    case "shared":
      return `${isState ? "Des" : "Avec ce plan, des"} utilisateurs de plusieurs groupes se partagent ${places}${kinds} : ${listed(groups)}`;
    default:
      return text ?? places;
  }
}

function placesOf({ zipCodes, places, inhabitants, counties }: PolicyFacts): string {
  const what = zipCodes.length === 0 ? counted(places, "département") : counted(places, "code postal", "codes postaux");
  const facts = [
    ...(counties.length === 0 ? [] : [listed(counties)]),
    ...(inhabitants === undefined ? [] : [counted(inhabitants, "habitant")]),
  ];
  return facts.length === 0 ? what : `${what} (${facts.join(" ; ")})`;
}

function causesOf({ causes, causeCount = causes.length }: PolicyFacts): string {
  if (causes.length === 0) return "";
  const shown = causes.slice(0, CAUSES).map(({ accountNumber, effects = [] }) => {
    return effects.map((effect) => effectText(accountNumber, effect)).join(", ");
  });
  const more = causeCount - shown.length;
  return ` : ${shown.join(" ; ")}${more > 0 ? ` ; et ${counted(more, "autre changement", "autres changements")}` : ""}`;
}

function effectText(user: string, effect: PolicyCause["effects"][number]): string {
  switch (effect.kind) {
    case "left":
      return `${user} part`;
    case "new":
      return `${user} est nouveau`;
    case "returned":
      return `${user} est de retour`;
    case "moved":
      return `${user} change de code postal`;
    case "radius":
      return `le rayon de ${user} passe de ${kilometres(effect.from)} à ${kilometres(effect.to)} km`;
    default:
      return `la règle ${effect.rule} de ${user} change`;
  }
}

function leaversOf({ causes }: PolicyFacts): string {
  const isAbout = causes.some(({ effects = [] }) => effects.some(({ kind }) => kind === "left"));
  return isAbout ? " Oplead a encore les règles des utilisateurs partis, mais personne ne répond à leurs leads." : "";
}

function dependsOn({ certain, assumptions, unknown }: PolicyFacts): string {
  if (certain) return "";
  const users =
    unknown === 0
      ? []
      : [
          `ce qu'Oplead a accepté de ${counted(unknown, "utilisateur")}, dont le registre ne garde pas encore les règles`,
        ];
  return ` Cela dépend de ${listed([...users, ...assumptions])}.`;
}
