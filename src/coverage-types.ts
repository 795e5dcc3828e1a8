/*
 * Users, places and assumptions, as coverage takes them. Here, because a plan carries them to its policies and knows nothing else of coverage.
 */
import type { CountryDetails } from "./reference-types.ts";
import type { UserRules } from "./rules/rules.ts";
import type { Coordinates, Dimensions, RuleName } from "./rules/types.ts";

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
  };
  readonly rules?: UserRules | undefined;
  /** Rules of which it is not known what Oplead has: their verdicts are uncertain. Default: none. */
  readonly unknown?: readonly RuleName[] | undefined;
  /** Where the user is, when it is known better than the postcode says. */
  readonly coordinates?: Coordinates | undefined;
}

/** A postcode, as far as it is known. */
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

/**
 * The assumptions about Oplead where its documentation is silent. Every result names the assumptions it depends on.
 * Replace those that you know better for your platform: `coverage(users, { universe, assumptions: { … } })`.
 * @experimental
 */
export interface Assumptions {
  /** The rules that the platform has enabled. The others have no effect. Default: all. */
  readonly enabledRules: readonly RuleName[];
  /** The leads of a user without a certain rule. Default `"admits_all"`: an absent rule restricts nothing. */
  readonly absentRule: "admits_all" | "admits_none" | "uncertain";
  /** The leads that a rule with an empty list admits. Default `"admits_none"`. */
  readonly emptyRule: "admits_none" | "admits_all" | "uncertain";
  /**
   * How rules combine. Default `"all"`: every rule must pass. `"area_or_radius"`: of `geographical` and `maxDistance` one
   * is enough, where a user has both.
   */
  readonly combination: "all" | "area_or_radius";
  /**
   * Where `maxDistance` is measured from. Default `"address"`: the coordinates that the user brings, or else the centre of
   * the postcode of its address. A function can give another place, for example the parent's.
   */
  readonly distanceFrom: "address" | ((user: CoverageUser) => Coordinates | undefined);
  /** The distance that Oplead measures, divided by the straight line. Default 1; a road is about 1.3 times as long. */
  readonly detourFactor: number;
  /** Whether a country without counties, or a county without postcodes, is covered as a whole. Default `"whole"`. */
  readonly partsLeftOut: "whole" | "uncertain";
  /**
   * When a postcode in two counties is in the area of a user who covers whole counties. Default `"any"`: when one of the
   * two is covered. `"all"`: when both are.
   */
  readonly zipInTwoCounties: "any" | "all" | "uncertain";
  /** Which request types a competence without one admits. Default `"all_request_types"`. */
  readonly rangeAlone: "all_request_types" | "uncertain";
  /**
   * Which codes exist where the universe leaves a list out. Default `"those_in_rules"`: the codes that the users' rules name.
   * `"not_distinguished"`: leads are not told apart by them, and a rule about them is uncertain.
   */
  readonly codesLeftOut: "those_in_rules" | "not_distinguished";
  /** The names of those that are facts about the platform: no result lists them. See {@link assumptionsOf}. Default: none. */
  readonly known?: readonly AssumptionName[] | undefined;
}

/** The name of an assumption, as results list it. @experimental */
export type AssumptionName = Exclude<keyof Assumptions, "known">;

/**
 * All leads that can exist, as the product of these lists. The codes are of the active ranges, the request types (empty where the platform has ranges
 * only), the contact profiles and the profile types. A list that is left out is `["pro", "single"]` for profile types, which are documented, and
 * for the others the codes that the users' rules name (assumption `codesLeftOut`).
 */
export interface Universe extends Dimensions {
  /** As `getCountry` gives them: with counties and their postcodes. */
  readonly countries: readonly CountryDetails[];
}
