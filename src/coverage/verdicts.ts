import { tellReason, tellRuleChange } from "../locales/en/coverage.ts";
import type { RuleName } from "../rules/rules.ts";
import type { Variation } from "./assumptions.ts";
import { Distances, type Geography } from "./geography.ts";
import { admits, isAlternative, type Member, passes, type RuleState, ruleValue } from "./member.ts";
import type { RuleChange } from "./messages.ts";
import type { Explanation, Question } from "./rules/rule.ts";
import { COVERAGE_RULES, PLACE_RULES, RULE_NAMES, type RuleValues } from "./rules/rules.ts";
import type { AssumptionName, Assumptions, Lead, RuleAnswer, UserVerdict } from "./types.ts";

// Measures how far a user misses a lead: changes that its rules need, and kilometres outside of its area (infinite if
// not known).
interface Miss {
  readonly changes: number;
  readonly km: number;
}

const FARTHEST: Miss = { changes: Number.MAX_SAFE_INTEGER, km: Number.MAX_SAFE_INTEGER };

export interface Explained extends Miss {
  readonly user: UserVerdict;
}

export function explainMembers(
  lead: Lead,
  members: readonly Member[],
  geography: Geography,
  assumptions: Assumptions,
): UserVerdict[] {
  return inOrder(members.map(explainerOf(lead, geography, assumptions, [])));
}

// The place of the lead and its distance from covered postcodes are computed once for all users. `others`: assumptions
// to try in place of `assumptions`.
export function explainerOf(
  lead: Lead,
  geography: Geography,
  assumptions: Assumptions,
  others: readonly Variation[],
): (member: Member) => Explained {
  const spot = geography.spotOf(lead);
  const about: About = { lead, spot, assumptions, distances: new Distances(spot, geography) };
  return (member) => {
    const { accountNumber } = member.user;
    const isEligible = admits(member, lead, spot, assumptions);
    const names: AssumptionName[] = [];
    for (const { name, assumptions: other, isElsewhere } of others) {
      if (names.at(-1) !== name && admits(member, lead, spot, other, isElsewhere) !== isEligible) names.push(name);
    }
    if (isEligible) {
      const verdict = {
        accountNumber,
        verdict: "eligible",
        assumptions: names,
        ...whyOf(member, about, true),
      } as const;
      return { user: verdict, changes: 0, km: kmOutside(member, about) };
    }
    const user = new Missed(member, about, names);
    // A user who does not count comes after all others, however few changes its rules need.
    if (member.excluded) return { user, ...FARTHEST };
    const question = questionFor(member, about);
    const failed = RULE_NAMES.filter((name) => !passes(name, member, question));
    const places = failed.filter((name) => PLACE_RULES.includes(name)).length;
    const ofPlace = isAlternative(member, assumptions) ? Number(places === PLACE_RULES.length) : places;
    return { user, changes: failed.length - places + ofPlace, km: kmOutside(member, about) };
  };
}

interface About extends Omit<Question, "home"> {
  readonly distances: Distances;
}

function questionFor({ home }: Member, { lead, spot, assumptions }: About): Question {
  return { lead, spot, home, assumptions };
}

// The reasons of a missed lead are made when first read, because thousands of users miss a lead and few are looked at.
// They are own properties, so that JSON and copies contain them. Their getters are shared, because closures for each
// object take six times as long.
class Missed implements UserVerdict {
  readonly accountNumber: string;
  readonly verdict = "not_eligible";
  readonly assumptions: readonly AssumptionName[];
  declare readonly rules: UserVerdict["rules"];
  declare readonly changes: UserVerdict["changes"];
  readonly #member: Member;
  readonly #about: About;
  #why: Why | undefined;

  constructor(member: Member, about: About, assumptions: readonly AssumptionName[]) {
    this.accountNumber = member.user.accountNumber;
    this.assumptions = assumptions;
    this.#member = member;
    this.#about = about;
    Object.defineProperty(this, "rules", Missed.#rules);
    Object.defineProperty(this, "changes", Missed.#changes);
  }

  static readonly #rules = {
    enumerable: true,
    get(this: Missed) {
      return Missed.#whyOf(this).rules;
    },
  };
  static readonly #changes = {
    enumerable: true,
    get(this: Missed) {
      return Missed.#whyOf(this).changes;
    },
  };

  static #whyOf(missed: Missed): Why {
    missed.#why ??= whyOf(missed.#member, missed.#about, false);
    return missed.#why;
  }
}

// Eligible users need no change.
export function inOrder(explained: Explained[]): UserVerdict[] {
  return explained.sort(nearestFirst).map(({ user }) => user);
}

function nearestFirst(a: Explained, b: Explained): number {
  if (a.changes !== b.changes) return a.changes - b.changes;
  if (a.km !== b.km) return a.km < b.km ? -1 : 1;
  return a.user.accountNumber < b.user.accountNumber ? -1 : 1;
}

type Why = Pick<UserVerdict, "rules" | "changes">;

function whyOf(member: Member, about: About, isEligible: boolean): Why {
  const question = questionFor(member, about);
  const answers = RULE_NAMES.map((name) => answerOf(name, member, question, about.distances));
  return {
    // Safe: an answer for every name of a rule.
    rules: Object.fromEntries(answers.map(({ name, answer }) => [name, answer])) as UserVerdict["rules"],
    changes: isEligible ? [] : changesOf(answers, member, about.assumptions),
  };
}

interface Answer extends Omit<Explanation, "reason"> {
  readonly name: RuleName;
  readonly answer: RuleAnswer;
}

function answerOf<Name extends RuleName>(name: Name, member: Member, question: Question, distances: Distances): Answer {
  const state: RuleState<RuleValues[Name]> = member.rules[name];
  const isPassed = passes(name, member, question);
  const result = isPassed ? "pass" : "fail";
  if (state.kind === "set" && ruleValue(name, member, question.assumptions) !== undefined) {
    const { reason, change } = COVERAGE_RULES[name].explain(state.value, question, isPassed, distances);
    return { name, answer: { result, ...reason }, change };
  }
  const answer: RuleAnswer = question.assumptions.enabledRules.includes(name)
    ? unsetAnswer(state, isPassed)
    : { result: "not_set", ...tellReason("rule_disabled") };
  return { name, answer, change: tellRuleChange("set_rule", { rule: name }) };
}

function unsetAnswer(state: RuleState<unknown>, isPassed: boolean): RuleAnswer {
  if (state.kind === "empty") {
    return isPassed
      ? { result: "pass", ...tellReason("list_empty_admits_all") }
      : { result: "fail", ...tellReason("list_empty_admits_none") };
  }
  if (isPassed) return { result: "not_set", ...tellReason("not_set_admits_all") };
  return state.kind === "invalid"
    ? { result: "fail", ...tellReason("rule_not_valid", { problem: state.problem }) }
    : { result: "fail", ...tellReason("not_set_admits_none") };
}

function changesOf(answers: readonly Answer[], member: Member, assumptions: Assumptions): RuleChange[] {
  const { excluded } = member;
  const ofRules = ruleChangesOf(answers, isAlternative(member, assumptions));
  if (!excluded) return ofRules;
  return [tellRuleChange(excluded === "users_without_leads" ? "to_receive" : "to_have_rules"), ...ofRules];
}

function ruleChangesOf(answers: readonly Answer[], isOneAreaEnough: boolean): RuleChange[] {
  const failed = answers.filter(({ answer }) => answer.result === "fail");
  const isArea = ({ name }: Answer) => PLACE_RULES.includes(name);
  const changes = (some: readonly Answer[]) => some.map((answer) => answer.change);
  const areas = changes(failed.filter(isArea));
  const others = changes(failed.filter((answer) => !isArea(answer)));
  if (!isOneAreaEnough) return [...areas, ...others];
  return areas.length === PLACE_RULES.length
    ? [tellRuleChange("one_of_changes", { changes: areas }), ...others]
    : others;
}

// Kilometres by which the nearest of the failing place rules is missed.
function kmOutside(member: Member, about: About): number {
  const question = questionFor(member, about);
  const missed = <Name extends RuleName>(name: Name): number => {
    const value = ruleValue(name, member, about.assumptions);
    if (value === undefined || passes(name, member, question)) return Number.POSITIVE_INFINITY;
    return COVERAGE_RULES[name].missedByKm?.(value, question, about.distances) ?? Number.POSITIVE_INFINITY;
  };
  return Math.min(...PLACE_RULES.map(missed));
}
