import type { CountryDetails } from "../../reference-types.ts";
import { distanceKm } from "../distance.ts";
import type { Coordinates } from "../types.ts";
import type { Geography, Spot } from "./geography.ts";

/**
 * Every place of the universe: a postcode; or a county that lists no postcodes; or a country that lists no counties. A
 * postcode in two counties is one spot, found under the first.
 */
export class Spots {
  readonly all: readonly Spot[];
  readonly #byCountry = new Map<string, number[]>();
  readonly #byCounty = new Map<string, number[]>();
  readonly #withoutZip = new Map<string, number[]>();
  readonly #byZip = new Map<string, number>();
  readonly #grid = new Map<number, number[]>();
  readonly #vague: number[] = [];
  #mostUncertainKm = 0;

  constructor(countries: readonly CountryDetails[], geography: Geography) {
    const all: Spot[] = [];
    for (const country of countries) {
      for (const spot of spotsOf(country, geography)) this.#add(spot, all);
    }
    this.all = all;
  }

  ofCountry(country: string): readonly number[] {
    return this.#byCountry.get(country) ?? [];
  }

  ofCounty(country: string, county: string): readonly number[] {
    return this.#byCounty.get(`${country} ${county}`) ?? [];
  }

  /** The counties, or the country, whose postcodes are not known. */
  withoutZip(country: string): readonly number[] {
    return this.#withoutZip.get(country) ?? [];
  }

  ofZip(country: string, zipCode: string): number | undefined {
    return this.#byZip.get(`${country} ${zipCode}`);
  }

  /** Every spot that can be within a distance, and perhaps others; those whose place is hardly known among them. */
  near([latitude, longitude]: Coordinates, kilometres: number): number[] {
    const reach = (kilometres + this.#mostUncertainKm) / KM_PER_DEGREE;
    const shrunk = Math.cos(Math.min(89, Math.abs(latitude) + reach) * (Math.PI / 180));
    const wide = reach / shrunk;
    // Near a pole, or far over the earth, the rows are too short to count in.
    if (!(reach < 40 && wide < 90)) return [...this.all.keys()];
    const found = [...this.#vague];
    for (let row = toRow(latitude - reach); row <= toRow(latitude + reach); row += 1) {
      for (let column = toColumn(longitude - wide); column <= toColumn(longitude + wide); column += 1) {
        for (const spot of this.#grid.get(keyOf(row, column)) ?? []) found.push(spot);
      }
    }
    return found;
  }

  #add(spot: Spot, all: Spot[]): void {
    const { country, zipCode, counties, located } = spot;
    if (zipCode !== undefined && this.#byZip.has(`${country} ${zipCode}`)) return;
    const index = all.push(spot) - 1;
    if (zipCode !== undefined) this.#byZip.set(`${country} ${zipCode}`, index);
    else append(this.#withoutZip, country, index);
    append(this.#byCountry, country, index);
    for (const county of counties ?? []) append(this.#byCounty, `${country} ${county}`, index);
    if (!located || located.uncertaintyKm > VAGUE_KM) {
      this.#vague.push(index);
      return;
    }
    const [latitude, longitude] = located.coordinates;
    append(this.#grid, keyOf(toRow(latitude), toColumn(longitude)), index);
    this.#mostUncertainKm = Math.max(this.#mostUncertainKm, located.uncertaintyKm);
  }
}

/** Places that are known less well than this are always looked at: they would make every search as wide. */
const VAGUE_KM = 100;
/** A little less than a degree of latitude is long, so that rounding leaves nothing out. */
const KM_PER_DEGREE = 0.999 * distanceKm([0, 0], [1, 0]);
/** Cells of a quarter of a degree: 28 km from south to north. */
const PER_DEGREE = 4;
const COLUMNS = 360 * PER_DEGREE;

const toRow = (latitude: number): number => Math.floor(latitude * PER_DEGREE);
const toColumn = (longitude: number): number => Math.floor(longitude * PER_DEGREE);

/** The columns go round the earth. */
function keyOf(row: number, column: number): number {
  return row * COLUMNS + (((column % COLUMNS) + COLUMNS) % COLUMNS);
}

function spotsOf({ code: country, counties }: CountryDetails, geography: Geography): Spot[] {
  if (counties.length === 0) return [{ country }];
  return counties.flatMap(({ number, postCodeZips }): Spot[] =>
    postCodeZips && postCodeZips.length > 0
      ? postCodeZips.map((zipCode) => geography.spotOf({ country, zipCode }))
      : [{ country, counties: [number] }],
  );
}

function append<Key>(map: Map<Key, number[]>, key: Key, value: number): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}
