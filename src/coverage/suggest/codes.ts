import type { CompetencesRule } from "../../rules/competences.ts";
import type { ProfileType } from "../../rules/profile-types.ts";
import type { RuleName } from "../../rules/rules.ts";
import type { LeadCodes } from "../network/cells.ts";
import type { ReadUser } from "../read-users.ts";

/** A rule with more codes: ranges, contact profiles or profile types. `inUse`: the codes that leads can have. */
export function withCodes(
  rule: RuleName,
  { competences = [], contactProfiles = [], profileTypes = [] }: ReadUser["rules"],
  codes: readonly string[],
  inUse: LeadCodes,
): ReadUser["rules"] {
  const missing = (known: readonly string[]) => codes.filter((code) => !known.includes(code));
  switch (rule) {
    case "competences": {
      const ranges = missing(competences.map(({ range }) => range.code)).map((code) => ({ range: { code } }));
      const types = new Set(competences.flatMap(({ requestType }) => requestType?.code ?? []));
      // With pairs, a range comes with every request type that the user handles and that is in use. Either all entries have one, or none.
      const pairs = inUse.requestTypes.filter((type) => types.has(type)).map((code) => ({ requestType: { code } }));
      const added = types.size === 0 ? ranges : ranges.flatMap((range) => pairs.map((pair) => ({ ...range, ...pair })));
      return { competences: [...competences, ...added] as CompetencesRule };
    }
    case "contactProfiles": {
      const added = missing(contactProfiles.map(({ code }) => code)).map((code) => ({ code }));
      return { contactProfiles: [...contactProfiles, ...added] };
    }
    case "profileTypes":
      // The codes of this rule are profile types.
      return { profileTypes: [...profileTypes, ...(missing(profileTypes) as ProfileType[])] };
    default:
      return {};
  }
}
