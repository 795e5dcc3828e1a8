import { tellReason, tellRuleChange } from "../../locales/en/coverage.ts";
import type { RuleBody, RuleName } from "../../rules/rules.ts";
import type { LeadAxis } from "../types.ts";
import type { CoverageRule } from "./rule.ts";

type CodeList = ReadonlySet<string>;

/** How the body of a rule holds its codes. */
interface Codes<Name extends RuleName> {
  readonly axis: LeadAxis;
  readonly codesOf: (body: RuleBody<Name>) => readonly string[];
  readonly bodyOf: (codes: readonly string[]) => RuleBody<Name>;
}

/** A rule that is a list of codes, of which a lead must have one. */
export function codeListCoverage<Name extends RuleName>({
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
    ask: (codes, { lead: { [field]: code } }) => {
      if (code !== undefined) return codes.has(code) ? "pass" : "fail";
      return documented?.every((one) => codes.has(one)) ? "pass" : "uncertain";
    },
    explain: (codes, { lead: { [field]: code } }, result) => {
      const why = () => {
        if (code === undefined) return tellReason(result === "pass" ? "every_code" : "no_lead_code", { field });
        return result === "pass"
          ? tellReason("code_taken", { code })
          : tellReason("code_not_taken", { code, taken: [...codes] });
      };
      return { reason: why(), change: tellRuleChange("take_code", { code }) };
    },
    // What is documented needs no code of a rule to be known.
    ...(!documented && { codesIn: (codes: CodeList) => [codes] }),
    withCodes: (body, codes) => bodyOf([...new Set([...codesOf(body), ...codes])]),
    encode: (body, texts) => codesOf(body).map((code) => texts.placeOf(list, code)),
    decode: (places, texts) => bodyOf(places.map((place) => texts.textAt(list, place))),
  };
}
