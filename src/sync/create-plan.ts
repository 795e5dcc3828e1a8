import { internalsOf } from "../client/internals.ts";
import { applyPlan, verifyPlan } from "./apply/apply.ts";
import type { ApplyOptions, DiffOptions, VerifyOptions } from "./options.ts";
import { changeHash } from "./plan/plan-hash.ts";
import { planMarkdown } from "./plan/plan-markdown.ts";
import { planText } from "./plan/plan-text.ts";
import type { PreparedPlan } from "./plan/prepared-plan.ts";
import { diffUser } from "./plan/user-diff.ts";
import type { SavedPlan, SyncPlan } from "./plan.ts";
import { inspectAs, printable } from "./printable.ts";
import { checkDiffOptions } from "./read-options.ts";

/** A plan for the caller: its facts, and what can be done with it. */
export function createPlan(prepared: PreparedPlan): SyncPlan {
  const { facts, changes, oplead } = prepared;
  const plan: SyncPlan = Object.defineProperties(
    { ...facts },
    {
      apply: { value: async (options: ApplyOptions = {}) => applyPlan(plan, prepared, options) },
      verify: { value: async (options: VerifyOptions = {}) => verifyPlan(prepared, options) },
      diff: {
        value: (accountNumber: string, options: DiffOptions = {}) => {
          checkDiffOptions(options);
          const change = changes.find(({ planned }) => planned.accountNumber === accountNumber);
          return change && diffUser(change, options.reveal ?? false);
        },
      },
      toString: { value: () => planText(facts, internalsOf(oplead).transport.settings.rateLimit) },
      toMarkdown: { value: () => planMarkdown(facts) },
      toJSON: { value: () => savedPlan(prepared) },
      ...inspectAs(() => printable(facts)),
    },
  ) as SyncPlan;
  return plan;
}

function savedPlan({ facts, changes }: PreparedPlan): SavedPlan {
  const { changes: _, ...rest } = facts;
  const saved = changes.map((change) => ({ ...change.planned, hash: changeHash(change) }));
  return printable({ version: 1, ...rest, changes: saved });
}
