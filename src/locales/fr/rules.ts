import type { TextsLike } from "../coded.ts";
import type { LEAD_LABELS, PROFILE_TYPES, RULE_LABELS } from "../en/rules.ts";
import { french } from "./words.ts";

export const RULE_LABELS_FR: TextsLike<typeof RULE_LABELS> = /* @__PURE__ */ french({
  geographical: "secteur",
  maxDistance: "rayon",
  competences: "compétences",
  contactProfiles: "profils de contact",
  profileTypes: "types de profil",
});

export const LEAD_LABELS_FR: TextsLike<typeof LEAD_LABELS> = /* @__PURE__ */ french({
  range: "gamme",
  requestType: "type de demande",
  contactProfile: "profil de contact",
  profileType: "type de profil",
});

export const PROFILE_TYPES_FR: TextsLike<typeof PROFILE_TYPES> = /* @__PURE__ */ french({
  pro: "professionnels",
  single: "particuliers",
});

const ASSUMPTIONS: Readonly<Record<string, string>> = {
  enabledRules: "règles activées",
  absentRule: "règle absente",
  emptyRule: "règle vide",
  combination: "combinaison des règles",
  distanceFrom: "départ de la distance",
  detourFactor: "détours de la route",
  partsLeftOut: "départements non donnés",
  zipInTwoCounties: "code postal de deux départements",
  rangeAlone: "gamme sans type de demande",
  codesLeftOut: "codes non donnés",
};

export function assumptionName(name: string): string {
  return ASSUMPTIONS[name] ?? name;
}

export const ruleName = (name: string): string => labelIn(RULE_LABELS_FR, name);

export const leadName = (field: string): string => labelIn(LEAD_LABELS_FR, field);

function labelIn(labels: Readonly<Record<string, string>>, name: string): string {
  return Object.hasOwn(labels, name) ? (labels[name] ?? name) : name;
}
