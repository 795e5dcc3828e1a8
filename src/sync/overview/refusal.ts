import { LANGUAGES } from "../language.ts";
import type { GuardFinding } from "../types/messages.ts";
import type { PlanFacts } from "../types/plan.ts";
import type { ReportLanguage } from "../types/report.ts";
import { headlineOf, planOverview } from "./plan-overview.ts";
import { type Reason, reasonsOf } from "./reasons.ts";

export interface Refusal {
  readonly consequences: readonly string[];
  readonly reasons: readonly Reason<GuardFinding>[];
}

const CAUSES = 2;

// What a refused plan would do, and why it is refused: for a terminal and an alert.
export function refusalIn(
  plan: PlanFacts | undefined,
  findings: readonly GuardFinding[],
  name: ReportLanguage,
): Refusal {
  const language = LANGUAGES[name];
  return { consequences: plan ? consequencesOf(plan, name) : [], reasons: reasonsOf(findings, language) };
}

function consequencesOf(plan: PlanFacts, name: ReportLanguage): string[] {
  const { language, consequence, causes } = planOverview(plan, { language: name });
  const what = language.overview.headline({ ...headlineOf(plan), refusedBy: undefined });
  const first = [what, ...(consequence === undefined ? [] : [consequence])].join(" · ");
  return [first, ...causes.slice(0, CAUSES).map(({ text }) => text)];
}
