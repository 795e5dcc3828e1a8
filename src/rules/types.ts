/* Imports nothing, so that errors, facts, texts and plans can import it. */

/** Name of an assignment rule: its field in {@link UserRules}. */
export type RuleName = "geographical" | "maxDistance" | "competences" | "contactProfiles" | "profileTypes";

/** What one request sends of a user: the user itself, or one of its rules. */
export type SyncStep = "user" | RuleName;

/** Latitude and longitude in degrees, in this order: `[48.39, -4.49]` is Brest. */
export type Coordinates = readonly [latitude: number, longitude: number];

/** A lead, as far as it is known. */
export interface Lead {
  /** Two capital letters. */
  readonly country: string;
  /** Text: postcodes may begin with a zero. */
  readonly zipCode?: string | undefined;
  /** Position of the lead, if known more exactly than by the postcode. */
  readonly coordinates?: Coordinates | undefined;
  readonly range?: string | undefined;
  readonly requestType?: string | undefined;
  readonly contactProfile?: string | undefined;
  readonly profileType?: string | undefined;
}

export type LeadField = Exclude<keyof Lead, "country" | "zipCode" | "coordinates">;

/** The leads that a finding is about: codes for each field of a lead. An omitted list means all codes. */
export interface Dimensions {
  readonly ranges?: readonly string[] | undefined;
  readonly requestTypes?: readonly string[] | undefined;
  readonly contactProfiles?: readonly string[] | undefined;
  readonly profileTypes?: readonly string[] | undefined;
}

// If a list is empty, leads are not distinguished by this kind of code.
export type LeadCodes = { readonly [Name in keyof Dimensions]-?: readonly string[] };

export interface LeadAxis {
  readonly codes: `${LeadField}s` & keyof Dimensions;
  readonly field: LeadField;
  // The codes that Oplead documents, if it does: a universe has them by default.
  readonly documented?: readonly string[];
}
