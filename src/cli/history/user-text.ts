import type { Outcome } from "oplead-sdk";
import type { UserLine } from "oplead-sdk/sync";
import { say } from "../texts/say.ts";

/** The outcome of a user: `updated; phone, rules.maxDistance`. */
export function userText({ outcome, fields, rules, failures, issues = [], recovered, testMode }: UserLine): string {
  const what = [...fields, ...rules.map((rule) => `rules.${rule}`)].join(", ");
  const wrong = [...failures.map(failureText), ...issues.map(({ path, code }) => `${path} ${code}`)].join(", ");
  const notes = `${testMode ? say("step_test_mode") : ""}${recovered ? say("step_of_next_run") : ""}`;
  return [say(outcome), what, wrong].filter((part) => part !== "").join(say("separator")) + notes;
}

/** `12 created, 3 invalid`; nothing for outcomes that no user had. */
export function amountsText(counts: Readonly<Partial<Record<Outcome, number>>>): string {
  return outcomesOf(counts)
    .flatMap((outcome) => {
      const count = counts[outcome] ?? 0;
      return count === 0 ? [] : [say("outcome_count", { count, outcome: say(outcome) })];
    })
    .join(", ");
}

export function outcomesOf(record: Readonly<Partial<Record<Outcome, unknown>>>): Outcome[] {
  return Object.keys(record) as Outcome[]; // its type says so
}

/** `user: refused 422`. */
export function failureText({
  step,
  code,
  status,
}: Pick<UserLine["failures"][number], "step" | "code" | "status">): string {
  return `${step}: ${code}${status === undefined ? "" : ` ${status}`}`;
}
