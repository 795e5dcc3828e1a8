import type { CoverageUser, EvaluationOptions } from "./types.ts";

export function answerOf(receives: EvaluationOptions["receives"], user: CoverageUser): boolean | undefined {
  if (receives === undefined) return undefined;
  if (typeof receives === "function") return receives(user) ?? undefined;
  const code = user.user.profile?.code;
  return code === undefined ? undefined : receives.includes(code);
}

export function canBeReceives(value: unknown): boolean {
  if (typeof value === "function") return true;
  return Array.isArray(value) && value.length > 0 && value.every((code) => typeof code === "string" && code !== "");
}
