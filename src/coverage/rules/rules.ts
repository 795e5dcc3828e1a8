import { tellReason, tellRuleChange } from "../../locales/en/coverage.ts";
import type { RuleBody, RuleName } from "../../rules/rules.ts";
import type { LeadAxis } from "../types.ts";
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
    // Safe: encoded from a list of profile types.
    bodyOf: (types) => types as RuleBody<"profileTypes">,
  }),
};

type ValueIn<Rule> = Rule extends CoverageRule<infer _Name, infer Value, infer _Encoded> ? Value : never;

export type RuleValues = { [Name in RuleName]: ValueIn<(typeof rules)[Name]> };

// The rules in the order in which they are sent.
export const COVERAGE_RULES: { readonly [Name in RuleName]: CoverageRule<Name, RuleValues[Name]> } = rules;

export const RULE_NAMES: readonly RuleName[] = /* @__PURE__ */ Object.keys(rules) as RuleName[];

// Rules about the codes of a lead.
export const KIND_RULES: readonly RuleName[] = /* @__PURE__ */ RULE_NAMES.filter((name) => rules[name].axes.length > 0);

export const PLACE_RULES: readonly RuleName[] = /* @__PURE__ */ RULE_NAMES.filter(
  (name) => rules[name].axes.length === 0,
);

// The kinds of codes of a lead, in the order in which cells are numbered.
export const AXES: readonly LeadAxis[] = /* @__PURE__ */ RULE_NAMES.flatMap((name) => rules[name].axes);

type CodeList = ReadonlySet<string>;

interface Codes<Name extends RuleName> {
  readonly axis: LeadAxis;
  readonly codesOf: (body: RuleBody<Name>) => readonly string[];
  readonly bodyOf: (codes: readonly string[]) => RuleBody<Name>;
}

// Makes the coverage of a rule that is a list of codes. A lead must have one of them.
function codeListCoverage<Name extends RuleName>({
  axis,
  codesOf,
  bodyOf,
}: Codes<Name>): CoverageRule<Name, CodeList, readonly number[]> {
  const { codes: list, field, documented } = axis;
  return {
    axes: [axis],
    read: (body) => {
      const codes = codesOf(body);
      return codes.length > 0 ? new Set(codes) : undefined;
    },
    passes: (codes, { lead: { [field]: code } }) => code === undefined || codes.has(code),
    explain: (codes, { lead: { [field]: code } }, isPassed) => {
      const why = () => {
        if (code === undefined) {
          return tellReason(documented?.every((one) => codes.has(one)) ? "every_code" : "no_lead_code", { field });
        }
        if (code === "") return tellReason("no_such_codes", { field });
        return isPassed
          ? tellReason("code_taken", { code })
          : tellReason("code_not_taken", { code, taken: [...codes] });
      };
      return { reason: why(), change: tellRuleChange("take_code", { code }) };
    },
    // Documented codes are known without looking at users' rules.
    ...(!documented && { codesIn: (codes: CodeList) => [codes] }),
    encode: (body, texts) => codesOf(body).map((code) => texts.placeOf(list, code)),
    decode: (places, texts) => bodyOf(places.map((place) => texts.textAt(list, place))),
  };
}
