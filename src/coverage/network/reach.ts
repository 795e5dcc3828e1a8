import type { Assumptions } from "../assumptions.ts";
import type { ReadUser } from "../read-users.ts";
import type { Area } from "../rules/area.ts";
import { admitsSpot, isAlternative } from "./admits.ts";
import type { Member } from "./member.ts";
import type { Spots } from "./spots.ts";

/** The places that the area rules of a user admit, as numbers of spots in ascending order. */
export interface Reach {
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

  constructor(spots: Spots, assumptions: Assumptions) {
    this.#spots = spots;
    this.#assumptions = assumptions;
  }

  of(member: Member, user: ReadUser): Reach {
    const key = this.#keyOf(member, user);
    let reach = this.#known.get(key);
    if (!reach) {
      reach = this.#find(member);
      this.#known.set(key, reach);
    }
    return reach;
  }

  /** Users with the same key reach the same places. */
  #keyOf({ geographical, maxDistance, home }: Member, { rules }: ReadUser): string {
    const area = geographical.kind === "set" ? JSON.stringify(rules.geographical) : geographical.kind;
    if (maxDistance.kind !== "set") return `${area} ${maxDistance.kind}`;
    return `${area} ${maxDistance.value} ${home?.coordinates} ${home?.uncertaintyKm}`;
  }

  #find(member: Member): Reach {
    const pass: number[] = [];
    const uncertain: number[] = [];
    for (const index of this.#candidates(member)) {
      const spot = this.#spots.all[index];
      const result = spot ? admitsSpot(member, spot, this.#assumptions) : "fail";
      if (result === "pass") pass.push(index);
      else if (result === "uncertain") uncertain.push(index);
    }
    return { pass, uncertain };
  }

  /** All spots that may be admitted, each once, in ascending order. */
  #candidates(member: Member): Iterable<number> {
    const { geographical, maxDistance, home } = member;
    const inArea = geographical.kind === "set" ? spotsInArea(geographical.value, this.#spots) : undefined;
    const isNear = maxDistance.kind === "set" && home !== undefined;
    if (isAlternative(member, this.#assumptions)) {
      if (!isNear || !inArea) return this.#spots.all.keys();
      return ascending([...inArea, ...this.#spots.near(home.coordinates, this.#straight(maxDistance.value, home))]);
    }
    if (inArea && inArea.length <= FEW) return ascending(inArea);
    const near = isNear ? this.#spots.near(home.coordinates, this.#straight(maxDistance.value, home)) : undefined;
    if (inArea && (!near || inArea.length <= near.length)) return ascending(inArea);
    return near ? ascending(near) : this.#spots.all.keys();
  }

  #straight(radius: number, home: NonNullable<Member["home"]>): number {
    return radius / this.#assumptions.detourFactor + home.uncertaintyKm;
  }
}

/** Every spot that an area names, some perhaps twice, and those of its countries whose postcodes are not known. */
export function spotsInArea(area: Area, spots: Spots): number[] {
  const found: number[] = [];
  for (const [country, { whole, counties, zips }] of area) {
    if (whole) {
      for (const spot of spots.ofCountry(country)) found.push(spot);
      continue;
    }
    for (const county of counties) for (const spot of spots.ofCounty(country, county)) found.push(spot);
    for (const zip of zips.keys()) {
      const spot = spots.ofZip(country, zip);
      if (spot !== undefined) found.push(spot);
    }
    for (const spot of spots.withoutZip(country)) found.push(spot);
  }
  return found;
}

/** So few that looking for fewer takes longer. */
const FEW = 100;

function ascending(numbers: readonly number[]): readonly number[] {
  if (numbers.every((number, index) => index === 0 || number > (numbers[index - 1] as number))) return numbers;
  const sorted = Int32Array.from(numbers).sort();
  const once: number[] = [];
  for (const number of sorted) if (number !== once.at(-1)) once.push(number);
  return once;
}
