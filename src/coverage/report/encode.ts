import type { CompetencesRule } from "../../rules/competences.ts";
import type { GeographicalRule } from "../../rules/geographical.ts";
import { getOrMake } from "../get-or-make.ts";
import type { Network } from "../network/network.ts";
import type { ReadUser } from "../read-users.ts";
import { type EncodedCountry, type EncodedCountryArea, type EncodedUser, PER_DEGREE, type ReportData } from "./data.ts";

/** Makes the data of a report. Names are of those who asked for them; without them it holds no personal data. */
export function encodeReport(network: Network, names?: ReportData["names"]): ReportData {
  const codes = new CodeLists();
  const users = network.users.map(({ member }) => encodeUser(member.user, codes, network));
  return {
    // Where distances are measured from is part of each user.
    assumptions: { ...network.assumptions, distanceFrom: "address" },
    countries: encodeCountries(network),
    leadCodes: network.cells.codes,
    ranges: codes.ranges.items,
    requestTypes: codes.requestTypes.items,
    contactProfiles: codes.contactProfiles.items,
    typeSets: codes.typeSets.items.map((set) => (set === "" ? [] : set.split(",").map(Number))),
    users,
    names,
  };
}

/** Gives each text a place in a list. */
class Places {
  readonly items: string[] = [];
  readonly #places = new Map<string, number>();

  of(item: string): number {
    return getOrMake(this.#places, item, () => this.items.push(item) - 1);
  }
}

class CodeLists {
  readonly ranges = new Places();
  readonly requestTypes = new Places();
  readonly contactProfiles = new Places();
  readonly typeSets = new Places();
}

function encodeUser(user: ReadUser, codes: CodeLists, network: Network): EncodedUser {
  const { accountNumber, home, rules, invalid } = user;
  const { geographical, maxDistance, competences, contactProfiles, profileTypes } = rules;
  return {
    a: accountNumber,
    h: home.country === undefined || home.zipCode === undefined ? undefined : [home.country, home.zipCode],
    x: home.coordinates,
    g: geographical && encodeArea(geographical, network),
    m: maxDistance?.maxDistance,
    c: competences && encodeCompetences(competences, codes),
    p: contactProfiles?.map(({ code }) => codes.contactProfiles.of(code)),
    t: profileTypes,
    i: Object.keys(invalid).length > 0 ? invalid : undefined,
  };
}

function encodeCompetences(rule: CompetencesRule, codes: CodeLists): string {
  const byRange = new Map<number, number[] | null>();
  for (const { range, requestType } of rule) {
    const place = codes.ranges.of(range.code);
    if (requestType === undefined) byRange.set(place, null);
    else byRange.set(place, [...(byRange.get(place) ?? []), codes.requestTypes.of(requestType.code)]);
  }
  return [...byRange]
    .map(([range, types]) =>
      types === null ? range.toString(36) : `${range.toString(36)}.${codes.typeSets.of(types.join()).toString(36)}`,
    )
    .join(" ");
}

function encodeArea({ handledCountries }: GeographicalRule, network: Network): EncodedCountryArea[] {
  return handledCountries.map(({ handledCountry, handledCounties }): EncodedCountryArea => {
    const country = handledCountry.code;
    if (!handledCounties) return [country];
    return [
      country,
      handledCounties.map(({ handledCounty: { number }, handledPostCodeZips }) => {
        if (!handledPostCodeZips) return [number] as const;
        const places = placesIn(network, country, number);
        const known = handledPostCodeZips.flatMap((zip) => places.get(zip) ?? []);
        const others = handledPostCodeZips.filter((zip) => !places.has(zip));
        return others.length > 0 ? ([number, bits(known), others] as const) : ([number, bits(known)] as const);
      }),
    ];
  });
}

const placesByCounty = new WeakMap<readonly string[], Map<string, number>>();

/** The postcodes of a county and their places in it. */
function placesIn({ geography }: Network, country: string, county: string): ReadonlyMap<string, number> {
  const zips = geography.zipsOf(country, county);
  return getOrMake(placesByCounty, zips, () => new Map(zips.map((zip, index) => [zip, index])));
}

/** A set of small numbers as digits in base 32, each of which says of five numbers whether they are in it. */
function bits(numbers: readonly number[]): string {
  const digits: number[] = [];
  for (const number of numbers) {
    const at = Math.floor(number / 5);
    while (digits.length <= at) digits.push(0);
    digits[at] = (digits[at] ?? 0) | (1 << (number % 5));
  }
  return digits.map((digit) => digit.toString(32)).join("");
}

function encodeCountries({ universe, geography }: Network): EncodedCountry[] {
  return universe.countries.map(({ code, label, counties }): EncodedCountry => {
    let [zipBefore, north, east] = [0, 0, 0];
    return [
      code,
      label,
      counties.map(({ number, label: county, postCodeZips }) => {
        if (!postCodeZips) return [number, county] as const;
        const items = postCodeZips.map((zip) => {
          // A postcode of five digits is a number that can be counted on from; others are written as they are.
          const isNumber = /^\d{5}$/.test(zip);
          const place = geography.place(zip, code);
          const fields: (number | string)[] = [
            isNumber ? Number(zip) - zipBefore : `'${zip}`,
            place?.inhabitants ?? "",
          ];
          if (isNumber) zipBefore = Number(zip);
          if (place?.coordinates) {
            const [latitude, longitude] = place.coordinates;
            const before = { north, east };
            [north, east] = [Math.round(latitude * PER_DEGREE), Math.round(longitude * PER_DEGREE)];
            fields.push(place.uncertaintyKm ?? 0, north - before.north, east - before.east);
          }
          return fields.join(";");
        });
        return [number, county, items.join(",")] as const;
      }),
    ];
  });
}
