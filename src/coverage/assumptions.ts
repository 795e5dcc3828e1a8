import * as z from "zod/mini";
import { codedBy } from "../base/texts/coded.ts";
import { COVERAGE_OPTIONS } from "../base/texts/en/coverage-options.ts";
import { argumentsCheck, says } from "../base/validation/validate.ts";
import type { RuleName } from "../rules/rules.ts";
import type { Coordinates, CoverageUser, Locate } from "./types.ts";

/** Options that {@link explainLead} and {@link coverage} share. */
export interface EvaluationOptions {
  /** Replaces some of {@link defaultAssumptions}. */
  readonly assumptions?: Partial<Assumptions> | undefined;
  /** Without it, distances are known only between coordinates that users and leads bring. */
  readonly locate?: Locate | undefined;
}

/**
 * What is assumed about Oplead where its documentation is silent. Every result names the assumptions it depends on.
 * Replace those that you know better for your platform: `coverage(users, { universe, assumptions: { … } })`.
 */
export interface Assumptions {
  /** The rules that the platform has enabled. The others have no effect. Default: all five. */
  readonly enabledRules: readonly RuleName[];
  /** What a user without a certain rule gets. Default `"admits_all"`: an absent rule restricts nothing. */
  readonly absentRule: "admits_all" | "admits_none" | "uncertain";
  /** What a rule with an empty list admits. Default `"admits_none"`. */
  readonly emptyRule: "admits_none" | "admits_all" | "uncertain";
  /**
   * How rules combine. Default `"all"`: every rule must pass. `"area_or_radius"`: of `geographical` and `maxDistance` one
   * is enough, where a user has both.
   */
  readonly combination: "all" | "area_or_radius";
  /**
   * Where `maxDistance` is measured from. Default `"address"`: the coordinates that the user brings, or else the centre of
   * the postcode of its address. A function can give another place, for example the parent's.
   */
  readonly distanceFrom: "address" | ((user: CoverageUser) => Coordinates | undefined);
  /** The distance that Oplead measures, divided by the straight line. Default 1; a road is about 1.3 times as long. */
  readonly detourFactor: number;
  /** What a country without counties, or a county without postcodes, covers in a rule. Default `"whole"`. */
  readonly partsLeftOut: "whole" | "uncertain";
  /**
   * When a postcode in two counties is in the area of a user who covers whole counties. Default `"any"`: when one of the
   * two is covered. `"all"`: when both are.
   */
  readonly zipInTwoCounties: "any" | "all" | "uncertain";
  /** Which request types a competence without one admits. Default `"all_request_types"`. */
  readonly rangeAlone: "all_request_types" | "uncertain";
  /**
   * Which codes exist where the universe leaves a list out. Default `"those_in_rules"`: the codes that the users' rules name.
   * `"not_distinguished"`: leads are not told apart by them, and a rule about them is uncertain.
   */
  readonly codesLeftOut: "those_in_rules" | "not_distinguished";
}

/** The name of an assumption, as results list it. */
export type AssumptionName = keyof Assumptions;

/** All rules, in the order in which they are sent. */
export const RULES: readonly RuleName[] = [
  "geographical",
  "maxDistance",
  "competences",
  "contactProfiles",
  "profileTypes",
];

/** What is assumed where the caller replaces nothing. It cannot be changed: give `assumptions` to a function. */
export const defaultAssumptions: Assumptions = /* @__PURE__ */ Object.freeze<Assumptions>({
  enabledRules: RULES,
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

/** The assumptions in force: the defaults, with what the caller replaces. */
export function resolveAssumptions(replaced: Partial<Assumptions> = {}): Assumptions {
  const given = Object.entries(replaced).filter(([, value]) => value !== undefined);
  return { ...defaultAssumptions, ...Object.fromEntries(given) };
}

const wrong = /* @__PURE__ */ codedBy(COVERAGE_OPTIONS);

const checkAssumptions = /* @__PURE__ */ argumentsCheck("assumptionText", () => ({
  assumptions: z.object({ enabledRules: z.array(z.string()) }, says(wrong("not_assumptions"))),
}));

/** An assumption as a phrase: what is assumed, with the value in force. */
export function assumptionText(name: AssumptionName, assumptions: Assumptions): string {
  checkAssumptions({ assumptions });
  const { enabledRules, detourFactor } = assumptions;
  const texts: { readonly [Name in AssumptionName]: string } = {
    enabledRules:
      enabledRules.length === RULES.length
        ? "all five rules are enabled"
        : `the enabled rules are ${enabledRules.join(", ") || "none"}`,
    absentRule: {
      admits_all: "a rule that a user does not have restricts nothing",
      admits_none: "a user without one of the rules gets nothing",
      uncertain: "what a user without one of the rules gets is open",
    }[assumptions.absentRule],
    emptyRule: {
      admits_none: "a rule with an empty list admits nothing",
      admits_all: "a rule with an empty list restricts nothing",
      uncertain: "what a rule with an empty list admits is open",
    }[assumptions.emptyRule],
    combination: {
      all: "all rules of a user must pass",
      area_or_radius: "all rules of a user must pass, but of area and radius one is enough",
    }[assumptions.combination],
    distanceFrom: `the distance is measured from ${assumptions.distanceFrom === "address" ? "the user's address" : "a place that the caller chose"}`,
    detourFactor: `distances are straight lines${detourFactor === 1 ? "" : ` times ${detourFactor}`}`,
    partsLeftOut: {
      whole: "a country without counties, or a county without postcodes, is covered as a whole",
      uncertain: "what a country without counties, or a county without postcodes, covers is open",
    }[assumptions.partsLeftOut],
    zipInTwoCounties: {
      any: "a postcode in two counties is covered by a user who covers one of them",
      all: "a postcode in two counties is covered by a user who covers both",
      uncertain: "whether a user who covers one of a postcode's two counties covers it is open",
    }[assumptions.zipInTwoCounties],
    rangeAlone: {
      all_request_types: "a range without a request type admits all request types",
      uncertain: "which request types a range alone admits is open",
    }[assumptions.rangeAlone],
    codesLeftOut: {
      those_in_rules: "codes that the universe leaves out are those that the users' rules name",
      not_distinguished: "leads are not told apart by codes that the universe leaves out",
    }[assumptions.codesLeftOut],
  };
  return texts[name];
}
