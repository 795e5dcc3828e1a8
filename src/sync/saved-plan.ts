import { invalid } from "../core/errors.ts";
import { hashOf } from "../core/hash.ts";
import { issueAt, type OpleadIssue } from "../core/issues.ts";
import { issueFinder } from "../core/validate.ts";
import { addMethods, isObject } from "../core/values.ts";
import type { Locate } from "../coverage/types.ts";
import { tellSaved } from "../locales/en/sync.ts";
import { planForm, printable } from "./forms.ts";
import { planHash } from "./plan/plan-facts.ts";
import { renderMethods } from "./render-methods.ts";
import { amountsIn } from "./show.ts";
import type { PlanFacts, ReadPlan, SavedChange, SavedPlan, SyncPlan } from "./types/plan.ts";

const VERSION = "6.0";

export function savedPlan(facts: PlanFacts, changes: readonly SavedChange[]): SavedPlan {
  const form = printable(planForm, { version: VERSION, ...facts, changes } as const);
  return { ...form, checksum: hashOf(form) };
}

const findIssues = /* @__PURE__ */ issueFinder(planForm.schema);

/**
 * Checks a value from a file: a plan, in a form that this version knows, and unchanged since it was saved. Returns it
 * with methods that show it as text, Markdown and a page. Ignores fields that a newer version added.
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
  // The checksum covers what the schema does not check.
  const saved = value as SavedPlan;
  return addMethods(
    { ...saved },
    planTextsOf(saved, () => saved),
    () => saved,
  );
}

function issuesOf(value: unknown): OpleadIssue[] {
  const formIssues = issuesOfForm(value);
  if (formIssues.length > 0) return formIssues;
  const { checksum, ...form } = value as SavedPlan;
  if (checksum !== hashOf(form)) return [issueAt("", tellSaved("altered_plan"))];
  const issues = findIssues(value);
  // Checks the hash too: a checksum can be computed again after an alteration, but a person approves by the hash.
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

export function planTextsOf(facts: PlanFacts, plan: () => SyncPlan | SavedPlan, locate?: Locate) {
  const { hash, counts } = facts;
  return {
    ...renderMethods(
      async () => (await import("./overview/texts.ts")).planTexts(facts),
      async (options) => (await import("./pages/plan-page.ts")).planPage(plan(), { locate, ...options }),
    ),
    toString: () => `plan ${hash}: ${amountsIn(counts).join(", ")}`,
  };
}
