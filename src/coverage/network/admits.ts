import type { Assumptions } from "../assumptions.ts";
import { areaResult } from "../rules/area.ts";
import { codeListResult } from "../rules/code-list.ts";
import { competencesResult } from "../rules/competences.ts";
import { measure, radiusResult } from "../rules/radius.ts";
import { ask, both, either, type Result } from "../rules/state.ts";
import type { Lead } from "../types.ts";
import type { Spot } from "./geography.ts";
import type { Member } from "./member.ts";

/** The two values that are documented (guide, contact profile types). */
export const PROFILE_TYPES: readonly string[] = ["pro", "single"];

/** What the two area rules together say of a place. */
export function admitsSpot(member: Member, spot: Spot, assumptions: Assumptions): Result {
  const inArea = ask(member.geographical, (area) => areaResult(area, spot, assumptions));
  const isOneEnough = isAlternative(member, assumptions);
  if (inArea === "fail" && !isOneEnough) return "fail";
  const inRadius = ask(member.maxDistance, (radius) =>
    radiusResult(radius, measure(member.home, spot.located, assumptions)),
  );
  return isOneEnough ? either(inArea, inRadius) : both(inArea, inRadius);
}

/** Whether one of the two area rules is enough for this user. */
export function isAlternative({ geographical, maxDistance }: Member, { combination }: Assumptions): boolean {
  return combination === "area_or_radius" && geographical.kind === "set" && maxDistance.kind === "set";
}

export function admitsCompetence(
  { competences }: Member,
  { range, requestType }: Pick<Lead, "range" | "requestType">,
  assumptions: Assumptions,
): Result {
  return ask(competences, (handled) => competencesResult(handled, range, requestType, assumptions));
}

export function admitsContactProfile({ contactProfiles }: Member, code: string | undefined): Result {
  return ask(contactProfiles, (codes) => codeListResult(codes, code, undefined));
}

export function admitsProfileType({ profileTypes }: Member, code: string | undefined): Result {
  return ask(profileTypes, (codes) => codeListResult(codes, code, PROFILE_TYPES));
}

/** What all rules of a user together say of a lead. */
export function admits(member: Member, lead: Lead, spot: Spot, assumptions: Assumptions): Result {
  const ofKind = both(
    admitsCompetence(member, lead, assumptions),
    both(admitsContactProfile(member, lead.contactProfile), admitsProfileType(member, lead.profileType)),
  );
  return ofKind === "fail" ? "fail" : both(ofKind, admitsSpot(member, spot, assumptions));
}
