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

  constructor(spots: Spots, assumptions: Assumptions) {
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
    const pass: number[] = [];
    const uncertain: number[] = [];
    const only = this.#only;
    const candidates = only && only.spots.length <= FEW ? only.spots : this.#candidates(member);
    for (const index of candidates) {
      if (only && !only.has[index]) continue;
      const result = admitsSpot(member, this.#spots.at(index), this.#assumptions);
      if (result === "pass") pass.push(index);
      else if (result === "uncertain") uncertain.push(index);
    }
    return { number: this.#known.size, pass, uncertain };
  }

  /** All spots that may be admitted, each once, in ascending order. */
  #candidates(member: Member): Iterable<number> {
    const { geographical } = member.rules;
    const inArea = geographical.kind === "set" ? spotsInArea(geographical.value, this.#spots) : undefined;
    if (isAlternative(member, this.#assumptions)) {
      const near = this.#near(member);
      return near && inArea ? ascending([...inArea, ...near]) : this.#spots.all.keys();
    }
    if (inArea && inArea.length <= FEW) return ascending(inArea);
    const near = this.#near(member);
    const fewest = inArea && near && near.length < inArea.length ? near : (inArea ?? near);
    return fewest ? ascending(fewest) : this.#spots.all.keys();
  }

  /** The spots that can be within the radius of a user; undefined where it cannot be measured. */
  #near({ rules: { maxDistance }, home }: Member): number[] | undefined {
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
  return [...area].flatMap(([country, { whole, counties, zips }]) =>
    whole
      ? spots.ofCountry(country)
      : [
          ...[...counties].flatMap((county) => spots.ofCounty(country, county)),
          ...[...zips.keys()].flatMap((zip) => spots.ofZip(country, zip) ?? []),
          ...spots.withoutZip(country),
        ],
  );
}

/** So few that looking for fewer takes longer. */
const FEW = 100;

function ascending(numbers: readonly number[]): Iterable<number> {
  if (numbers.every((number, index) => number > (numbers[index - 1] ?? -1))) return numbers;
  return Int32Array.from(numbers)
    .sort()
    .filter((number, index, sorted) => number !== sorted[index - 1]);
}
