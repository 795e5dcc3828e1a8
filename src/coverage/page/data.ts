import { capitalised } from "../../locales/grammar.ts";
import type { RuleName } from "../../rules/rules.ts";
import { Geography } from "../geography.ts";
import type { Network } from "../network.ts";
import type { ReadUser } from "../read-input.ts";
import { TextTable } from "../rules/rule.ts";
import { COVERAGE_RULES, RULE_NAMES } from "../rules/rules.ts";
import type { Assumptions, Coordinates, LeadCodes, Locate, Place, Universe } from "../types.ts";
import type { CoverageWords, Names, PageLanguage, PageTexts } from "./words.ts";

// Users and places as JSON that is short even for thousands of users.
export interface ReportData {
  readonly assumptions: Assumptions;
  readonly countries: readonly EncodedCountry[];
  // Lists of codes, except those that the universe leaves out and no rule fills.
  readonly leadCodes: Partial<LeadCodes>;
  readonly language: PageLanguage;
  // Names of the rules in the language of the page.
  readonly rules: { readonly [Name in RuleName]: string };
  // The texts that encoded rules refer to by index.
  readonly texts: { readonly [list: string]: readonly string[] };
  readonly users: readonly EncodedUser[];
  // Names of codes; names of users only if the caller asked for them.
  readonly names: Names;
}

type EncodedCountry = readonly [code: string, label: string, counties: readonly EncodedCounty[]];

// `postcodes` has for each postcode its difference from the one before (its text if it does not have five digits), its
// inhabitants and, if known, its uncertainty in km, and its latitude and longitude in hundredths of a degree, as
// differences from those before.
type EncodedCounty = readonly [number: string, label: string, postcodes?: string];

// The fields of a user, with short names. Undefined fields are not written.
interface EncodedUser {
  readonly a: string;
  // The home: the place that distances are measured from.
  readonly h: readonly [country: string, zipCode: string] | undefined;
  // The coordinates of the home.
  readonly x: Coordinates | undefined;
  // The rules in the order of RULE_NAMES, each as its `encode` writes it; null if the user lacks the rule.
  readonly r: readonly unknown[];
  readonly i: ReadUser["invalid"] | undefined;
  readonly g: ReadUser["receives"];
}

// Steps per degree: one is about a kilometre, as exact as the package's table of postcodes.
const PER_DEGREE = 100;

export function encodeReport(network: Network, words: CoverageWords<PageTexts>): ReportData {
  const texts = new TextTable();
  const users = network.members.map(({ user }) => encodeUser(user, texts, network));
  const rules = RULE_NAMES.map((name) => [name, capitalised(words.say(name))]);
  return {
    // Distances need no function on the page: `encodeUser` writes the place that they are measured from as the home.
    assumptions: { ...network.assumptions, distanceFrom: "address" },
    countries: encodeCountries(network),
    leadCodes: Object.fromEntries(
      Object.entries(network.cells.codes).filter(([name, codes]) => codes.length > 0 || name in network.universe),
    ),
    language: words.language,
    // Safe: a text for every name of a rule.
    rules: Object.fromEntries(rules) as ReportData["rules"],
    texts: texts.lists,
    users,
    names: words.names,
  };
}

function encodeUser(user: ReadUser, texts: TextTable, { geography }: Network): EncodedUser {
  const { accountNumber, home, rules, invalid, receives } = user;
  const encode = <Name extends RuleName>(name: Name): unknown => {
    const body: ReadUser["rules"][Name] = rules[name];
    return body === undefined ? null : COVERAGE_RULES[name].encode(body, texts, geography);
  };
  return {
    a: accountNumber,
    h: home.country === undefined || home.zipCode === undefined ? undefined : [home.country, home.zipCode],
    x: home.coordinates,
    r: RULE_NAMES.map(encode),
    i: Object.keys(invalid).length > 0 ? invalid : undefined,
    g: receives,
  };
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

interface DecodedReport {
  readonly users: readonly ReadUser[];
  readonly universe: Universe;
  readonly locate: Locate;
}

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
            inhabitants: inhabitants === "" ? undefined : Number(inhabitants),
            uncertaintyKm: uncertainty === undefined ? undefined : Number(uncertainty),
            coordinates: uncertainty === undefined ? undefined : [north / PER_DEGREE, east / PER_DEGREE],
          });
          return zipCode;
        });
        return { number, label: county, postCodeZips };
      }),
    };
  });
  const geography = new Geography(countries);
  const texts = new TextTable(data.texts);
  return {
    users: data.users.map((user) => decodeUser(user, texts, geography)),
    universe: { countries, ...data.leadCodes },
    locate: (zipCode, country) => places.get(`${country} ${zipCode}`),
  };
}

function decodeUser({ a, h, x, r, i, g }: EncodedUser, texts: TextTable, geography: Geography): ReadUser {
  const decode = (name: RuleName, index: number) => {
    const encoded = r[index];
    return encoded === null ? [] : [[name, COVERAGE_RULES[name].decode(encoded, texts, geography)]];
  };
  return {
    accountNumber: a,
    home: { country: h?.[0], zipCode: h?.[1], coordinates: x },
    rules: Object.fromEntries(RULE_NAMES.flatMap(decode)),
    invalid: i ?? {},
    receives: g,
  };
}
