import type { CoverageUser, EvaluationOptions } from "./types.ts";

/**
 * What the option `receives` says of a user: the result of the function, or whether the user's profile is in the list.
 * The function may return a wrong type, because JavaScript does not check it. Undefined if there is no answer.
 */
export function answerOf(receives: EvaluationOptions["receives"], user: CoverageUser): boolean | undefined {
  if (receives === undefined) return undefined;
  if (typeof receives === "function") return receives(user) ?? undefined;
  const code = user.user.profile?.code;
  return code === undefined ? undefined : receives.includes(code);
}

/** Whether a value can be the option `receives`. */
export function canBeReceives(value: unknown): boolean {
  if (typeof value === "function") return true;
  return Array.isArray(value) && value.length > 0 && value.every((code) => typeof code === "string" && code !== "");
}
