/*
 * The places (called spots in the code) of a universe (the places and kinds of leads that coverage looks at), the
 * reaches of users (the places that their area rules admit), and the classes of places that are in the same reaches.
 */

import { append, getOrMake } from "../core/values.ts";
import type { CountryDetails } from "../rules/countries.ts";
import { type Geography, Nearby, type Spot } from "./geography.ts";
import { admitsSpot, isAlternative, type Member } from "./member.ts";
import type { Area } from "./rules/geographical.ts";
import type { Assumptions, Coordinates } from "./types.ts";

/**
 * Every place of the universe. A place is a postcode, a county that lists no postcodes, or a country that lists no
 * counties. A postcode in two counties is one place, found under the first county. In the code a place is called a
 * spot.
 */
export class Spots {
  readonly all: Spot[] = [];
  /** The numbers of the places of each country. */
  readonly byCountry = new Map<string, number[]>();
  readonly #byCounty = new Map<string, number[]>();
  readonly #withoutZip = new Map<string, number[]>();
  /** For each country, the number of the place that each postcode stands for. */
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

  /** The place with this number. The number must come from this object. */
  at(index: number): Spot {
    // The cast is safe, because the number is an index of the list.
    return this.all[index] as Spot;
  }

  ofCountry(country: string): readonly number[] {
    return this.byCountry.get(country) ?? [];
  }

  ofCounty(country: string, county: string): readonly number[] {
    return this.#byCounty.get(`${country} ${county}`) ?? [];
  }

  /**
   * The numbers of the places of a country that have no postcode: its counties whose postcodes are not known, or the
   * country itself.
   */
  withoutZip(country: string): readonly number[] {
    return this.#withoutZip.get(country) ?? [];
  }

  ofZip(country: string, zipCode: string): number | undefined {
    return this.#byZip.get(country)?.get(zipCode);
  }

  /**
   * The numbers of all places that can be within a distance, in ascending order. Places with unknown coordinates are
   * included, and perhaps some places that are a little farther away.
   */
  near(place: Coordinates, kilometres: number): Int32Array {
    return this.#nearby.near(place, kilometres);
  }
}

/** Yields the places of countries. A postcode in two counties is yielded twice. */
export function* spotsIn(countries: readonly CountryDetails[], geography: Geography): Generator<Spot> {
  for (const { code: country, counties } of countries) {
    if (counties.length === 0) yield { country };
    for (const { number, postCodeZips = [] } of counties) {
      if (postCodeZips.length === 0) yield { country, counties: [number] };
      for (const zipCode of postCodeZips) yield geography.spotOf({ country, zipCode });
    }
  }
}

/** The places that the area rules of a user admit, by their numbers in ascending order. */
export interface Reach {
  /** The number of this reach. Reaches are numbered from 0 in the order in which they were found. */
  readonly number: number;
  readonly pass: readonly number[];
  readonly uncertain: readonly number[];
}

/**
 * If a universe has at most this many places, it is faster to ask the rules about all of them than to choose some
 * first.
 */
const FEW = 100;

/**
 * Finds where a user's leads can be. Looks only at the places that the rules name or that lie within the radius. Users
 * with the same area get the same {@link Reach} object.
 */
export class ReachFinder {
  readonly #spots: Spots;
  readonly #assumptions: Assumptions;
  readonly #known = new Map<string, Reach>();
  /**
   * The places that are examined: their numbers in ascending order, and a flag for each place. Undefined if all places
   * are examined.
   */
  #only: { readonly spots: readonly number[]; readonly has: Uint8Array } | undefined;
  readonly #every: readonly number[];
  /**
   * Lists that are reused for each user. A new list for each user would grow step by step, and each step leaves a
   * smaller copy in memory.
   */
  readonly #passing: number[] = [];
  readonly #doubtful: number[] = [];

  constructor(spots: Spots, assumptions: Assumptions) {
    this.#every = [...spots.all.keys()];
    this.#spots = spots;
    this.#assumptions = assumptions;
  }

  /** All reaches (areas of users) that were found, in the order of their numbers. */
  get found(): Reach[] {
    return [...this.#known.values()];
  }

  of(member: Member): Reach {
    return getOrMake(this.#known, keyOf(member), () => this.#find(member));
  }

  /** Lets later searches examine only places that at least one of the users examined so far reaches. */
  narrow(): void {
    const has = new Uint8Array(this.#spots.all.length);
    for (const { pass, uncertain } of this.#known.values())
      for (const spots of [pass, uncertain]) for (const spot of spots) has[spot] = 1;
    this.#only = { spots: [...has.keys()].filter((spot) => has[spot]), has };
  }

  #find(member: Member): Reach {
    const only = this.#only;
    const candidates = only && only.spots.length <= FEW ? only.spots : this.#candidates(member);
    let [passing, doubtful] = [0, 0];
    for (let at = 0; at < candidates.length; at += 1) {
      const index = candidates[at] as number;
      if (only && !only.has[index]) continue;
      const result = admitsSpot(member, this.#spots.at(index), this.#assumptions);
      if (result === "pass") this.#passing[passing++] = index;
      else if (result === "uncertain") this.#doubtful[doubtful++] = index;
    }
    const [pass, uncertain] = [this.#passing.slice(0, passing), this.#doubtful.slice(0, doubtful)];
    return { number: this.#known.size, pass, uncertain };
  }

  /** The numbers of all places that the rules may admit, in ascending order and without repetitions. */
  #candidates(member: Member): ArrayLike<number> {
    const { geographical } = member.rules;
    const inArea = geographical.kind === "set" ? spotsInArea(geographical.value, this.#spots) : undefined;
    if (isAlternative(member, this.#assumptions)) {
      const near = this.#near(member);
      return near && inArea ? ascending([...inArea, ...near]) : this.#every;
    }
    if (inArea && inArea.length <= FEW) return ascending(inArea);
    const near = this.#near(member);
    if (near && !(inArea && inArea.length <= near.length)) return near;
    return inArea ? ascending(inArea) : this.#every;
  }

  /**
   * The numbers of the places that can be within the radius of a user; undefined if the distance cannot be measured.
   */
  #near({ rules: { maxDistance }, home }: Member): Int32Array | undefined {
    if (maxDistance.kind !== "set" || !home) return undefined;
    return this.#spots.near(home.coordinates, maxDistance.value / this.#assumptions.detourFactor + home.uncertaintyKm);
  }
}

/** A text with everything that decides which places a user reaches: users with equal texts reach the same places. */
function keyOf({ rules: { geographical, maxDistance }, home, user }: Member): string {
  const area = geographical.kind === "set" ? JSON.stringify(user.rules.geographical) : geographical.kind;
  if (maxDistance.kind !== "set") return `${area} ${maxDistance.kind}`;
  return `${area} ${maxDistance.value} ${home?.coordinates} ${home?.uncertaintyKm}`;
}

/**
 * Every place that an area names, and the places without a postcode in the countries of the area. Some places may be
 * listed twice.
 */
function spotsInArea(area: Area, spots: Spots): number[] {
  const found: number[] = [];
  for (const [country, { whole, counties, zips }] of area) {
    const lists = whole
      ? [spots.ofCountry(country)]
      : [...[...counties].map((county) => spots.ofCounty(country, county)), spots.withoutZip(country)];
    for (const list of lists) for (const spot of list) found.push(spot);
    for (const zip of whole ? [] : zips.keys()) {
      const spot = spots.ofZip(country, zip);
      if (spot !== undefined) found.push(spot);
    }
  }
  return found;
}

function ascending(numbers: readonly number[]): ArrayLike<number> {
  if (numbers.every((number, index) => number > (numbers[index - 1] ?? -1))) return numbers;
  return Int32Array.from(numbers)
    .sort()
    .filter((number, index, sorted) => number !== sorted[index - 1]);
}

/** Places that are in exactly the same reaches. A reach is the places that the area rules of a user admit. */
export interface SpotClass {
  /** The numbers of the places, in ascending order. */
  readonly spots: number[];
  /**
   * `pass`: the numbers of the reaches that certainly contain these places. `uncertain`: the numbers of the reaches
   * that perhaps contain them. {@link Reach.number} is the number of a reach. Both lists are in ascending order.
   */
  readonly pass: Int32Array;
  readonly uncertain: Int32Array;
}

/**
 * Puts places into classes: two places are in the same class if they are in exactly the same reaches (a reach is the
 * places that the area rules of a user admit).
 */
export function classesOf(reaches: readonly Reach[], spotCount: number): SpotClass[] {
  const passOf = reachesBySpot(reaches, "pass", spotCount);
  const uncertainOf = reachesBySpot(reaches, "uncertain", spotCount);
  const classes: SpotClass[] = [];
  const byHash = new Map<number, SpotClass[]>();
  for (let spot = 0; spot < spotCount; spot += 1) {
    const own = { pass: passOf(spot), uncertain: uncertainOf(spot) };
    const hash = hashOf(own.uncertain, hashOf(own.pass, 0));
    const candidates = getOrMake(byHash, hash, () => []);
    // The reaches of two places may differ although their hashes are equal, so the reaches are compared.
    let found = candidates.find((other) => same(other.pass, own.pass) && same(other.uncertain, own.uncertain));
    if (!found) {
      found = { spots: [], ...own };
      candidates.push(found);
      classes.push(found);
    }
    found.spots.push(spot);
  }
  return classes;
}

/**
 * Returns a function that gives the numbers of the reaches that admit a place. A reach is the places that the area
 * rules of a user admit. One array holds the results for all places.
 */
function reachesBySpot(
  reaches: readonly Reach[],
  field: "pass" | "uncertain",
  spotCount: number,
): (spot: number) => Int32Array {
  const starts = new Int32Array(spotCount + 1);
  for (const reach of reaches) {
    for (const spot of reach[field]) starts[spot + 1] = (starts[spot + 1] ?? 0) + 1;
  }
  for (let spot = 0; spot < spotCount; spot += 1) {
    starts[spot + 1] = (starts[spot + 1] ?? 0) + (starts[spot] ?? 0);
  }
  const items = new Int32Array(starts[spotCount] ?? 0);
  const next = starts.slice();
  for (const reach of reaches) {
    for (const spot of reach[field]) {
      const at = next[spot] ?? 0;
      items[at] = reach.number;
      next[spot] = at + 1;
    }
  }
  return (spot) => items.subarray(starts[spot], starts[spot + 1]);
}

function hashOf(numbers: Int32Array, seed: number): number {
  let hash = seed ^ numbers.length;
  for (const number of numbers) hash = Math.imul(hash ^ number, 0x9e3779b1) ^ (hash >>> 15);
  return hash;
}

function same(one: Int32Array, other: Int32Array): boolean {
  if (one.length !== other.length) return false;
  for (let index = 0; index < one.length; index += 1) if (one[index] !== other[index]) return false;
  return true;
}
