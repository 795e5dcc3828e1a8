import { isObject } from "../base/validation/is-object.ts";
import type { CountryDetails } from "../reference-types.ts";

/** A country, for looking things up. */
export interface CountryIndex {
  /** The counties by number, and whether the postcodes of each are known. */
  readonly counties: ReadonlyMap<string, boolean>;
  /** The numbers of all counties in which a postcode lies. */
  readonly zips: ReadonlyMap<string, readonly string[]>;
}

/** A batch looks into the same country for each user. */
const indexes = new WeakMap<object, CountryIndex>();

/** The index of a country; undefined for anything but a country with counties. */
export function indexOf(country: unknown): CountryIndex | undefined {
  if (!isObject(country) || !Array.isArray(country.counties)) return undefined;
  let index = indexes.get(country);
  if (!index) {
    index = build(country.counties);
    indexes.set(country, index);
  }
  return index;
}

function build(listed: CountryDetails["counties"]): CountryIndex {
  const counties = new Map<string, boolean>();
  const zips = new Map<string, string[]>();
  for (const { number, postCodeZips } of listed) {
    counties.set(number, Array.isArray(postCodeZips));
    for (const zip of postCodeZips ?? []) {
      const liesIn = zips.get(zip);
      if (!liesIn) zips.set(zip, [number]);
      else if (!liesIn.includes(number)) liesIn.push(number);
    }
  }
  return { counties, zips };
}
