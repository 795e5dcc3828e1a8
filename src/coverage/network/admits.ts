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
  const inArea = ask(member.geographical, assumptions, (area) => areaResult(area, spot, assumptions));
  if (isAlternative(member, assumptions)) return either(inArea, inRadius(member, spot, assumptions));
  return inArea === "fail" ? "fail" : both(inArea, inRadius(member, spot, assumptions));
}

function inRadius(member: Member, spot: Spot, assumptions: Assumptions): Result {
  return ask(member.maxDistance, assumptions, (radius) =>
    radiusResult(radius, measure(member.home, spot.located, assumptions)),
  );
}

/** Whether one of the two area rules is enough for this user. */
export function isAlternative({ geographical, maxDistance }: Member, { combination }: Assumptions): boolean {
  return combination === "area_or_radius" && geographical.kind === "set" && maxDistance.kind === "set";
}

/** What the other rules together say of a lead. */
function admitsKind(member: Member, lead: Omit<Lead, "country">, assumptions: Assumptions): Result {
  const handled = ask(member.competences, assumptions, (competences) =>
    competencesResult(competences, lead.range, lead.requestType, assumptions),
  );
  if (handled === "fail") return "fail";
  return both(
    handled,
    both(
      ask(member.contactProfiles, assumptions, (codes) => codeListResult(codes, lead.contactProfile, undefined)),
      ask(member.profileTypes, assumptions, (codes) => codeListResult(codes, lead.profileType, PROFILE_TYPES)),
    ),
  );
}

/** What all rules of a user together say of a lead. */
export function admits(member: Member, lead: Lead, spot: Spot, assumptions: Assumptions): Result {
  const ofKind = admitsKind(member, lead, assumptions);
  return ofKind === "fail" ? "fail" : both(ofKind, admitsSpot(member, spot, assumptions));
}
