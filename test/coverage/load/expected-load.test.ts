import { describe, expect, it } from "vitest";
import { type CoverageUser, coverage, expectedLoad, type Locate } from "../../../src/coverage/index.ts";

const countries = [
  { code: "FR", label: "France", counties: [{ number: "29", label: "", postCodeZips: ["29000", "29200"] }] },
];
const locate: Locate = (zip) =>
  ({
    "29000": { coordinates: [48, -4.1] as const, uncertaintyKm: 1, inhabitants: 60_000 },
    "29200": { coordinates: [48.39, -4.49] as const, uncertaintyKm: 1, inhabitants: 140_000 },
  })[zip];
const area = (...zips: string[]) => ({
  handledCountries: [
    {
      handledCountry: { code: "FR" },
      handledCounties: [{ handledCounty: { number: "29" }, handledPostCodeZips: zips }],
    },
  ],
});
const user = (accountNumber: string, rules: CoverageUser["rules"]): CoverageUser => ({
  user: { accountNumber, address: { zipCode: "29200", country: { code: "FR" } } },
  rules,
});
const universe = { countries, ranges: ["RNG_A", "RNG_B"], requestTypes: [], contactProfiles: [] };
const network = [
  user("BOTH", { geographical: area("29000", "29200") }),
  user("BREST", { geographical: area("29200"), competences: [{ range: { code: "RNG_A" } }] as never }),
];
const result = await coverage(network, { universe, locate });

describe("expectedLoad()", () => {
  it("expectedLoad gives bounds and equal shares per user and range from a rate per inhabitant", async () => {
    const load = await expectedLoad(result, { perInhabitant: 0.001 });
    expect(load).toMatchObject({ leads: 200, unreached: 0 });
    expect(load.users).toEqual([
      {
        accountNumber: "BOTH",
        ...{ min: 130, equal: 165, max: 200 },
        ranges: [
          { range: "RNG_B", min: 100, equal: 100, max: 100 },
          { range: "RNG_A", min: 30, equal: 65, max: 100 },
        ],
      },
      {
        accountNumber: "BREST",
        ...{ min: 0, equal: 35, max: 70 },
        ranges: [{ range: "RNG_A", min: 0, equal: 35, max: 70 }],
      },
    ]);
  });

  it("expectedLoad counts leads that are given, and those that no user can get", async () => {
    const [first] = network;
    const alone = await coverage(first ? [first] : [], { universe, locate });
    const leads = [
      { country: "FR", zipCode: "29200", range: "RNG_A", count: 12 },
      { country: "FR", zipCode: "29200", range: "RNG_A" },
      { country: "FR", zipCode: "35000", count: 4 },
    ];
    expect(await expectedLoad(alone, { leads })).toMatchObject({
      leads: 17,
      unreached: 4,
      users: [{ accountNumber: "BOTH", min: 13, equal: 13, max: 13 }],
    });
  });

  it("expectedLoad shares by the weights that are given", async () => {
    const leads = [{ country: "FR", zipCode: "29200", range: "RNG_A", count: 90 }];
    const { users } = await expectedLoad(result, { leads, share: { BREST: 2 } });
    expect(users.map(({ accountNumber, equal }) => [accountNumber, equal])).toEqual([
      ["BREST", 60],
      ["BOTH", 30],
    ]);
  });

  it("expectedLoad counts an uncertain user in the maximum only, and takes the certain user's minimum away", async () => {
    const unsure = user("UNSURE", { maxDistance: 50 });
    const { user: own, ...rules } = unsure;
    const placeless = { ...rules, user: { ...own, address: undefined } };
    const { users } = await expectedLoad(await coverage([...network, placeless], { universe, locate }), {
      leads: [{ country: "FR", zipCode: "29000", range: "RNG_A", count: 10 }],
    });
    expect(users.map(({ min, equal, max }) => [min, equal, max])).toEqual([
      [0, 10, 10],
      [0, 0, 0],
      [0, 0, 10],
    ]);
  });

  it("expectedLoad names users above the ceiling and below the floor, and says which hold however leads are shared", async () => {
    const { findings } = await expectedLoad(result, { perInhabitant: 0.001, maxLoad: 120, minLoad: 50 });
    expect(findings).toMatchObject([
      {
        code: "above_ceiling",
        certain: true,
        message: "BOTH gets at least 130 leads a month, whoever gets the shared ones; the ceiling is 120",
      },
      {
        code: "below_floor_if_shared",
        certain: false,
        message: "BREST gets 35 leads a month if users share as expected; the floor is 50",
      },
    ]);
  });

  it("expectedLoad says what the Gini coefficient and the ratio of percentiles mean", async () => {
    // Two users with 165 and 35 leads: they differ by 130, or by nothing when the same is picked twice; 65 is 65 % of 100.
    const { gini, ratio, fairness } = await expectedLoad(result, { perInhabitant: 0.001 });
    expect(gini).toBeCloseTo(0.325, 10);
    expect(ratio).toBeCloseTo(152 / 48, 10);
    expect(fairness).toMatchObject({
      code: "spread",
      message:
        "Gini 0.33: the leads of two users picked at random differ by 65 % of the mean, on average. The user at the 90th percentile gets 3.2 times as many leads as the one at the 10th.",
    });
    expect(await expectedLoad(result, { leads: [] })).toMatchObject({
      gini: undefined,
      ratio: undefined,
      fairness: { message: "No user gets leads." },
    });
  });

  it("expectedLoad refuses wrong options and leads, with every problem and its place", async () => {
    const failing = (options: object) => expectedLoad(result, options as never);
    await expect(failing({})).rejects.toMatchObject({ issues: [{ code: "needs_leads_or_rate" }] });
    await expect(failing({ perInhabitant: -1, share: { BOTH: -1 }, maxload: 3 })).rejects.toMatchObject({
      code: "invalid_options",
      issues: [{ path: "perInhabitant" }, { path: "share" }, { path: "maxload" }],
    });
    await expect(failing({ perInhabitant: 1, share: { GONE: 1 } })).rejects.toMatchObject({
      issues: [{ code: "names_no_user" }],
    });
    await expect(failing({ leads: [{ country: "fr", count: -1 }] })).rejects.toMatchObject({
      code: "invalid_input",
      issues: [{ path: "leads[0].country" }, { path: "leads[0].count" }],
    });
  });
});
