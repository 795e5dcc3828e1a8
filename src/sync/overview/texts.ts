import {
  boolean,
  type OptionsSchema,
  oneOf,
  options,
  optionsCheck,
  type Schema,
  valueThat,
  withMethods,
} from "../../core/validate.ts";
import { tellValue } from "../../locales/en/core.ts";
import type { FailedRun } from "../types/failed-report.ts";
import type { PlanFacts, RenderPlanOptions, SavedPlan } from "../types/plan.ts";
import type { TextLine } from "../types/records.ts";
import type { LanguageOptions, ProblemCsvOptions, ProblemRow, ReportFacts } from "../types/report.ts";
import { type FailedFacts, failedOverview } from "./failed-overview.ts";
import type { Overview } from "./overview.ts";
import { planOverview, reportOverview } from "./plan-overview.ts";
import { asCsv, asLines, asMarkdown, asText, problemRowsOf } from "./render.ts";

// This module is loaded when the first text is asked for: many runs need none.
export interface Texts<Options> {
  problemCsv(options?: ProblemCsvOptions): string;
  problemRows(options?: LanguageOptions): ProblemRow[];
  toText(options?: Options): string;
  toMarkdown(options?: Options): string;
  toLines(options?: Options): readonly TextLine[];
}

export function planTexts(plan: PlanFacts | SavedPlan): Texts<RenderPlanOptions> {
  return textsOf<RenderPlanOptions>((given) => planOverview(plan, given), planChecks);
}

export function reportTexts(report: ReportFacts): Texts<LanguageOptions> {
  return textsOf<LanguageOptions>((given) => reportOverview(report, given), reportChecks);
}

export function failedTexts(facts: FailedFacts, failure: FailedRun): Texts<LanguageOptions> {
  return textsOf<LanguageOptions>((given) => failedOverview(facts, failure, given), reportChecks);
}

const language: Schema = oneOf("en", "fr");

const isMap = (): Schema => valueThat((value) => value instanceof Map, tellValue("not_map"));

const checkCsvOptions = /* @__PURE__ */ optionsCheck<ProblemCsvOptions>("problemCsv", () =>
  options({
    language,
    labels: isMap(),
    segments: isMap(),
  }),
);

const checkRowsOptions = /* @__PURE__ */ optionsCheck<LanguageOptions>("problemRows", () => options({ language }));

type Checks<Options> = Readonly<Record<"toText" | "toMarkdown" | "toLines", (given: Options) => void>>;

function checksOf<Options>(build: () => OptionsSchema<Options>): Checks<Options> {
  return {
    toText: optionsCheck("toText", build),
    toMarkdown: optionsCheck("toMarkdown", build),
    toLines: optionsCheck("toLines", build),
  };
}

const planChecks = /* @__PURE__ */ checksOf<RenderPlanOptions>(() =>
  options({ language, all: boolean(), leaverNotes: withMethods(["get"], tellValue("not_map")) }),
);

const reportChecks = /* @__PURE__ */ checksOf<LanguageOptions>(() => options({ language }));

interface Extent {
  readonly all?: boolean | undefined;
}

function textsOf<Options extends LanguageOptions & Extent>(
  overviewIn: (given: Options | LanguageOptions) => Overview,
  checks: Checks<Options>,
): Texts<Options> {
  const checked = (given: Options, check: (given: Options) => void): readonly [Overview, Extent] => {
    check(given);
    return [overviewIn(given), given];
  };
  return {
    problemCsv: (given = {}) => {
      checkCsvOptions(given);
      return asCsv(overviewIn({ language: given.language }), given);
    },
    problemRows: (given = {}) => {
      checkRowsOptions(given);
      return problemRowsOf(overviewIn(given));
    },
    toText: (given = {} as Options) => asText(...checked(given, checks.toText)),
    toMarkdown: (given = {} as Options) => asMarkdown(...checked(given, checks.toMarkdown)),
    toLines: (given = {} as Options) => asLines(...checked(given, checks.toLines)),
  };
}
