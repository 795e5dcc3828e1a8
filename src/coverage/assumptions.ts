import { knownFact, type PlatformFacts } from "../core/facts.ts";
import { argumentsCheck, valueThat } from "../core/validate.ts";
import { getOrMake, isObject, overlaid } from "../core/values.ts";
import type { TextsLike } from "../locales/coded.ts";
import { tellOption } from "../locales/en/core.ts";
import type { ASSUMPTIONS } from "../locales/en/findings.ts";
import { type RuleName, ruleNames } from "../rules/rules.ts";
import type { Platform } from "../transport/options.ts";
import { type Member, ruleValue } from "./member.ts";
import type { Network } from "./network.ts";
import type { AssumptionName, Assumptions } from "./types.ts";

/** The default assumptions, frozen. The option `assumptions` of a function changes them. @experimental */
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

export function resolveAssumptions(replaced: Partial<Assumptions> = {}): Assumptions {
  return overlaid(defaultAssumptions, replaced);
}

const checkArguments = /* @__PURE__ */ argumentsCheck("assumptionsOf", () => ({
  platform: valueThat((given) => isObject(Object(Object(given).facts).facts), tellOption("not_facts")),
}));

/**
 * Assumptions from what a probe of the platform learned: which rules are enabled, and that a competence is a range alone
 * where the platform has no request types. What the probe left undecided stays assumed.
 *
 * @throws {@link OpleadError} `invalid_input` for a platform without `facts`.
 * @experimental
 */
export function assumptionsOf(platform: Platform): Partial<Assumptions> {
  checkArguments({ platform });
  const facts = platform.facts as PlatformFacts;
  const state = (name: RuleName) => knownFact(facts, `rules.${name}`);
  const enabledRules = ruleNames.filter((name) => state(name) !== "disabled");
  const known: AssumptionName[] = ruleNames.every(state) ? ["enabledRules"] : [];
  if (knownFact(facts, "requestTypes") !== false) return { enabledRules, known };
  return { enabledRules, rangeAlone: "all_request_types", known: [...known, "rangeAlone"] };
}

// Returns the assumption as a phrase that contains the value in use.
export function assumptionTextBy(
  by: TextsLike<typeof ASSUMPTIONS>,
  name: AssumptionName,
  assumptions: Assumptions,
): string {
  const { enabledRules, detourFactor, distanceFrom, ...others } = resolveAssumptions(assumptions);
  const texts: { readonly [Name in AssumptionName]: () => string } = {
    enabledRules: () =>
      enabledRules.length === ruleNames.length ? by.all_rules_enabled : by.enabled_rules({ rules: enabledRules }),
    absentRule: () => by[`absent_rule_${others.absentRule}`],
    emptyRule: () => by[`empty_rule_${others.emptyRule}`],
    combination: () => by[`combination_${others.combination}`],
    distanceFrom: () => by[distanceFrom === "address" ? "distance_from_address" : "distance_from_elsewhere"],
    detourFactor: () => by.detour_factor({ factor: detourFactor }),
    partsLeftOut: () => by[`parts_left_out_${others.partsLeftOut}`],
    zipInTwoCounties: () => by[`zip_in_two_counties_${others.zipInTwoCounties}`],
    rangeAlone: () => by[`range_alone_${others.rangeAlone}`],
    codesLeftOut: () => by[`codes_left_out_${others.codesLeftOut}`],
  };
  return texts[name]();
}

export interface Variation {
  readonly name: AssumptionName;
  readonly assumptions: Assumptions;
  // Whether the radius rule gives its other answer, as if distances were measured from elsewhere.
  readonly isElsewhere?: boolean;
}

// Each assumption with its other value, to find those that would change an answer about a lead.
export function variationsOf(assumptions: Assumptions): Variation[] {
  const { enabledRules, known = [] } = assumptions;
  const others: readonly Partial<Assumptions>[] = [
    ...ruleNames.map((rule) => ({
      enabledRules: enabledRules.includes(rule)
        ? enabledRules.filter((name) => name !== rule)
        : [...enabledRules, rule],
    })),
    { absentRule: assumptions.absentRule === "admits_all" ? "admits_none" : "admits_all" },
    { emptyRule: assumptions.emptyRule === "admits_all" ? "admits_none" : "admits_all" },
    { combination: assumptions.combination === "all" ? "area_or_radius" : "all" },
    { distanceFrom: assumptions.distanceFrom },
    { detourFactor: assumptions.detourFactor === 1 ? 1.3 : 1 },
    { partsLeftOut: assumptions.partsLeftOut === "whole" ? "nothing" : "whole" },
    { zipInTwoCounties: assumptions.zipInTwoCounties === "any" ? "all" : "any" },
    { rangeAlone: assumptions.rangeAlone === "all_request_types" ? "no_request_type" : "all_request_types" },
  ];
  return others.flatMap((other) => {
    const [name] = Object.keys(other) as AssumptionName[]; // the keys of a record are names of its type
    if (name === undefined || known.includes(name)) return [];
    return { name, assumptions: { ...assumptions, ...other }, isElsewhere: name === "distanceFrom" };
  });
}

// Features of rules for which Oplead documents no answer.
interface Traits {
  readonly kinds: ReadonlySet<string>;
  readonly hasRadius: boolean;
  readonly hasCounty: boolean;
  readonly hasWhole: boolean;
  readonly hasRangeAlone: boolean;
}

// Kept, because all policies of a plan ask about the same users.
const traits = new WeakMap<object, Traits>();

function traitsOf(members: readonly Member[], assumptions: Assumptions): Traits {
  const kinds = new Set<string>();
  let [hasCounty, hasWhole, hasRangeAlone, hasRadius] = [false, false, false, false];
  for (const member of members) {
    for (const name of assumptions.enabledRules) kinds.add(member.rules[name].kind);
    for (const { whole, counties } of ruleValue("geographical", member, assumptions)?.values() ?? []) {
      hasCounty ||= counties.size > 0;
      hasWhole ||= whole;
    }
    hasRadius ||= ruleValue("maxDistance", member, assumptions) !== undefined;
    if (hasRangeAlone) continue;
    for (const types of ruleValue("competences", member, assumptions)?.values() ?? []) hasRangeAlone ||= !types;
  }
  return { kinds, hasRadius, hasCounty, hasWhole, hasRangeAlone };
}

// Returns the assumptions that findings about these users rest on, in the order of `Assumptions`. It does not try other
// values, which takes too long for all leads.
export function dependsOn({ users, cells, spots, leavesCodesOut, assumptions }: Network): AssumptionName[] {
  const { known = [] } = assumptions;
  const { kinds, hasRadius, hasCounty, hasWhole, hasRangeAlone } = getOrMake(traits, users, () =>
    traitsOf(
      users.map(({ member }) => member),
      assumptions,
    ),
  );
  const matters: { readonly [Name in AssumptionName]: boolean } = {
    enabledRules: users.length > 0,
    absentRule: kinds.has("absent"),
    emptyRule: kinds.has("empty"),
    combination: kinds.has("set"),
    distanceFrom: hasRadius,
    detourFactor: hasRadius,
    partsLeftOut: hasWhole || hasCounty,
    zipInTwoCounties: hasCounty && spots.all.some(({ counties }) => (counties?.length ?? 0) > 1),
    rangeAlone: hasRangeAlone && cells.codes.requestTypes.length > 0,
    codesLeftOut: leavesCodesOut,
  };
  const names = Object.keys(matters) as AssumptionName[]; // the keys of a record are names of its type
  return names.filter((name) => matters[name] && !known.includes(name));
}
