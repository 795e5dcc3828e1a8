import { canonicalJson } from "../../base/hash/canonical-json.ts";
import { readSavedPlan } from "../saved-plan.ts";
import type { ApplyOptions } from "../types/options.ts";
import type { SavedPlan } from "../types/plan.ts";
import type { GuardFinding } from "../types/records.ts";

/** The plan that was approved: by its hash, or as it was saved. */
export type Approved = string | SavedPlan | undefined;

/** @throws {@link OpleadError} `invalid_input` if it is a saved plan that cannot be used. */
export function readApproved(approve: ApplyOptions["approve"]): Approved {
  return typeof approve === "object" ? readSavedPlan(approve) : approve;
}

/** Figures that make a reason heavier the higher they are. */
const AMOUNTS = new Set(["added", "changed", "missing", "moved", "invalid", "users", "count"]);
/** What a share is of: no reason by itself. The users that it counts are among the amounts. */
const BASES = new Set(["population", "comparable"]);

/**
 * Whether one of the reasons that a person has seen covers a reason that is found now. It is the same one, or fewer users of it are left: a
 * trial sends some of them, and another process may have sent others.
 */
export function isCovered(finding: GuardFinding, seen: readonly GuardFinding[]): boolean {
  return seen.some(({ code, parameters }) => {
    if (code !== finding.code) return false;
    const [now, before] = [Object.entries(finding.parameters), parameters as Readonly<Record<string, unknown>>];
    return now.every(([name, value]) => {
      // What a policy finds in a part of the changes may be another loss: only the same one was seen.
      if (code !== "policy" && BASES.has(name)) return true;
      if (code !== "policy" && AMOUNTS.has(name)) return Number(value) <= Number(before[name]);
      if (name === "now") return Number(value) >= Number(before[name]);
      return name === "examples" || canonicalJson(value) === canonicalJson(before[name]);
    });
  });
}
