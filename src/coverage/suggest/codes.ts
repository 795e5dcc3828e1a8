import type { CompetencesRule } from "../../rules/competences.ts";
import type { ProfileType } from "../../rules/profile-types.ts";
import type { RuleName } from "../../rules/rules.ts";
import type { LeadCodes } from "../network/cells.ts";
import type { ReadUser } from "../read-users.ts";
import type { Dimensions } from "../types.ts";

/** A rule with more codes of one of its lists. `inUse`: the codes that leads can have. */
export function withCodes(
  rule: RuleName,
  { competences = [], contactProfiles = [], profileTypes = [] }: ReadUser["rules"],
  list: keyof Dimensions,
  codes: readonly string[],
  inUse: LeadCodes,
): ReadUser["rules"] {
  switch (rule) {
    case "competences":
      return { competences: withCompetences(competences, list, codes, inUse) };
    case "contactProfiles":
      return { contactProfiles: [...contactProfiles, ...missing(codesIn(contactProfiles), codes).map(coded)] };
    case "profileTypes":
      // The codes of this list are profile types.
      return { profileTypes: [...profileTypes, ...(missing(profileTypes, codes) as ProfileType[])] };
    default:
      return {};
  }
}

const coded = (code: string) => ({ code });
const codesIn = (list: readonly { readonly code: string }[]) => list.map(({ code }) => code);

/** With pairs, a new range comes with every request type that the user handles, and a new request type with every range. */
function withCompetences(
  rule: CompetencesRule,
  list: keyof Dimensions,
  codes: readonly string[],
  inUse: LeadCodes,
): CompetencesRule {
  const ranges = [...new Set(rule.map(({ range }) => range.code))];
  const types = [...new Set(rule.flatMap(({ requestType }) => requestType?.code ?? []))];
  if (list === "ranges" && types.length === 0) {
    return [...rule, ...missing(ranges, codes).map((code) => ({ range: { code } }))] as CompetencesRule;
  }
  if (types.length === 0) return rule;
  // A code that is no longer in use gets no new pair.
  const [oldRanges, oldTypes] = [among(ranges, inUse.ranges), among(types, inUse.requestTypes)];
  const isRange = list === "ranges";
  const [newRanges, newTypes] = isRange ? [missing(ranges, codes), oldTypes] : [oldRanges, missing(types, codes)];
  const added = newRanges.flatMap((range) =>
    newTypes.map((type) => ({ range: { code: range }, requestType: { code: type } })),
  );
  // Either all entries have a request type, or none.
  return [...rule, ...added] as CompetencesRule;
}

function among(some: readonly string[], codes: readonly string[]): string[] {
  return some.filter((code) => codes.includes(code));
}

function missing(known: readonly string[], codes: readonly string[]): string[] {
  return codes.filter((code) => !known.includes(code));
}
