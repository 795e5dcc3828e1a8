/*
 * The types of what coverage says: reasons, changes and findings. The texts are in src/locales/en/; a test compares
 * their codes and parameters with these types.
 */

import type { Coded } from "../locales/coded.ts";
import type { Dimensions } from "../rules/types.ts";

/**
 * Why a rule answers as it does. `message` says it as a phrase: `"62 km, the radius is 30"`. Switch on `code`; it types
 * `parameters`.
 */
export type RuleReason =
  | Coded<
      | "rule_disabled"
      | "not_set"
      | "not_set_admits_all"
      | "not_set_admits_none"
      | "list_empty"
      | "list_empty_admits_all"
      | "list_empty_admits_none"
      | "no_lead_zip_code"
      | "no_lead_place"
      | "no_user_place"
    >
  | Coded<
      "rule_not_valid",
      {
        /** The first problem that makes the rule invalid. */
        readonly problem: { readonly path: string; readonly message: string };
      }
    >
  | Coded<"other_country", { readonly country: string; readonly covered: readonly string[] }>
  | Coded<"whole_country", { readonly country: string }>
  | Coded<"zip_code_covered", { readonly zipCode: string }>
  | Coded<"county_covered", { readonly zipCode: string; readonly county: string }>
  | Coded<
      "listed_elsewhere",
      {
        readonly zipCode: string;
        readonly liesIn: readonly string[];
        readonly listedUnder: readonly string[];
      }
    >
  | Coded<"no_county_known", { readonly zipCode?: string }>
  | Coded<"county_in_part", { readonly zipCode: string; readonly liesIn: readonly string[] }>
  | Coded<
      "county_not_covered" | "zip_code_not_covered",
      {
        readonly zipCode: string;
        /** The nearest covered postcode; undefined if no distance is known. */
        readonly nearest: { readonly zipCode: string; readonly km: number } | undefined;
      }
    >
  | Coded<
      "distance",
      {
        readonly km: number;
        /** By how many kilometres the distance can be wrong; undefined if that cannot change the answer. */
        readonly giveOrTakeKm: number | undefined;
        readonly radiusKm: number;
      }
    >
  | Coded<
      "no_lead_code" | "every_code",
      {
        /** The field of a lead that the rule asks for: `profileType`. */
        readonly field: string;
      }
    >
  | Coded<"code_taken", { readonly code: string }>
  | Coded<"code_not_taken", { readonly code: string; readonly taken: readonly string[] }>
  | Coded<"request_type_not_handled", { readonly requestType: string | undefined }>
  | Coded<"range_not_handled", { readonly range: string; readonly handled: readonly string[] }>
  | Coded<"range_handled", { readonly range: string }>
  | Coded<"no_lead_request_type", { readonly range: string; readonly requestTypes: readonly string[] }>
  | Coded<"pair_handled", { readonly range: string; readonly requestType: string }>
  | Coded<
      "pair_not_handled",
      {
        readonly range: string;
        readonly requestType: string;
        readonly requestTypes: readonly string[];
      }
    >;

/**
 * A change with which a rule would admit the lead. `message` says it as a phrase: `"a radius of 83 km instead of 40"`.
 */
export type RuleChange =
  | Coded<"set_rule", { readonly rule: string }>
  | Coded<"cover_country", { readonly country: string }>
  | Coded<"cover_zip_code", { readonly zipCode: string; readonly counties: readonly string[] }>
  | Coded<"other_radius" | "to_receive">
  | Coded<"larger_radius", { readonly km: number; readonly radiusKm: number }>
  | Coded<"handle", { readonly codes: readonly string[] }>
  | Coded<"take_code", { readonly code: string | undefined }>
  | Coded<"one_of_changes", { readonly changes: readonly { readonly message: string }[] }>;

/** What a finding is about. {@link CoverageFindingFacts.kind} explains the kinds. */
export type FindingKind = "gap" | "thin" | "overlap" | "dead" | "subsumed" | "unreachable";

/**
 * A finding of {@link coverage}. `message` says it in a sentence. Switch on `code`, which is more precise than `kind`;
 * it types `parameters`.
 */
export type CoverageFinding = CoverageFindingFacts &
  (
    | Coded<
        "no_user",
        {
          readonly placeCount: number;
          readonly zipCodeCount: number;
          /** How many people live in the places of the finding, as far as it is known. */
          readonly inhabitants: number | undefined;
          /**
           * The names of the finding's counties or countries whose postcodes are not known; empty if postcodes are
           * known.
           */
          readonly placeNames: readonly string[];
          /**
           * One list of codes for each kind of code that restricts the leads. The leads may have any code of every
           * other kind.
           */
          readonly codes: readonly (readonly string[])[];
          readonly country: string;
          readonly isWholeCountry: boolean;
          /** The county, if all places of the finding lie in the same county. */
          readonly county: string | undefined;
          /** The first few postcodes of the finding. */
          readonly zipCodes: readonly string[];
          /** The counties with the most postcodes of the finding, and the number of postcodes in each. */
          readonly counties: readonly (readonly [name: string, zipCodes: number])[];
          readonly countyCount: number;
        }
      >
    | Coded<
        "no_certain_user" | "one_user" | "one_certain_user",
        {
          readonly placeCount: number;
          readonly zipCodeCount: number;
          /** How many people live in the places of the finding, as far as it is known. */
          readonly inhabitants: number | undefined;
          /**
           * The names of the finding's counties or countries whose postcodes are not known; empty if postcodes are
           * known.
           */
          readonly placeNames: readonly string[];
          /**
           * One list of codes for each kind of code that restricts the leads. The leads may have any code of every
           * other kind.
           */
          readonly codes: readonly (readonly string[])[];
          readonly country: string;
          readonly isWholeCountry: boolean;
          /** The county, if all places of the finding lie in the same county. */
          readonly county: string | undefined;
          /** The first few postcodes of the finding. */
          readonly zipCodes: readonly string[];
          /** The counties with the most postcodes of the finding, and the number of postcodes in each. */
          readonly counties: readonly (readonly [name: string, zipCodes: number])[];
          readonly countyCount: number;
          /** The account numbers of the first few users of the finding. */
          readonly users: readonly string[];
          readonly userCount: number;
        }
      >
    | Coded<
        "many_users",
        {
          readonly placeCount: number;
          readonly zipCodeCount: number;
          /** How many people live in the places of the finding, as far as it is known. */
          readonly inhabitants: number | undefined;
          /**
           * The names of the finding's counties or countries whose postcodes are not known; empty if postcodes are
           * known.
           */
          readonly placeNames: readonly string[];
          /**
           * One list of codes for each kind of code that restricts the leads. The leads may have any code of every
           * other kind.
           */
          readonly codes: readonly (readonly string[])[];
          readonly country: string;
          readonly isWholeCountry: boolean;
          /** The county, if all places of the finding lie in the same county. */
          readonly county: string | undefined;
          /** The first few postcodes of the finding. */
          readonly zipCodes: readonly string[];
          /** The counties with the most postcodes of the finding, and the number of postcodes in each. */
          readonly counties: readonly (readonly [name: string, zipCodes: number])[];
          readonly countyCount: number;
          /** The account numbers of the first few users of the finding. */
          readonly users: readonly string[];
          readonly userCount: number;
          readonly limit: number | undefined;
        }
      >
    | Coded<
        "same_leads",
        {
          /** The account numbers of the first few users of the finding. */
          readonly users: readonly string[];
          readonly userCount: number;
        }
      >
    | Coded<"leads_of_another", { readonly user: string; readonly other: string }>
    | Coded<
        "nothing_near_in_area" | "no_zip_code_in_area" | "no_zip_code_in_radius" | "no_code_in_use",
        { readonly user: string }
      >
    | Coded<"list_of_rule_empty", { readonly user: string; readonly rule: string }>
    | Coded<
        "dead_invalid" | "dead_unknown",
        {
          readonly rule: string;
          /** The account numbers of the first few users of the finding. */
          readonly users: readonly string[];
          readonly userCount: number;
          /** The first problem that makes the rule invalid. */
          readonly problem: { readonly path: string; readonly message: string };
        }
      >
    | Coded<
        "dead_radius",
        {
          readonly rule: string;
          /** The account numbers of the first few users of the finding. */
          readonly users: readonly string[];
          readonly userCount: number;
          readonly radiusKm: number;
          readonly nearestKm: number;
        }
      >
  );

/** The facts of a {@link CoverageFinding}. */
export interface CoverageFindingFacts {
  /**
   * `"gap"`: no user is eligible. `"thin"`: only one user is. `"overlap"`: more users than `overlapAbove` are.
   * `"dead"`: a rule, or a part of one, that can never match. `"subsumed"`: all leads of the first user in the finding
   * also reach the second one. `"unreachable"`: a user who can get no lead.
   */
  readonly kind: FindingKind;
  /** Whether the finding holds however the uncertain verdicts turn out. */
  readonly certain: boolean;
  /**
   * The country and the county of the finding's places. `country` is undefined if the places lie in several countries,
   * `county` if they lie in several counties.
   */
  readonly country?: string | undefined;
  readonly county?: string | undefined;
  readonly zipCodes: readonly string[];
  /** How many people live in the finding's places, counted over the postcodes whose inhabitants `locate` knows. */
  readonly inhabitants: number | undefined;
  readonly accountNumbers: readonly string[];
  readonly dimensions: Dimensions;
}
