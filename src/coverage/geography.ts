import { append, getOrMake } from "../core/values.ts";
import type { CountryDetails, County } from "../rules/countries.ts";
import type { Coordinates, Lead, Locate, Place } from "./types.ts";

export interface Located {
  readonly coordinates: Coordinates;
  readonly uncertaintyKm: number;
  readonly point: SpherePoint;
}

export function locatedAt(coordinates: Coordinates, uncertaintyKm: number): Located {
  return { coordinates, uncertaintyKm, point: pointOn(coordinates) };
}

interface KnownPlace {
  readonly zipCode: string;
  readonly place: Place | undefined;
  readonly located: Located | undefined;
  // Index among the postcodes of the country, in the order in which they were first asked for.
  readonly index: number;
}

interface KnownPlaces {
  readonly byZip: Map<string, KnownPlace>;
  readonly all: KnownPlace[];
}

export interface Spot {
  readonly country: string;
  // Undefined for a lead without a postcode, and for a county whose postcodes are not known.
  readonly zipCode?: string | undefined;
  readonly counties?: readonly string[] | undefined;
  readonly located?: Located | undefined;
  readonly inhabitants?: number | undefined;
}

// Remembers the answers of `locate`.
export class Geography {
  readonly #countries: readonly CountryDetails[];
  readonly #locate: Locate | undefined;
  readonly #places = new Map<string, KnownPlaces>();
  readonly #indexesOf = new WeakMap<object, readonly number[]>();
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
    return this.#known(zipCode, country, this.#of(country)).place;
  }

  located(zipCode: string | undefined, country: string | undefined): Located | undefined {
    if (zipCode === undefined || country === undefined) return undefined;
    return this.#known(zipCode, country, this.#of(country)).located;
  }

  #of(country: string): KnownPlaces {
    return getOrMake(this.#places, country, () => ({ byZip: new Map(), all: [] }));
  }

  #known(zipCode: string, country: string, { byZip, all }: KnownPlaces): KnownPlace {
    // Not getOrMake: a closure for each of a hundred thousand look-ups is slow.
    const known = byZip.get(zipCode);
    if (known) return known;
    const place = this.#locate?.(zipCode, country);
    const located = place?.coordinates && locatedAt(place.coordinates, place.uncertaintyKm ?? 0);
    const made = { zipCode, place, located, index: all.length };
    byZip.set(zipCode, made);
    all.push(made);
    return made;
  }

  // Returns the index of each postcode, cached by `holder`, which must not change: areas of thousands of users are
  // asked about many leads.
  indexesOf(holder: object, zips: Iterable<string>, country: string): readonly number[] {
    const before = this.#indexesOf.get(holder);
    if (before) return before;
    const places = this.#of(country);
    const indexes: number[] = [];
    for (const zipCode of zips) indexes.push(this.#known(zipCode, country, places).index);
    this.#indexesOf.set(holder, indexes);
    return indexes;
  }

  knownAt(index: number, country: string): KnownPlace {
    // Safe: `indexesOf` returned the index.
    return this.#of(country).all[index] as KnownPlace;
  }

  // The counties of a postcode come from the reference data, or else from `locate`.
  counties(zipCode: string, country: string): readonly string[] | undefined {
    return this.#counties.get(country)?.get(zipCode) ?? this.place(zipCode, country)?.counties;
  }

  zipsOf(country: string, county: string): readonly string[] {
    return this.#county(country, county)?.postCodeZips ?? [];
  }

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

const EARTH_KM = 6371;
const RADIANS = Math.PI / 180;

// A point on a sphere of radius 1: distances between such points need no further trigonometry.
type SpherePoint = readonly [x: number, y: number, z: number];

export function distanceKm(one: Coordinates, other: Coordinates): number {
  return distanceOfPoints(pointOn(one), pointOn(other));
}

export function distanceOfPoints(one: SpherePoint, other: SpherePoint): number {
  const [x, y, z] = [one[0] - other[0], one[1] - other[1], one[2] - other[2]];
  return 2 * EARTH_KM * Math.asin(Math.min(1, Math.sqrt(x * x + y * y + z * z) / 2));
}

function pointOn([latitude, longitude]: Coordinates): SpherePoint {
  const ring = Math.cos(latitude * RADIANS);
  return [ring * Math.cos(longitude * RADIANS), ring * Math.sin(longitude * RADIANS), Math.sin(latitude * RADIANS)];
}

// Radius that is a little too small, so that rounding errors leave out no place.
const RADIUS_KM = 0.999 * EARTH_KM;

// Finds places near a point by a scan of all: for a few thousand places, this is cheaper than a spatial index.
export class Nearby {
  readonly #points: number[] = [];
  // A copy of `#points`: a typed array is faster to read.
  #flat = new Float64Array();
  // Scratch buffer.
  #found = new Int32Array();

  add(located: Located | undefined): void {
    this.#points.push(...(located?.point ?? [Number.NaN, Number.NaN, Number.NaN]));
  }

  // Returns the indexes of near places, ascending. Some may be a little farther away; places without a known position
  // are left out.
  near(place: Coordinates, kilometres: number): Int32Array {
    const [x, y, z] = pointOn(place);
    if (this.#flat.length < this.#points.length) {
      this.#flat = Float64Array.from(this.#points);
      this.#found = new Int32Array(this.#points.length / 3);
    }
    const [points, found] = [this.#flat, this.#found];
    // The straight line (chord) between two points is never longer than the way over the surface.
    const most = kilometres / RADIUS_KM;
    let count = 0;
    for (let at = 0; at < points.length; at += 3) {
      const dz = z - (points[at + 2] as number);
      if (dz > most || -dz > most) continue;
      const dx = x - (points[at] as number);
      const dy = y - (points[at + 1] as number);
      if (!(dx * dx + dy * dy + dz * dz <= most * most)) continue;
      found[count] = at / 3;
      count += 1;
    }
    return found.slice(0, count);
  }
}

interface NearestZip {
  readonly zipCode: string | undefined;
  // Infinite if the distance is not known.
  readonly km: number;
}

// Distances from one spot. Each postcode is measured once, because many users cover the same postcodes.
export class Distances {
  readonly #spot: Spot;
  readonly #geography: Geography;
  // Kilometres to each postcode, by its index.
  readonly #kilometres: number[] = [];
  readonly #counties = new Map<string, NearestZip>();

  constructor(spot: Spot, geography: Geography) {
    this.#spot = spot;
    this.#geography = geography;
  }

  // Returns the nearest postcode among the keys of `zips` and the postcodes of whole counties.
  nearest(
    zips: ReadonlyMap<string, unknown>,
    counties: Iterable<string>,
  ): { readonly zipCode: string; readonly km: number } | undefined {
    if (!this.#spot.located) return undefined;
    let nearest = this.#nearestOf(zips, zips.keys());
    for (const county of counties) {
      const own = getOrMake(this.#counties, county, () => {
        const all = this.#geography.zipsOf(this.#spot.country, county);
        return this.#nearestOf(all, all);
      });
      if (own.km < nearest.km) nearest = own;
    }
    const { zipCode, km } = nearest;
    return zipCode === undefined ? undefined : { zipCode, km };
  }

  #nearestOf(holder: object, zips: Iterable<string>): NearestZip {
    const { country } = this.#spot;
    const kilometres = this.#kilometres;
    let nearest: number | undefined;
    let km = Number.POSITIVE_INFINITY;
    for (const index of this.#geography.indexesOf(holder, zips, country)) {
      while (kilometres.length <= index) {
        kilometres.push(this.#kmTo(this.#geography.knownAt(kilometres.length, country).located));
      }
      const own = kilometres[index] as number;
      if (own >= km) continue;
      nearest = index;
      km = own;
    }
    return { zipCode: nearest === undefined ? undefined : this.#geography.knownAt(nearest, country).zipCode, km };
  }

  #kmTo(centre: Located | undefined): number {
    const { located } = this.#spot;
    return centre && located ? distanceOfPoints(located.point, centre.point) : Number.POSITIVE_INFINITY;
  }
}
