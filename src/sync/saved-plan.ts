import { invalid } from "../core/errors.ts";
import { hashOf } from "../core/hash.ts";
import { issueAt, type OpleadIssue } from "../core/issues.ts";
import { showIdentity } from "../core/redact.ts";
import {
  argumentsCheck,
  boolean,
  issueFinder,
  type OptionsSchema,
  options,
  optionsCheck,
  withMethods,
} from "../core/validate.ts";
import { isObject } from "../core/values.ts";
import { describe, identityOf } from "../ledger/bind.ts";
import { tellGuard, tellSaved } from "../locales/en/sync.ts";
import { planForm, printable } from "./forms.ts";
import { addMethods } from "./language.ts";
import type { Overview } from "./overview/overview.ts";
import { planOverview } from "./overview/plan-overview.ts";
import { asLines, formsOf, language } from "./overview/render.ts";
import { planHash } from "./plan/plan-facts.ts";
import type {
  PlanFacts,
  PlanPageOptions,
  ReadPlan,
  RenderPlanOptions,
  SavedChange,
  SavedPlan,
  SyncPlan,
} from "./types/plan.ts";
import type { GuardFinding, TextLine } from "./types/records.ts";

/** The version of the form that is written. A form with another major number cannot be read. */
const VERSION = "5.0";

export function savedPlan(facts: PlanFacts, changes: readonly SavedChange[]): SavedPlan {
  const form = printable(planForm, { version: VERSION, ...facts, changes } as const);
  return { ...form, checksum: hashOf(form) };
}

const findIssues = /* @__PURE__ */ issueFinder(planForm.schema);

/**
 * Checks a value that was read from a file: it must be a plan, in a form that this version of the package knows, and
 * unchanged since it was saved. Gives the plan with the forms in which people read it. Fields that a newer version has
 * added are ignored.
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
  // The schema describes the fields that are read, and the checksum says that a plan wrote the others.
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
  // A checksum can be computed again. A person reads the hash and approves the plan by it.
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

/** A user about which two plans differ. */
export interface PlanDifference {
  /** The account number; `[not shown]` if it is an e-mail address. */
  readonly accountNumber: string;
  /**
   * - `added`, `removed`: only the fresh plan, or only the saved one, has a change for the user
   * - `changed`: the plans would send something else
   * - `missing`, `back`: only the fresh plan, or only the saved one, finds the user missing from the source
   */
  readonly difference: "added" | "removed" | "changed" | "missing" | "back";
}

/** The differences between a saved plan and a newer one. */
export interface PlanComparison {
  /** Whether both plans would do the same. */
  readonly same: boolean;
  /** The reasons why they would not: `other_platform`, `other_test_mode`, else `other_plan`. */
  readonly findings: readonly GuardFinding[];
  /** By account number. */
  readonly differences: readonly PlanDifference[];
}

const checkFresh = /* @__PURE__ */ argumentsCheck("comparePlans", () => ({
  fresh: withMethods(["toJSON", "apply"], tellSaved("not_plan")),
}));

/**
 * Compares a plan that was saved as JSON with one that was made just now, to find out whether it is still the plan that
 * a person read.
 *
 * @throws {@link OpleadError} `invalid_input`, as {@link readSavedPlan}.
 *
 * @example
 * ```ts
 * const saved = JSON.parse(await readFile("plan.json", "utf8"));
 * const fresh = await planSync(oplead, options);
 * const { same, differences } = comparePlans(saved, fresh);
 * if (same) await fresh.apply({ approve: fresh.hash });
 * ```
 */
export function comparePlans(saved: SavedPlan, fresh: SyncPlan): PlanComparison {
  readSavedPlan(saved);
  checkFresh({ fresh });
  const now = fresh.toJSON();
  // Hashes tell which changes are the same. Account numbers name the others, where they may be shown.
  const added = onlyIn(now.changes, saved.changes, "hash");
  const removed = onlyIn(saved.changes, now.changes, "hash");
  const removedShown = new Set(removed.filter((accountNumber) => showIdentity(accountNumber) === accountNumber));
  const changed = new Set(added.filter((accountNumber) => removedShown.has(accountNumber)));
  const isOther = (accountNumber: string): boolean => !changed.has(accountNumber);
  const differences = [
    ...differ("changed", [...changed]),
    ...differ("added", added.filter(isOther)),
    ...differ("removed", removed.filter(isOther)),
    ...differ("missing", onlyIn(now.missing, saved.missing, "accountNumber")),
    ...differ("back", onlyIn(saved.missing, now.missing, "accountNumber")),
  ];
  differences.sort((a, b) => (a.accountNumber < b.accountNumber ? -1 : 1));
  const findings = findingsOf(saved, now, differences);
  return { same: findings.length === 0, findings, differences };
}

function findingsOf(saved: SavedPlan, now: SavedPlan, differences: readonly PlanDifference[]): GuardFinding[] {
  if (identityOf(saved.platform) !== identityOf(now.platform)) {
    const named = { saved: describe(saved.platform), current: describe(now.platform) };
    return [tellGuard("other_platform", named)];
  }
  if (saved.testMode !== now.testMode) return [tellGuard("other_test_mode", { saved: saved.testMode })];
  // The lists are compared as well: a saved list may have been altered together with its checksum.
  return saved.hash === now.hash && differences.length === 0 ? [] : [tellGuard("other_plan")];
}

/** The account numbers of users that are in one list and not in the other. */
function onlyIn<User extends { readonly accountNumber: string }>(
  users: readonly User[],
  others: readonly User[],
  key: keyof User,
): string[] {
  const known = new Set(others.map((user) => user[key]));
  return users.filter((user) => !known.has(user[key])).map(({ accountNumber }) => accountNumber);
}

function differ(difference: PlanDifference["difference"], accountNumbers: readonly string[]): PlanDifference[] {
  return accountNumbers.map((accountNumber) => ({ accountNumber, difference }));
}
