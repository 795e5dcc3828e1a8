import type { ProfileType } from "../../rules/profile-types.ts";
import type { RuleName } from "../../rules/rules.ts";
import type { LeadAxis } from "../types.ts";
import { codeListCoverage } from "./code-list.ts";
import { competencesCoverage } from "./competences.ts";
import { geographicalCoverage } from "./geographical.ts";
import { maxDistanceCoverage } from "./max-distance.ts";
import type { CoverageRule } from "./rule.ts";

const rules = {
  geographical: geographicalCoverage,
  maxDistance: maxDistanceCoverage,
  competences: competencesCoverage,
  contactProfiles: /* @__PURE__ */ codeListCoverage<"contactProfiles">({
    axis: { codes: "contactProfiles", field: "contactProfile" },
    codesOf: (body) => body.map(({ code }) => code),
    bodyOf: (codes) => codes.map((code) => ({ code })),
  }),
  profileTypes: /* @__PURE__ */ codeListCoverage<"profileTypes">({
    axis: { codes: "profileTypes", field: "profileType", documented: ["pro", "single"] },
    codesOf: (types) => types,
    // Encoded from such a list.
    bodyOf: (types) => types as readonly ProfileType[],
  }),
};

/** The contents of the rules, made ready to be asked. */
export type RuleValues = { [Name in RuleName]: ValueIn<(typeof rules)[Name]> };

type ValueIn<Rule> = Rule extends CoverageRule<infer _Name, infer Value, infer _Encoded> ? Value : never;

/** How coverage evaluates each rule, in the order in which rules are sent. */
export const COVERAGE_RULES: { readonly [Name in RuleName]: CoverageRule<Name, RuleValues[Name]> } = rules;

/** The names of all rules. */
export const RULE_NAMES: readonly RuleName[] = /* @__PURE__ */ Object.keys(rules) as RuleName[];

/** Rules about the kind of a lead: about its codes. */
export const KIND_RULES: readonly RuleName[] = /* @__PURE__ */ RULE_NAMES.filter((name) => rules[name].axes.length > 0);

/** Rules about where a lead is. */
export const PLACE_RULES: readonly RuleName[] = /* @__PURE__ */ RULE_NAMES.filter(
  (name) => rules[name].axes.length === 0,
);

/** The codes by which leads are told apart, in the order in which cells are numbered. */
export const AXES: readonly LeadAxis[] = /* @__PURE__ */ RULE_NAMES.flatMap((name) => rules[name].axes);
