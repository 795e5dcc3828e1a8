import { codedBy } from "../../base/texts/coded.ts";
import { FAIRNESS } from "../../base/texts/en/coverage/load.ts";
import type { ExpectedLoad } from "./types.ts";

const told = /* @__PURE__ */ codedBy(FAIRNESS);

export function fairnessOf(loads: readonly number[]): Pick<ExpectedLoad, "gini" | "ratio" | "fairness"> {
  const sorted = Float64Array.from(loads).sort();
  const sum = sorted.reduce((total, load) => total + load, 0);
  if (sum === 0) return { gini: undefined, ratio: undefined, fairness: told("no_leads") };
  const count = sorted.length;
  const gini = sorted.reduce((total, load, rank) => total + (2 * rank + 1 - count) * load, 0) / (count * sum);
  const low = percentile(sorted, 0.1);
  if (low === 0) return { gini, ratio: undefined, fairness: told("spread_with_idle_users", { gini }) };
  const ratio = percentile(sorted, 0.9) / low;
  return { gini, ratio, fairness: told("spread", { gini, ratio }) };
}

/** Between two values it lies on the line from one to the other. */
function percentile(sorted: Float64Array, share: number): number {
  const place = share * (sorted.length - 1);
  const [low = 0, high = low] = sorted.subarray(Math.floor(place), Math.floor(place) + 2);
  return low + (high - low) * (place % 1);
}
