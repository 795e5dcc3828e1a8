import type { TextsLike } from "../coded.ts";
import {
  type ASSUMPTIONS,
  CAUSES,
  type COVERAGE_CHANGES,
  type COVERAGE_FINDINGS,
  type Places,
  type POLICIES,
  type PolicyCause,
  type PolicyFacts,
} from "../en/findings.ts";
import type { Users } from "../en/not-counted.ts";
import { joinParts } from "../grammar.ts";
import { namesText } from "./not-counted.ts";
import { PROFILE_TYPES_FR, RULE_LABELS_FR } from "./rules.ts";
import { counted, french, listed, number, people, radius } from "./words.ts";

export const COVERAGE_FINDINGS_FR: TextsLike<typeof COVERAGE_FINDINGS> = /* @__PURE__ */ french({
  no_user: (places) => whereText(places, "aucun utilisateur éligible"),
  one_user: (places) => whereText(places, "un seul utilisateur éligible", namesText(places)),
});

export const COVERAGE_CHANGES_FR: TextsLike<typeof COVERAGE_CHANGES> = /* @__PURE__ */ french({
  gap_opened: (change) =>
    changeText(
      change,
      change.userCount === 1
        ? ["perd son seul utilisateur", "perdent leur seul utilisateur"]
        : ["perd tous ses utilisateurs", "perdent tous leurs utilisateurs"],
    ),
  gap_closed: (change) => changeText(change, ["est enfin couvert", "sont enfin couverts"]),
  thinned: (change) => changeText(change, ["n’a plus qu’un utilisateur", "n’ont plus qu’un utilisateur"]),
  thickened: (change) => changeText(change, ["gagne un deuxième utilisateur", "gagnent un deuxième utilisateur"]),
});

export const ASSUMPTIONS_FR: TextsLike<typeof ASSUMPTIONS> = /* @__PURE__ */ french({
  all_rules_enabled: "toutes les règles sont activées",
  enabled_rules: ({ rules }) => `les règles activées sont ${rules.join(", ") || "aucune"}`,
  absent_rule_admits_all: "une règle qu’un utilisateur n’a pas ne restreint rien",
  absent_rule_admits_none: "un utilisateur à qui une des règles manque ne reçoit rien",
  empty_rule_admits_none: "une règle dont la liste est vide n’admet rien",
  empty_rule_admits_all: "une règle dont la liste est vide ne restreint rien",
  combination_all: "toutes les règles d’un utilisateur doivent admettre le lead",
  combination_area_or_radius:
    "toutes les règles d’un utilisateur doivent admettre le lead, mais du secteur et du rayon un seul suffit",
  distance_from_address: "la distance est mesurée depuis l’adresse de l’utilisateur",
  distance_from_elsewhere: "la distance est mesurée depuis un lieu choisi par l’appelant",
  detour_factor: ({ factor }) => `les distances sont à vol d’oiseau${factor === 1 ? "" : `, fois ${factor}`}`,
  parts_left_out_whole: "un pays sans départements, ou un département sans codes postaux, est couvert en entier",
  parts_left_out_nothing: "un pays sans départements, ou un département sans codes postaux, ne couvre rien",
  zip_in_two_counties_any: "un code postal de deux départements est couvert par qui couvre l’un des deux",
  zip_in_two_counties_all: "un code postal de deux départements est couvert par qui couvre les deux",
  range_alone_all_request_types: "une gamme sans type de demande admet tous les types de demande",
  range_alone_no_request_type: "une gamme sans type de demande n’admet aucun type de demande",
  codes_left_out_those_in_rules:
    "les codes que l’univers ne donne pas sont ceux que nomment les règles des utilisateurs",
  codes_left_out_not_distinguished: "les leads ne sont pas distingués par les codes que l’univers ne donne pas",
});

function placesText({ zipCodeCount, inhabitants, placeNames }: Places): string {
  if (zipCodeCount === 0) return listed(placeNames);
  const whom = inhabitants === undefined ? "" : ` avec ${people(inhabitants)}`;
  return counted(zipCodeCount, "code postal", "codes postaux") + whom;
}

function codesText({ codes }: Places): string {
  return codes.length === 0 ? "" : ` pour ${codes.map((list) => listed(list)).join(" / ")}`;
}

function countiesText({ country, county, zipCodes, zipCodeCount, counties, countyCount }: Places): string {
  if (counties.length === 0) return country;
  if (county !== undefined) return `${county} : ${listed(zipCodes, "and", zipCodeCount)}`;
  if (zipCodeCount <= zipCodes.length) return listed(zipCodes);
  return listed(
    counties.map(([name, count]) => `${name} : ${number(count)}`),
    "and",
    countyCount,
  );
}

function whereText(places: Places, has: string, then = ""): string {
  const where = places.isWholeCountry ? `tout le pays ${places.country}` : countiesText(places);
  return `${placesText(places)} : ${has}${codesText(places)}${then} (${where})`;
}

function changeText(
  change: Places & Users & { readonly isForSome: boolean; readonly isSummary: boolean },
  [one, several]: readonly [one: string, several: string],
): string {
  const says = `${placesText(change)} ${change.placeCount === 1 ? one : several}`;
  if (change.isSummary) return `${says}${change.isForSome ? " pour certains leads" : ""}`;
  return `${says}${codesText(change)}${namesText(change)} (${countiesText(change)})`;
}

export const POLICIES_FR: TextsLike<typeof POLICIES> = /* @__PURE__ */ french({
  policy: (facts) =>
    `${sentence(facts)}${causesOf(facts)} (règle : ${policyName(facts.policy)}).${leaversOf(facts)}${placelessOf(facts)}`,
});

const KINDS: Readonly<Record<string, string>> = PROFILE_TYPES_FR;

// A policy to which a config gives a name keeps that name.
const POLICY_NAMES: Readonly<Record<string, string>> = {
  maxLost: "perte maximale",
  requireCoverage: "couverture exigée",
  exclusive: "exclusivité",
};

function policyName(name: string): string {
  return String(name).replace(/^(?:maxLost|requireCoverage|exclusive)(?= |$)/, (kind) => POLICY_NAMES[kind] ?? kind);
}

function sentence(facts: PolicyFacts): string {
  const { problem, text, isState, limit = 0, groups = [], most = {} } = facts;
  const kinds = facts.kinds.length === 0 ? "" : ` pour ${listed(facts.kinds.map((kind) => KINDS[kind] ?? kind))}`;
  const places = placesOf(facts);
  const users = limit === 1 ? "sans utilisateur" : `avec moins de ${number(limit)} utilisateurs`;
  switch (problem) {
    case "uncovered":
      return isState ? `${places} ${users}${kinds}` : `Ce plan laisse ${places} ${users}${kinds}`;
    case "lost": {
      const limits = joinParts([
        most.postcodes !== undefined && counted(most.postcodes, "code postal", "codes postaux"),
        most.inhabitants !== undefined && counted(most.inhabitants, "habitant"),
      ]);
      return `Ce plan retire à ${places} leur dernier utilisateur${kinds} ; la limite est de ${limits}`;
    }
    case "shared":
      return `${isState ? "Des" : "Avec ce plan, des"} utilisateurs de plusieurs groupes se partagent ${places}${kinds} : ${listed(groups)}`;
    default:
      return text ?? places;
  }
}

function placesOf({ zipCodes, places, inhabitants, counties }: PolicyFacts): string {
  const what = zipCodes.length === 0 ? counted(places, "département") : counted(places, "code postal", "codes postaux");
  const facts = joinParts(
    [counties.length !== 0 && listed(counties), inhabitants !== undefined && people(inhabitants)],
    " ; ",
  );
  return what + (facts && ` (${facts})`);
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
    case "leads_ended":
      return `${user} ne reçoit plus de leads`;
    case "leads_began":
      return `${user} reçoit désormais des leads`;
    case "returned":
      return `${user} est de retour`;
    case "moved":
      return `${user} change de code postal`;
    case "radius":
      return `le rayon de ${user} passe de ${radius(effect.from)} à ${radius(effect.to)} km`;
    default:
      return `la règle « ${ruleName(effect.rule)} » de ${user} change`;
  }
}

function ruleName(rule: string): string {
  return Object.hasOwn(RULE_LABELS_FR, rule) ? RULE_LABELS_FR[rule as keyof typeof RULE_LABELS_FR] : rule;
}

function leaversOf({ causes }: PolicyFacts): string {
  const isAbout = causes.some(({ effects = [] }) => effects.some(({ kind }) => kind === "left"));
  return isAbout
    ? " Les règles des utilisateurs partis sont encore dans Oplead, mais personne ne répond à leurs leads."
    : "";
}

function placelessOf({ withoutPlace }: PolicyFacts): string {
  const count = withoutPlace.length;
  if (count === 0) return "";
  const who = counted(count, "utilisateur sans lieu connu ne couvre", "utilisateurs sans lieu connu ne couvrent");
  return ` ${who} rien par la distance : ${listed(withoutPlace.slice(0, CAUSES), "and", count)}.`;
}
