import type { RuleName } from "../../../rules/rules.ts";
import type { ReadUser } from "../../read-users.ts";
import type { Assumptions, Coordinates, LeadCodes } from "../../types.ts";
import type { Names, PageLanguage } from "../words.ts";

/** The report's data as JSON: users and places, short enough for thousands of users. `encode.ts` writes and `decode.ts` reads it. */
export interface ReportData {
  readonly assumptions: Assumptions;
  readonly countries: readonly EncodedCountry[];
  readonly leadCodes: LeadCodes;
  readonly language: PageLanguage;
  /** The names of the rules in that language. */
  readonly rules: { readonly [Name in RuleName]: string };
  /** Texts that encoded rules name by their places in these lists. */
  readonly texts: { readonly [list: string]: readonly string[] };
  readonly users: readonly EncodedUser[];
  /** Of users only when they were asked for. */
  readonly names: Names;
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
  /** The rules in the order of their names, each as its own `encode` writes it; null for one that the user does not have. */
  readonly r: readonly unknown[];
  readonly i: ReadUser["invalid"] | undefined;
}

/** Coordinates in the report are as exact as the table they come from: to a kilometre. */
export const PER_DEGREE = 100;
