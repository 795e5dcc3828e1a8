import { invalid } from "../core/errors.ts";
import { hashOf } from "../core/hash.ts";
import { issueAt, type OpleadIssue } from "../core/issues.ts";
import { showIdentity } from "../core/redact.ts";
import { argumentsCheck, issueFinder, withMethods } from "../core/validate.ts";
import { isObject } from "../core/values.ts";
import { describe, identityOf } from "../ledger/bind.ts";
import { tellGuard, tellSaved } from "../locales/en/sync.ts";
import { planForm, printable } from "./forms.ts";
import { planHash } from "./plan/plan-facts.ts";
import { addMethods, amountsIn } from "./show.ts";
import { textMethods } from "./text-methods.ts";
import type { GuardFinding } from "./types/messages.ts";
import type { PlanFacts, PlanPageOptions, ReadPlan, SavedChange, SavedPlan, SyncPlan } from "./types/plan.ts";

const VERSION = "5.1";

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
  const toHtml = async (options: PlanPageOptions = {}) =>
    (await import("./pages/plan-page.ts")).planPage(saved, options);
  return addMethods({ ...saved }, { ...planTextsOf(saved), toHtml }, () => saved);
}

function issuesOf(value: unknown): OpleadIssue[] {
  const formIssues = issuesOfForm(value);
  if (formIssues.length > 0) return formIssues;
  const { checksum, ...form } = value as SavedPlan;
  if (checksum !== hashOf(form)) return [issueAt("", tellSaved("altered_plan"))];
  const issues = findIssues(value);
  // Who alters a file can compute its checksum again, but a person approves by the hash.
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

export function planTextsOf(facts: PlanFacts | SavedPlan) {
  const { hash, counts } = facts;
  return {
    ...textMethods(async () => (await import("./overview/texts.ts")).planTexts(facts)),
    toString: () => `plan ${hash}: ${amountsIn(counts).join(", ")}`,
  };
}

/** A user for which two plans differ. */
export interface PlanDifference {
  /** The account number; `[not shown]` if it is an e-mail address. */
  readonly accountNumber: string;
  /**
   * - `added`, `removed`: only the fresh plan, or only the saved plan, has a change for the user
   * - `changed`: both plans have a change for the user, but would send different content
   * - `missing`, `back`: the user is missing from the source only in the fresh plan, or only in the saved plan
   */
  readonly difference: "added" | "removed" | "changed" | "missing" | "back";
}

/** The differences between a saved plan and a fresh plan. */
export interface PlanComparison {
  /** Whether both plans would do the same. */
  readonly same: boolean;
  /** Why the plans would not do the same: `other_platform`, `other_test_mode`, else `other_plan`. */
  readonly findings: readonly GuardFinding[];
  /** The users for which the plans differ, in the order of their account numbers. */
  readonly differences: readonly PlanDifference[];
}

const checkFresh = /* @__PURE__ */ argumentsCheck("comparePlans", () => ({
  fresh: withMethods(["toJSON", "apply"], tellSaved("not_plan")),
}));

/**
 * Compares a plan that was saved as JSON with a plan that was made just now. So a program can tell whether a person has
 * read the same plan.
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
  // Changes with the same hash are the same. Other changes are compared by account number, where it may be shown.
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
  // The hashes alone are not enough: the lists of a saved plan may have been altered and its checksum computed again.
  return saved.hash === now.hash && differences.length === 0 ? [] : [tellGuard("other_plan")];
}

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
