import type { AssumptionName, Assumptions } from "./assumptions.ts";
import type { Member } from "./network/member.ts";
import type { RuleState } from "./rules/state.ts";

/** What about the leads makes an assumption matter. */
export interface LeadFeatures {
  readonly hasRequestTypes: boolean;
  readonly hasZipInTwoCounties: boolean;
  readonly leavesCodesOut: boolean;
}

/** The names of the assumptions that answers about these users depend on, in the order of {@link Assumptions}. */
export function dependsOn(members: readonly Member[], assumptions: Assumptions, leads: LeadFeatures): string[] {
  const states = members.flatMap((member): RuleState<unknown>[] => [
    member.geographical,
    member.maxDistance,
    member.competences,
    member.contactProfiles,
    member.profileTypes,
  ]);
  const areas = members.flatMap(({ geographical }) => (geographical.kind === "set" ? [geographical.value] : []));
  const countries = areas.flatMap((area) => [...area.values()]);
  const hasRadius = members.some(({ maxDistance }) => maxDistance.kind === "set");
  const matters: { readonly [Name in AssumptionName]: boolean } = {
    enabledRules: members.length > 0,
    absentRule: states.some(({ kind }) => kind === "absent"),
    emptyRule: states.some(({ kind }) => kind === "empty"),
    combination: states.some(({ kind }) => kind === "set"),
    distanceFrom: hasRadius,
    detourFactor: hasRadius,
    partsLeftOut: countries.some(({ whole, counties }) => whole || counties.size > 0),
    zipInTwoCounties: leads.hasZipInTwoCounties && countries.some(({ counties }) => counties.size > 0),
    rangeAlone:
      leads.hasRequestTypes &&
      members.some(
        ({ competences }) => competences.kind === "set" && [...competences.value.values()].some((types) => !types),
      ),
    codesLeftOut: leads.leavesCodesOut,
  };
  return (Object.keys(assumptions) as AssumptionName[]).filter((name) => matters[name]);
}
