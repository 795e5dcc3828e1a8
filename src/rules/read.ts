import { invalid } from "../base/errors.ts";
import { issueAt, type OpleadIssue, within } from "../base/issues.ts";
import { isRecord } from "../base/validation/is-object.ts";
import { tellRule } from "../locales/en/core.ts";
import { RULES, type RuleName, type RuleToSend, ruleNames, type UserRules } from "./rules.ts";
import { pathOf } from "./schemas.ts";

/**
 * The rules given, as they are sent, always in the same order.
 *
 * @throws {@link OpleadError} `invalid_input` that lists every problem of all the rules.
 */
export function readRules(rules: UserRules): RuleToSend[] {
  const issues: OpleadIssue[] = [];
  const read = tryRules(rules, (_rule, issue) => issues.push(issue));
  if (issues.length > 0) throw invalid("invalid_input", "the rules are not valid", issues);
  return read;
}

/** Reads all rules and reports every problem, with the rule it is in; a name that is not a rule's has none. */
export function tryRules(
  rules: unknown,
  report: (rule: RuleName | undefined, issue: OpleadIssue) => unknown,
): RuleToSend[] {
  if (!isRecord(rules)) {
    report(undefined, issueAt("", tellRule("not_rules", { known: ruleNames })));
    return [];
  }
  for (const name of Object.keys(rules)) {
    if (!Object.hasOwn(RULES, name))
      report(undefined, issueAt(pathOf(name).join(), tellRule("not_rule", { known: ruleNames })));
  }
  const read: RuleToSend[] = [];
  for (const name of ruleNames) {
    if (rules[name] === undefined) continue;
    const rule = RULES[name].read(rules[name], (issue) => report(name, within(name, issue)));
    if (rule) read.push(rule);
  }
  return read;
}
