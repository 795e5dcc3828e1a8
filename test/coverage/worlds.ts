import fc from "fast-check";
import { type Assumptions, type CoverageUser, defaultAssumptions, type Locate } from "../../src/coverage/index.ts";
import type { CountryDetails } from "../../src/rules/countries.ts";
import type { PlainUser, World } from "./oracle.ts";

// One with postcodes (one of them in two counties), one without postcodes, one without counties.
export const countries: readonly CountryDetails[] = [
  {
    code: "FR",
    label: "France",
    counties: [
      { number: "01", label: "Ain", postCodeZips: ["01000", "01200", "01300"] },
      { number: "29", label: "Finistère", postCodeZips: ["29000", "29200"] },
      { number: "74", label: "Haute-Savoie", postCodeZips: ["74000", "01200"] },
    ],
  },
  {
    code: "LU",
    label: "Luxembourg",
    counties: [
      { number: "ES", label: "Esch" },
      { number: "LU", label: "Luxembourg" },
    ],
  },
  { code: "MC", label: "Monaco", counties: [] },
];

// 74000 has no place.
const places: World["places"] = {
  "01000": { coordinates: [46.2, 5.22], uncertaintyKm: 4.1, inhabitants: 42_000 },
  "01200": { coordinates: [46.1, 5.82], uncertaintyKm: 12.3, inhabitants: 21_000 },
  "01300": { coordinates: [45.76, 5.69], uncertaintyKm: 6.7 },
  "29000": { coordinates: [48, -4.1], uncertaintyKm: 5.3, inhabitants: 63_000 },
  "29200": { coordinates: [48.39, -4.49], uncertaintyKm: 0, inhabitants: 140_000 },
};

export const world: World = { countries, places };
export const locate: Locate = (zipCode) => places[zipCode];
export const ranges = ["RNG_A", "RNG_B", "RNG_C"];
export const requestTypes = ["RTY_X", "RTY_Y"];
export const contactProfiles = ["CPR_1", "CPR_2"];

const zips = [...Object.keys(places), "74000", "99999"];
const optional = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });
const some = <T>(items: readonly T[], minLength = 1) => fc.subarray([...items], { minLength });

const county = fc.record({
  handledCounty: fc.record({ number: fc.constantFrom("01", "29", "74", "ES", "2A") }),
  handledPostCodeZips: optional(some(zips)),
});
const geographical = fc.record({
  handledCountries: fc.uniqueArray(
    fc.record({
      handledCountry: fc.record({ code: fc.constantFrom("FR", "LU", "MC", "BE") }),
      handledCounties: optional(
        fc.uniqueArray(county, { minLength: 1, maxLength: 3, selector: (one) => one.handledCounty.number }),
      ),
    }),
    { maxLength: 2, selector: (one) => one.handledCountry.code },
  ),
});
const range = fc.constantFrom(...ranges, "RNG_OLD").map((text) => ({ range: { code: text } }));
const competences = fc.oneof(
  fc.uniqueArray(range, { maxLength: 3, selector: (one) => one.range.code }),
  fc.uniqueArray(
    fc.tuple(range, fc.constantFrom(...requestTypes)).map(([one, type]) => ({ ...one, requestType: { code: type } })),
    { minLength: 1, maxLength: 4, selector: (one) => `${one.range.code} ${one.requestType.code}` },
  ),
);

const defined = <T extends object>(record: T): T => JSON.parse(JSON.stringify(record)) as T;

export const users: fc.Arbitrary<PlainUser[]> = fc
  .array(
    fc.record({
      zipCode: optional(fc.constantFrom(...zips)),
      coordinates: optional(fc.constantFrom([46, 5.5] as const, [48.4, -4.4] as const)),
      receives: fc.option(fc.boolean(), { nil: undefined, freq: 1 }),
      rules: fc.oneof(
        { weight: 1, arbitrary: fc.constant({}) },
        {
          weight: 7,
          arbitrary: fc.record({
            geographical: optional(geographical),
            maxDistance: optional(fc.constantFrom(3, 25, 60, 700)),
            competences: optional(competences),
            contactProfiles: optional(some(contactProfiles, 0).map((codes) => codes.map((text) => ({ code: text })))),
            profileTypes: optional(some(["pro", "single"] as const, 0)),
          }),
        },
      ),
    }),
    { maxLength: 6 },
  )
  .map((list) => list.map((user, index) => ({ accountNumber: `U${index}`, ...defined(user) }) as PlainUser));

export const assumptions: fc.Arbitrary<Assumptions> = fc
  .record({
    enabledRules: fc.oneof(
      { weight: 3, arbitrary: fc.constant(defaultAssumptions.enabledRules) },
      { weight: 1, arbitrary: some(defaultAssumptions.enabledRules, 0) },
    ),
    absentRule: fc.constantFrom("admits_all", "admits_all", "admits_none"),
    emptyRule: fc.constantFrom("admits_none", "admits_all"),
    combination: fc.constantFrom("all", "area_or_radius"),
    detourFactor: fc.constantFrom(1, 1.3),
    partsLeftOut: fc.constantFrom("whole", "whole", "nothing"),
    zipInTwoCounties: fc.constantFrom("any", "all"),
    rangeAlone: fc.constantFrom("all_request_types", "no_request_type"),
  } as const)
  .map((some) => ({ ...defaultAssumptions, ...some }) as Assumptions);

export function receivesOf(users: readonly PlainUser[]): (user: CoverageUser) => boolean | undefined {
  const said = new Map(users.map(({ accountNumber, receives }) => [accountNumber, receives]));
  return ({ user: { accountNumber = "" } }) => said.get(accountNumber);
}

export function toCoverageUser({ accountNumber, zipCode, coordinates, rules }: PlainUser): CoverageUser {
  return {
    user: { accountNumber, address: { zipCode, country: { code: "FR" } } },
    rules: rules as CoverageUser["rules"],
    ...(coordinates && { coordinates }),
  };
}
