import type { RuleName } from "../../rules/rules.ts";
import type { Question, Result } from "../rules/coverage-rule.ts";
import { KIND_RULES, PLACE_RULES } from "../rules/rules.ts";
import { ask, both, either } from "../rules/state.ts";
import type { Assumptions, Lead } from "../types.ts";
import type { Spot } from "./geography.ts";
import type { Member } from "./member.ts";

/** The verdict of all rules about places on a place. */
export function admitsSpot(member: Member, spot: Spot, assumptions: Assumptions): Result {
  const question: Question = { lead: {}, spot, home: member.home, assumptions };
  return ofPlace((name) => ask(name, member.rules, question), isAlternative(member, assumptions));
}

/** The verdict of all rules of a user on a lead. */
export function admits(member: Member, lead: Lead, spot: Spot, assumptions: Assumptions): Result {
  const question: Question = { lead, spot, home: member.home, assumptions };
  return ofAll((name) => ask(name, member.rules, question), isAlternative(member, assumptions));
}

/** The verdict of all rules of a user, from the result of each. `isOneEnough`: see {@link isAlternative}. */
export function ofAll(resultOf: (name: RuleName) => Result, isOneEnough: boolean): Result {
  let ofKind: Result = "pass";
  for (const name of KIND_RULES) {
    ofKind = both(ofKind, resultOf(name));
    if (ofKind === "fail") return "fail";
  }
  return both(ofKind, ofPlace(resultOf, isOneEnough));
}

function ofPlace(resultOf: (name: RuleName) => Result, isOneEnough: boolean): Result {
  let result: Result | undefined;
  for (const name of PLACE_RULES) {
    const own = resultOf(name);
    result = result === undefined ? own : isOneEnough ? either(result, own) : both(result, own);
    if (result === "fail" && !isOneEnough) return "fail";
  }
  return result ?? "pass";
}

/** Whether one of the two area rules is enough for this user. */
export function isAlternative({ rules: { geographical, maxDistance } }: Member, { combination }: Assumptions): boolean {
  return combination === "area_or_radius" && geographical.kind === "set" && maxDistance.kind === "set";
}
