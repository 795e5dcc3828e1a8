import { internalsOf } from "../../client/internals.ts";
import { hashText } from "../../hash/hash.ts";
import type { RateLimitOptions } from "../../options.ts";
import { applyPlan, verifyPlan } from "../apply/apply.ts";
import type { PlanMeans } from "../apply/means.ts";
import type { ApplyOptions } from "../options.ts";
import type { PlanEstimate, PlanFacts, SyncPlan } from "../plan.ts";
import type { MissingUser } from "../records.ts";
import type { Change } from "./draft.ts";
import { planText } from "./plan-text.ts";

/** A plan that can be carried out. */
export function planOf(facts: PlanFacts, means: PlanMeans): SyncPlan {
  const plan: SyncPlan = Object.defineProperties(
    { ...facts },
    {
      apply: { value: async (options: ApplyOptions = {}) => applyPlan(plan, means, options) },
      verify: { value: async (options: ApplyOptions = {}) => verifyPlan(plan, means, options) },
      toString: { value: () => planText(facts, internalsOf(means.oplead).transport.settings.rateLimit) },
      toJSON: { value: () => ({ ...facts }) },
    },
  ) as SyncPlan;
  return plan;
}

export function estimateOf(changes: readonly Change[], rateLimit: RateLimitOptions | false): PlanEstimate {
  const requests = changes.reduce((sum, { planned, due }) => {
    return sum + (due.user ? (planned.kind === "new" ? 2 : 1) : 0) + due.rules.length;
  }, 0);
  return {
    requests,
    durationMs: rateLimit ? Math.ceil((requests * rateLimit.perMs) / rateLimit.requests) : undefined,
  };
}

/** Whatever would be sent, and who is missing, in an order of its own. */
export function hashOfPlan(changes: readonly Change[], missing: readonly MissingUser[]): string {
  const lines = [
    ...changes.map(({ planned, content, due }) => {
      const rules = due.rules.map(({ name, hash }) => `${name}=${hash}`);
      return JSON.stringify([planned.accountNumber, planned.kind, due.user ? content.userHash : "", ...rules]);
    }),
    ...missing.map(({ accountNumber }) => JSON.stringify([accountNumber, "missing"])),
  ];
  // Twelve of 43 characters: 72 bits, and still short enough to be typed.
  return hashText(lines.sort().join("\n")).slice(0, 12);
}
