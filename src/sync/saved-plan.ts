import { planText } from "./plan/plan-text.ts";
import type { SavedPlan } from "./plan.ts";

export { planMarkdown } from "./plan/plan-markdown.ts";

/** A saved plan for a terminal or a log, as the plan itself prints it but for the client's rate. */
export function savedPlanText(plan: SavedPlan): string {
  return planText(plan, false);
}
