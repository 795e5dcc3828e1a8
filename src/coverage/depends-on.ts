import type { Member } from "./network/member.ts";
import type { AssumptionName, Assumptions } from "./types.ts";

/** The features of leads that make an assumption matter. */
export interface LeadFeatures {
  readonly hasRequestTypes: boolean;
  readonly hasZipInTwoCounties: boolean;
  readonly leavesCodesOut: boolean;
}

/** The names of the assumptions that answers about these users depend on, in the order of `Assumptions`. */
export function dependsOn(
  members: readonly Member[],
  leads: LeadFeatures,
  { known = [] }: Pick<Assumptions, "known">,
): AssumptionName[] {
  const kinds = new Set(members.flatMap(({ rules }) => Object.values(rules).map(({ kind }) => kind)));
  const areas = members.flatMap(({ rules: { geographical } }) =>
    geographical.kind === "set" ? [...geographical.value.values()] : [],
  );
  const hasRadius = members.some(({ rules }) => rules.maxDistance.kind === "set");
  const hasRangeAlone = members.some(
    ({ rules: { competences } }) =>
      competences.kind === "set" && [...competences.value.values()].some((types) => !types),
  );
  const matters: { readonly [Name in AssumptionName]: boolean } = {
    enabledRules: members.length > 0,
    absentRule: kinds.has("absent"),
    emptyRule: kinds.has("empty"),
    combination: kinds.has("set"),
    distanceFrom: hasRadius,
    detourFactor: hasRadius,
    partsLeftOut: areas.some(({ whole, counties }) => whole || counties.size > 0),
    zipInTwoCounties: leads.hasZipInTwoCounties && areas.some(({ counties }) => counties.size > 0),
    rangeAlone: leads.hasRequestTypes && hasRangeAlone,
    codesLeftOut: leads.leavesCodesOut,
  };
  const names = Object.keys(matters) as AssumptionName[]; // the keys of a record are names of its type
  return names.filter((name) => matters[name] && !known.includes(name));
}
