import type { CountryDetails } from "../reference-types.ts";
import type { RuleName, UserRules } from "../rules/rules.ts";

/** Latitude and longitude in degrees, in this order: `[48.39, -4.49]` is Brest. */
export type Coordinates = readonly [latitude: number, longitude: number];

/**
 * A user with its rules: what the `map` of `planSync` returns can be given as it is. Only the fields named here are read.
 */
export interface CoverageUser {
  readonly user: {
    /** Required: results name users by it. */
    readonly accountNumber?: string | undefined;
    /** Where `maxDistance` is measured from, unless the user brings {@link CoverageUser.coordinates}. */
    readonly address?:
      | { readonly zipCode?: string | undefined; readonly country?: { readonly code: string } | undefined }
      | undefined;
    readonly firstname?: string | undefined;
    readonly lastname?: string | undefined;
    readonly company?: string | undefined;
    readonly [field: string]: unknown;
  };
  readonly rules?: UserRules | undefined;
  /** Where the user is, when it is known better than the postcode says. */
  readonly coordinates?: Coordinates | undefined;
}

/** What is known of a lead. What is left out is unknown: a rule about it can answer "uncertain". */
export interface Lead {
  /** Two capital letters. */
  readonly country: string;
  /** Text, because some begin with a zero. */
  readonly zipCode?: string | undefined;
  /** Where the lead is, when it is known better than the postcode says. */
  readonly coordinates?: Coordinates | undefined;
  readonly range?: string | undefined;
  readonly requestType?: string | undefined;
  readonly contactProfile?: string | undefined;
  readonly profileType?: string | undefined;
}

/** What is known of a postcode. */
export interface Place {
  /** Its centre. */
  readonly coordinates?: Coordinates | undefined;
  /** How far the centre can be from a point of the postcode, in kilometres. Default 0. */
  readonly uncertaintyKm?: number | undefined;
  readonly inhabitants?: number | undefined;
  /** The numbers of the counties it lies in. Used where the reference data of the country does not say. */
  readonly counties?: readonly string[] | undefined;
}

/** Says where a postcode is; undefined when it is not known. `oplead-sdk/coverage/france` has one for France. */
export type Locate = (zipCode: string, country: string) => Place | undefined;

/** All leads that can exist, as the product of these lists. */
export interface Universe {
  /** As `getCountry` gives them: with counties and their postcodes. */
  readonly countries: readonly CountryDetails[];
  /** The codes of the active ranges. Left out: those that the users' rules name (assumption `codesLeftOut`). */
  readonly ranges?: readonly string[] | undefined;
  /** The codes of the request types; empty where the platform has ranges only. Left out: as for ranges. */
  readonly requestTypes?: readonly string[] | undefined;
  /** The codes of the contact profiles. Left out: as for ranges. */
  readonly contactProfiles?: readonly string[] | undefined;
  /** Default `["pro", "single"]`, the two values that are documented. */
  readonly profileTypes?: readonly string[] | undefined;
}

/**
 * Whether the rules of a user admit a lead. `"uncertain"`: what is known does not decide it. Who of several eligible users
 * gets the lead is not documented, so no answer says it.
 */
export type Verdict = "eligible" | "not_eligible" | "uncertain";

/** What one rule says of a lead. */
export interface RuleAnswer {
  readonly result: "pass" | "fail" | "uncertain" | "not_set";
  /** Why, in a phrase: `"62 km, the radius is 30"`. */
  readonly reason: string;
}

/** What the rules of one user say of a lead. */
export interface UserVerdict {
  readonly accountNumber: string;
  readonly verdict: Verdict;
  readonly rules: { readonly [Name in RuleName]-?: RuleAnswer };
  /** For a user who is not eligible: each thing that would have to change. Empty for the others. */
  readonly changes: readonly string[];
}

/** What {@link explainLead} returns. */
export interface LeadExplanation {
  readonly lead: Lead;
  /** The names of the {@link Assumptions} that the verdicts depend on. */
  readonly assumptions: readonly string[];
  /** Eligible users first, then uncertain ones, then the others with the nearest misses first. */
  readonly users: readonly UserVerdict[];
}

/** What a finding is about. */
export type FindingKind = "gap" | "thin" | "overlap" | "dead" | "subsumed" | "unreachable";

/** The leads a finding is about, by their codes. A list that is left out means all. */
export interface Dimensions {
  readonly ranges?: readonly string[] | undefined;
  readonly requestTypes?: readonly string[] | undefined;
  readonly contactProfiles?: readonly string[] | undefined;
  readonly profileTypes?: readonly string[] | undefined;
}

/** Something that {@link coverage} found. */
export interface CoverageFinding {
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
  /** The finding as a sentence. */
  readonly message: string;
}

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

/** What {@link coverage} returns. Plain data but for the function. */
export interface CoverageResult {
  /** The names of the {@link Assumptions} that the findings depend on. */
  readonly assumptions: readonly string[];
  readonly classes: readonly PostcodeClass[];
  /** Gaps first, those with the most inhabitants first. */
  readonly findings: readonly CoverageFinding[];
  /** The users that a lead can reach, by the same rules as {@link explainLead}. */
  eligible(lead: Lead): EligibleUsers;
}
