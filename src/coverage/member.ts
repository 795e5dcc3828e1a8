import type { OpleadIssue } from "../core/issues.ts";
import type { RuleBody, RuleName } from "../rules/rules.ts";
import { type Geography, type Located, locatedAt, type Spot } from "./geography.ts";
import type { ReadUser } from "./read-input.ts";
import { type Exclusion, exclusionOf, hasUnknownRules, notCountedAmong } from "./receiving.ts";
import type { Question } from "./rules/rule.ts";
import { COVERAGE_RULES, KIND_RULES, PLACE_RULES, type RuleValues } from "./rules/rules.ts";
import type { Assumptions, Lead, NotCounted } from "./types.ts";

export type RuleState<Value> =
  | { readonly kind: "set"; readonly value: Value }
  | { readonly kind: "absent" | "empty" }
  | { readonly kind: "invalid"; readonly problem: OpleadIssue };

type RuleStates = { readonly [Name in RuleName]: RuleState<RuleValues[Name]> };

// A member does not depend on assumptions, so a lead can be asked again under other assumptions.
export interface Member {
  readonly user: ReadUser;
  // Why the user does not count.
  readonly excluded: Exclusion | undefined;
  readonly home: Located | undefined;
  readonly rules: RuleStates;
}

export function memberOf(user: ReadUser, geography: Geography, othersHaveRules: boolean): Member {
  const { home, rules, invalid } = user;
  const state = <Name extends RuleName>(name: Name) => stateOf(name, rules[name], invalid[name]);
  return {
    user,
    excluded: exclusionOf(user, othersHaveRules),
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

function stateOf<Name extends RuleName>(
  name: Name,
  body: RuleBody<Name> | undefined,
  problem: OpleadIssue | undefined,
): RuleState<RuleValues[Name]> {
  if (problem) return { kind: "invalid", problem };
  if (body === undefined) return { kind: "absent" };
  const value = COVERAGE_RULES[name].read(body);
  return value === undefined ? { kind: "empty" } : { kind: "set", value };
}

// The value is also undefined for a rule that the platform has not enabled.
export function ruleValue<Name extends RuleName>(
  name: Name,
  { rules }: Pick<Member, "rules">,
  { enabledRules }: Pick<Assumptions, "enabledRules">,
): RuleValues[Name] | undefined {
  const state: RuleState<RuleValues[Name]> = rules[name];
  return state.kind === "set" && enabledRules.includes(name) ? state.value : undefined;
}

export function passes<Name extends RuleName>(name: Name, { rules }: Member, question: Question): boolean {
  const { assumptions } = question;
  if (!assumptions.enabledRules.includes(name)) return true;
  const state: RuleState<RuleValues[Name]> = rules[name];
  if (state.kind === "set") return COVERAGE_RULES[name].passes(state.value, question);
  if (state.kind === "absent") return assumptions.absentRule === "admits_all";
  return state.kind === "empty" && assumptions.emptyRule === "admits_all";
}

export function admitsSpot(member: Member, spot: Spot, assumptions: Assumptions): boolean {
  return placeRulesPass(member, { lead: {}, spot, home: member.home, assumptions });
}

// `isElsewhere`: the radius rule gives its other answer, as if distances were measured from elsewhere.
export function admits(member: Member, lead: Lead, spot: Spot, assumptions: Assumptions, isElsewhere = false): boolean {
  if (member.excluded) return false;
  const question: Question = { lead, spot, home: member.home, assumptions };
  return KIND_RULES.every((name) => passes(name, member, question)) && placeRulesPass(member, question, isElsewhere);
}

// Of a user that left: what is not known admits the lead, because Oplead may give it.
export function mayStillGet(member: Member, lead: Lead, spot: Spot, assumptions: Assumptions): boolean {
  const isUnknown = hasUnknownRules(member.user) || lacksPlace(member, assumptions);
  return isUnknown || admits({ ...member, excluded: undefined }, lead, spot, assumptions);
}

function placeRulesPass(member: Member, question: Question, isElsewhere = false): boolean {
  const pass = (name: RuleName) =>
    passes(name, member, question) !==
    (isElsewhere && name === "maxDistance" && ruleValue(name, member, question.assumptions) !== undefined);
  return isAlternative(member, question.assumptions) ? PLACE_RULES.some(pass) : PLACE_RULES.every(pass);
}

export function isAlternative(member: Member, assumptions: Assumptions): boolean {
  return (
    assumptions.combination === "area_or_radius" &&
    ruleValue("geographical", member, assumptions) !== undefined &&
    ruleValue("maxDistance", member, assumptions) !== undefined
  );
}

// A user with a radius and no known place covers nothing by distance, and is named wherever coverage is told.
export function lacksPlace(member: Member, assumptions: Assumptions): boolean {
  return !member.home && ruleValue("maxDistance", member, assumptions) !== undefined;
}

export function notCountedMembers(members: readonly Member[], assumptions: Assumptions): NotCounted[] {
  return notCountedAmong(
    members.map((member) => {
      const { user, excluded } = member;
      return { user, excluded, accountNumber: user.accountNumber, lacksPlace: lacksPlace(member, assumptions) };
    }),
  );
}
