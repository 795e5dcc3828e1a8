import { describe, expect, it } from "vitest";
import { type CoverageUser, checkLeads, defaultAssumptions, type Locate } from "../../src/coverage/index.ts";
import { sized } from "../support/long-form.ts";
import { admitted } from "./oracle.ts";
import { gridWorld, randomFrom, randomNetwork, randomTruth, simulate } from "./simulation.ts";
import { toCoverageUser } from "./worlds.ts";

const brest = (rules: CoverageUser["rules"], accountNumber = "BREST"): CoverageUser => ({
  user: { accountNumber, address: { zipCode: "29200", country: { code: "FR" } } },
  rules,
});
const zips = new Map([
  ["29200", [48.39, -4.486]],
  ["29000", [48.0, -4.1]],
  ["35000", [48.11, -1.68]],
] as const);
const locate: Locate = (zip) => {
  const coordinates = zips.get(zip as "29200");
  return coordinates && { coordinates, uncertaintyKm: 1, counties: [zip.slice(0, 2)] };
};
const leads = (zipCode: string, count: number, accountNumber = "BREST") =>
  Array.from({ length: count }, () => ({ country: "FR", zipCode, accountNumber }));

describe("checkLeads()", () => {
  it("checkLeads counts explained, undecided and unexplained leads, and names the places and rules of those that are not explained", async () => {
    const given = [...leads("29200", 2), ...leads("35000", 1), ...leads("99999", 1)];
    const {
      leads: count,
      sets,
      unexplained,
      unknown,
    } = await checkLeads(given, [brest({ maxDistance: 30 })], {
      locate,
      assumptions: { known: ["enabledRules", "absentRule", "combination", "detourFactor"] },
    });
    expect([count, unknown]).toEqual([4, []]);
    expect(sets).toEqual([{ assumptions: {}, explained: 2, undecided: 1, unexplained: 1, sharing: 1 }]);
    expect(unexplained).toEqual([
      {
        ...{ accountNumber: "BREST", leads: 1, of: 4, rules: ["maxDistance"], places: [2] },
        code: "leads_against_rules",
        parameters: { user: "BREST", leads: 1, of: 4, rules: ["maxDistance"] },
        message: "BREST got 1 of its 4 leads against its rules (max distance)",
      },
    ]);
  });

  it("checkLeads compares the assumptions in use with each set that differs in one assumption", async () => {
    const users = [brest({ maxDistance: 60 }), brest({ profileTypes: [] }, "OTHER")];
    const { sets } = await checkLeads(leads("29000", 10), users, { locate });
    const { enabledRules } = defaultAssumptions;
    const without = (off: string) => ({ enabledRules: enabledRules.filter((name) => name !== off) });
    expect(sets.map(({ assumptions }) => assumptions)).toEqual([
      {},
      without("maxDistance"),
      { emptyRule: "admits_all" },
      without("profileTypes"),
      { absentRule: "admits_none" },
      { detourFactor: 1.3 },
    ]);
    // With a detour factor of 1.3 the road to Quimper is longer than the radius.
    expect(sets.at(-1)).toMatchObject({ explained: 0, unexplained: 10 });
  });

  it("if two sets of assumptions explain all leads, checkLeads prefers the one under which fewer users share a lead", async () => {
    const area = { handledCountries: [{ handledCountry: { code: "FR" } }] };
    const near = (accountNumber: string, zipCode: string): CoverageUser => ({
      user: { accountNumber, address: { zipCode, country: { code: "FR" } } },
      rules: { geographical: area, maxDistance: 30 },
    });
    const users = [near("BREST", "29200"), near("QUIMPER", "29000")];
    const given = [...leads("29200", 40), ...leads("29000", 40, "QUIMPER")];
    const loose = { combination: "area_or_radius" } as const;
    const { sets } = await checkLeads(given, users, { locate, assumptions: loose });
    expect(sets[0]).toEqual({
      ...{ assumptions: { combination: "all" }, explained: 80, undecided: 0, unexplained: 0, sharing: 1 },
    });
    expect(sets.find(({ assumptions }) => Object.keys(assumptions).length === 0)).toMatchObject({
      ...{ explained: 80, sharing: 2 },
    });
  });

  it("checkLeads leaves out leads of users that are not known, and names these users", async () => {
    const given = [...leads("29200", 3), ...leads("29200", 2, "GONE")];
    const result = await checkLeads(given, [brest({ maxDistance: 30 })], { locate });
    expect(result).toMatchObject({ leads: 3, unknown: ["GONE"], unexplained: [] });
  });

  it("checkLeads names every problem of the leads with its place", async () => {
    const wrong = [...leads("29200", 1), { country: "fr", accountNumber: "", zipCode: 29 }];
    await expect(checkLeads(wrong as never, [])).rejects.toMatchObject({
      code: "invalid_input",
      issues: ["country", "zipCode", "accountNumber"].map((field) =>
        expect.objectContaining({ path: `leads[1].${field}` }),
      ),
    });
    await expect(checkLeads([], [], { candidates: [] } as never)).rejects.toMatchObject({
      code: "invalid_options",
      issues: [{ path: "candidates" }],
    });
  });

  it("checkLeads counts the same explained, undecided and unexplained leads as a naive oracle, finds how area and radius combine, and names a user whose rules were edited", async () => {
    for (let seed = 1; seed <= sized(3, 15); seed += 1) {
      const random = randomFrom(seed);
      const world = gridWorld(random);
      const users = randomNetwork(random, world, 30);
      const truth = { ...randomTruth(random), emptyRule: "admits_none" } as const;
      const edited = users.find(({ rules }) => rules.maxDistance === 45 && !rules.geographical)?.accountNumber;
      const inSource = users.map((user) =>
        user.accountNumber === edited ? { ...user, rules: { ...user.rules, maxDistance: 10 } } : user,
      );
      const { observed } = simulate(random, world, truth, users, { leads: 1_000, noise: 0.02 });
      const other = truth.combination === "all" ? "area_or_radius" : "all";
      const { sets, unexplained } = await checkLeads(observed, inSource.map(toCoverageUser), {
        countries: world.countries,
        locate: (zip) => world.places[zip],
        assumptions: { ...truth, combination: other, known: ["enabledRules", "detourFactor", "zipInTwoCounties"] },
      });
      expect(sets[0]?.assumptions).toEqual({ combination: truth.combination });
      const answers = observed.map(({ accountNumber, ...lead }) => {
        const user = inSource.find((one) => one.accountNumber === accountNumber);
        return user ? admitted(user, lead, world, truth) : "no";
      });
      const count = (wanted: string) => answers.filter((answer) => answer === wanted).length;
      expect(sets[0]).toMatchObject({
        ...{ explained: count("yes"), undecided: count("maybe"), unexplained: count("no") },
      });
      expect(unexplained.reduce((sum, { leads: own }) => sum + own, 0)).toBe(count("no"));
      expect(unexplained[0]?.accountNumber).toBe(edited ?? unexplained[0]?.accountNumber);
    }
  }, 600_000);
});
