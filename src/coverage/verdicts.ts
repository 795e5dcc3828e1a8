import { tellRuleChange } from "../locales/en/coverage.ts";
import type { RuleName } from "../rules/rules.ts";
import type { Geography } from "./geography.ts";
import { Distances } from "./geography.ts";
import type { Member } from "./member.ts";
import { ask, isAlternative, ofAll, type RuleState } from "./member.ts";
import type { RuleChange } from "./messages.ts";
import type { Explanation, Question, Result } from "./rules/rule.ts";
import { COVERAGE_RULES, PLACE_RULES, RULE_NAMES, type RuleValues } from "./rules/rules.ts";
import type { Assumptions, Lead, RuleAnswer, UserVerdict, Verdict } from "./types.ts";

const VERDICTS: { readonly [Each in Result]: Verdict } = {
  pass: "eligible",
  fail: "not_eligible",
  uncertain: "uncertain",
};
const ORDER: { readonly [Each in Verdict]: number } = { eligible: 0, uncertain: 1, not_eligible: 2 };

/** By how much a user misses a lead. */
interface Miss {
  /** How many changes the user's rules would need to admit the lead. */
  readonly changes: number;
  /**
   * How far the lead is outside of the user's area, in kilometres; infinite if that is not known. A user who fails one
   * of the two rules about places but is eligible through the second one has such a distance too.
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
  const distances = new Distances(spot, geography);
  return (member) => {
    const asked = { member, question: { lead, spot, home: member.home, assumptions }, distances };
    const results = RULE_NAMES.map((name) => ask(name, member.rules, asked.question));
    const isReceiving = member.user.receives !== false;
    const result = ofAll((name) => results[RULE_NAMES.indexOf(name)] ?? "fail", isOneEnoughFor(asked));
    const verdict = VERDICTS[isReceiving ? result : "fail"];
    // A user that gets no leads at all is sorted behind all other users, even if its rules would need few changes.
    const miss = isReceiving ? missOf(results, asked) : FARTHEST;
    if (verdict === "not_eligible") return { user: new Missed(asked), ...miss };
    const { accountNumber } = member.user;
    return { user: { accountNumber, verdict, ...whyOf(asked, verdict) }, ...miss, changes: 0 };
  };
}

/** The rules of a user, asked about a lead. */
interface Asked {
  readonly member: Member;
  readonly question: Question;
  readonly distances: Distances;
}

const isOneEnoughFor = ({ member, question }: Asked): boolean => isAlternative(member, question.assumptions);

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
  readonly #asked: Asked;
  #why: Why | undefined;

  constructor(asked: Asked) {
    this.accountNumber = asked.member.user.accountNumber;
    this.#asked = asked;
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
    missed.#why ??= whyOf(missed.#asked, missed.verdict);
    return missed.#why;
  }
}

/** Sorts eligible users first, then uncertain ones, then those who are not eligible, the nearest misses first. */
export function inOrder(explained: readonly Explained[]): UserVerdict[] {
  const sorted = [...explained].sort(
    (a, b) =>
      ORDER[a.user.verdict] - ORDER[b.user.verdict] ||
      a.changes - b.changes ||
      a.km - b.km ||
      (a.user.accountNumber < b.user.accountNumber ? -1 : 1),
  );
  return sorted.map(({ user }) => user);
}

export function byVerdict(users: readonly UserVerdict[]): { readonly [Each in Verdict]: readonly UserVerdict[] } {
  const of = (wanted: Verdict) => users.filter(({ verdict }) => verdict === wanted);
  return { eligible: of("eligible"), uncertain: of("uncertain"), not_eligible: of("not_eligible") };
}

/** Whether the changes are certainly enough. They may not be if a rule that needs no change is uncertain. */
export function isEnoughFor(rules: UserVerdict["rules"]): boolean {
  return Object.values(rules).every(({ result }) => result !== "uncertain");
}

type Why = Pick<UserVerdict, "rules" | "changes">;

function whyOf(asked: Asked, verdict: Verdict): Why {
  const answers = RULE_NAMES.map((name) => answerOf(name, asked));
  return {
    // The cast is safe, because the object has an answer for every name of a rule.
    rules: Object.fromEntries(answers.map(({ name, answer }) => [name, answer])) as UserVerdict["rules"],
    changes: verdict === "not_eligible" ? changesOf(answers, asked) : [],
  };
}

/** A rule's answer, and the change with which it would pass. */
interface Answer extends Omit<Explanation, "reason"> {
  readonly name: RuleName;
  readonly answer: RuleAnswer;
}

function answerOf<Name extends RuleName>(name: Name, { member, question, distances }: Asked): Answer {
  const { rules } = member;
  const state: RuleState<RuleValues[Name]> = rules[name];
  if (state.kind !== "set") return { name, answer: state.answer, change: tellRuleChange("set_rule", { rule: name }) };
  const result = ask(name, rules, question);
  const { reason, change } = COVERAGE_RULES[name].explain(state.value, question, result, distances);
  return { name, answer: { result, ...reason }, change };
}

function changesOf(answers: readonly Answer[], asked: Asked): RuleChange[] {
  const ofRules = ruleChangesOf(answers, isOneEnoughFor(asked));
  return asked.member.user.receives === false ? [tellRuleChange("to_receive"), ...ofRules] : ofRules;
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

/** Computes by how much a user misses a lead, without making the texts of {@link changesOf}. */
function missOf(results: readonly Result[], asked: Asked): Miss {
  let [areas, others, km] = [0, 0, Number.POSITIVE_INFINITY];
  for (const [index, name] of RULE_NAMES.entries()) {
    if (results[index] !== "fail") continue;
    if (PLACE_RULES.includes(name)) areas += 1;
    else others += 1;
    km = Math.min(km, kmOutside(name, asked));
  }
  if (!isOneEnoughFor(asked)) return { changes: areas + others, km };
  return { changes: areas === PLACE_RULES.length ? others + 1 : others, km };
}

function kmOutside<Name extends RuleName>(name: Name, { member, question, distances }: Asked): number {
  const state: RuleState<RuleValues[Name]> = member.rules[name];
  const km = state.kind === "set" ? COVERAGE_RULES[name].missedByKm?.(state.value, question, distances) : undefined;
  return km ?? Number.POSITIVE_INFINITY;
}
