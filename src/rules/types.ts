/*
 * The names of the rules, and the leads that rules are about. This file imports nothing, so that errors, facts, texts
 * and plans can import it.
 */

/**
 * The name of an assignment rule: its field in {@link UserRules}. The list of descriptors (rules.ts) compiles only if
 * it has exactly these names.
 */
export type RuleName = "geographical" | "maxDistance" | "competences" | "contactProfiles" | "profileTypes";

/** A part of a user that one request sends: the user itself, or one of its rules. */
export type SyncStep = "user" | RuleName;

/** Latitude and longitude in degrees, in this order: `[48.39, -4.49]` is Brest. */
export type Coordinates = readonly [latitude: number, longitude: number];

/** A lead, as far as it is known. A field that is left out is unknown: a rule about it can answer "uncertain". */
export interface Lead {
  /** Two capital letters. */
  readonly country: string;
  /** The postcode is a text, because some postcodes begin with a zero. */
  readonly zipCode?: string | undefined;
  /** Where the lead is, if that is known more exactly than by the postcode. */
  readonly coordinates?: Coordinates | undefined;
  readonly range?: string | undefined;
  readonly requestType?: string | undefined;
  readonly contactProfile?: string | undefined;
  readonly profileType?: string | undefined;
}

/** A field of a lead that holds a code with which rules are compared. */
export type LeadField = Exclude<keyof Lead, "country" | "zipCode" | "coordinates">;

/**
 * The leads a finding is about: a list of codes for each {@link LeadField}. If a list is left out, all codes are meant.
 */
export interface Dimensions {
  readonly ranges?: readonly string[] | undefined;
  readonly requestTypes?: readonly string[] | undefined;
  readonly contactProfiles?: readonly string[] | undefined;
  readonly profileTypes?: readonly string[] | undefined;
}

/**
 * For each kind of code, the codes that leads can have. If a list is empty, leads are not distinguished by this kind of
 * code.
 */
export type LeadCodes = { readonly [Name in keyof Dimensions]-?: readonly string[] };

/** A kind of code by which leads are distinguished. */
export interface LeadAxis {
  /** The field that lists the codes of this kind in a universe and in a finding. */
  readonly codes: `${LeadField}s` & keyof Dimensions;
  /** The field of a lead that holds a code of this kind. */
  readonly field: LeadField;
  /**
   * The codes, if Oplead documents them. A universe (the places and kinds of leads that coverage looks at) has these
   * codes by default.
   */
  readonly documented?: readonly string[];
}
