import { showIdentity } from "../base/redact.ts";
import { argumentsCheck, withMethods } from "../base/validation/validate.ts";
import { describe, identityOf } from "../ledger/bind.ts";
import { tellGuard, tellSaved } from "../locales/en/sync.ts";
import { readSavedPlan } from "./saved-plan.ts";
import type { SavedPlan, SyncPlan } from "./types/plan.ts";
import type { GuardFinding } from "./types/records.ts";

/** A user about which two plans differ. */
export interface PlanDifference {
  /** `[not shown]` if it is an e-mail address. */
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
  /** Why they would not: `other_platform`, `other_test_mode`, else `other_plan`. */
  readonly findings: readonly GuardFinding[];
  /** By account number. */
  readonly differences: readonly PlanDifference[];
}

const checkFresh = /* @__PURE__ */ argumentsCheck("comparePlans", () => ({
  fresh: withMethods(["toJSON", "apply"], tellSaved("not_plan")),
}));

/**
 * Compares a plan that was saved as JSON with one that was made just now, to find out whether it is still what was read.
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
  // The lists are compared, too: a saved list may have been altered together with its checksum.
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
