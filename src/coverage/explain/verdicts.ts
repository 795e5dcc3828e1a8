import type { RuleName } from "../../rules/rules.ts";
import type { Assumptions } from "../assumptions.ts";
import { distanceOfPoints } from "../distance.ts";
import { admits, isAlternative, PROFILE_TYPES } from "../network/admits.ts";
import type { Geography, Spot } from "../network/geography.ts";
import type { Member } from "../network/member.ts";
import { type Area, areaChange, areaReason, areaResult, type NearestCovered } from "../rules/area.ts";
import { codeListReason, codeListResult } from "../rules/code-list.ts";
import { competencesChange, competencesReason, competencesResult } from "../rules/competences.ts";
import { measure, radiusChange, radiusReason, radiusResult } from "../rules/radius.ts";
import type { Result, RuleState } from "../rules/state.ts";
import type { Lead, RuleAnswer, UserVerdict, Verdict } from "../types.ts";

const VERDICTS: { readonly [Each in Result]: Verdict } = {
  pass: "eligible",
  fail: "not_eligible",
  uncertain: "uncertain",
};
const ORDER: readonly Verdict[] = ["eligible", "uncertain", "not_eligible"];

/** Every user's verdict: eligible users first, then uncertain ones, then the others with the nearest misses first. */
export function explainMembers(
  lead: Lead,
  members: readonly Member[],
  geography: Geography,
  assumptions: Assumptions,
): UserVerdict[] {
  const spot = geography.spotOf(lead);
  const explained = members.map((member) => {
    const answers = answersOf(member, lead, spot, geography, assumptions);
    const missedBy = Object.values(answers).map(({ missedByKm = Number.POSITIVE_INFINITY }) => missedByKm);
    const verdict = VERDICTS[admits(member, lead, spot, assumptions)];
    const user: UserVerdict = {
      accountNumber: member.user.accountNumber,
      verdict,
      rules: {
        geographical: withoutChange(answers.geographical),
        maxDistance: withoutChange(answers.maxDistance),
        competences: withoutChange(answers.competences),
        contactProfiles: withoutChange(answers.contactProfiles),
        profileTypes: withoutChange(answers.profileTypes),
      },
      changes: verdict === "not_eligible" ? changesOf(answers, isAlternative(member, assumptions)) : [],
    };
    return { user, missedBy: Math.min(...missedBy) };
  });
  explained.sort(
    (a, b) =>
      ORDER.indexOf(a.user.verdict) - ORDER.indexOf(b.user.verdict) ||
      a.user.changes.length - b.user.changes.length ||
      a.missedBy - b.missedBy ||
      (a.user.accountNumber < b.user.accountNumber ? -1 : 1),
  );
  return explained.map(({ user }) => user);
}

/** Users by their verdict. */
export function byVerdict(users: readonly UserVerdict[]): { readonly [Each in Verdict]: readonly UserVerdict[] } {
  const of = (wanted: Verdict) => users.filter(({ verdict }) => verdict === wanted);
  return { eligible: of("eligible"), uncertain: of("uncertain"), not_eligible: of("not_eligible") };
}

/** What a user who is not eligible would need. If another rule is uncertain, these changes alone may not be enough. */
export function changesText({ rules, changes }: UserVerdict): string {
  const isEnough = Object.values(rules).every(({ result }) => result !== "uncertain");
  return `To be eligible${isEnough ? "" : ", at least"}: ${changes.join("; and ")}`;
}

/** What a rule answers, and what would make it pass. */
interface RuleVerdict extends RuleAnswer {
  readonly change: string;
  /** How far the lead is outside, in kilometres. */
  readonly missedByKm?: number | undefined;
}

type Answers = { readonly [Name in RuleName]-?: RuleVerdict };

function withoutChange({ result, reason }: RuleVerdict): RuleAnswer {
  return { result, reason };
}

function changesOf({ geographical, maxDistance, ...others }: Answers, oneAreaIsEnough: boolean): string[] {
  const failed = (answers: readonly RuleVerdict[]): string[] =>
    answers.filter(({ result }) => result === "fail").map(({ change }) => change);
  const areas = failed([geographical, maxDistance]);
  const rest = failed(Object.values(others));
  if (!oneAreaIsEnough) return [...areas, ...rest];
  return areas.length === 2 ? [areas.join(", or "), ...rest] : rest;
}

function answersOf(member: Member, lead: Lead, spot: Spot, geography: Geography, assumptions: Assumptions): Answers {
  const measured = measure(member.home, spot.located, assumptions);
  return {
    geographical: answer(member.geographical, "set an area", (area) => {
      const result = areaResult(area, spot, assumptions);
      const nearest = result === "fail" ? nearestCovered(area, spot, geography) : undefined;
      return {
        result,
        reason: areaReason(area, spot, result, nearest),
        change: areaChange(spot),
        missedByKm: nearest?.km,
      };
    }),
    maxDistance: answer(member.maxDistance, "set a radius", (radius) => {
      const result = radiusResult(radius, measured);
      return {
        result,
        reason: radiusReason(radius, measured, result, member.home !== undefined),
        change: radiusChange(radius, measured),
        missedByKm: result === "fail" && measured ? measured.km - radius : undefined,
      };
    }),
    competences: answer(member.competences, "set competences", (competences) => {
      const { range, requestType } = lead;
      const result = competencesResult(competences, range, requestType, assumptions);
      return {
        result,
        reason: competencesReason(competences, range, requestType, result),
        change: competencesChange(range, requestType),
      };
    }),
    contactProfiles: answer(member.contactProfiles, "set contact profiles", (codes) => {
      const result = codeListResult(codes, lead.contactProfile, undefined);
      const reason = codeListReason(codes, lead.contactProfile, result, "contact profile");
      return { result, reason, change: `take ${lead.contactProfile}` };
    }),
    profileTypes: answer(member.profileTypes, "set profile types", (codes) => {
      const result = codeListResult(codes, lead.profileType, PROFILE_TYPES);
      const reason = codeListReason(codes, lead.profileType, result, "profile type");
      return { result, reason, change: `take ${lead.profileType}` };
    }),
  };
}

function answer<Value>(state: RuleState<Value>, toSet: string, ofContent: (value: Value) => RuleVerdict): RuleVerdict {
  return state.kind === "set" ? ofContent(state.value) : { ...state.answer, change: toSet };
}

/** The covered postcode nearest to a lead; undefined when no distance is known. */
function nearestCovered(area: Area, { country, located }: Spot, geography: Geography): NearestCovered | undefined {
  const covered = area.get(country);
  if (!covered || !located) return undefined;
  const inCounties = [...covered.counties].flatMap((county) => geography.zipsOf(country, county));
  let nearest: NearestCovered | undefined;
  for (const zipCode of [...covered.zips.keys(), ...inCounties]) {
    const centre = geography.located(zipCode, country);
    const km = centre ? distanceOfPoints(located.point, centre.point) : Number.POSITIVE_INFINITY;
    if (km < (nearest?.km ?? Number.POSITIVE_INFINITY)) nearest = { zipCode, km };
  }
  return nearest;
}
