import type { Member } from "../network/member.ts";
import { RULE_NAMES } from "../rules/rules.ts";
import type { AssumptionName, Assumptions } from "../types.ts";

/** The values that leads can tell apart. "uncertain" is none of them: it is true of no platform. */
const VALUES = {
  absentRule: ["admits_all", "admits_none"],
  emptyRule: ["admits_none", "admits_all"],
  combination: ["all", "area_or_radius"],
  zipInTwoCounties: ["any", "all"],
  detourFactor: [1, 1.3],
} as const satisfies { readonly [Name in AssumptionName]?: readonly Assumptions[Name][] };

/** Whether a user has the two rules that are combined. */
function hasBothAreas({ rules: { geographical, maxDistance } }: Member): boolean {
  return geographical.kind === "set" && maxDistance.kind === "set";
}

/**
 * The assumptions in use, and every set that differs from them in one that matters: another value, or one of the rules that users have is not enabled.
 * A set that differs in two is found in two steps.
 */
export function setsOf(
  base: Assumptions,
  matters: readonly AssumptionName[],
  members: readonly Member[],
): Partial<Assumptions>[] {
  const sets: Partial<Assumptions>[] = [{}];
  for (const name of Object.keys(VALUES) as (keyof typeof VALUES)[]) {
    if (!matters.includes(name) || (name === "combination" && !members.some(hasBothAreas))) continue;
    for (const value of VALUES[name]) if (value !== base[name]) sets.push({ [name]: value });
  }
  if (matters.includes("enabledRules")) {
    const used = RULE_NAMES.filter((name) => members.some(({ user }) => user.rules[name] !== undefined));
    for (const off of base.enabledRules.filter((name) => used.includes(name))) {
      sets.push({ enabledRules: base.enabledRules.filter((name) => name !== off) });
    }
  }
  return sets;
}
