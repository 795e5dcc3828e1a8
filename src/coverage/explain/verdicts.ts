import type { RuleName } from "../../rules/read.ts";
import type { Assumptions } from "../assumptions.ts";
import { admits, isAlternative, PROFILE_TYPES } from "../network/admits.ts";
import type { Geography, Spot } from "../network/geography.ts";
import type { Member } from "../network/member.ts";
import { areaChange, areaReason, areaResult } from "../rules/area.ts";
import { codeListReason, codeListResult } from "../rules/code-list.ts";
import { competencesChange, competencesReason, competencesResult } from "../rules/competences.ts";
import { type Measured, measure, radiusChange, radiusReason, radiusResult } from "../rules/radius.ts";
import { answerWithoutContent, type Result, type RuleState } from "../rules/state.ts";
import type { Lead, RuleAnswer, UserVerdict, Verdict } from "../types.ts";
import { nearestCovered } from "./nearest.ts";

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
    return { verdict: explainMember(member, lead, spot, answers, assumptions), missedBy: missedBy(answers) };
  });
  return explained
    .sort(
      (a, b) =>
        ORDER.indexOf(a.verdict.verdict) - ORDER.indexOf(b.verdict.verdict) ||
        a.verdict.changes.length - b.verdict.changes.length ||
        a.missedBy - b.missedBy ||
        (a.verdict.accountNumber < b.verdict.accountNumber ? -1 : 1),
    )
    .map(({ verdict }) => verdict);
}

/** What a rule answers, and what would make it pass. */
interface RuleVerdict extends RuleAnswer {
  readonly change?: string | undefined;
  /** How far the lead is outside, in kilometres. */
  readonly missedByKm?: number | undefined;
}

type Answers = { readonly [Name in RuleName]-?: RuleVerdict };

function explainMember(
  member: Member,
  lead: Lead,
  spot: Spot,
  answers: Answers,
  assumptions: Assumptions,
): UserVerdict {
  const verdict = VERDICTS[admits(member, lead, spot, assumptions)];
  const answerOf = ({ result, reason }: RuleVerdict): RuleAnswer => ({ result, reason });
  const rules = {
    geographical: answerOf(answers.geographical),
    maxDistance: answerOf(answers.maxDistance),
    competences: answerOf(answers.competences),
    contactProfiles: answerOf(answers.contactProfiles),
    profileTypes: answerOf(answers.profileTypes),
  };
  return {
    accountNumber: member.accountNumber,
    verdict,
    rules,
    changes: verdict === "not_eligible" ? changesOf(answers, isAlternative(member, assumptions)) : [],
  };
}

function changesOf(answers: Answers, oneAreaIsEnough: boolean): string[] {
  const { geographical, maxDistance, ...others } = answers;
  const areas = [geographical, maxDistance].filter(({ result }) => result === "fail").map(({ change }) => change);
  const first = oneAreaIsEnough && areas.length === 2 ? [areas.join(", or ")] : areas;
  const ofAreas = oneAreaIsEnough && areas.length < 2 ? [] : first;
  const rest = Object.values(others)
    .filter(({ result }) => result === "fail")
    .map(({ change }) => change);
  return [...ofAreas, ...rest].filter((change) => change !== undefined);
}

function missedBy(answers: Answers): number {
  return Math.min(...Object.values(answers).map(({ missedByKm }) => missedByKm ?? Number.POSITIVE_INFINITY));
}

function answersOf(member: Member, lead: Lead, spot: Spot, geography: Geography, assumptions: Assumptions): Answers {
  const measured: Measured | undefined = measure(member.home, spot.located, assumptions);
  return {
    geographical: answer(member.geographical, assumptions, "set an area", (area) => {
      const result = areaResult(area, spot, assumptions);
      const nearest = result === "fail" ? nearestCovered(area, spot, geography) : undefined;
      return {
        result,
        reason: areaReason(area, spot, result, nearest),
        change: areaChange(spot),
        missedByKm: nearest?.km,
      };
    }),
    maxDistance: answer(member.maxDistance, assumptions, "set a radius", (radius) => {
      const result = radiusResult(radius, measured);
      return {
        result,
        reason: radiusReason(radius, measured, result, member.home !== undefined),
        change: radiusChange(radius, measured),
        missedByKm: result === "fail" && measured ? measured.km - radius : undefined,
      };
    }),
    competences: answer(member.competences, assumptions, "set competences", (competences) => {
      const { range, requestType } = lead;
      const result = competencesResult(competences, range, requestType, assumptions);
      return {
        result,
        reason: competencesReason(competences, range, requestType, result),
        change: competencesChange(range, requestType),
      };
    }),
    contactProfiles: answer(member.contactProfiles, assumptions, "set contact profiles", (codes) => {
      const result = codeListResult(codes, lead.contactProfile, undefined);
      const reason = codeListReason(codes, lead.contactProfile, result, "contact profile");
      return { result, reason, change: `take ${lead.contactProfile}` };
    }),
    profileTypes: answer(member.profileTypes, assumptions, "set profile types", (codes) => {
      const result = codeListResult(codes, lead.profileType, PROFILE_TYPES);
      const reason = codeListReason(codes, lead.profileType, result, "profile type");
      return { result, reason, change: `take ${lead.profileType}` };
    }),
  };
}

function answer<Value>(
  state: RuleState<Value>,
  assumptions: Assumptions,
  toSet: string,
  ofContent: (value: Value) => RuleVerdict,
): RuleVerdict {
  if (state.kind === "set") return ofContent(state.value);
  return { result: "not_set", reason: "", change: toSet, ...answerWithoutContent(state, assumptions) };
}
