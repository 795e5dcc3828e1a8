import { showIdentity } from "../core/redact.ts";
import { getOrMake } from "../core/values.ts";
import type { Places as PlacesTold } from "../locales/en/findings.ts";
import type { Users } from "../locales/en/not-counted.ts";
import type { CoverageFinding } from "./messages.ts";
import type { Network } from "./network.ts";
import { AXES } from "./rules/rules.ts";
import type { Dimensions } from "./types.ts";

// `inhabitants` is undefined if no place has known inhabitants.
type Places = Pick<CoverageFinding, "zipCodes" | "inhabitants">;

// Findings about the same places share one list.
const known = new WeakMap<readonly number[], Places>();

export function placesOf({ spots }: Network, indexes: readonly number[]): Places {
  return getOrMake(known, indexes, () => {
    const zipCodes: string[] = [];
    let inhabitants: number | undefined;
    for (const spot of indexes.map((index) => spots.at(index))) {
      if (spot.zipCode !== undefined) zipCodes.push(spot.zipCode);
      if (spot.inhabitants !== undefined) inhabitants = (inhabitants ?? 0) + spot.inhabitants;
    }
    return { zipCodes, inhabitants };
  });
}

const [NAMED, COUNTIES] = [5, 3];

function usersTold(accountNumbers: readonly string[]): Users {
  return { users: accountNumbers.slice(0, NAMED).map(showIdentity), userCount: accountNumbers.length };
}

// Returns places in the form that messages use.
export function placesTold(
  network: Network,
  country: string,
  indexes: readonly number[],
  dimensions: Dimensions,
  accountNumbers: readonly string[],
): PlacesTold & Users {
  const { spots, geography } = network;
  const { zipCodes, inhabitants } = placesOf(network, indexes);
  const nameOf = (county: string | undefined) =>
    county === undefined ? country : geography.countyName(country, county);
  const counties = [...countiesOf(network, indexes)]
    .filter((one): one is [string, number] => one[0] !== undefined)
    .sort(([, a], [, b]) => b - a);
  return {
    placeCount: indexes.length,
    zipCodeCount: zipCodes.length,
    inhabitants,
    placeNames: zipCodes.length > 0 ? [] : indexes.map((index) => nameOf(spots.at(index).counties?.[0])),
    codes: AXES.flatMap((axis) => (dimensions[axis.codes] ? [dimensions[axis.codes] ?? []] : [])),
    country,
    isWholeCountry: spots.ofCountry(country).length === indexes.length,
    county: counties.length === 1 ? nameOf(counties[0]?.[0]) : undefined,
    zipCodes: zipCodes.slice(0, NAMED),
    counties: counties.slice(0, COUNTIES).map(([county, count]) => [nameOf(county), count]),
    countyCount: counties.length,
    ...usersTold(accountNumbers),
  };
}

export function onlyCounty(network: Network, indexes: readonly number[]): string | undefined {
  const [first, ...others] = countiesOf(network, indexes).keys();
  return others.length === 0 ? first : undefined;
}

const knownCounties = new WeakMap<readonly number[], ReadonlyMap<string | undefined, number>>();

function countiesOf({ spots }: Network, indexes: readonly number[]): ReadonlyMap<string | undefined, number> {
  return getOrMake(knownCounties, indexes, () => {
    const counts = new Map<string | undefined, number>();
    for (const index of indexes) {
      const county = spots.at(index).counties?.[0];
      counts.set(county, (counts.get(county) ?? 0) + 1);
    }
    return counts;
  });
}
