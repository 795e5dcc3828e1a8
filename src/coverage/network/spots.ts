import type { CountryDetails } from "../../reference-types.ts";
import { append, getOrMake } from "../get-or-make.ts";
import type { Coordinates } from "../types.ts";
import type { Geography, Spot } from "./geography.ts";
import { Nearby } from "./nearby.ts";

/**
 * Every place of the universe: a postcode; or a county that lists no postcodes; or a country that lists no counties. A
 * postcode in two counties is one spot, found under the first.
 */
export class Spots {
  readonly all: Spot[] = [];
  /** The numbers of the spots of each country. */
  readonly byCountry = new Map<string, number[]>();
  readonly #byCounty = new Map<string, number[]>();
  readonly #withoutZip = new Map<string, number[]>();
  /** By country: numbers of spots by their postcodes. */
  readonly #byZip = new Map<string, Map<string, number>>();
  readonly #nearby = new Nearby();

  add(spot: Spot): void {
    const { country, zipCode, counties, located } = spot;
    if (zipCode !== undefined && this.ofZip(country, zipCode) !== undefined) return;
    const index = this.all.push(spot) - 1;
    if (zipCode !== undefined) getOrMake(this.#byZip, country, () => new Map<string, number>()).set(zipCode, index);
    else append(this.#withoutZip, country, index);
    append(this.byCountry, country, index);
    for (const county of counties ?? []) append(this.#byCounty, `${country} ${county}`, index);
    this.#nearby.add(located);
  }

  /** The spot of a number that came from here. */
  at(index: number): Spot {
    // Such a number is a place in the list.
    return this.all[index] as Spot;
  }

  ofCountry(country: string): readonly number[] {
    return this.byCountry.get(country) ?? [];
  }

  ofCounty(country: string, county: string): readonly number[] {
    return this.#byCounty.get(`${country} ${county}`) ?? [];
  }

  /** The counties, or the country, whose postcodes are not known. */
  withoutZip(country: string): readonly number[] {
    return this.#withoutZip.get(country) ?? [];
  }

  ofZip(country: string, zipCode: string): number | undefined {
    return this.#byZip.get(country)?.get(zipCode);
  }

  /** Every spot that can be within a distance, and perhaps others; those whose place is not known among them. In ascending order. */
  near(place: Coordinates, kilometres: number): Int32Array {
    return this.#nearby.near(place, kilometres);
  }
}

/** The places of countries; a postcode in two counties comes twice. */
export function* spotsIn(countries: readonly CountryDetails[], geography: Geography): Generator<Spot> {
  for (const { code: country, counties } of countries) {
    if (counties.length === 0) yield { country };
    for (const { number, postCodeZips = [] } of counties) {
      if (postCodeZips.length === 0) yield { country, counties: [number] };
      for (const zipCode of postCodeZips) yield geography.spotOf({ country, zipCode });
    }
  }
}
