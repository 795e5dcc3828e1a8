import type { ToldBy, ToldWith } from "../locales/coded.ts";
import type { RULE_CHANGES, RULE_REASONS } from "../locales/en/coverage.ts";
import type { COVERAGE_FINDINGS } from "../locales/en/findings.ts";
import type { Dimensions } from "../rules/types.ts";

/**
 * Why a rule answers as it does. `message` says it as a phrase: `"62 km, the radius is 30"`. Switch on `code`; it types
 * `parameters`.
 */
export type RuleReason = ToldBy<typeof RULE_REASONS>;

/**
 * A change with which a rule would admit the lead. `message` says it as a phrase: `"a radius of 83 km instead of 40"`.
 */
export type RuleChange = ToldBy<typeof RULE_CHANGES>;

/**
 * A finding of {@link coverage}. `message` says it in a sentence. Switch on `code`, which is more precise than `kind`;
 * it types `parameters`.
 */
export type CoverageFinding = ToldWith<
  typeof COVERAGE_FINDINGS,
  {
    /** `"gap"`: no user is eligible. `"thin"`: only one user is. */
    readonly kind: "gap" | "thin";
    readonly country: string;
    /** Undefined if the places lie in several counties. */
    readonly county: string | undefined;
    readonly zipCodes: readonly string[];
    /** Counted over the postcodes whose inhabitants `locate` knows. */
    readonly inhabitants: number | undefined;
    readonly accountNumbers: readonly string[];
    readonly dimensions: Dimensions;
  }
>;
