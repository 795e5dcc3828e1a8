import type { OpleadIssue } from "../core/issues.ts";
import { tellReason } from "../locales/en/coverage.ts";
import type { RuleBody, RuleName } from "../rules/rules.ts";
import { type Geography, type Located, locatedAt, type Spot } from "./geography.ts";
import type { ReadUser } from "./read-input.ts";
import type { Question, Result } from "./rules/rule.ts";
import { COVERAGE_RULES, KIND_RULES, PLACE_RULES, type RuleValues } from "./rules/rules.ts";
import type { Assumptions, Lead, RuleAnswer } from "./types.ts";

/** A rule of a user: its content, or a fixed answer if the rule has no usable content. */
export type RuleState<Value> =
  | { readonly kind: "set"; readonly value: Value }
  | { readonly kind: "disabled" | "absent" | "empty" | "invalid"; readonly answer: RuleAnswer };

/** The states of all rules of a user. */
type RuleStates = { readonly [Name in RuleName]: RuleState<RuleValues[Name]> };

const DISABLED: RuleState<never> = {
  kind: "disabled",
  answer: { result: "not_set", ...tellReason("rule_disabled") },
};

const ABSENT: { readonly [Assumed in Assumptions["absentRule"]]: RuleState<never> } = {
  admits_all: { kind: "absent", answer: { result: "not_set", ...tellReason("not_set_admits_all") } },
  admits_none: { kind: "absent", answer: { result: "fail", ...tellReason("not_set_admits_none") } },
  uncertain: { kind: "absent", answer: { result: "uncertain", ...tellReason("not_set") } },
};

const EMPTY: { readonly [Assumed in Assumptions["emptyRule"]]: RuleState<never> } = {
  admits_all: { kind: "empty", answer: { result: "pass", ...tellReason("list_empty_admits_all") } },
  admits_none: { kind: "empty", answer: { result: "fail", ...tellReason("list_empty_admits_none") } },
  uncertain: { kind: "empty", answer: { result: "uncertain", ...tellReason("list_empty") } },
};

/** Makes the state of a rule from its body, or from the problem that makes the body unusable. */
function stateOf<Name extends RuleName>(
  name: Name,
  body: RuleBody<Name> | undefined,
  problem: OpleadIssue | undefined,
  { enabledRules, absentRule, emptyRule }: Assumptions,
): RuleState<RuleValues[Name]> {
  if (!enabledRules.includes(name)) return DISABLED;
  if (problem) {
    return { kind: "invalid", answer: { result: "uncertain", ...tellReason("rule_not_valid", { problem }) } };
  }
  if (body === undefined) return ABSENT[absentRule];
  const value = COVERAGE_RULES[name].read(body);
  return value === undefined ? EMPTY[emptyRule] : { kind: "set", value };
}

/** The result of a rule. A rule that is not set passes if it is assumed to restrict nothing. */
export function ask<Name extends RuleName>(name: Name, states: RuleStates, question: Question): Result {
  const state: RuleState<RuleValues[Name]> = states[name];
  if (state.kind === "set") return COVERAGE_RULES[name].ask(state.value, question);
  const { result } = state.answer;
  return result === "not_set" ? "pass" : result;
}

/** The result of two rules that must both pass. */
export function both(one: Result, other: Result): Result {
  if (one === "fail" || other === "fail") return "fail";
  return one === "pass" && other === "pass" ? "pass" : "uncertain";
}

/** The result of two rules if it is enough that one of them passes. */
export function either(one: Result, other: Result): Result {
  if (one === "pass" || other === "pass") return "pass";
  return one === "fail" && other === "fail" ? "fail" : "uncertain";
}

/** A user with the state of each rule. */
export interface Member {
  readonly user: ReadUser;
  readonly home: Located | undefined;
  readonly rules: RuleStates;
}

export function memberOf(user: ReadUser, geography: Geography, assumptions: Assumptions): Member {
  const { home, rules, invalid } = user;
  const state = <Name extends RuleName>(name: Name) => stateOf(name, rules[name], invalid[name], assumptions);
  return {
    user,
    home: home.coordinates ? locatedAt(home.coordinates, 0) : geography.located(home.zipCode, home.country),
    rules: {
      geographical: state("geographical"),
      maxDistance: state("maxDistance"),
      competences: state("competences"),
      contactProfiles: state("contactProfiles"),
      profileTypes: state("profileTypes"),
    },
  };
}

/** Whether all rules about places admit a place. */
export function admitsSpot(member: Member, spot: Spot, assumptions: Assumptions): Result {
  const question: Question = { lead: {}, spot, home: member.home, assumptions };
  return ofPlace((name) => ask(name, member.rules, question), isAlternative(member, assumptions));
}

/** Whether all rules of a user admit a lead. */
export function admits(member: Member, lead: Lead, spot: Spot, assumptions: Assumptions): Result {
  if (member.user.receives === false) return "fail";
  const question: Question = { lead, spot, home: member.home, assumptions };
  return ofAll((name) => ask(name, member.rules, question), isAlternative(member, assumptions));
}

/** Combines the results of a user's rules into the verdict of all of them. `isOneEnough`: see {@link isAlternative}. */
function ofAll(resultOf: (name: RuleName) => Result, isOneEnough: boolean): Result {
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
