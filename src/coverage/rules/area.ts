import type { GeographicalRule } from "../../rules/geographical.ts";
import type { Assumptions } from "../assumptions.ts";
import { km } from "../distance.ts";
import { append } from "../get-or-make.ts";
import type { Spot } from "../network/geography.ts";
import { listed } from "../words.ts";
import type { Result } from "./state.ts";

/** What a user covers of one country. */
export interface CountryArea {
  readonly whole: boolean;
  /** The counties that are covered as a whole. */
  readonly counties: ReadonlySet<string>;
  /** Postcodes, with the counties under which the rule lists them. */
  readonly zips: ReadonlyMap<string, readonly string[]>;
}

/** What a user covers, by country. */
export type Area = ReadonlyMap<string, CountryArea>;

export function areaOf({ handledCountries }: GeographicalRule): Area {
  const area = new Map<string, CountryArea>();
  for (const { handledCountry, handledCounties } of handledCountries) {
    const counties = new Set<string>();
    const zips = new Map<string, string[]>();
    for (const { handledCounty, handledPostCodeZips } of handledCounties ?? []) {
      if (handledPostCodeZips === undefined) counties.add(handledCounty.number);
      for (const zip of handledPostCodeZips ?? []) append(zips, zip, handledCounty.number);
    }
    area.set(handledCountry.code, { whole: handledCounties === undefined, counties, zips });
  }
  return area;
}

export function areaResult(area: Area, spot: Spot, assumptions: Assumptions): Result {
  const country = area.get(spot.country);
  if (!country) return "fail";
  const whole = assumptions.partsLeftOut === "whole" ? "pass" : "uncertain";
  if (country.whole) return whole;
  const { zipCode, counties } = spot;
  if (zipCode === undefined) return withoutZip(country, counties, whole);
  const under = country.zips.get(zipCode);
  if (under && (!counties || under.some((county) => counties.includes(county)))) return "pass";
  // Listed under a county in which it does not lie: whether Oplead then finds it is not documented.
  const otherwise = under ? "uncertain" : "fail";
  if (country.counties.size === 0) return otherwise;
  if (!counties) return "uncertain";
  const covered = counties.filter((county) => country.counties.has(county)).length;
  if (covered === 0) return otherwise;
  if (covered === counties.length || assumptions.zipInTwoCounties === "any") return whole;
  return assumptions.zipInTwoCounties === "all" ? otherwise : "uncertain";
}

/** A lead without a postcode, or a county whose postcodes are not known. */
function withoutZip(country: CountryArea, counties: readonly string[] | undefined, whole: Result): Result {
  if (!counties) return "uncertain";
  if (counties.some((county) => country.counties.has(county))) return whole;
  const partly = [...country.zips.values()].some((under) => under.some((county) => counties.includes(county)));
  return partly ? "uncertain" : "fail";
}

/** The covered postcode that is nearest to a lead. */
export interface NearestCovered {
  readonly zipCode: string;
  /** As the crow flies, from centre to centre. */
  readonly km: number;
}

export function areaReason(area: Area, spot: Spot, result: Result, nearest: NearestCovered | undefined): string {
  const country = area.get(spot.country);
  const { zipCode, counties } = spot;
  if (!country) return `this user covers nothing in ${spot.country}, only ${listed([...area.keys()])}`;
  if (country.whole) return `this user covers the whole of ${spot.country}`;
  if (zipCode === undefined) return "the postcode of the lead is not known";
  const under = country.zips.get(zipCode);
  if (result === "pass") {
    const county = counties?.find((candidate) => country.counties.has(candidate));
    if (county === undefined || under) return `${zipCode} is a postcode this user covers`;
    return `${zipCode} is in ${county}, which this user covers`;
  }
  if (result === "uncertain") {
    if (under && counties) return `${zipCode} is listed under ${listed(under)}, and lies in ${listed(counties)}`;
    if (!counties) return `the county of ${zipCode} is not known`;
    return `${zipCode} lies in ${listed(counties)}, and this user does not cover all of that`;
  }
  const hint = nearest ? `; the nearest covered postcode is ${nearest.zipCode}, ${km(nearest.km)} km away` : "";
  return country.counties.size > 0
    ? `${zipCode} is in no county this user covers${hint}`
    : `${zipCode} is none of the postcodes this user covers${hint}`;
}

export function areaChange(spot: Spot): string {
  if (spot.zipCode === undefined) return `cover ${spot.country}`;
  const counties = spot.counties ? ` or county ${listed(spot.counties, "or")}` : "";
  return `cover postcode ${spot.zipCode}${counties}`;
}
