import type { OpleadIssue } from "../../base/issues.ts";
import { tellReason } from "../../locales/en/coverage.ts";
import type { RuleBody, RuleName } from "../../rules/rules.ts";
import type { Assumptions, RuleAnswer } from "../types.ts";
import type { Question, Result } from "./coverage-rule.ts";
import { COVERAGE_RULES, type RuleValues } from "./rules.ts";

/** A rule of a user, ready to be asked: its content, or what it answers without one. */
export type RuleState<Value> =
  | { readonly kind: "set"; readonly value: Value }
  | { readonly kind: "disabled" | "absent" | "empty" | "invalid"; readonly answer: RuleAnswer };

/** The states of all rules of a user. */
export type RuleStates = { readonly [Name in RuleName]: RuleState<RuleValues[Name]> };

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

/** The state of a rule: of what was read of it, or of the problem that kept it from being read. */
export function stateOf<Name extends RuleName>(
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

/** The result of a rule. One that is not set, and is assumed to restrict nothing, passes. */
export function ask<Name extends RuleName>(name: Name, states: RuleStates, question: Question): Result {
  const state: RuleState<RuleValues[Name]> = states[name];
  if (state.kind === "set") return COVERAGE_RULES[name].ask(state.value, question);
  const { result } = state.answer;
  return result === "not_set" ? "pass" : result;
}

/** All must pass. */
export function both(one: Result, other: Result): Result {
  if (one === "fail" || other === "fail") return "fail";
  return one === "pass" && other === "pass" ? "pass" : "uncertain";
}

/** One is enough. */
export function either(one: Result, other: Result): Result {
  if (one === "pass" || other === "pass") return "pass";
  return one === "fail" && other === "fail" ? "fail" : "uncertain";
}
