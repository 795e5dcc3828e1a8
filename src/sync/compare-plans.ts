import { showIdentity } from "../base/redact.ts";
import { checkSavedPlan } from "./saved-plan.ts";
import type { SavedPlan, SyncPlan } from "./types/plan.ts";

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

/** What became of a saved plan. */
export interface PlanComparison {
  /** Whether both plans would do the same. */
  readonly same: boolean;
  /** By account number. */
  readonly differences: readonly PlanDifference[];
}

/**
 * Compares a plan that was saved as JSON with one that was made just now, to find out whether it is still what was read.
 *
 * @throws {@link OpleadError} `invalid_input` if the saved plan is not the JSON of a plan.
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
  checkSavedPlan("comparePlans", saved);
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
  return { same: saved.hash === now.hash, differences };
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
