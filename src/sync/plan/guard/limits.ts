import type { GuardOptions } from "../../types/options.ts";
import type { GuardLimit } from "../../types/records.ts";
import type { GuardFacts } from "./guard.ts";

/** The guard's counts beside their limits; limits that it does not judge are left out. */
export function guardLimits(options: GuardOptions | false, facts: GuardFacts): GuardLimit[] {
  const { population, comparable, changed, missing, moved, firstRun, runsBefore } = facts;
  if (options === false || population === 0) return [];
  const { maxChanged = 0.2, maxMoved = 0.05, maxMissing, minUsers = 100 } = options;
  const { maxNew = maxChanged } = options;
  const isFirstRun = firstRun === "open" || (options.firstRun === true && runsBefore === 0 && firstRun === undefined);
  const limits: GuardLimit[] = [];
  if (!isFirstRun) {
    const most = Math.max(minUsers, shareOf(maxNew, population));
    limits.push({ option: "maxNew", users: facts.new, most, among: population });
  }
  if (comparable < minUsers) return limits;
  const add = (option: GuardLimit["option"], users: number, share: number): void => {
    limits.push({ option, users, most: shareOf(share, comparable), among: comparable });
  };
  add("maxChanged", changed + missing, maxChanged);
  add("maxMoved", moved, maxMoved);
  if (maxMissing !== undefined) add("maxMissing", missing, maxMissing);
  return limits;
}

/** Whole users. 0.29 of 100 are 29, though their product is a little less. */
function shareOf(share: number, users: number): number {
  return Math.floor(share * users + 1e-9);
}
