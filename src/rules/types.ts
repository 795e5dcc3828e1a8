/* Imports nothing, so that errors, facts, texts and plans can import it. */

/**
 * Wire form of each rule, as a `PUT` sends it (guide, lead assignment rules). An empty list clears a rule (assumed).
 * @experimental
 */
export interface RuleBodies {
  readonly geographical: {
    readonly handledCountries: readonly {
      /** Two capital letters. See {@link Oplead.listCountries}. */
      readonly handledCountry: { readonly code: string };
      /** Omit it to cover the whole country (assumed). */
      readonly handledCounties?:
        | readonly {
            /** Text: some begin with a zero, some contain a letter: `01`, `2A`, `971`. */
            readonly handledCounty: { readonly number: string };
            /** Text: some begin with a zero. Omit it to cover the whole county (assumed). */
            readonly handledPostCodeZips?: readonly string[] | undefined;
          }[]
        | undefined;
    }[];
  };
  /** Largest distance from user to lead, in km: more than 0. */
  readonly maxDistance: { readonly maxDistance: number };
  /** Ranges, or pairs of range and request type: a platform uses one of the two forms. */
  readonly competences:
    | readonly { readonly range: { readonly code: string }; readonly requestType?: undefined }[]
    | readonly { readonly range: { readonly code: string }; readonly requestType: { readonly code: string } }[];
  readonly contactProfiles: readonly { readonly code: string }[];
  /** Kinds of contacts: `"pro"` professionals, `"single"` individuals. */
  readonly profileTypes: readonly ("pro" | "single")[];
}

/** Name of an assignment rule: its field in {@link UserRules}. */
export type RuleName = keyof RuleBodies;

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
