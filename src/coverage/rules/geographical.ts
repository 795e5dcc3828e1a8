import { getOrMake } from "../../core/values.ts";
import { tellReason, tellRuleChange } from "../../locales/en/coverage.ts";
import type { RuleBodies } from "../../rules/types.ts";
import type { Distances, Spot } from "../geography.ts";
import type { RuleChange, RuleReason } from "../messages.ts";
import type { CoverageRule } from "./rule.ts";

interface CountryArea {
  readonly whole: boolean;
  // Counties that are covered as a whole.
  readonly counties: ReadonlySet<string>;
  // The counties under which the rule lists each postcode.
  readonly zips: ReadonlyMap<string, readonly string[]>;
}

export type Area = ReadonlyMap<string, CountryArea>;

// `places`: which of the county's postcodes the rule lists, as bits. `others`: postcodes that the reference data lacks.
type EncodedArea = readonly (readonly [
  country: string,
  counties?: readonly (readonly [number: string, places?: string, others?: readonly string[]])[],
])[];

export const geographicalCoverage: CoverageRule<"geographical", Area, EncodedArea> = {
  axes: [],
  read: ({ handledCountries }) => {
    if (handledCountries.length === 0) return undefined;
    const area = new Map<string, CountryArea>();
    for (const { handledCountry, handledCounties } of handledCountries) {
      const counties = new Set<string>();
      const zips = new Map<string, readonly string[]>();
      for (const { handledCounty, handledPostCodeZips } of handledCounties ?? []) {
        if (handledPostCodeZips === undefined) counties.add(handledCounty.number);
        // All postcodes of a county share one list: a list for each takes time with thousands of users.
        const here = [handledCounty.number];
        for (const zip of handledPostCodeZips ?? []) {
          const elsewhere = zips.get(zip);
          zips.set(zip, elsewhere ? [...elsewhere, handledCounty.number] : here);
        }
      }
      area.set(handledCountry.code, { whole: handledCounties === undefined, counties, zips });
    }
    return area;
  },
  passes: (area, { spot: { country: code, zipCode, counties }, assumptions: { partsLeftOut, zipInTwoCounties } }) => {
    const country = area.get(code);
    if (!country) return false;
    const isWhole = partsLeftOut === "whole";
    if (country.whole) return isWhole;
    const under = zipCode === undefined ? undefined : country.zips.get(zipCode);
    // A postcode does not count if the rule lists it only under counties in which it does not lie.
    if (under && (!counties || under.some((county) => counties.includes(county)))) return true;
    const isCovered = (county: string) => country.counties.has(county);
    if (!isWhole || !counties) return false;
    return zipInTwoCounties === "any" ? counties.some(isCovered) : counties.every(isCovered);
  },
  explain: (area, { spot }, isPassed, distances) => {
    const nearest = isPassed ? undefined : nearestCovered(area, spot, distances);
    return { reason: whyOf(area, spot, isPassed, nearest), change: changeFor(spot) };
  },
  missedByKm: (area, { spot }, distances) => nearestCovered(area, spot, distances)?.km,
  encode: ({ handledCountries }, _texts, geography) =>
    handledCountries.map(({ handledCountry: { code }, handledCounties }) => {
      if (!handledCounties) return [code] as const;
      const counties = handledCounties.map(({ handledCounty: { number }, handledPostCodeZips }) => {
        if (!handledPostCodeZips) return [number] as const;
        const places = placesIn(geography.zipsOf(code, number));
        const known = handledPostCodeZips.flatMap((zip) => places.get(zip) ?? []);
        const others = handledPostCodeZips.filter((zip) => !places.has(zip));
        return others.length > 0 ? ([number, bits(known), others] as const) : ([number, bits(known)] as const);
      });
      return [code, counties] as const;
    }),
  decode: (area, _texts, geography): RuleBodies["geographical"] => ({
    handledCountries: area.map(([country, counties]) => ({
      handledCountry: { code: country },
      ...(counties && {
        handledCounties: counties.map(([number, places, others = []]) => {
          if (places === undefined) return { handledCounty: { number } };
          const zips = geography.zipsOf(country, number);
          const known = numbersOf(places).map((place) => zips[place] ?? "");
          return { handledCounty: { number }, handledPostCodeZips: [...known, ...others] };
        }),
      }),
    })),
  }),
};

type NearestCovered = ReturnType<Distances["nearest"]>;

function nearestCovered(area: Area, { country }: Spot, distances: Distances): NearestCovered {
  const covered = area.get(country);
  return covered && distances.nearest(covered.zips, covered.counties);
}

function whyOf(area: Area, spot: Spot, isPassed: boolean, nearest: NearestCovered): RuleReason {
  const { country, zipCode, counties } = spot;
  const covered = area.get(country);
  if (!covered) return tellReason("other_country", { country, covered: [...area.keys()] });
  if (covered.whole)
    return isPassed ? tellReason("whole_country", { country }) : tellReason("part_covers_nothing", { part: country });
  if (zipCode === undefined) return tellReason("no_lead_zip_code");
  const under = covered.zips.get(zipCode);
  const county = counties?.find((candidate) => covered.counties.has(candidate));
  if (isPassed) {
    return county === undefined || under
      ? tellReason("zip_code_covered", { zipCode })
      : tellReason("county_covered", { zipCode, county });
  }
  if (!counties) return tellReason("no_county_known", { zipCode });
  if (county !== undefined) {
    return counties.every((one) => covered.counties.has(one))
      ? tellReason("part_covers_nothing", { part: county })
      : tellReason("county_in_part", { zipCode, liesIn: counties });
  }
  if (under) return tellReason("listed_elsewhere", { zipCode, listedUnder: under, liesIn: counties });
  return tellReason(covered.counties.size > 0 ? "county_not_covered" : "zip_code_not_covered", { zipCode, nearest });
}

function changeFor({ country, zipCode, counties = [] }: Spot): RuleChange {
  return zipCode === undefined
    ? tellRuleChange("cover_country", { country })
    : tellRuleChange("cover_zip_code", { zipCode, counties });
}

const placesByCounty = new WeakMap<readonly string[], ReadonlyMap<string, number>>();

function placesIn(zips: readonly string[]): ReadonlyMap<string, number> {
  return getOrMake(placesByCounty, zips, () => new Map(zips.map((zip, index) => [zip, index])));
}

// Writes a set of numbers in base 32: each digit says for five numbers whether they are in the set.
function bits(numbers: readonly number[]): string {
  const digits: number[] = [];
  for (const number of numbers) {
    const at = Math.floor(number / 5);
    while (digits.length <= at) digits.push(0);
    digits[at] = (digits[at] ?? 0) | (1 << (number % 5));
  }
  return digits.map((digit) => digit.toString(32)).join("");
}

function numbersOf(digits: string): number[] {
  return [...digits].flatMap((digit, at) => {
    const value = Number.parseInt(digit, 32);
    return [0, 1, 2, 3, 4].filter((bit) => (value >> bit) & 1).map((bit) => at * 5 + bit);
  });
}
