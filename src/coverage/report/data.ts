import type { Assumptions } from "../assumptions.ts";
import type { LeadCodes } from "../network/cells.ts";
import type { ReadUser } from "../read-users.ts";
import type { Coordinates } from "../types.ts";

/** What the report carries as JSON: users and places, short enough for thousands of users. `encode.ts` writes and `decode.ts` reads it. */
export interface ReportData {
  readonly assumptions: Assumptions;
  readonly countries: readonly EncodedCountry[];
  readonly leadCodes: LeadCodes;
  /** Codes that rules name, by kind: encoded rules give their places in these lists. */
  readonly ranges: readonly string[];
  readonly requestTypes: readonly string[];
  readonly contactProfiles: readonly string[];
  /** Sets of request types, as places in the list: many ranges of many users have the same ones. */
  readonly typeSets: readonly (readonly number[])[];
  readonly users: readonly EncodedUser[];
  /** By account number. Only when names were asked for. */
  readonly names: { readonly [accountNumber: string]: string } | undefined;
}

export type EncodedCountry = readonly [code: string, label: string, counties: readonly EncodedCounty[]];

/**
 * A county and its postcodes. Of each: the postcode, or how far it is from the one before; inhabitants or nothing; and where it is known
 * the uncertainty in kilometres, then latitude and longitude in hundredths of a degree as distances from the place before.
 */
export type EncodedCounty = readonly [number: string, label: string, postcodes?: string];

/** A user and its rules. What is undefined is not written. */
export interface EncodedUser {
  readonly a: string;
  /** Home: country, postcode. */
  readonly h: readonly [country: string, zipCode: string] | undefined;
  /** Coordinates of the home. */
  readonly x: Coordinates | undefined;
  readonly g: readonly EncodedCountryArea[] | undefined;
  readonly m: number | undefined;
  /** Competences: places of range and set of request types, in base 36, for example `0.2 5.1 7`. */
  readonly c: string | undefined;
  readonly p: readonly number[] | undefined;
  readonly t: ReadUser["rules"]["profileTypes"];
  readonly i: ReadUser["invalid"] | undefined;
}

/** A country, with its counties if they are given. Of each: postcodes by their places in the county as a set of bits, and those it
 * does not have. */
export type EncodedCountryArea = readonly [
  country: string,
  counties?: readonly (readonly [number: string, places?: string, others?: readonly string[]])[],
];

/** Coordinates in the report are as exact as the table they come from: to a kilometre. */
export const PER_DEGREE = 100;
