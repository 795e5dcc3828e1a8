import { getOrMake } from "./get-or-make.ts";
import type { Member } from "./network/member.ts";
import type { AssumptionName, Assumptions } from "./types.ts";

export interface LeadFeatures {
  readonly hasRequestTypes: boolean;
  readonly hasZipInTwoCounties: boolean;
  readonly leavesCodesOut: boolean;
}

/** What the rules of users have that assumptions are about. */
interface Traits {
  readonly kinds: ReadonlySet<string>;
  readonly hasRadius: boolean;
  readonly hasCounty: boolean;
  readonly hasWhole: boolean;
  readonly hasRangeAlone: boolean;
}

/** By the list of users: a network is asked about many leads. */
const traits = new WeakMap<readonly Member[], Traits>();

function traitsOf(members: readonly Member[]): Traits {
  const kinds = new Set<string>();
  let [hasCounty, hasWhole, hasRangeAlone] = [false, false, false];
  for (const { rules } of members) {
    for (const { kind } of Object.values(rules)) kinds.add(kind);
    const { geographical, competences } = rules;
    for (const { whole, counties } of geographical.kind === "set" ? geographical.value.values() : []) {
      hasCounty ||= counties.size > 0;
      hasWhole ||= whole;
    }
    if (hasRangeAlone || competences.kind !== "set") continue;
    for (const types of competences.value.values()) hasRangeAlone ||= !types;
  }
  const hasRadius = members.some(({ rules }) => rules.maxDistance.kind === "set");
  return { kinds, hasRadius, hasCounty, hasWhole, hasRangeAlone };
}

/** The names of the assumptions that answers about these users depend on, in the order of `Assumptions`. */
export function dependsOn(
  members: readonly Member[],
  leads: LeadFeatures,
  { known = [] }: Pick<Assumptions, "known">,
): AssumptionName[] {
  const { kinds, hasRadius, hasCounty, hasWhole, hasRangeAlone } = getOrMake(traits, members, () => traitsOf(members));
  const matters: { readonly [Name in AssumptionName]: boolean } = {
    enabledRules: members.length > 0,
    absentRule: kinds.has("absent"),
    emptyRule: kinds.has("empty"),
    combination: kinds.has("set"),
    distanceFrom: hasRadius,
    detourFactor: hasRadius,
    partsLeftOut: hasWhole || hasCounty,
    zipInTwoCounties: leads.hasZipInTwoCounties && hasCounty,
    rangeAlone: leads.hasRequestTypes && hasRangeAlone,
    codesLeftOut: leads.leavesCodesOut,
  };
  const names = Object.keys(matters) as AssumptionName[]; // the keys of a record are names of its type
  return names.filter((name) => matters[name] && !known.includes(name));
}
