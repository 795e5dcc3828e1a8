/*
 * The names of the rules, and the leads that they are about. This file imports nothing, because errors, facts, texts and plans name rules.
 */

/**
 * The name of an assignment rule: its field in {@link UserRules}. The list of descriptors (rules.ts) compiles only if it has each of them,
 * and no other.
 */
export type RuleName = "geographical" | "maxDistance" | "competences" | "contactProfiles" | "profileTypes";

/** Latitude and longitude in degrees, in this order: `[48.39, -4.49]` is Brest. */
export type Coordinates = readonly [latitude: number, longitude: number];

/** A lead, as far as it is known. A field that is left out is unknown: a rule about it can answer "uncertain". */
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

/** A field of a lead with a code that rules ask for. */
export type LeadField = Exclude<keyof Lead, "country" | "zipCode" | "coordinates">;

/** The leads a finding is about, by their codes: a list for each {@link LeadField}. A list that is left out means all. */
export interface Dimensions {
  readonly ranges?: readonly string[] | undefined;
  readonly requestTypes?: readonly string[] | undefined;
  readonly contactProfiles?: readonly string[] | undefined;
  readonly profileTypes?: readonly string[] | undefined;
}

/** The codes by which leads are told apart. An empty list: leads are not told apart by codes of that kind. */
export type LeadCodes = { readonly [Name in keyof Dimensions]-?: readonly string[] };

/** A kind of codes by which leads are told apart. */
export interface LeadAxis {
  /** The list of codes in a universe and in a finding. */
  readonly codes: `${LeadField}s` & keyof Dimensions;
  /** The field of a lead. */
  readonly field: LeadField;
  /** The codes, where they are documented: the default of a universe. */
  readonly documented?: readonly string[];
}
