import { counted } from "../../base/words.ts";
import { getOrMake } from "../get-or-make.ts";
import type { Network } from "../network/network.ts";
import type { CoverageFinding, Dimensions } from "../types.ts";
import { inhabitantsText, listed } from "../words.ts";

/** The postcodes of some spots, and how many people live there; undefined when that is known of none. */
export type Places = Pick<CoverageFinding, "zipCodes" | "inhabitants">;

/** Findings about the same places share the list of spots, and so this. */
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

/** `3 postcodes with 21,000 inhabitants`; the county or the country where postcodes are not known. */
export function placesText(network: Network, indexes: readonly number[]): string {
  const { zipCodes, inhabitants } = placesOf(network, indexes);
  if (zipCodes.length > 0) return counted(zipCodes.length, "postcode") + inhabitantsText(inhabitants);
  const names = indexes.map((index) => {
    const { country, counties: [county] = [] } = network.spots.at(index);
    return county === undefined ? country : network.geography.countyName(country, county);
  });
  return listed(names);
}

/** The county in which spots lie, when they lie in one. */
export function onlyCounty({ spots }: Network, indexes: readonly number[]): string | undefined {
  const [first, ...others] = new Set(indexes.map((index) => spots.at(index).counties?.[0]));
  return others.length === 0 ? first : undefined;
}

/** The counties with the most postcodes among the spots, each with how many: `Finistère (29): 12, Lozère (48): 9 and 3 more`. */
export function countiesText(network: Network, country: string, indexes: readonly number[]): string {
  const counts = new Map<string, number>();
  for (const index of indexes) {
    const county = network.spots.at(index).counties?.[0];
    if (county !== undefined) counts.set(county, (counts.get(county) ?? 0) + 1);
  }
  const { zipCodes } = placesOf(network, indexes);
  const [first, ...others] = [...counts].sort(([, a], [, b]) => b - a);
  if (!first) return country;
  if (others.length === 0) return `${network.geography.countyName(country, first[0])}: ${listed(zipCodes)}`;
  if (zipCodes.length <= 5) return listed(zipCodes);
  const texts = [first, ...others].map(
    ([county, number]) => `${network.geography.countyName(country, county)}: ${number}`,
  );
  return listed(texts, "and", 3);
}

/** ` for RNG_CARS and RNG_VANS, RTY_QUOTE`; nothing for all leads. */
export function dimensionsText({ ranges, requestTypes, contactProfiles, profileTypes }: Dimensions): string {
  const parts = [ranges, requestTypes, contactProfiles, profileTypes].flatMap((codes) =>
    codes ? [listed(codes)] : [],
  );
  return parts.length === 0 ? "" : ` for ${parts.join(" / ")}`;
}

/** A finding about users and their rules, which no place limits. */
export function aboutUsers(
  kind: CoverageFinding["kind"],
  accountNumbers: readonly string[],
  message: string,
  more: Partial<CoverageFinding> = {},
): CoverageFinding {
  return {
    kind,
    certain: true,
    zipCodes: [],
    inhabitants: undefined,
    accountNumbers,
    dimensions: {},
    message,
    ...more,
  };
}
