import type { AssumptionName, Assumptions, Locate } from "../coverage-types.ts";
import type { Coded } from "../locales/coded.ts";
import type { NEAREST, RULE_CHANGES, RULE_REASONS } from "../locales/en/coverage.ts";
import type { COVERAGE_FINDINGS } from "../locales/en/findings.ts";
import type { Dimensions, Lead, RuleName } from "../rules/types.ts";

export type {
  AssumptionName,
  Assumptions,
  CoverageUser,
  Locate,
  Place,
  Universe,
} from "../coverage-types.ts";
export type { Coordinates, Dimensions, Lead, LeadAxis, LeadCodes } from "../rules/types.ts";

/** How a long computation is ended. It blocks the process for up to seconds, which docs/explain/event-loop.md tells. */
export interface SignalOptions {
  /** Ends the computation with an {@link OpleadError} `aborted`, before it begins or while it goes through the users. Default: none. */
  readonly signal?: AbortSignal | undefined;
}

/** Options that {@link explainLead} and {@link coverage} share. */
export interface EvaluationOptions extends SignalOptions {
  /** Replaces some of {@link defaultAssumptions}. */
  readonly assumptions?: Partial<Assumptions> | undefined;
  /** Without it, distances are known only between coordinates that users and leads bring. */
  readonly locate?: Locate | undefined;
}

/**
 * Whether the rules of a user admit a lead. `"uncertain"`: what is known does not decide it. Oplead does not
 * document which of several eligible users gets the lead, so no answer says it.
 */
export type Verdict = "eligible" | "not_eligible" | "uncertain";

/** Why a rule answers as it does, and in `message` as a phrase: `"62 km, the radius is 30"`. Switch on `code`; it types `parameters`. */
export type RuleReason = Coded<typeof RULE_REASONS>;

/** A change that a rule would need, and in `message` as a phrase: `"a radius of 83 km instead of 40"`. */
export type RuleChange = Coded<typeof RULE_CHANGES>;

/** The answer of one rule to a lead. */
export type RuleAnswer = RuleReason & { readonly result: "pass" | "fail" | "uncertain" | "not_set" };

/** The answers of one user's rules to a lead. */
export interface UserVerdict {
  readonly accountNumber: string;
  readonly verdict: Verdict;
  readonly rules: { readonly [Name in RuleName]-?: RuleAnswer };
  /** For a user who is not eligible: each thing that would have to change. Empty for the others. */
  readonly changes: readonly RuleChange[];
}

/** The answer of {@link explainLead}. Plain data, of which the reasons of users who are not eligible are made when they are read. */
export interface LeadExplanation {
  readonly lead: Lead;
  /** The names of the {@link Assumptions} that the verdicts depend on. */
  readonly assumptions: readonly AssumptionName[];
  /** Eligible users first, then uncertain ones, then the others with the nearest misses first. */
  readonly users: readonly UserVerdict[];
}

/** The kind of a finding. */
export type FindingKind = "gap" | "thin" | "overlap" | "dead" | "subsumed" | "unreachable";

/** Something that {@link coverage} found, in `message` as a sentence. Switch on `code`, which is finer than `kind`; it types `parameters`. */
export type CoverageFinding = Coded<typeof COVERAGE_FINDINGS> & CoverageFindingFacts;

/** The facts of a {@link CoverageFinding}. */
export interface CoverageFindingFacts {
  /**
   * `"gap"`: no eligible user. `"thin"`: only one. `"overlap"`: more than `overlapAbove`. `"dead"`: a rule, or a part of
   * one, that can never match. `"subsumed"`: all leads of the first user also reach the second. `"unreachable"`: a user
   * who can get no lead.
   */
  readonly kind: FindingKind;
  /** Whether it holds whatever the uncertain verdicts turn out to be. */
  readonly certain: boolean;
  /** The country and the county it is in, where it is in one. */
  readonly country?: string | undefined;
  readonly county?: string | undefined;
  readonly zipCodes: readonly string[];
  /** How many people live there, as far as `locate` knows it. */
  readonly inhabitants: number | undefined;
  readonly accountNumbers: readonly string[];
  readonly dimensions: Dimensions;
  /**
   * Of a certain gap: the three users nearest to its postcode with the most inhabitants that has a user within 200 km, the nearest first. Empty for all
   * other findings.
   */
  readonly nearest: readonly NearestUser[];
}

/**
 * A user near a gap with what its rules would need to admit a lead of it, as {@link explainLead} says it; in `message` as a sentence. Switch on `code`;
 * it types `parameters`.
 */
export type NearestUser = Coded<typeof NEAREST> & { readonly accountNumber: string };

/** Postcodes that the same users reach. */
export interface PostcodeClass {
  readonly country: string;
  /** Empty where the reference data lists no postcodes: then the class is a county or a country as a whole. */
  readonly zipCodes: readonly string[];
  readonly inhabitants: number | undefined;
  /** The users whose area rules (geographical, maxDistance) admit these postcodes. */
  readonly eligible: readonly string[];
  /** Users whose eligibility is uncertain. */
  readonly uncertain: readonly string[];
}

/** The account numbers of the users that a lead can reach. */
export interface EligibleUsers {
  readonly eligible: readonly string[];
  readonly uncertain: readonly string[];
}

/** The result of {@link coverage}. Plain data but for the functions. */
export interface CoverageResult {
  /** The names of the {@link Assumptions} that the findings depend on. */
  readonly assumptions: readonly AssumptionName[];
  readonly classes: readonly PostcodeClass[];
  /** Gaps first, those with the most inhabitants first. */
  readonly findings: readonly CoverageFinding[];
  /** The users that a lead can reach, by the same rules as {@link explainLead}. */
  eligible(lead: Lead): EligibleUsers;
  /**
   * What {@link explainLead} answers for the same users, of which the rules have been read already: for many leads one after the other.
   *
   * @throws {@link OpleadError} `invalid_input` for a lead without a country; `invalid_options`; `aborted`.
   */
  explain(lead: Lead, options?: SignalOptions): Promise<LeadExplanation>;
}
