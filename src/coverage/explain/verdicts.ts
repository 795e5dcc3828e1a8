import { tellRuleChange } from "../../locales/en/coverage.ts";
import type { RuleName } from "../../rules/rules.ts";
import { admits, isAlternative } from "../network/admits.ts";
import type { Geography } from "../network/geography.ts";
import type { Member } from "../network/member.ts";
import type { Explanation, Question, Result } from "../rules/coverage-rule.ts";
import { COVERAGE_RULES, PLACE_RULES, RULE_NAMES, type RuleValues } from "../rules/rules.ts";
import { ask, type RuleState } from "../rules/state.ts";
import type { Assumptions, Lead, RuleAnswer, RuleChange, UserVerdict, Verdict } from "../types.ts";

const VERDICTS: { readonly [Each in Result]: Verdict } = {
  pass: "eligible",
  fail: "not_eligible",
  uncertain: "uncertain",
};
const ORDER: readonly Verdict[] = ["eligible", "uncertain", "not_eligible"];

/** A user's verdict, and how many kilometres it misses the lead by. */
interface Explained {
  readonly user: UserVerdict;
  readonly missedBy: number;
}

/** Every user's verdict: eligible users first, then uncertain ones, then the others with the nearest misses first. */
export function explainMembers(
  lead: Lead,
  members: readonly Member[],
  geography: Geography,
  assumptions: Assumptions,
): UserVerdict[] {
  return inOrder(members.map((member) => explainMember(lead, member, geography, assumptions)));
}

export function explainMember(lead: Lead, member: Member, geography: Geography, assumptions: Assumptions): Explained {
  const spot = geography.spotOf(lead);
  const question: Question = { lead, spot, home: member.home, assumptions };
  const answers = RULE_NAMES.map((name) => answerOf(name, member, question, geography));
  const verdict = VERDICTS[admits(member, lead, spot, assumptions)];
  const user: UserVerdict = {
    accountNumber: member.user.accountNumber,
    verdict,
    // One answer for each name.
    rules: Object.fromEntries(answers.map(({ name, answer }) => [name, answer])) as UserVerdict["rules"],
    changes: verdict === "not_eligible" ? changesOf(answers, isAlternative(member, assumptions)) : [],
  };
  const missedBy = answers.map(({ missedByKm = Number.POSITIVE_INFINITY }) => missedByKm);
  return { user, missedBy: Math.min(...missedBy) };
}

/** Eligible users first, then uncertain ones, then the others with the nearest misses first. */
export function inOrder(explained: readonly Explained[]): UserVerdict[] {
  const sorted = [...explained].sort(
    (a, b) =>
      ORDER.indexOf(a.user.verdict) - ORDER.indexOf(b.user.verdict) ||
      a.user.changes.length - b.user.changes.length ||
      a.missedBy - b.missedBy ||
      (a.user.accountNumber < b.user.accountNumber ? -1 : 1),
  );
  return sorted.map(({ user }) => user);
}

export function byVerdict(users: readonly UserVerdict[]): { readonly [Each in Verdict]: readonly UserVerdict[] } {
  const of = (wanted: Verdict) => users.filter(({ verdict }) => verdict === wanted);
  return { eligible: of("eligible"), uncertain: of("uncertain"), not_eligible: of("not_eligible") };
}

/** Whether these rules leave no other doubt: if one is uncertain, changes of the others may not be enough. */
export function isEnoughFor(rules: UserVerdict["rules"]): boolean {
  return Object.values(rules).every(({ result }) => result !== "uncertain");
}

/** A rule's answer, and what would make it pass. */
interface Answer extends Omit<Explanation, "reason"> {
  readonly name: RuleName;
  readonly answer: RuleAnswer;
}

function answerOf<Name extends RuleName>(
  name: Name,
  { rules }: Member,
  question: Question,
  geography: Geography,
): Answer {
  const state: RuleState<RuleValues[Name]> = rules[name];
  if (state.kind !== "set") return { name, answer: state.answer, change: tellRuleChange("set_rule", { rule: name }) };
  const result = ask(name, rules, question);
  const { reason, ...others } = COVERAGE_RULES[name].explain(state.value, question, result, geography);
  return { name, answer: { result, ...reason }, ...others };
}

function changesOf(answers: readonly Answer[], oneAreaIsEnough: boolean): RuleChange[] {
  const failed = answers.filter(({ answer }) => answer.result === "fail");
  const isArea = ({ name }: Answer) => PLACE_RULES.includes(name);
  const changes = (some: readonly Answer[]) => some.map((answer) => answer.change);
  const areas = changes(failed.filter(isArea));
  const others = changes(failed.filter((answer) => !isArea(answer)));
  if (!oneAreaIsEnough) return [...areas, ...others];
  return areas.length === PLACE_RULES.length
    ? [tellRuleChange("one_of_changes", { changes: areas }), ...others]
    : others;
}
