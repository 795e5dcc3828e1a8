import { expect, it } from "vitest";
import { departements } from "../../scripts/make-reference.ts";
import { realCountries } from "../../src/testing/countries.ts";

const [france, ...others] = realCountries();
const counties = france?.counties ?? [];

it("realCountries() has all of France, as in the official data", () => {
  expect(france).toEqual({ code: "FR", label: "France", counties: departements() });
  expect(new Set(counties.flatMap(({ postCodeZips = [] }) => postCodeZips)).size).toBe(6_310);
  expect(counties.filter(({ number }) => /^(\d\d|2[AB]|97[12346])$/.test(number))).toHaveLength(101);
  expect(counties.flatMap(({ postCodeZips = [] }) => postCodeZips).every((zip) => /^\d{5}$/.test(zip))).toBe(true);
});

it("realCountries() has counties of three other countries, one of them without postcodes", () => {
  expect(others.map(({ code, counties }) => [code, counties.length])).toEqual([
    ["BE", 7],
    ["CH", 4],
    ["LU", 2],
  ]);
  expect(others.at(-1)?.counties.every(({ postCodeZips }) => postCodeZips === undefined)).toBe(true);
});
