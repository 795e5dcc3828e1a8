import { append } from "../core/values.ts";
import { tellRuleChange } from "../locales/en/coverage.ts";
import type { RuleName } from "../rules/rules.ts";
import type { Geography } from "./geography.ts";
import { Distances } from "./geography.ts";
import type { Member } from "./member.ts";
import { ask, both, either, isAlternative, type RuleState } from "./member.ts";
import type { RuleChange } from "./messages.ts";
import type { Explanation, Question, Result } from "./rules/rule.ts";
import { COVERAGE_RULES, PLACE_RULES, RULE_NAMES, type RuleValues } from "./rules/rules.ts";
import type { Assumptions, Lead, RuleAnswer, UserVerdict, Verdict } from "./types.ts";

const VERDICTS: { readonly [Each in Result]: Verdict } = {
  pass: "eligible",
  fail: "not_eligible",
  uncertain: "uncertain",
};
/**
 * Users are sorted by this number plus the number of changes that they would need. Only users who are not eligible need
 * changes, at least one, so they come after the eligible and the uncertain users.
 */
const ORDER: { readonly [Each in Verdict]: number } = { eligible: 0, uncertain: 1, not_eligible: 2 };

/** By how much a user misses a lead. */
interface Miss {
  /** How many changes the user's rules would need to admit the lead. */
  readonly changes: number;
  /**
   * How far the lead is outside of the user's area, in kilometres; infinite if that is not known. There are two rules
   * about places. A user who fails one of them but is eligible through the other one has such a distance too.
   */
  readonly km: number;
}

const FARTHEST: Miss = { changes: Number.MAX_SAFE_INTEGER, km: Number.MAX_SAFE_INTEGER };

/** A user's verdict, with the distance and the number of changes by which users are sorted. */
export interface Explained extends Miss {
  readonly user: UserVerdict;
}

/**
 * Every user's verdict: eligible users first, then uncertain ones, then those who are not eligible, the nearest misses
 * first.
 */
export function explainMembers(
  lead: Lead,
  members: readonly Member[],
  geography: Geography,
  assumptions: Assumptions,
): UserVerdict[] {
  return inOrder(members.map(explainerOf(lead, geography, assumptions)));
}

/**
 * Explains users for one lead. The place of the lead, and its distance from the postcodes that the users cover, are
 * computed once for all users.
 */
export function explainerOf(lead: Lead, geography: Geography, assumptions: Assumptions): (member: Member) => Explained {
  const spot = geography.spotOf(lead);
  const about: About = { lead, spot, assumptions, distances: new Distances(spot, geography) };
  // The question is reused for every user, because a new object for each of thousands of users costs more than most
  // answers.
  const question: Asked = { lead, spot, home: undefined, assumptions };
  return (member) => {
    question.home = member.home;
    const isOneEnough = isAlternative(member, assumptions);
    let [ofKind, ofPlace]: [Result, Result | undefined] = ["pass", undefined];
    let [areas, others, km] = [0, 0, Number.POSITIVE_INFINITY];
    for (let at = 0; at < RULE_NAMES.length; at += 1) {
      const name = RULE_NAMES[at] as RuleName;
      const result = ask(name, member.rules, question);
      if (IS_PLACE_RULE[at]) {
        ofPlace = ofPlace === undefined ? result : isOneEnough ? either(ofPlace, result) : both(ofPlace, result);
        if (result !== "fail") continue;
        areas += 1;
        km = Math.min(km, kmOutside(name, member, question, about.distances));
      } else {
        ofKind = both(ofKind, result);
        if (result === "fail") others += 1;
      }
    }
    const { accountNumber, receives } = member.user;
    // A user that gets no leads at all is sorted behind all other users, even if its rules would need few changes.
    if (receives === false) return { user: new Missed(member, about), ...FARTHEST };
    const verdict = VERDICTS[both(ofKind, ofPlace ?? "pass")];
    if (verdict !== "not_eligible")
      return { user: { accountNumber, verdict, ...whyOf(member, about, verdict) }, changes: 0, km };
    const changes = isOneEnough ? others + (areas === PLACE_RULES.length ? 1 : 0) : others + areas;
    return { user: new Missed(member, about), changes, km };
  };
}

/** A question whose user changes. */
type Asked = { -readonly [Field in keyof Question]: Question[Field] };

/** For each rule, in the order of `RULE_NAMES`, whether it is about places. */
const IS_PLACE_RULE: readonly boolean[] = /* @__PURE__ */ RULE_NAMES.map((name) => PLACE_RULES.includes(name));

/** The lead for which the rules of every user are checked, with the assumptions and the distances. */
interface About extends Omit<Question, "home"> {
  readonly distances: Distances;
}

function questionFor({ home }: Member, { lead, spot, assumptions }: About): Question {
  return { lead, spot, home, assumptions };
}

/**
 * A user who is not eligible. Thousands of users miss a lead and few of them are looked at, so the reasons are made
 * when they are first read. The getters are properties of the object itself and not of its class, so that JSON and
 * copies of the object contain the reasons.
 */
export class Missed implements UserVerdict {
  readonly accountNumber: string;
  readonly verdict = "not_eligible";
  declare readonly rules: UserVerdict["rules"];
  declare readonly changes: UserVerdict["changes"];
  readonly #member: Member;
  readonly #about: About;
  #why: Why | undefined;

  constructor(member: Member, about: About) {
    this.accountNumber = member.user.accountNumber;
    this.#member = member;
    this.#about = about;
    Object.defineProperty(this, "rules", Missed.#rules);
    Object.defineProperty(this, "changes", Missed.#changes);
  }

  // All these objects share the same getters. Making an object with functions of its own takes six times as long.
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
    missed.#why ??= whyOf(missed.#member, missed.#about, missed.verdict);
    return missed.#why;
  }
}

/** Sorts eligible users first, then uncertain ones, then those who are not eligible, the nearest misses first. */
export function inOrder(explained: readonly Explained[]): UserVerdict[] {
  // The users are first put into lists by their verdict and their number of changes. Sorting these short lists takes
  // less time than sorting one list of all users.
  const lists = new Map<number, Explained[]>();
  for (const one of explained) append(lists, ORDER[one.user.verdict] + one.changes, one);
  const order = [...lists.keys()].sort((a, b) => a - b);
  return order.flatMap((key) => (lists.get(key) ?? []).sort(nearestFirst).map(({ user }) => user));
}

function nearestFirst(a: Explained, b: Explained): number {
  if (a.km !== b.km) return a.km < b.km ? -1 : 1;
  return a.user.accountNumber < b.user.accountNumber ? -1 : 1;
}

export function byVerdict(users: readonly UserVerdict[]): { readonly [Each in Verdict]: readonly UserVerdict[] } {
  const of = (wanted: Verdict) => users.filter(({ verdict }) => verdict === wanted);
  return { eligible: of("eligible"), uncertain: of("uncertain"), not_eligible: of("not_eligible") };
}

/**
 * Whether the changes that a verdict names are certainly enough to make the user eligible. They may not be enough if a
 * rule that needs no change is uncertain.
 */
export function isEnoughFor(rules: UserVerdict["rules"]): boolean {
  return Object.values(rules).every(({ result }) => result !== "uncertain");
}

type Why = Pick<UserVerdict, "rules" | "changes">;

function whyOf(member: Member, about: About, verdict: Verdict): Why {
  const question = questionFor(member, about);
  const answers = RULE_NAMES.map((name) => answerOf(name, member, question, about.distances));
  return {
    // The cast is safe, because the object has an answer for every name of a rule.
    rules: Object.fromEntries(answers.map(({ name, answer }) => [name, answer])) as UserVerdict["rules"],
    changes: verdict === "not_eligible" ? changesOf(answers, member, about.assumptions) : [],
  };
}

/** A rule's answer, and the change with which it would pass. */
interface Answer extends Omit<Explanation, "reason"> {
  readonly name: RuleName;
  readonly answer: RuleAnswer;
}

function answerOf<Name extends RuleName>(
  name: Name,
  { rules }: Member,
  question: Question,
  distances: Distances,
): Answer {
  const state: RuleState<RuleValues[Name]> = rules[name];
  if (state.kind !== "set") return { name, answer: state.answer, change: tellRuleChange("set_rule", { rule: name }) };
  const result = ask(name, rules, question);
  const { reason, change } = COVERAGE_RULES[name].explain(state.value, question, result, distances);
  return { name, answer: { result, ...reason }, change };
}

function changesOf(answers: readonly Answer[], member: Member, assumptions: Assumptions): RuleChange[] {
  const ofRules = ruleChangesOf(answers, isAlternative(member, assumptions));
  return member.user.receives === false ? [tellRuleChange("to_receive"), ...ofRules] : ofRules;
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

function kmOutside<Name extends RuleName>(
  name: Name,
  { rules }: Member,
  question: Question,
  distances: Distances,
): number {
  const state: RuleState<RuleValues[Name]> = rules[name];
  const km = state.kind === "set" ? COVERAGE_RULES[name].missedByKm?.(state.value, question, distances) : undefined;
  return km ?? Number.POSITIVE_INFINITY;
}
