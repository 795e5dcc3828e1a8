import type { CountryDetails, County } from "../../reference-types.ts";
import { pointOn, type SpherePoint } from "../distance.ts";
import { append, getOrMake } from "../get-or-make.ts";
import type { Coordinates, Lead, Locate, Place } from "../types.ts";

/** A place whose coordinates are known. */
export interface Located {
  readonly coordinates: Coordinates;
  readonly uncertaintyKm: number;
  readonly point: SpherePoint;
}

export function locatedAt(coordinates: Coordinates, uncertaintyKm: number): Located {
  return { coordinates, uncertaintyKm, point: pointOn(coordinates) };
}

/** What `locate` says of a postcode. */
interface KnownPlace {
  readonly place: Place | undefined;
  readonly located: Located | undefined;
}

const NOWHERE: KnownPlace = { place: undefined, located: undefined };

/** Where a lead is, as far as it is known. */
export interface Spot {
  readonly country: string;
  /** Undefined for a lead without one, and for a county whose postcodes are not known. */
  readonly zipCode?: string | undefined;
  /** The counties in which it lies; undefined when that is not known. */
  readonly counties?: readonly string[] | undefined;
  readonly located?: Located | undefined;
  readonly inhabitants?: number | undefined;
}

/** Answers where postcodes and counties are. Remembers what `locate` said, because a network asks for the same ones. */
export class Geography {
  readonly #countries: readonly CountryDetails[];
  readonly #locate: Locate | undefined;
  /** By country and postcode. */
  readonly #places = new Map<string, Map<string, KnownPlace>>();
  readonly #counties = new Map<string, Map<string, string[]>>();

  constructor(countries: readonly CountryDetails[] = [], locate?: Locate) {
    this.#countries = countries;
    this.#locate = locate;
    for (const { code, counties } of countries) {
      const known = getOrMake(this.#counties, code, () => new Map<string, string[]>());
      for (const { number, postCodeZips } of counties) {
        for (const zip of postCodeZips ?? []) {
          if (!known.get(zip)?.includes(number)) append(known, zip, number);
        }
      }
    }
  }

  place(zipCode: string, country: string): Place | undefined {
    return this.#known(zipCode, country).place;
  }

  located(zipCode: string | undefined, country: string | undefined): Located | undefined {
    return zipCode === undefined || country === undefined ? undefined : this.#known(zipCode, country).located;
  }

  #known(zipCode: string, country: string): KnownPlace {
    const locate = this.#locate;
    if (!locate) return NOWHERE;
    const places = getOrMake(this.#places, country, () => new Map<string, KnownPlace>());
    return getOrMake(places, zipCode, () => {
      const place = locate(zipCode, country);
      return { place, located: place?.coordinates && locatedAt(place.coordinates, place.uncertaintyKm ?? 0) };
    });
  }

  /** The counties of a postcode, from the reference data, or else from `locate`. */
  counties(zipCode: string, country: string): readonly string[] | undefined {
    return this.#counties.get(country)?.get(zipCode) ?? this.place(zipCode, country)?.counties;
  }

  zipsOf(country: string, county: string): readonly string[] {
    return this.#county(country, county)?.postCodeZips ?? [];
  }

  /** `Finistère (29)`; `29` where it has no other name. */
  countyName(country: string, county: string): string {
    const label = this.#county(country, county)?.label;
    return !label || label === county ? county : `${label} (${county})`;
  }

  #county(country: string, county: string): County | undefined {
    return this.#countries.find(({ code }) => code === country)?.counties.find(({ number }) => number === county);
  }

  spotOf({ country, zipCode, coordinates }: Lead): Spot {
    return {
      country,
      zipCode,
      counties: zipCode === undefined ? undefined : this.counties(zipCode, country),
      located: coordinates ? locatedAt(coordinates, 0) : this.located(zipCode, country),
      inhabitants: zipCode === undefined ? undefined : this.place(zipCode, country)?.inhabitants,
    };
  }
}
