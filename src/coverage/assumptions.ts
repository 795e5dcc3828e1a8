import { knownFact, type PlatformFacts } from "../core/facts.ts";
import { argumentsCheck, valueThat } from "../core/validate.ts";
import { getOrMake, isObject, overlaid } from "../core/values.ts";
import type { TextsLike } from "../locales/coded.ts";
import { tellOption } from "../locales/en/core.ts";
import type { ASSUMPTIONS } from "../locales/en/findings.ts";
import { type RuleName, ruleNames } from "../rules/rules.ts";
import type { Member } from "./member.ts";
import type { AssumptionName, Assumptions } from "./types.ts";

/**
 * The default assumptions. The object is frozen. To change an assumption, give the option `assumptions` to the function
 * that you call. @experimental
 */
export const defaultAssumptions: Assumptions = /* @__PURE__ */ Object.freeze<Assumptions>({
  enabledRules: ruleNames,
  absentRule: "admits_all",
  emptyRule: "admits_none",
  combination: "all",
  distanceFrom: "address",
  detourFactor: 1,
  partsLeftOut: "whole",
  zipInTwoCounties: "any",
  rangeAlone: "all_request_types",
  codesLeftOut: "those_in_rules",
});

/** The defaults, overwritten by the assumptions that the caller gives. */
export function resolveAssumptions(replaced: Partial<Assumptions> = {}): Assumptions {
  return overlaid(defaultAssumptions, replaced);
}

const checkArguments = /* @__PURE__ */ argumentsCheck("assumptionsOf", () => ({
  facts: valueThat((given) => isObject(given) && given.version === 2 && isObject(given.facts), tellOption("not_facts")),
}));

/**
 * Makes assumptions from facts that a probe of the platform learned, for the option `assumptions`: which rules are
 * enabled, and, if the platform has no request types, that a competence is a range without a request type. Facts that
 * the probe left undecided stay assumed, and results list them.
 *
 * @throws {@link OpleadError} `invalid_input` for anything but the content of a `platform-facts.json`.
 * @experimental
 */
export function assumptionsOf(facts: PlatformFacts): Partial<Assumptions> {
  checkArguments({ facts });
  const state = (name: RuleName) => knownFact(facts, `rules.${name}`);
  const enabledRules = ruleNames.filter((name) => state(name) !== "disabled");
  const known: AssumptionName[] = ruleNames.every(state) ? ["enabledRules"] : [];
  if (knownFact(facts, "requestTypes") !== false) return { enabledRules, known };
  return { enabledRules, rangeAlone: "all_request_types", known: [...known, "rangeAlone"] };
}

/** Says an assumption as a phrase, with the value that is in use. */
export function assumptionTextBy(
  by: TextsLike<typeof ASSUMPTIONS>,
  name: AssumptionName,
  assumptions: Assumptions,
): string {
  const { enabledRules, detourFactor, distanceFrom, ...others } = resolveAssumptions(assumptions);
  const texts: { readonly [Name in AssumptionName]: () => string } = {
    enabledRules: () =>
      enabledRules.length === ruleNames.length ? by.all_rules_enabled() : by.enabled_rules({ rules: enabledRules }),
    absentRule: () => by[`absent_rule_${others.absentRule}`](),
    emptyRule: () => by[`empty_rule_${others.emptyRule}`](),
    combination: () => by[`combination_${others.combination}`](),
    distanceFrom: () => by[distanceFrom === "address" ? "distance_from_address" : "distance_from_elsewhere"](),
    detourFactor: () => by.detour_factor({ factor: detourFactor }),
    partsLeftOut: () => by[`parts_left_out_${others.partsLeftOut}`](),
    zipInTwoCounties: () => by[`zip_in_two_counties_${others.zipInTwoCounties}`](),
    rangeAlone: () => by[`range_alone_${others.rangeAlone}`](),
    codesLeftOut: () => by[`codes_left_out_${others.codesLeftOut}`](),
  };
  return texts[name]();
}

interface LeadFeatures {
  readonly hasRequestTypes: boolean;
  readonly hasZipInTwoCounties: boolean;
  readonly leavesCodesOut: boolean;
}

/**
 * Features of users' rules for which Oplead documents no answer, such as an empty list. If a rule has one of these
 * features, answers depend on an assumption.
 */
interface Traits {
  readonly kinds: ReadonlySet<string>;
  readonly hasRadius: boolean;
  readonly hasCounty: boolean;
  readonly hasWhole: boolean;
  readonly hasRangeAlone: boolean;
}

/**
 * For each list of users, the features of the users' rules, such as an empty list. They are kept, because many leads
 * are checked against the same users.
 */
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
