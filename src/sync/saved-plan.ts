import { invalid } from "../base/errors.ts";
import { hashOf } from "../base/hash/hash.ts";
import { issueAt, type OpleadIssue } from "../base/issues.ts";
import { isObject } from "../base/validation/is-object.ts";
import {
  boolean,
  issueFinder,
  type OptionsSchema,
  options,
  optionsCheck,
  withMethods,
} from "../base/validation/validate.ts";
import { tellSaved } from "../locales/en/sync.ts";
import { planForm, printable } from "./forms.ts";
import { asLines, asMarkdown, asText } from "./overview/overview.ts";
import { planOverview } from "./overview/plan-overview.ts";
import { planHash } from "./plan/plan-hash.ts";
import { language, problemCells, problemCsvOf, unsentOf } from "./report/problems.ts";
import type { PlanFacts, PlanPageOptions, ReadPlan, RenderPlanOptions, SavedChange, SavedPlan } from "./types/plan.ts";
import type { TextLine } from "./types/text-line.ts";
import { addMethods } from "./with-methods.ts";

/** The form that is written. A major number other than its own cannot be read. */
const VERSION = "5.0";

export function savedPlan(facts: PlanFacts, changes: readonly SavedChange[]): SavedPlan {
  const form = printable(planForm, { version: VERSION, ...facts, changes } as const);
  return { ...form, checksum: hashOf(form) };
}

const findIssues = /* @__PURE__ */ issueFinder(planForm.schema);

/**
 * Checks what was read from a file: that it is a plan in a form that this version of the package knows, and as it was saved. Gives it
 * with the forms in which people read it. Fields that a newer version has added are passed over.
 *
 * @throws {@link OpleadError} `invalid_input`.
 *
 * @example
 * ```ts
 * const saved = readSavedPlan(JSON.parse(await readFile("plan.json", "utf8")));
 * ```
 */
export function readSavedPlan(value: unknown): ReadPlan {
  const issues = issuesOf(value);
  if (issues.length > 0) throw invalid("invalid_input", "The saved plan cannot be used.", issues);
  // The schema describes what is read of it, and its checksum says that a plan wrote the rest.
  const saved = value as SavedPlan;
  const toHtml = async (options: PlanPageOptions = {}) =>
    (await import("./pages/plan-page.ts")).planPage(saved, options);
  return addMethods({ ...saved }, { ...csvOf(saved), ...textFormsOf(saved), toHtml }, () => saved);
}

function issuesOf(value: unknown): OpleadIssue[] {
  const formIssues = issuesOfForm(value);
  if (formIssues.length > 0) return formIssues;
  const { checksum, ...form } = value as SavedPlan;
  if (checksum !== hashOf(form)) return [issueAt("", tellSaved("altered_plan"))];
  const issues = findIssues(value);
  // A checksum can be made anew. The hash was read by a person, who approves by it what the plan holds.
  return issues.length > 0 || form.hash === planHash(form) ? issues : [issueAt("", tellSaved("altered_plan"))];
}

function issuesOfForm(value: unknown): OpleadIssue[] {
  if (!isObject(value) || !("version" in value && "hash" in value && "changes" in value)) {
    return [issueAt("", tellSaved("not_saved_plan"))];
  }
  const version = String(value.version);
  if (version.split(".")[0] === VERSION.split(".")[0]) return [];
  return [issueAt("version", tellSaved("other_form", { version, current: VERSION }))];
}

const checkToString = /* @__PURE__ */ optionsCheck<RenderPlanOptions>("toString", () => renderShape());

const checkToMarkdown = /* @__PURE__ */ optionsCheck<RenderPlanOptions>("toMarkdown", () => renderShape());

const checkToLines = /* @__PURE__ */ optionsCheck<RenderPlanOptions>("toLines", () => renderShape());

function renderShape(): OptionsSchema<RenderPlanOptions> {
  return options({ language, all: boolean(), leaverNotes: withMethods(["get"], tellSaved("not_map")) });
}

const csvOf = (saved: SavedPlan) => problemCsvOf((language) => problemCells(unsentOf(saved), language));

/** The forms of a plan that people read as text. */
export function textFormsOf(facts: PlanFacts | SavedPlan) {
  const overview = (given: RenderPlanOptions, check: (given: RenderPlanOptions) => void) => {
    check(given);
    return [planOverview(facts, given), mostIn(given)] as const;
  };
  return {
    toString: (given: RenderPlanOptions = {}) => asText(...overview(given, checkToString)),
    toMarkdown: (given: RenderPlanOptions = {}) => asMarkdown(...overview(given, checkToMarkdown)),
    toLines: (given: RenderPlanOptions = {}): readonly TextLine[] => asLines(...overview(given, checkToLines)),
  };
}

const mostIn = ({ all }: RenderPlanOptions): number | undefined => (all ? Number.POSITIVE_INFINITY : undefined);
