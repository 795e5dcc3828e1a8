import type { Assumptions } from "../assumptions.ts";
import type { RuleAnswer } from "../types.ts";

/** What a rule says when it is there: `not_set` is for the others. */
export type Result = "pass" | "fail" | "uncertain";

/** A rule of a user, ready to be asked. */
export type RuleState<Value> =
  | { readonly kind: "set"; readonly value: Value }
  | { readonly kind: "disabled" | "absent" | "empty" }
  | { readonly kind: "invalid"; readonly message: string };

/** What a rule answers that is not there, is empty or was not valid; undefined when its content decides. */
export function answerWithoutContent(state: RuleState<unknown>, assumptions: Assumptions): RuleAnswer | undefined {
  switch (state.kind) {
    case "set":
      return undefined;
    case "disabled":
      return { result: "not_set", reason: "the platform has not enabled this rule" };
    case "absent":
      return {
        admits_all: { result: "not_set", reason: "not set, so it restricts nothing" } as const,
        admits_none: { result: "fail", reason: "not set, and a rule that is not set admits nothing" } as const,
        uncertain: { result: "uncertain", reason: "not set" } as const,
      }[assumptions.absentRule];
    case "empty":
      return {
        admits_all: { result: "pass", reason: "empty, so it restricts nothing" } as const,
        admits_none: { result: "fail", reason: "empty, so it admits nothing" } as const,
        uncertain: { result: "uncertain", reason: "empty" } as const,
      }[assumptions.emptyRule];
    case "invalid":
      return { result: "uncertain", reason: `not valid, so it is not sent (${state.message})` };
  }
}

/** The result of a rule. One that is not set, and is assumed to restrict nothing, passes. */
export function ask<Value>(
  state: RuleState<Value>,
  assumptions: Assumptions,
  question: (value: Value) => Result,
): Result {
  if (state.kind === "set") return question(state.value);
  const result = answerWithoutContent(state, assumptions)?.result;
  return result === "fail" || result === "uncertain" ? result : "pass";
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
