import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { CountryDetails } from "../../src/rules/countries.ts";

interface Commune {
  readonly departement?: string;
  readonly collectivite?: string;
  readonly codesPostaux?: readonly string[];
}

const require = createRequire(import.meta.url);
const data = require.resolve("@etalab/decoupage-administratif/data/communes.json");
const communes = JSON.parse(readFileSync(data, "utf8")) as readonly Commune[];

// Read straight from the data, not by code under test.
export const countiesOfZip = new Map<string, Set<string>>();
for (const { departement, collectivite, codesPostaux = [] } of communes) {
  for (const zip of codesPostaux) {
    const counties = countiesOfZip.get(zip) ?? new Set();
    countiesOfZip.set(zip, counties.add(departement ?? collectivite ?? ""));
  }
}

export const allZips: readonly string[] = [...countiesOfZip.keys()];

const zipsOfCounty = new Map<string, string[]>();
for (const [zip, counties] of countiesOfZip) {
  for (const county of counties) zipsOfCounty.set(county, [...(zipsOfCounty.get(county) ?? []), zip]);
}

export const france: CountryDetails = {
  code: "FR",
  label: "France",
  counties: [...zipsOfCounty].map(([number, postCodeZips]) => ({ number, label: `county ${number}`, postCodeZips })),
};
