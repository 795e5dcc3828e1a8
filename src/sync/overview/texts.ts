import type { FailedRun } from "../types/failed-report.ts";
import type { PlanFacts } from "../types/plan.ts";
import type { Findings, TextLine } from "../types/records.ts";
import type { Explained, ExplainOptions, RenderAs, RenderOptions, ReportFacts } from "../types/report.ts";
import { type FailedFacts, failedOverview } from "./failed-overview.ts";
import type { Overview } from "./overview.ts";
import { planOverview, reportOverview } from "./plan-overview.ts";
import { asCsv, asLines, asMarkdown, asText, explainedIn } from "./render.ts";

// This module is loaded when the first text is asked for: many runs need none.
export interface Texts {
  explain(options?: ExplainOptions): readonly Explained[];
  lines(options?: RenderOptions): readonly TextLine[];
  render(as: Exclude<RenderAs, "html">, options?: RenderOptions): string;
}

export function planTexts(plan: PlanFacts): Texts {
  return textsOf(plan.findings, (findings, given) => planOverview({ ...plan, findings }, given));
}

export function reportTexts(report: ReportFacts): Texts {
  return textsOf(report.findings, (findings, given) => reportOverview({ ...report, findings }, given));
}

export function failedTexts(facts: FailedFacts, failure: FailedRun): Texts {
  return textsOf([], (_, given) => failedOverview(facts, failure, given));
}

type Found = Findings["findings"];

function textsOf(all: Found, overviewOf: (findings: Found, given: RenderOptions) => Overview): Texts {
  return {
    explain: ({ language, of = all } = {}) => {
      const asked = typeof of === "string" ? all.filter(({ accountNumber }) => accountNumber === of) : of;
      return explainedIn(overviewOf(asked, { language }));
    },
    lines: (given = {}) => asLines(overviewOf(all, given), given),
    render: (as, given = {}) => {
      const overview = overviewOf(all, given);
      if (as === "csv") return asCsv(overview, given);
      return as === "markdown" ? asMarkdown(overview, given) : asText(overview, given);
    },
  };
}
