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
import type { Overview } from "./overview/overview.ts";
import { planOverview } from "./overview/plan-overview.ts";
import { asLines, formsOf, language } from "./overview/render.ts";
import { planHash } from "./plan/plan-hash.ts";
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
  return addMethods({ ...saved }, { ...planFormsOf(saved), toHtml }, () => saved);
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

const renderShape = (): OptionsSchema<RenderPlanOptions> =>
  options({ language, all: boolean(), leaverNotes: withMethods(["get"], tellSaved("not_map")) });

const formChecks = {
  toString: /* @__PURE__ */ optionsCheck<RenderPlanOptions>("toString", renderShape),
  toMarkdown: /* @__PURE__ */ optionsCheck<RenderPlanOptions>("toMarkdown", renderShape),
};

const checkToLines = /* @__PURE__ */ optionsCheck<RenderPlanOptions>("toLines", renderShape);

/** The forms of a plan that people read, beside its page. */
export function planFormsOf(facts: PlanFacts | SavedPlan) {
  const overviewIn = (options: RenderPlanOptions): Overview => planOverview(facts, options);
  return {
    ...formsOf<RenderPlanOptions>(overviewIn, formChecks),
    toLines: (options: RenderPlanOptions = {}): readonly TextLine[] => {
      checkToLines(options);
      return asLines(overviewIn(options), options);
    },
  };
}
