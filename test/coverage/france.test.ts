import { createRequire } from "node:module";
import { expect, it } from "vitest";
import { franceCountry, locate } from "../../src/coverage/france.ts";
import { distanceKm } from "../../src/coverage/geography.ts";
import { allZips, countiesOfZip } from "../support/france.ts";

const require = createRequire(import.meta.url);

// Read from the data of codes-postaux, not by the code under test.
const second = new Map<string, string[]>();
for (const { codePostal, codeCommune } of require("codes-postaux/codes-postaux.json") as Record<string, string>[]) {
  second.set(codePostal as string, [...(second.get(codePostal as string) ?? []), codeCommune as string]);
}

const departementOf = (commune: string) => commune.slice(0, commune.startsWith("97") ? 3 : 2);

const table = new Map<string, string[]>();
for (const { number, postCodeZips = [] } of franceCountry().counties) {
  for (const zip of postCodeZips) table.set(zip, [...(table.get(zip) ?? []), number]);
}

const ADDED =
  "13128 17133 17136 18490 20211 20264 29240 30998 31998 33090 33164 33693 34295 54201 54207 59341 64023 74480 74790 78129 83800 83998".split(
    " ",
  );

const IN_TWO = {
  "12210": "15",
  "15230": "12",
  "27370": "76",
  "30750": "12",
  "34260": "12",
  "37120": "86",
  "43300": "15",
  "48500": "12",
  "55120": "51",
  "57410": "67",
  "57412": "67",
  "62760": "80",
  "82160": "12",
  "82330": "12",
};

it("the table of French postcodes has all of decoupage-administratif, and 22 of codes-postaux only", () => {
  expect(allZips).toHaveLength(6310);
  expect([...table.keys()].filter((zip) => !countiesOfZip.has(zip)).sort()).toEqual(ADDED);
  expect(allZips.filter((zip) => !table.has(zip))).toEqual(["98799"]);
  expect(ADDED.filter((zip) => !second.has(zip))).toEqual([]);
  expect([...second.keys()].filter((zip) => !table.has(zip) && zip !== "98799")).toEqual([]);
});

it("the table of French postcodes has the départements of decoupage-administratif, and 14 more", () => {
  const lost: string[] = [];
  const more: Record<string, string> = {};
  for (const [zip, counties] of table) {
    const known = countiesOfZip.get(zip) ?? new Set(second.get(zip)?.map(departementOf));
    if ([...known].some((county) => !counties.includes(county))) lost.push(zip);
    const added = counties.filter((county) => !known.has(county)).join();
    if (added) more[zip] = added;
  }
  expect(lost).toEqual([]);
  expect(more).toEqual(IN_TWO);
  const inPlace = (zip: string) => [...(locate(zip, "FR")?.counties ?? [])].sort().join();
  expect([...table].filter(([zip, counties]) => inPlace(zip) !== counties.sort().join())).toEqual([]);
});

it.each([
  ["29200", [48.39, -4.486], "Brest"],
  ["31000", [43.604, 1.444], "Toulouse"],
  ["20000", [41.919, 8.738], "Ajaccio"],
  ["97400", [-20.879, 55.448], "Saint-Denis de La Réunion"],
  ["75116", [48.866, 2.282], "Paris 16 north"],
  ["48000", [44.518, 3.5], "Mende"],
] as const)(
  "the place of %s in the table lies within its stated uncertainty, or 1 km, of %s (%s)",
  (zip, where, _name) => {
    const { coordinates, uncertaintyKm = 0 } = locate(zip, "FR") ?? {};
    expect(coordinates && distanceKm(coordinates, where)).toBeLessThan(Math.max(uncertaintyKm, 1));
  },
);

it("the table of French postcodes counts each inhabitant of France once", async () => {
  const inhabitants = allZips.reduce((sum, zip) => sum + (locate(zip, "FR")?.inhabitants ?? 0), 0);
  expect(inhabitants).toBeGreaterThan(68_000_000);
  expect(inhabitants).toBeLessThan(70_000_000);
});
