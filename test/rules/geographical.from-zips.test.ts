import fc from "fast-check";
import { expect, it } from "vitest";
import type { CountryDetails } from "../../src/rules/countries.ts";
import { geographical, geographicalFromZips } from "../../src/rules/geographical.ts";
import { readRules } from "../../src/rules/rules.ts";
import type { RuleBodies } from "../../src/rules/types.ts";
import { pathsOf } from "../support/expect-problems.ts";
import { allZips, countiesOfZip, france } from "../support/france.ts";

const bytes = (rule: unknown) => JSON.stringify(rule);

function back(rule: RuleBodies["geographical"]) {
  const found = new Map<string, Set<string>>();
  for (const { handledCounty, handledPostCodeZips = [] } of rule.handledCountries[0]?.handledCounties ?? []) {
    for (const zip of handledPostCodeZips) found.set(zip, (found.get(zip) ?? new Set()).add(handledCounty.number));
  }
  return found;
}

const { rule, unknown } = geographicalFromZips(france, allZips);

it("geographicalFromZips puts each French postcode under exactly the counties in which it lies", () => {
  expect(allZips).toHaveLength(6_310);
  expect(unknown).toEqual([]);
  expect(back(rule.toJSON())).toEqual(countiesOfZip);
});

it("geographicalFromZips lists a county's postcodes one by one, even if it has no others", () => {
  const counties = rule.toJSON().handledCountries[0]?.handledCounties ?? [];
  expect(counties).toHaveLength(france.counties.length);
  for (const { handledPostCodeZips } of counties) expect(handledPostCodeZips?.length).toBeGreaterThan(0);
});

it("geographicalFromZips gives one JSON for French postcodes in any order and with repetitions", () => {
  expect(bytes(geographicalFromZips(france, [...allZips.toReversed(), ...allZips]).rule)).toBe(bytes(rule));
  const shuffledCountry = { ...france, counties: france.counties.toReversed() };
  expect(bytes(geographicalFromZips(shuffledCountry, allZips).rule)).toBe(bytes(rule));
});

it("geographicalFromZips lists unknown postcodes, sorted, each once, and covers the known postcodes", () => {
  const { rule, unknown } = geographicalFromZips(france, ["99999", "75001", "75380", "99999", "__proto__"]);
  expect(unknown).toEqual(["75380", "99999", "__proto__"]);
  expect(bytes(rule)).toBe(bytes(geographical().zips("FR", "75", ["75001"])));
});

it("geographicalFromZips gives a rule that cannot be sent, and none that clears, for unknown postcodes", () => {
  const { rule, unknown } = geographicalFromZips(france, ["99999"]);
  expect(unknown).toEqual(["99999"]);
  expect(JSON.stringify(rule)).toBe("{}");
  expect(pathsOf(() => readRules({ geographical: rule }))).toEqual(["geographical"]);
});

const loose = geographicalFromZips as (country: unknown, zips: unknown) => unknown;

it.each([
  ["numbers", () => loose(france, ["75001", 1000]), ["zips[1]"]],
  ["no postcodes", () => loose(france, []), ["zips"]],
  ["one postcode without its list", () => loose(france, "75001"), ["zips"]],
  ["white space", () => loose(france, ["75001\n"]), ["zips[0]"]],
  ["no country", () => loose(undefined, ["75001"]), ["country"]],
  ["a country from listCountries", () => loose({ code: "FR", label: "France" }, ["75001"]), ["country"]],
  [
    "a country without postcodes",
    () => loose({ code: "FR", label: "France", counties: [{ number: "75", label: "Paris" }] }, ["75001"]),
    ["country"],
  ],
  ["all at once", () => loose(null, [1, ""]), ["zips[0]", "zips[1]", "country"]],
])("geographicalFromZips refuses %s", (_what, call, paths) => {
  expect(pathsOf(call)).toEqual(paths);
});

it("geographicalFromZips neither loses nor invents coverage, for any country and any postcodes", () => {
  const zip = fc.constantFrom("00001", "00002", "00003", "00004", "00005", "00006");
  const counties = fc.uniqueArray(
    fc.record({
      number: fc.constantFrom("A", "B", "C", "D"),
      label: fc.constant("a county"),
      postCodeZips: fc.option(fc.array(zip), { nil: undefined }),
    }),
    { selector: ({ number }) => number, minLength: 1 },
  );
  fc.assert(
    fc.property(counties, fc.array(zip, { minLength: 1 }), (all, zips) => {
      fc.pre(all.some(({ postCodeZips }) => (postCodeZips ?? []).length > 0));
      const country: CountryDetails = { code: "XX", label: "X", counties: all };
      const { rule, unknown } = geographicalFromZips(country, zips);
      const listed = unknown.length === new Set(zips).size ? new Map() : back(rule.toJSON());
      for (const one of zips) {
        const lies = all.filter(({ postCodeZips }) => postCodeZips?.includes(one)).map(({ number }) => number);
        expect([...(listed.get(one) ?? [])].sort()).toEqual(lies.sort());
        expect(unknown.includes(one)).toBe(lies.length === 0);
      }
      for (const one of listed.keys()) expect(zips).toContain(one);
    }),
  );
});
