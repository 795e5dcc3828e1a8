import { getOrMake } from "../../core/values.ts";
import { tellReason, tellRuleChange } from "../../locales/en/coverage.ts";
import type { GeographicalRule } from "../../rules/geographical.ts";
import type { Distances, Spot } from "../geography.ts";
import type { RuleChange, RuleReason } from "../messages.ts";
import type { CoverageRule, Result } from "./rule.ts";

/** The part of one country that a user covers. */
interface CountryArea {
  readonly whole: boolean;
  /** The counties that are covered as a whole. */
  readonly counties: ReadonlySet<string>;
  /** Postcodes, each with the counties under which the rule lists the postcode. */
  readonly zips: ReadonlyMap<string, readonly string[]>;
}

/** The area of a user, by country. */
export type Area = ReadonlyMap<string, CountryArea>;

/**
 * The geographical rule in the page's data: countries, with their counties if the rule lists counties. `places` is a
 * set of bits that tells which of the county's postcodes the rule lists. `others` holds postcodes that the reference
 * data does not have.
 */
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
        // The postcodes of a county share one list, because a list for each postcode of thousands of users takes time.
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
  ask: (area, { spot, assumptions }) => {
    const country = area.get(spot.country);
    if (!country) return "fail";
    const whole = assumptions.partsLeftOut === "whole" ? "pass" : "uncertain";
    if (country.whole) return whole;
    const { zipCode, counties } = spot;
    if (zipCode === undefined) return withoutZip(country, counties, whole);
    const under = country.zips.get(zipCode);
    if (under && (!counties || under.some((county) => counties.includes(county)))) return "pass";
    // The rule may list the postcode under a county in which it does not lie. Oplead does not document whether such a
    // postcode counts.
    const otherwise = under ? "uncertain" : "fail";
    if (country.counties.size === 0) return otherwise;
    if (!counties) return "uncertain";
    const covered = counties.filter((county) => country.counties.has(county)).length;
    if (covered === 0) return otherwise;
    if (covered === counties.length || assumptions.zipInTwoCounties === "any") return whole;
    return assumptions.zipInTwoCounties === "all" ? otherwise : "uncertain";
  },
  explain: (area, { spot }, result, distances) => {
    const nearest = result === "fail" ? nearestCovered(area, spot, distances) : undefined;
    return { reason: whyOf(area, spot, result, nearest), change: changeFor(spot) };
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
  decode: (area, _texts, geography): GeographicalRule => ({
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

/** The result for a lead without a postcode, or for a county whose postcodes are not known. */
function withoutZip(country: CountryArea, counties: readonly string[] | undefined, whole: Result): Result {
  if (!counties) return "uncertain";
  if (counties.some((county) => country.counties.has(county))) return whole;
  const partly = [...country.zips.values()].some((under) => under.some((county) => counties.includes(county)));
  return partly ? "uncertain" : "fail";
}

type NearestCovered = ReturnType<Distances["nearest"]>;

/** The covered postcode that is nearest to a lead; undefined if no distance is known. */
function nearestCovered(area: Area, { country }: Spot, distances: Distances): NearestCovered {
  const covered = area.get(country);
  return covered && distances.nearest(covered.zips, covered.counties);
}

function whyOf(area: Area, spot: Spot, result: Result, nearest: NearestCovered): RuleReason {
  const { country, zipCode, counties } = spot;
  const covered = area.get(country);
  if (!covered) return tellReason("other_country", { country, covered: [...area.keys()] });
  if (covered.whole) return tellReason("whole_country", { country });
  if (zipCode === undefined) return tellReason("no_lead_zip_code");
  const under = covered.zips.get(zipCode);
  if (result === "pass") {
    const county = counties?.find((candidate) => covered.counties.has(candidate));
    if (county === undefined || under) return tellReason("zip_code_covered", { zipCode });
    return tellReason("county_covered", { zipCode, county });
  }
  if (result === "fail") {
    return tellReason(covered.counties.size > 0 ? "county_not_covered" : "zip_code_not_covered", { zipCode, nearest });
  }
  if (!counties) return tellReason("no_county_known", { zipCode });
  if (under) return tellReason("listed_elsewhere", { zipCode, listedUnder: under, liesIn: counties });
  return tellReason("county_in_part", { zipCode, liesIn: counties });
}

function changeFor({ country, zipCode, counties = [] }: Spot): RuleChange {
  return zipCode === undefined
    ? tellRuleChange("cover_country", { country })
    : tellRuleChange("cover_zip_code", { zipCode, counties });
}

const placesByCounty = new WeakMap<readonly string[], ReadonlyMap<string, number>>();

/** The postcodes of a county, each with its index in the county. */
function placesIn(zips: readonly string[]): ReadonlyMap<string, number> {
  return getOrMake(placesByCounty, zips, () => new Map(zips.map((zip, index) => [zip, index])));
}

/** Writes a set of small numbers as digits in base 32. Each digit says for five numbers whether they are in the set. */
function bits(numbers: readonly number[]): string {
  const digits: number[] = [];
  for (const number of numbers) {
    const at = Math.floor(number / 5);
    while (digits.length <= at) digits.push(0);
    digits[at] = (digits[at] ?? 0) | (1 << (number % 5));
  }
  return digits.map((digit) => digit.toString(32)).join("");
}

/** Reads the set of numbers from a text in base 32. */
function numbersOf(digits: string): number[] {
  return [...digits].flatMap((digit, at) => {
    const value = Number.parseInt(digit, 32);
    return [0, 1, 2, 3, 4].filter((bit) => (value >> bit) & 1).map((bit) => at * 5 + bit);
  });
}
