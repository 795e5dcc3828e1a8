import { expect, it } from "vitest";
import { franceCountry, locate } from "../../src/coverage/france.ts";
import { type CoverageUser, coverage, explainLead } from "../../src/coverage/index.ts";
import { geographical } from "../../src/rules/geographical.ts";

const dealer = (accountNumber: string, zipCode: string | undefined, rules: CoverageUser["rules"]): CoverageUser => ({
  user: { accountNumber, address: { zipCode, country: { code: "FR" } } },
  rules,
});
const countries = [franceCountry()];
const cars = [{ range: { code: "RNG_CARS" } }] as const;
const dealers = [
  dealer("RENNES", "35000", { maxDistance: 30 }),
  dealer("QUIMPER", "29000", { maxDistance: 40 }),
  dealer("NOWHERE", undefined, { maxDistance: 40 }),
  dealer("MORLAIX", "29600", { geographical: geographical().county("FR", "22"), competences: cars }),
  dealer("PARIS", "75001", { maxDistance: 100 }),
];
const county = (number: string) => [
  { ...franceCountry(), counties: countries[0]?.counties.filter((one) => one.number === number) ?? [] },
];

it("a certain gap names the three nearest users, each with the change that explainLead says the user would need", async () => {
  const universe = { countries: county("29"), ranges: ["RNG_CARS"], requestTypes: [], contactProfiles: [] };
  const { findings } = await coverage(
    dealers.filter(({ user }) => user.accountNumber !== "NOWHERE"),
    { universe, locate },
  );
  const [gap] = findings.filter(({ kind, certain }) => kind === "gap" && certain);
  expect(gap?.zipCodes).toContain("29200");
  expect(gap?.nearest.map(({ accountNumber }) => accountNumber)).toEqual(["QUIMPER", "MORLAIX", "RENNES"]);
  expect(gap?.nearest[0]?.message).toBe(
    "near 29200: QUIMPER, 52 km away; to be eligible: a radius of 65 km instead of 40",
  );
  const lead = { country: "FR", zipCode: "29200", range: "RNG_CARS", profileType: "pro" };
  const { users } = await explainLead(lead, dealers, { countries: universe.countries, locate });
  for (const { accountNumber, parameters } of gap?.nearest ?? []) {
    const explained = users.find((user) => user.accountNumber === accountNumber);
    expect(parameters.changes).toEqual(explained?.changes);
    expect(explained?.changes.length).toBeGreaterThan(0);
  }
});

it("only gaps that are certain name the nearest users, and all other findings name none", async () => {
  const universe = { countries: county("29"), ranges: ["RNG_CARS"], requestTypes: [], contactProfiles: [] };
  const { findings } = await coverage(dealers, { universe, locate });
  const others = findings.filter(({ kind, certain }) => kind !== "gap" || !certain);
  expect(others.length).toBeGreaterThan(0);
  expect(others.flatMap(({ nearest }) => nearest)).toEqual([]);
});

it("a gap that lies on islands and on the mainland names users of the mainland", async () => {
  const universe = { countries, ranges: [], requestTypes: [], contactProfiles: [] };
  const { findings } = await coverage([dealer("LILLE", "59000", { maxDistance: 10 })], { universe, locate });
  const [gap] = findings.filter(({ kind, certain }) => kind === "gap" && certain);
  expect(gap?.zipCodes).toContain("97400");
  expect(gap?.nearest[0]?.parameters.km).toBeLessThan(200);
});
