import { append, getOrMake } from "../core/values.ts";
import type { CountryDetails } from "../rules/countries.ts";
import { type Geography, Nearby, type Spot } from "./geography.ts";
import { admitsSpot, isAlternative, type Member, ruleValue } from "./member.ts";
import type { Area } from "./rules/geographical.ts";
import type { Assumptions, Coordinates } from "./types.ts";

// A spot: a postcode, a county that lists no postcodes, or a country that lists no counties. A postcode in two
// counties is one spot, under the first county.
export class Spots {
  readonly all: Spot[] = [];
  readonly byCountry = new Map<string, number[]>();
  readonly #byCounty = new Map<string, number[]>();
  readonly #withoutZip = new Map<string, number[]>();
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

  at(index: number): Spot {
    // Safe: the caller got the index from this object.
    return this.all[index] as Spot;
  }

  ofCountry(country: string): readonly number[] {
    return this.byCountry.get(country) ?? [];
  }

  ofCounty(country: string, county: string): readonly number[] {
    return this.#byCounty.get(`${country} ${county}`) ?? [];
  }

  withoutZip(country: string): readonly number[] {
    return this.#withoutZip.get(country) ?? [];
  }

  ofZip(country: string, zipCode: string): number | undefined {
    return this.#byZip.get(country)?.get(zipCode);
  }

  near(place: Coordinates, kilometres: number): Int32Array {
    return this.#nearby.near(place, kilometres);
  }
}

// A postcode in two counties is yielded twice.
export function* spotsIn(countries: readonly CountryDetails[], geography: Geography): Generator<Spot> {
  for (const { code: country, counties } of countries) {
    if (counties.length === 0) yield { country };
    for (const { number, postCodeZips = [] } of counties) {
      if (postCodeZips.length === 0) yield { country, counties: [number] };
      for (const zipCode of postCodeZips) yield geography.spotOf({ country, zipCode });
    }
  }
}

// The places that a user's area rules admit, ascending. Users with the same area share one object.
export interface Reach {
  readonly number: number;
  readonly spots: readonly number[];
}

// If there are so few places, asking the rules about all of them is faster than choosing some first.
const FEW = 100;

export class ReachFinder {
  readonly #spots: Spots;
  readonly #assumptions: Assumptions;
  readonly #known = new Map<string, Reach>();
  // The places that are examined; undefined if all are.
  #only: { readonly spots: readonly number[]; readonly has: Uint8Array } | undefined;
  readonly #every: readonly number[];
  // A scratch buffer, because a list that grows for each user leaves copies behind.
  readonly #passing: number[] = [];

  constructor(spots: Spots, assumptions: Assumptions) {
    this.#every = [...spots.all.keys()];
    this.#spots = spots;
    this.#assumptions = assumptions;
  }

  get found(): Reach[] {
    return [...this.#known.values()];
  }

  of(member: Member): Reach {
    return getOrMake(this.#known, this.#keyOf(member), () => this.#find(member));
  }

  // After this call, only places that some user examined so far reaches are examined.
  narrow(): void {
    const has = new Uint8Array(this.#spots.all.length);
    for (const { spots } of this.#known.values()) for (const spot of spots) has[spot] = 1;
    this.#only = { spots: [...has.keys()].filter((spot) => has[spot]), has };
  }

  #find(member: Member): Reach {
    const only = this.#only;
    const candidates = only && only.spots.length <= FEW ? only.spots : this.#candidates(member);
    let count = 0;
    for (let at = 0; at < candidates.length; at += 1) {
      const index = candidates[at] as number;
      if (only && !only.has[index]) continue;
      if (admitsSpot(member, this.#spots.at(index), this.#assumptions)) this.#passing[count++] = index;
    }
    return { number: this.#known.size, spots: this.#passing.slice(0, count) };
  }

  // Returns the places worth asking the rules about, ascending and without repetitions.
  #candidates(member: Member): ArrayLike<number> {
    const area = ruleValue("geographical", member, this.#assumptions);
    const inArea = area && spotsInArea(area, this.#spots);
    const near = this.#near(member);
    if (near && inArea && isAlternative(member, this.#assumptions)) return ascending([...inArea, ...near]);
    if (near && !(inArea && inArea.length <= near.length)) return near;
    return inArea ? ascending(inArea) : this.#every;
  }

  // Returns the places within the radius; undefined without a radius.
  #near(member: Member): readonly number[] | Int32Array | undefined {
    const radius = ruleValue("maxDistance", member, this.#assumptions);
    if (radius === undefined) return undefined;
    const { home } = member;
    return home ? this.#spots.near(home.coordinates, radius / this.#assumptions.detourFactor) : [];
  }

  // Users with equal keys reach the same places.
  #keyOf(member: Member): string {
    const { rules, home, user } = member;
    const { geographical, maxDistance } = rules;
    const area = geographical.kind === "set" ? JSON.stringify(user.rules.geographical) : geographical.kind;
    if (maxDistance.kind !== "set") return `${area} ${maxDistance.kind}`;
    return `${area} ${maxDistance.value} ${home?.coordinates}`;
  }
}

// Returns every place that an area names, and the places without a postcode in its countries. Places may occur twice.
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

// Places that are in exactly the same reaches. Both lists are ascending.
export interface SpotClass {
  readonly spots: number[];
  readonly reaches: Int32Array;
}

export function classesOf(found: readonly Reach[], spotCount: number): SpotClass[] {
  const reachesOf = reachesBySpot(found, spotCount);
  const classes: SpotClass[] = [];
  const byHash = new Map<number, SpotClass[]>();
  for (let spot = 0; spot < spotCount; spot += 1) {
    const reaches = reachesOf(spot);
    const candidates = getOrMake(byHash, hashOf(reaches), () => []);
    // Hashes may collide, so the lists are compared.
    let own = candidates.find((other) => isSame(other.reaches, reaches));
    if (!own) {
      own = { spots: [], reaches };
      candidates.push(own);
      classes.push(own);
    }
    own.spots.push(spot);
  }
  return classes;
}

// One array holds the reaches of all places.
function reachesBySpot(reaches: readonly Reach[], spotCount: number): (spot: number) => Int32Array {
  const starts = new Int32Array(spotCount + 1);
  for (const reach of reaches) {
    for (const spot of reach.spots) starts[spot + 1] = (starts[spot + 1] ?? 0) + 1;
  }
  for (let spot = 0; spot < spotCount; spot += 1) {
    starts[spot + 1] = (starts[spot + 1] ?? 0) + (starts[spot] ?? 0);
  }
  const items = new Int32Array(starts[spotCount] ?? 0);
  const next = starts.slice();
  for (const reach of reaches) {
    for (const spot of reach.spots) {
      const at = next[spot] ?? 0;
      items[at] = reach.number;
      next[spot] = at + 1;
    }
  }
  return (spot) => items.subarray(starts[spot], starts[spot + 1]);
}

function hashOf(numbers: Int32Array): number {
  let hash = numbers.length;
  for (const number of numbers) hash = Math.imul(hash ^ number, 0x9e3779b1) ^ (hash >>> 15);
  return hash;
}

function isSame(one: Int32Array, other: Int32Array): boolean {
  if (one.length !== other.length) return false;
  for (let index = 0; index < one.length; index += 1) if (one[index] !== other[index]) return false;
  return true;
}
