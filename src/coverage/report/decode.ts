import type { CompetencesRule } from "../../rules/competences.ts";
import type { GeographicalRule } from "../../rules/geographical.ts";
import { Geography } from "../network/geography.ts";
import type { ReadUser } from "../read-users.ts";
import type { Locate, Place, Universe } from "../types.ts";
import { type EncodedCountryArea, type EncodedUser, PER_DEGREE, type ReportData } from "./data.ts";

/** What a network can be made from again. */
export interface DecodedReport {
  readonly users: readonly ReadUser[];
  readonly universe: Universe;
  readonly locate: Locate;
}

/** Reads the data of a report, in the browser. */
export function decodeReport(data: ReportData): DecodedReport {
  const places = new Map<string, Place>();
  const countries = data.countries.map(([code, label, counties]) => {
    let [zipBefore, north, east] = [0, 0, 0];
    return {
      code,
      label,
      counties: counties.map(([number, county, postcodes]) => {
        if (postcodes === undefined) return { number, label: county };
        const postCodeZips = (postcodes === "" ? [] : postcodes.split(",")).map((item) => {
          const [zip = "", inhabitants = "", uncertainty, latitude, longitude] = item.split(";");
          if (!zip.startsWith("'")) zipBefore += Number(zip);
          const zipCode = zip.startsWith("'") ? zip.slice(1) : String(zipBefore).padStart(5, "0");
          north += Number(latitude ?? 0);
          east += Number(longitude ?? 0);
          places.set(`${code} ${zipCode}`, {
            ...(inhabitants !== "" && { inhabitants: Number(inhabitants) }),
            ...(uncertainty !== undefined && {
              uncertaintyKm: Number(uncertainty),
              coordinates: [north / PER_DEGREE, east / PER_DEGREE] as const,
            }),
          });
          return zipCode;
        });
        return { number, label: county, postCodeZips };
      }),
    };
  });
  const geography = new Geography(countries);
  return {
    users: data.users.map((user) => decodeUser(user, data, geography)),
    universe: { countries, ...data.leadCodes },
    locate: (zipCode, country) => places.get(`${country} ${zipCode}`),
  };
}

function decodeUser(user: EncodedUser, data: ReportData, geography: Geography): ReadUser {
  const { a, h, x, g, m, c, p, t, i } = user;
  return {
    accountNumber: a,
    home: { country: h?.[0], zipCode: h?.[1], coordinates: x },
    rules: {
      geographical: g && decodeArea(g, geography),
      maxDistance: m === undefined ? undefined : { maxDistance: m },
      competences: c === undefined ? undefined : decodeCompetences(c, data),
      contactProfiles: p?.map((place) => ({ code: data.contactProfiles[place] ?? "" })),
      profileTypes: t,
    },
    invalid: i ?? {},
  };
}

function decodeArea(area: readonly EncodedCountryArea[], geography: Geography): GeographicalRule {
  return {
    handledCountries: area.map(([country, counties]) => ({
      handledCountry: { code: country },
      ...(counties && {
        handledCounties: counties.map(([number, places, others = []]) => ({
          handledCounty: { number },
          ...(places !== undefined && {
            handledPostCodeZips: [
              ...numbersOf(places).map((place) => geography.zipsOf(country, number)[place] ?? ""),
              ...others,
            ],
          }),
        })),
      }),
    })),
  };
}

function decodeCompetences(text: string, data: ReportData): CompetencesRule {
  const entries = (text === "" ? [] : text.split(" ")).flatMap((item) => {
    const [range = "", set] = item.split(".");
    const code = data.ranges[Number.parseInt(range, 36)] ?? "";
    if (set === undefined) return [{ range: { code } }];
    const types = data.typeSets[Number.parseInt(set, 36)] ?? [];
    return types.map((place) => ({ range: { code }, requestType: { code: data.requestTypes[place] ?? "" } }));
  });
  // Encoded from a rule, whose entries are all of one kind.
  return entries as CompetencesRule;
}

/** The numbers that a text of digits in base 32 holds: see `encode.ts`. */
function numbersOf(bits: string): number[] {
  return [...bits].flatMap((digit, at) => {
    const value = Number.parseInt(digit, 32);
    return [0, 1, 2, 3, 4].filter((bit) => (value >> bit) & 1).map((bit) => at * 5 + bit);
  });
}
