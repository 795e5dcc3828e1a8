import type { Network } from "../network/network.ts";
import type { CoverageFinding, Dimensions } from "../types.ts";
import { counted, inhabitantsText, listed } from "../words.ts";

/** What is known of a list of spots. Findings about the same places share the list, and so this. */
interface Summary {
  readonly zipCodes: readonly string[];
  readonly inhabitants: number | undefined;
}

const summaries = new WeakMap<readonly number[], Summary>();

function summaryOf({ spots, geography }: Network, indexes: readonly number[]): Summary {
  const known = summaries.get(indexes);
  if (known) return known;
  const zipCodes: string[] = [];
  let inhabitants: number | undefined;
  for (const index of indexes) {
    const { zipCode, country } = spots.all[index] ?? {};
    if (zipCode === undefined || country === undefined) continue;
    zipCodes.push(zipCode);
    const some = geography.place(zipCode, country)?.inhabitants;
    if (some !== undefined) inhabitants = (inhabitants ?? 0) + some;
  }
  const summary = { zipCodes, inhabitants };
  summaries.set(indexes, summary);
  return summary;
}

/** Sums the inhabitants of spots; undefined when none is known. */
export function inhabitantsOf(network: Network, indexes: readonly number[]): number | undefined {
  return summaryOf(network, indexes).inhabitants;
}

export function zipCodesOf(network: Network, indexes: readonly number[]): readonly string[] {
  return summaryOf(network, indexes).zipCodes;
}

/** `3 postcodes with 21,000 inhabitants`; the county or the country where postcodes are not known. */
export function placesText(network: Network, indexes: readonly number[]): string {
  const zipCodes = zipCodesOf(network, indexes);
  if (zipCodes.length > 0) {
    return counted(zipCodes.length, "postcode") + inhabitantsText(inhabitantsOf(network, indexes));
  }
  const names = indexes.map((index) => {
    const { country = "", counties } = network.spots.all[index] ?? {};
    return counties?.[0] === undefined ? country : countyText(network, country, counties[0]);
  });
  return listed(names);
}

/** `Finistère (29)`. */
function countyText({ universe }: Network, country: string, county: string): string {
  const details = universe.countries.find(({ code }) => code === country);
  const label = details?.counties.find(({ number }) => number === county)?.label;
  return label === undefined || label === county ? county : `${label} (${county})`;
}

/** The county in which spots lie, when they lie in one. */
export function onlyCounty({ spots }: Network, indexes: readonly number[]): string | undefined {
  const [first, ...others] = new Set(indexes.map((index) => spots.all[index]?.counties?.[0]));
  return others.length === 0 ? first : undefined;
}

/** The counties with the most postcodes among the spots, each with how many: `Finistère (29): 12, Lozère (48): 9 and 3 more`. */
export function countiesText(network: Network, country: string, indexes: readonly number[]): string {
  const counts = new Map<string, number>();
  for (const index of indexes) {
    const county = network.spots.all[index]?.counties?.[0];
    if (county !== undefined) counts.set(county, (counts.get(county) ?? 0) + 1);
  }
  if (counts.size === 0) return country;
  const zipCodes = zipCodesOf(network, indexes);
  if (counts.size === 1 || zipCodes.length <= 5) {
    const [county = ""] = counts.keys();
    return counts.size === 1 ? `${countyText(network, country, county)}: ${listed(zipCodes)}` : listed(zipCodes);
  }
  const most = [...counts].sort(([, a], [, b]) => b - a);
  return listed(
    most.map(([county, number]) => `${countyText(network, country, county)}: ${number}`),
    "and",
    3,
  );
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
