import { getOrMake, isObject } from "../core/values.ts";

/**
 * A level of the hierarchy. The shape is assumed; unknown fields are kept.
 * @experimental
 */
export interface UserProfile {
  /** Goes into `profile: { code }`. */
  readonly code: string;
  /** Depends on the language: compare codes, never labels. */
  readonly label: string;
  /** The profile one level higher. The top profile has none. */
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

/**
 * A {@link Country} with its counties and their postcodes. The shape is assumed; field names follow the geographical
 * rule.
 * @experimental
 */
export interface CountryDetails extends Country {
  /** In France the départements. */
  readonly counties: readonly {
    /** Text: some numbers begin with a zero, some contain a letter: `01`, `2A`, `971`. */
    readonly number: string;
    readonly label: string;
    /** Postcodes whose area lies in the county, wholly or in part. */
    readonly postCodeZips?: readonly string[] | undefined;
    readonly [field: string]: unknown;
  }[];
}

export type County = CountryDetails["counties"][number];

export interface CountryIndex {
  // By number of the county: whether its postcodes are known.
  readonly counties: ReadonlyMap<string, boolean>;
  readonly zips: ReadonlyMap<string, readonly string[]>;
}

// The index is kept, because a batch uses the same country for each user.
const indexes = new WeakMap<object, CountryIndex>();

export function indexOf(country: unknown): CountryIndex | undefined {
  if (!isObject(country) || !Array.isArray(country.counties)) return undefined;
  const { counties } = country;
  return getOrMake(indexes, country, () => build(counties));
}

function build(listed: CountryDetails["counties"]): CountryIndex {
  const counties = new Map<string, boolean>();
  const zips = new Map<string, string[]>();
  for (const { number, postCodeZips } of listed) {
    counties.set(number, Array.isArray(postCodeZips));
    for (const zip of postCodeZips ?? []) {
      const liesIn = getOrMake(zips, zip, () => []);
      if (!liesIn.includes(number)) liesIn.push(number);
    }
  }
  return { counties, zips };
}
