import { capitalised } from "../../../locales/grammar.ts";
import type { RuleName } from "../../../rules/rules.ts";
import type { Network } from "../../network/network.ts";
import type { ReadUser } from "../../read-users.ts";
import { COVERAGE_RULES, RULE_NAMES } from "../../rules/rules.ts";
import { TextTable } from "../../rules/text-table.ts";
import type { CoverageWords, PageTexts } from "../words.ts";
import { type EncodedCountry, type EncodedUser, PER_DEGREE, type ReportData } from "./data.ts";

/** Makes the data of a report. Names are of those who asked for them; without them it holds no personal data. */
export function encodeReport(network: Network, words: CoverageWords<PageTexts>): ReportData {
  const texts = new TextTable();
  const users = network.users.map(({ member }) => encodeUser(member.user, texts, network));
  const rules = RULE_NAMES.map((name) => [name, capitalised(words.say(name))]);
  return {
    // Where distances are measured from is part of each user.
    assumptions: { ...network.assumptions, distanceFrom: "address" },
    countries: encodeCountries(network),
    leadCodes: network.cells.codes,
    language: words.language,
    // One for each name.
    rules: Object.fromEntries(rules) as ReportData["rules"],
    texts: texts.lists,
    users,
    names: words.names,
  };
}

function encodeUser(user: ReadUser, texts: TextTable, { geography }: Network): EncodedUser {
  const { accountNumber, home, rules, invalid } = user;
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
