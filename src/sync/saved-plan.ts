import { invalid } from "../base/errors.ts";
import { isObject } from "../base/validation/is-object.ts";
import { asMarkdown, asText } from "./overview/overview.ts";
import { planOverview } from "./overview/plan-overview.ts";
import type { SavedPlan } from "./types/plan.ts";

/**
 * A saved plan for a terminal or a log, or as Markdown for a pull-request comment: what the plan itself printed.
 *
 * @throws {@link OpleadError} `invalid_input` if it is not the JSON of a plan.
 */
export function renderPlan(saved: SavedPlan, format: "text" | "markdown"): string {
  checkSavedPlan("renderPlan", saved);
  const overview = planOverview(saved);
  return format === "markdown" ? asMarkdown(overview) : asText(overview);
}

export function checkSavedPlan(caller: string, saved: unknown): void {
  const isPlan =
    isObject(saved) &&
    saved.version === 1 &&
    typeof saved.hash === "string" &&
    [saved.changes, saved.missing].every((list) => Array.isArray(list) && list.every(isObject));
  if (isPlan) return;
  const message = "must be the JSON of a plan, as JSON.stringify(plan) writes it";
  throw invalid("invalid_input", `${caller}: the saved plan cannot be read.`, [{ path: "saved", message }]);
}
