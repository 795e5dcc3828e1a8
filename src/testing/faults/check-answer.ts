import type { FakeFaultAnswer } from "../types/fault-answer.ts";

const namedAnswers: readonly string[] = [
  "reset",
  "hang",
  "empty-500",
  "html-200",
  "truncated-json",
  "normal",
] satisfies FakeFaultAnswer[];

/** @throws TypeError for a misspelt answer, which would be a 200 without a body; RangeError for a status that HTTP does not have. */
export function checkAnswer(as: FakeFaultAnswer): void {
  if (typeof as === "string") {
    if (!namedAnswers.includes(as)) throw new TypeError(`No answer is called "${as}": ${namedAnswers.join(", ")} are.`);
    return;
  }
  const [name, status] = "gateway" in as ? ["as.gateway", as.gateway] : ["as.status", as.status];
  if (!(Number.isInteger(status) && status >= 200 && status <= 599)) {
    throw new RangeError(`${name} must be a whole number from 200 to 599, not ${status}.`);
  }
}
