import type { Spot } from "../network/geography.ts";
import type { Member } from "../network/member.ts";
import type { Result } from "../rules/coverage-rule.ts";
import type { AssumptionName, Assumptions } from "../types.ts";
import type { ObservedLead } from "./types.ts";

export interface PlacedLead {
  readonly lead: ObservedLead;
  readonly spot: Spot;
}

/** A set of assumptions with the users as they are under it, and what it says of each lead. */
export interface Candidate {
  readonly varied: Partial<Assumptions>;
  readonly assumptions: Assumptions;
  readonly members: ReadonlyMap<string, Member>;
  readonly results: readonly Result[];
}

/** With the logarithm of how likely leads are under it. */
export interface ScoredCandidate extends Candidate {
  readonly score: number;
}

/** The values that calibration tells apart. "uncertain" is none of them: it is true of no platform. */
const VALUES = {
  absentRule: ["admits_all", "admits_none"],
  emptyRule: ["admits_none", "admits_all"],
  combination: ["all", "area_or_radius"],
  zipInTwoCounties: ["any", "all"],
  detourFactor: [1, 1.3],
} as const satisfies { readonly [Name in AssumptionName]?: readonly Assumptions[Name][] };

const VARIED = Object.keys(VALUES) as (keyof typeof VALUES)[];

/**
 * Every combination of the values of the assumptions that matter for these users and leads. Of the rules, all are enabled, or all but one
 * that some user has.
 */
export function defaultCandidates(
  matters: readonly AssumptionName[],
  enabled: Assumptions["enabledRules"],
  used: Assumptions["enabledRules"],
): Partial<Assumptions>[] {
  let candidates: Partial<Assumptions>[] = [
    { enabledRules: enabled },
    ...used.map((off) => ({ enabledRules: enabled.filter((name) => name !== off) })),
  ];
  for (const name of VARIED) {
    if (!matters.includes(name)) continue;
    candidates = candidates.flatMap((some) => VALUES[name].map((value) => ({ ...some, [name]: value })));
  }
  return candidates;
}
