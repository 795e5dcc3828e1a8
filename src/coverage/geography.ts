/*
 * Places: where postcodes, counties and leads are, which places are near a point, and how far a lead is from covered
 * postcodes.
 */

import { append, getOrMake } from "../core/values.ts";
import type { CountryDetails, County } from "../rules/countries.ts";
import type { Coordinates, Lead, Locate, Place } from "./types.ts";

/** A place whose coordinates are known. */
export interface Located {
  readonly coordinates: Coordinates;
  readonly uncertaintyKm: number;
  readonly point: SpherePoint;
}

export function locatedAt(coordinates: Coordinates, uncertaintyKm: number): Located {
  return { coordinates, uncertaintyKm, point: pointOn(coordinates) };
}

/** A postcode with the answer of `locate`. */
interface KnownPlace {
  readonly zipCode: string;
  readonly place: Place | undefined;
  readonly located: Located | undefined;
  /** The index of the postcode among the postcodes of its country that were asked for. */
  readonly index: number;
}

/** The postcodes of a country that were asked for. */
interface KnownPlaces {
  readonly byZip: Map<string, KnownPlace>;
  readonly all: KnownPlace[];
}

/** The known place of a lead. */
export interface Spot {
  readonly country: string;
  /**
   * The postcode of the place. Undefined for a lead without a postcode, and for a county whose postcodes are not known.
   */
  readonly zipCode?: string | undefined;
  /** The counties in which the place lies; undefined if they are not known. */
  readonly counties?: readonly string[] | undefined;
  readonly located?: Located | undefined;
  readonly inhabitants?: number | undefined;
}

/**
 * Tells where postcodes and counties are. Remembers the answers of `locate`, because a network asks for the same
 * postcodes many times.
 */
export class Geography {
  readonly #countries: readonly CountryDetails[];
  readonly #locate: Locate | undefined;
  /** Answers of `locate`, indexed by country and postcode. */
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
    // getOrMake is not used here, because making a function for each postcode is slow: thousands of users cover dozens
    // of postcodes each.
    const known = byZip.get(zipCode);
    if (known) return known;
    const place = this.#locate?.(zipCode, country);
    const located = place?.coordinates && locatedAt(place.coordinates, place.uncertaintyKm ?? 0);
    const made = { zipCode, place, located, index: all.length };
    byZip.set(zipCode, made);
    all.push(made);
    return made;
  }

  /**
   * The indexes of postcodes, in their order, for {@link knownAt}. The result is cached for each object that holds
   * postcodes, because the areas of thousands of users are asked about many leads. The object must not change.
   */
  indexesOf(holder: object, zips: Iterable<string>, country: string): readonly number[] {
    const before = this.#indexesOf.get(holder);
    if (before) return before;
    const places = this.#of(country);
    const indexes: number[] = [];
    for (const zipCode of zips) indexes.push(this.#known(zipCode, country, places).index);
    this.#indexesOf.set(holder, indexes);
    return indexes;
  }

  /** The postcode with an index that {@link indexesOf} returned for its country. */
  knownAt(index: number, country: string): KnownPlace {
    // The cast is safe, because the index is one of the list.
    return this.#of(country).all[index] as KnownPlace;
  }

  /**
   * The counties of a postcode. They come from the reference data, or from `locate` if the reference data lacks the
   * postcode.
   */
  counties(zipCode: string, country: string): readonly string[] | undefined {
    return this.#counties.get(country)?.get(zipCode) ?? this.place(zipCode, country)?.counties;
  }

  zipsOf(country: string, county: string): readonly string[] {
    return this.#county(country, county)?.postCodeZips ?? [];
  }

  /** A county as text: `Finistère (29)`, or only `29` if its name is not known. */
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

/** A place as a point on a sphere of radius 1: distances between many places then need no further trigonometry. */
type SpherePoint = readonly [x: number, y: number, z: number];

/** The length of the great circle between two points, in kilometres. */
export function distanceKm(one: Coordinates, other: Coordinates): number {
  return distanceOfPoints(pointOn(one), pointOn(other));
}

/** Converts the length of a straight line through the sphere to kilometres over the surface. */
export function distanceOfPoints(one: SpherePoint, other: SpherePoint): number {
  const [x, y, z] = [one[0] - other[0], one[1] - other[1], one[2] - other[2]];
  return 2 * EARTH_KM * Math.asin(Math.min(1, Math.sqrt(x * x + y * y + z * z) / 2));
}

function pointOn([latitude, longitude]: Coordinates): SpherePoint {
  const ring = Math.cos(latitude * RADIANS);
  return [ring * Math.cos(longitude * RADIANS), ring * Math.sin(longitude * RADIANS), Math.sin(latitude * RADIANS)];
}

/** A little less than the radius of the earth, so that rounding errors do not exclude a place that is near enough. */
const RADIUS_KM = 0.999 * EARTH_KM;

/**
 * Finds places near a point. It looks at all places, because comparing them costs less than finding and sorting parts
 * of a map.
 */
export class Nearby {
  /**
   * Four numbers for each place: the three coordinates of its point on the sphere, and its uncertainty as a part of the
   * sphere's radius. The fourth number is infinite if the place is not known.
   */
  readonly #places: number[] = [];
  /**
   * The numbers of `#places` as a typed array. It is one block of memory, so it is faster to read than an ordinary
   * array.
   */
  #flat = new Float64Array();
  /** The numbers of the places that were found near a point. The array is reused for the next point. */
  #found = new Int32Array();

  /** Adds the next place. */
  add(located: Located | undefined): void {
    this.#places.push(
      ...(located?.point ?? [0, 0, 0]),
      (located?.uncertaintyKm ?? Number.POSITIVE_INFINITY) / RADIUS_KM,
    );
  }

  /**
   * The numbers of all places that can be within a distance of a point, in ascending order. Some places that are a
   * little farther away may be included.
   */
  near(place: Coordinates, kilometres: number): Int32Array {
    const [x, y, z] = pointOn(place);
    if (this.#flat.length < this.#places.length) {
      this.#flat = Float64Array.from(this.#places);
      this.#found = new Int32Array(this.#places.length / 4);
    }
    const [places, found] = [this.#flat, this.#found];
    const radius = kilometres / RADIUS_KM;
    let count = 0;
    for (let at = 0; at < places.length; at += 4) {
      // The straight line is never longer than the way over the surface, so no place is missed. The comparison is
      // negated so that an unknown place (NaN) is included.
      const most = radius + (places[at + 3] as number);
      const dz = z - (places[at + 2] as number);
      if (dz > most || -dz > most) continue;
      const dx = x - (places[at] as number);
      const dy = y - (places[at + 1] as number);
      if (dx * dx + dy * dy + dz * dz > most * most) continue;
      found[count] = at / 4;
      count += 1;
    }
    return found.slice(0, count);
  }
}

/** A postcode, and how far it is from a lead, as the crow flies, from centre to centre. */
interface NearestZip {
  readonly zipCode: string | undefined;
  /** The distance in kilometres; infinite if it is not known. */
  readonly km: number;
}

/**
 * How far the postcodes of a lead's country are from the lead. Each postcode is measured once, because many users cover
 * the same postcodes.
 */
export class Distances {
  readonly #spot: Spot;
  readonly #geography: Geography;
  /** The distances, by the index of the postcode. */
  readonly #kilometres: number[] = [];
  readonly #counties = new Map<string, NearestZip>();

  constructor(spot: Spot, geography: Geography) {
    this.#spot = spot;
    this.#geography = geography;
  }

  /**
   * The postcode nearest to the lead, among the keys of `zips` and the postcodes of whole counties. If several are
   * equally near, the first one.
   */
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
