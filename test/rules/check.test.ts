import { expect, it } from "vitest";
import { checkRules, type RuleReference } from "../../src/rules/check.ts";
import { code } from "../../src/rules/codes.ts";
import { competences } from "../../src/rules/competences.ts";
import { contactProfiles } from "../../src/rules/contact-profiles.ts";
import type { CountryDetails } from "../../src/rules/countries.ts";
import { geographical, geographicalFromZips } from "../../src/rules/geographical.ts";
import { maxDistance } from "../../src/rules/max-distance.ts";
import { allZips, france } from "../support/france.ts";

const belgium: CountryDetails = {
  code: "BE",
  label: "Belgique",
  counties: [
    { number: "BRU", label: "Bruxelles", postCodeZips: ["1000", "1050"] },
    { number: "WLG", label: "Liège" },
  ],
};
const reference: RuleReference = {
  countries: [{ code: "LU", label: "Luxembourg" }, { code: "FR", label: "France" }, france, belgium],
  ranges: ["RNG_A", "RNG_B"],
  requestTypes: ["RTY_A"],
  contactProfiles: ["CPR_A"],
};

const found = (rules: Parameters<typeof checkRules>[0], given = reference) =>
  checkRules(rules, given).map(({ severity, path, message }) => `${severity} ${path}: ${message}`);

const inFrance = (rule: ReturnType<typeof geographical>) =>
  found({ geographical: rule }).map((line) => line.replaceAll(/geographical\.handledCountries\[0\]\.?/g, ""));

it("checkRules finds nothing wrong with any French postcode", () => {
  expect(found({ geographical: geographicalFromZips(france, allZips).rule })).toEqual([]);
});

it("checkRules accepts a correct rule of each kind", () => {
  expect(
    found({
      geographical: geographical().country("LU").county("FR", "2A").zips("BE", "BRU", ["1000"]),
      maxDistance: 30,
      competences: competences.matrix(["RNG_A", "RNG_B"], ["RTY_A"]),
      contactProfiles: ["CPR_A", { code: "CPR_A" }],
      profileTypes: ["pro"],
    }),
  ).toEqual([]);
});

it("checkRules does not compare codes or places without their reference data", () => {
  const rules = {
    geographical: geographical().zips("XX", "??", ["0"]),
    competences: competences.ranges("RNG_Z"),
    contactProfiles: contactProfiles("CPR_Z"),
  };
  expect(found(rules, {})).toEqual([]);
});

it("checkRules reports an error for every country, county and postcode that does not exist", () => {
  const rule = geographical().country("XX").zips("FR", "20", ["20000"]).zips("FR", "75", ["75000", "75001"]);
  expect(found({ geographical: rule })).toEqual([
    'error geographical.handledCountries[0].handledCounties[0].handledCounty.number: "20" is not a county of FR',
    'error geographical.handledCountries[0].handledCounties[0].handledPostCodeZips[0]: "20000" lies in 2A, not in "20"',
    'error geographical.handledCountries[0].handledCounties[1].handledPostCodeZips[0]: "75000" is not a postcode of FR',
    'error geographical.handledCountries[1].handledCountry.code: "XX" is not a country of the platform',
  ]);
});

it("checkRules names postcodes that have lost their leading zero", () => {
  expect(inFrance(geographical().zips("FR", "1", ["1000"]))).toEqual([
    'error handledCounties[0].handledCounty.number: "1" is not a county of FR: "01" is one, so a leading zero was probably lost',
    'error handledCounties[0].handledPostCodeZips[0]: "1000" is unknown: "01000" is not, so a leading zero was probably lost',
  ]);
});

it("checkRules does not judge postcodes of a country whose reference data lists no postcodes", () => {
  expect(found({ geographical: geographical().zips("BE", "WLG", ["4000"]) })).toEqual([]);
  expect(found({ geographical: geographical().zips("LU", "L", ["L-1111"]) })).toEqual([]);
  const bare = { code: "FR", label: "France", counties: [{ number: "75", label: "Paris" }] };
  expect(found({ geographical: geographical().zips("FR", "75", ["1"]) }, { countries: [bare] })).toEqual([]);
});

it("checkRules reports codes that the platform does not have as errors, in builders and in plain data", () => {
  const expected = [
    'error competences[0].range.code: "RNG_Z" is not a range of the platform',
    'error competences[0].requestType.code: "Quote" is not a request type of the platform',
    'error contactProfiles[0]: "CPR_Y" is not a contact profile of the platform',
    'error contactProfiles[1].code: "CPR_Z" is not a contact profile of the platform',
  ];
  expect(
    found({
      competences: [{ range: { code: "RNG_Z" }, requestType: { code: code("Quote") } }],
      contactProfiles: ["CPR_Y", { code: "CPR_Z" }],
    }),
  ).toEqual(expected);
  expect(
    found({
      competences: competences.pairs(["RNG_Z", code("Quote")]),
      contactProfiles: contactProfiles("CPR_Y", "CPR_Z"),
    }),
  ).toEqual(expected.map((line) => line.replace("[0]: ", "[0].code: ")));
});

it("checkRules warns about ranges without request types if the platform has request types", () => {
  const rules = { competences: competences.ranges("RNG_A") };
  expect(found(rules)).toEqual([expect.stringMatching(/^warning competences: has ranges alone/)]);
  expect(found(rules, { ...reference, requestTypes: [] })).toEqual([]);
  expect(found(rules, { ...reference, requestTypes: undefined })).toEqual([]);
  expect(found({ competences: competences.none() })).toEqual([]);
});

it("checkRules warns about a distance in metres", () => {
  expect(found({ maxDistance: 30_000 })).toEqual([expect.stringMatching(/^warning maxDistance: .*metres/)]);
  expect(found({ maxDistance: maxDistance(30_000) })).toEqual([
    expect.stringMatching(/^warning maxDistance\.maxDistance: .*metres/),
  ]);
});

it("checkRules reports an invalid value as one error, and still compares the other values", () => {
  const rules = {
    radius: 3,
    geographical: {
      handledCountries: [
        { handledCountry: { code: "fr" } },
        {
          handledCountry: { code: "FR" },
          handledCounties: [
            { handledCounty: { number: 75 }, handledPostCodeZips: ["75001"] },
            { handledCounty: { number: "75" }, handledPostCodeZips: [75001, "75001 ", "94390"] },
          ],
        },
      ],
    },
    competences: [{ range: { code: "Windows" } }, { range: { code: "RNG_Z" } }, "RNG_A"],
    contactProfiles: [],
  };
  const all = checkRules(rules as never, { ...reference, requestTypes: undefined });
  const at = "geographical.handledCountries";
  expect(all.map(({ rule, path }) => [rule, path])).toEqual([
    [undefined, "radius"],
    ["geographical", `${at}[0].handledCountry.code`],
    ["geographical", `${at}[1].handledCounties[0].handledCounty.number`],
    ["geographical", `${at}[1].handledCounties[1].handledPostCodeZips[0]`],
    ["geographical", `${at}[1].handledCounties[1].handledPostCodeZips[1]`],
    ["competences", "competences[0].range.code"],
    ["competences", "competences[2]"],
    ["contactProfiles", "contactProfiles"],
    ["geographical", `${at}[1].handledCounties[1].handledPostCodeZips[2]`],
    ["competences", "competences[1].range.code"],
  ]);
  expect(all.every(({ severity }) => severity === "error")).toBe(true);
});

it("checkRules gives a finding, and throws nothing, for a value that does not hold rules", () => {
  const others = [null, undefined, [], "x", { geographical: geographical() }, { competences: { toJSON: null } }];
  for (const rules of others) expect(checkRules(rules as never, reference)).toHaveLength(1);
});

it("checkRules does not quote a value that may be personal data", () => {
  const rule = geographical().zips("FR", "75", ["jane@dealers.example"]);
  expect(inFrance(rule)).toEqual(["error handledCounties[0].handledPostCodeZips[0]: this is not a postcode of FR"]);
});
