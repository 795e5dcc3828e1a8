import type { CompetencesRule } from "../../rules/competences.ts";
import type { RuleBody, RuleName } from "../../rules/rules.ts";
import type { ReadUser } from "../read-users.ts";
import { COVERAGE_RULES } from "../rules/rules.ts";
import type { LeadCodes } from "../types.ts";

/** A rule of a user with more codes: of competences, with more ranges. `inUse`: the codes that leads can have. */
export function withCodes<Name extends RuleName>(
  rule: Name,
  given: ReadUser["rules"],
  codes: readonly string[],
  inUse: LeadCodes,
): ReadUser["rules"] {
  if (rule === "competences") return { competences: withRanges(given.competences ?? [], codes, inUse) };
  const body: RuleBody<Name> | undefined = given[rule];
  return body === undefined ? {} : { [rule]: COVERAGE_RULES[rule].withCodes?.(body, codes) };
}

function withRanges(competences: CompetencesRule, codes: readonly string[], inUse: LeadCodes): CompetencesRule {
  const known = new Set(competences.map(({ range }) => range.code));
  const ranges = codes.filter((code) => !known.has(code)).map((code) => ({ range: { code } }));
  const types = new Set(competences.flatMap(({ requestType }) => requestType?.code ?? []));
  // With pairs, a range comes with every request type that the user handles and that is in use. Either all entries have one, or none.
  const pairs = inUse.requestTypes.filter((type) => types.has(type)).map((code) => ({ requestType: { code } }));
  const added = types.size === 0 ? ranges : ranges.flatMap((range) => pairs.map((pair) => ({ ...range, ...pair })));
  return [...competences, ...added] as CompetencesRule;
}
