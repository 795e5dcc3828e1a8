import type { Assumptions } from "../assumptions.ts";
import type { RuleAnswer } from "../types.ts";

/** What a rule says when it is there: `not_set` is for the others. */
export type Result = "pass" | "fail" | "uncertain";

/** A rule of a user, ready to be asked: its content, or what it answers without one. */
export type RuleState<Value> =
  | { readonly kind: "set"; readonly value: Value }
  | { readonly kind: "disabled" | "absent" | "empty" | "invalid"; readonly answer: RuleAnswer };

export const DISABLED: RuleState<never> = {
  kind: "disabled",
  answer: { result: "not_set", reason: "the platform has not enabled this rule" },
};

export const ABSENT: { readonly [Assumed in Assumptions["absentRule"]]: RuleState<never> } = {
  admits_all: { kind: "absent", answer: { result: "not_set", reason: "not set, so it restricts nothing" } },
  admits_none: {
    kind: "absent",
    answer: { result: "fail", reason: "not set, and a rule that is not set admits nothing" },
  },
  uncertain: { kind: "absent", answer: { result: "uncertain", reason: "not set" } },
};

export const EMPTY: { readonly [Assumed in Assumptions["emptyRule"]]: RuleState<never> } = {
  admits_all: { kind: "empty", answer: { result: "pass", reason: "empty, so it restricts nothing" } },
  admits_none: { kind: "empty", answer: { result: "fail", reason: "empty, so it admits nothing" } },
  uncertain: { kind: "empty", answer: { result: "uncertain", reason: "empty" } },
};

/** The result of a rule. One that is not set, and is assumed to restrict nothing, passes. */
export function ask<Value>(state: RuleState<Value>, question: (value: Value) => Result): Result {
  if (state.kind === "set") return question(state.value);
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
