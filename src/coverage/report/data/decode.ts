import type { RuleName } from "../../../rules/rules.ts";
import { Geography } from "../../network/geography.ts";
import type { ReadUser } from "../../read-users.ts";
import { COVERAGE_RULES, RULE_NAMES } from "../../rules/rules.ts";
import { TextTable } from "../../rules/text-table.ts";
import type { Locate, Place, Universe } from "../../types.ts";
import { type EncodedUser, PER_DEGREE, type ReportData } from "./data.ts";

export interface DecodedReport {
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
  const texts = new TextTable(data.texts);
  return {
    users: data.users.map((user) => decodeUser(user, texts, geography)),
    universe: { countries, ...data.leadCodes },
    locate: (zipCode, country) => places.get(`${country} ${zipCode}`),
  };
}

function decodeUser({ a, h, x, r, i }: EncodedUser, texts: TextTable, geography: Geography): ReadUser {
  const decode = (name: RuleName, index: number) => {
    const encoded = r[index];
    return encoded === null ? [] : [[name, COVERAGE_RULES[name].decode(encoded, texts, geography)]];
  };
  return {
    accountNumber: a,
    home: { country: h?.[0], zipCode: h?.[1], coordinates: x },
    rules: Object.fromEntries(RULE_NAMES.flatMap(decode)),
    invalid: i ?? {},
  };
}
