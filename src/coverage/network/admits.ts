import type { RuleName } from "../../rules/rules.ts";
import type { Question, Result } from "../rules/coverage-rule.ts";
import { KIND_RULES, PLACE_RULES } from "../rules/rules.ts";
import { ask, both, either } from "../rules/state.ts";
import type { Assumptions, Lead } from "../types.ts";
import type { Spot } from "./geography.ts";
import type { Member } from "./member.ts";

/** The verdict of all rules about places on a place. */
export function admitsSpot(member: Member, spot: Spot, assumptions: Assumptions): Result {
  return askSpot(member, { lead: {}, spot, home: member.home, assumptions });
}

function askSpot(member: Member, question: Question): Result {
  const isOneEnough = isAlternative(member, question.assumptions);
  let result: Result | undefined;
  for (const name of PLACE_RULES) {
    const own = ask(name, member.rules, question);
    result = result === undefined ? own : isOneEnough ? either(result, own) : both(result, own);
    if (result === "fail" && !isOneEnough) return "fail";
  }
  return result ?? "pass";
}

/** Whether one of the two area rules is enough for this user. */
export function isAlternative({ rules: { geographical, maxDistance } }: Member, { combination }: Assumptions): boolean {
  return combination === "area_or_radius" && geographical.kind === "set" && maxDistance.kind === "set";
}

/** The verdict of all rules of a user on a lead. */
export function admits(member: Member, lead: Lead, spot: Spot, assumptions: Assumptions): Result {
  const question: Question = { lead, spot, home: member.home, assumptions };
  const askRule = (name: RuleName) => ask(name, member.rules, question);
  const ofKind = KIND_RULES.map(askRule).reduce(both, "pass");
  return ofKind === "fail" ? "fail" : both(ofKind, askSpot(member, question));
}
