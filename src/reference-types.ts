/** A profile that a user can have: a level of the hierarchy. The shape is assumed; unknown fields are kept. @experimental */
export interface UserProfile {
  /** The code to write in `profile: { code }`. */
  readonly code: string;
  /** The name for people. Language-dependent: compare codes, never labels. */
  readonly label: string;
  /** The profile above this one; the top one has none. */
  readonly parent?: { readonly code: string; readonly [field: string]: unknown } | undefined;
  readonly [field: string]: unknown;
}

/** A country that the platform knows. The shape is assumed; unknown fields are kept. @experimental */
export interface Country {
  /** Two letters, for example `FR`. */
  readonly code: string;
  readonly label: string;
  readonly [field: string]: unknown;
}

/** A county (in France a département). The shape is assumed, its names follow the geographical rule's. @experimental */
export interface County {
  /** Text, because some begin with a zero and some hold a letter: `01`, `2A`, `971`. */
  readonly number: string;
  readonly label: string;
  /** The postcodes that lie in it, wholly or in part. */
  readonly postCodeZips?: readonly string[] | undefined;
  readonly [field: string]: unknown;
}

/** A country with its counties and their postcodes. @experimental */
export interface CountryDetails extends Country {
  readonly counties: readonly County[];
}
