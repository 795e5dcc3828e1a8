import { getOrMake } from "../get-or-make.ts";
import type { Area } from "../rules/geographical.ts";
import type { Assumptions } from "../types.ts";
import { admitsSpot, isAlternative } from "./admits.ts";
import type { Member } from "./member.ts";
import type { Spots } from "./spots.ts";

/** The places that the area rules of a user admit, as numbers of spots in ascending order. */
export interface Reach {
  /** Its place among the reaches that were found. */
  readonly number: number;
  readonly pass: readonly number[];
  readonly uncertain: readonly number[];
}

/**
 * Finds where a user's leads can be. Looks only at the spots that the rules name or that lie within the radius, and gives
 * users with the same area the same {@link Reach}.
 */
export class ReachFinder {
  readonly #spots: Spots;
  readonly #assumptions: Assumptions;
  readonly #known = new Map<string, Reach>();
  /** The spots that matter, in ascending order, and for each spot whether it does; undefined: all matter. */
  #only: { readonly spots: readonly number[]; readonly has: Uint8Array } | undefined;
  readonly #every: readonly number[];
  /** Lists that are used again for every user. One that grows leaves its smaller forms behind. */
  readonly #passing: number[] = [];
  readonly #doubtful: number[] = [];

  constructor(spots: Spots, assumptions: Assumptions) {
    this.#every = [...spots.all.keys()];
    this.#spots = spots;
    this.#assumptions = assumptions;
  }

  /** All that were found, in the order of their numbers. */
  get found(): Reach[] {
    return [...this.#known.values()];
  }

  of(member: Member): Reach {
    return getOrMake(this.#known, keyOf(member), () => this.#find(member));
  }

  /** From now on looks only at the spots that were found so far. */
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

  /** All spots that may be admitted, each once, in ascending order. */
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

  /** The spots that can be within the radius of a user; undefined where it cannot be measured. */
  #near({ rules: { maxDistance }, home }: Member): Int32Array | undefined {
    if (maxDistance.kind !== "set" || !home) return undefined;
    return this.#spots.near(home.coordinates, maxDistance.value / this.#assumptions.detourFactor + home.uncertaintyKm);
  }
}

/** Users with the same key reach the same places. */
function keyOf({ rules: { geographical, maxDistance }, home, user }: Member): string {
  const area = geographical.kind === "set" ? JSON.stringify(user.rules.geographical) : geographical.kind;
  if (maxDistance.kind !== "set") return `${area} ${maxDistance.kind}`;
  return `${area} ${maxDistance.value} ${home?.coordinates} ${home?.uncertaintyKm}`;
}

/** Every spot that an area names, some perhaps twice, and those of its countries whose postcodes are not known. */
export function spotsInArea(area: Area, spots: Spots): number[] {
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

/** So few that looking for fewer takes longer. */
const FEW = 100;

function ascending(numbers: readonly number[]): ArrayLike<number> {
  if (numbers.every((number, index) => number > (numbers[index - 1] ?? -1))) return numbers;
  return Int32Array.from(numbers)
    .sort()
    .filter((number, index, sorted) => number !== sorted[index - 1]);
}
