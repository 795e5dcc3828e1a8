import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type CoverageUser, defaultAssumptions, explainLead, explanationText } from "../../src/coverage/index.ts";
import { geographical } from "../../src/rules/geographical.ts";
import { englishLines } from "../support/english.ts";
import { sized } from "../support/long-form.ts";
import { countries, locate } from "./worlds.ts";

const lead = { country: "FR", zipCode: "29200", range: "RNG_A", requestType: "RTY_X", profileType: "pro" } as const;
const options = { countries, locate };

function dealer(accountNumber: string, rules: CoverageUser["rules"], zipCode = "29000"): CoverageUser {
  return { user: { accountNumber, address: { zipCode, country: { code: "FR" } } }, rules };
}

const explain = async (rules: CoverageUser["rules"], more: Parameters<typeof explainLead>[2] = {}) =>
  (await explainLead(lead, [dealer("A", rules)], { ...options, ...more })).users[0];

describe("explainLead()", () => {
  it("explainLead() names the nearest covered postcode for a lead outside the area", async () => {
    const user = await explain({ geographical: geographical().zips("FR", "29", ["29000"]).county("FR", "01") });
    expect(user?.verdict).toBe("not_eligible");
    expect(user?.rules.geographical).toMatchObject({
      result: "fail",
      message: "29200 is in no county this user covers; the nearest covered postcode is 29000, 52 km away",
    });
    expect(user?.changes.map(({ message }) => message)).toEqual(["cover postcode 29200 or county 29"]);
  });

  it("explainLead() gives the distance of a lead that is too far away, and the user's radius", async () => {
    const user = await explain({ maxDistance: 30 });
    expect(user?.rules.maxDistance).toMatchObject({ result: "fail", message: "52 km, the radius is 30" });
    expect(user?.changes.map(({ message }) => message)).toEqual(["a radius of 58 km instead of 30"]);
  });

  it("explainLead() is uncertain if distance and radius differ by less than the places' uncertainty", async () => {
    expect((await explain({ maxDistance: 50 }))?.rules.maxDistance).toMatchObject({
      result: "uncertain",
      message: "52 km give or take 5.3, the radius is 50",
    });
  });

  it("explainLead() measures to the metre between the coordinates of the user and of the lead", async () => {
    const near: CoverageUser = { ...dealer("A", { maxDistance: 1 }), coordinates: [48.4, -4.4] };
    const verdictAt = async (longitude: number) =>
      (await explainLead({ ...lead, coordinates: [48.4, longitude] }, [near], options)).users[0]?.verdict;
    expect(await verdictAt(-4.39)).toBe("eligible");
    expect(await verdictAt(-4.38)).toBe("not_eligible");
  });

  it("without reference data explainLead() is uncertain, and names what is not known", async () => {
    const rules = { maxDistance: 30, geographical: geographical().county("FR", "29") };
    const [user] = (await explainLead(lead, [dealer("A", rules)])).users;
    expect(user).toMatchObject({
      verdict: "uncertain",
      rules: {
        geographical: { result: "uncertain", message: "the county of 29200 is not known" },
        maxDistance: { result: "uncertain", message: "the place of this user is not known" },
      },
    });
  });

  it("explainLead() names the ranges and request types that a user handles, if the lead's are not among them", async () => {
    const competences = [
      { range: { code: "RNG_A" }, requestType: { code: "RTY_Y" } },
      { range: { code: "RNG_B" }, requestType: { code: "RTY_X" } },
    ] as const;
    expect((await explain({ competences }))?.rules.competences.message).toBe(
      "this user handles RNG_A only with RTY_Y, not with RTY_X",
    );
    expect((await explain({ competences: competences.slice(1) }))?.rules.competences.message).toBe(
      "this user does not handle RNG_A, only RNG_B",
    );
  });

  it("if setRules would refuse a user's rule, explainLead() says that the user is uncertain, because that rule cannot be sent", async () => {
    const user = await explain({ maxDistance: -3 });
    expect(user?.verdict).toBe("uncertain");
    expect(user?.rules.maxDistance.message).toBe(
      "not valid, so it is not sent (must be finite kilometres, more than 0)",
    );
  });

  it("in explainLead() an absent rule admits every lead and an empty rule admits none, unless the assumptions say otherwise", async () => {
    expect(await explain({})).toMatchObject({ verdict: "eligible", rules: { profileTypes: { result: "not_set" } } });
    expect(await explain({ profileTypes: [] })).toMatchObject({
      verdict: "not_eligible",
      changes: [{ message: "set profile types" }],
    });
    expect((await explain({}, { assumptions: { absentRule: "admits_none" } }))?.verdict).toBe("not_eligible");
    expect((await explain({ profileTypes: [] }, { assumptions: { emptyRule: "admits_all" } }))?.verdict).toBe(
      "eligible",
    );
    expect(
      (await explain({ profileTypes: ["single"] }, { assumptions: { enabledRules: ["geographical"] } }))?.verdict,
    ).toBe("eligible");
  });

  it("explainLead() lists eligible users first, then uncertain users, then users who miss the lead, nearest first", async () => {
    const users = [
      dealer("two rules away", { maxDistance: 30, profileTypes: ["single"] }),
      dealer("20 km away", { maxDistance: 32 }),
      dealer("perhaps", { maxDistance: 50 }),
      dealer("10 km away", { maxDistance: 42 }),
      dealer("eligible", {}),
    ];
    expect((await explainLead(lead, users, options)).users.map(({ accountNumber }) => accountNumber)).toEqual([
      "eligible",
      "perhaps",
      "10 km away",
      "20 km away",
      "two rules away",
    ]);
  });

  it("explainLead() lists only the assumptions that its verdicts depend on", async () => {
    const all = {
      geographical: geographical().country("FR"),
      competences: [{ range: { code: "RNG_A" } }],
      profileTypes: ["pro"],
      contactProfiles: ["CPR_1"],
      maxDistance: 10,
    } as const;
    const names = async (rules: CoverageUser["rules"]) =>
      (await explainLead(lead, [dealer("A", rules)], options)).assumptions;
    expect(await names({})).toEqual(["enabledRules", "absentRule"]);
    expect(await names(all)).toEqual([
      "enabledRules",
      "combination",
      "distanceFrom",
      "detourFactor",
      "partsLeftOut",
      "rangeAlone",
    ]);
    expect(await names({ profileTypes: [] })).toContain("emptyRule");
    expect(Object.keys(defaultAssumptions)).toEqual(expect.arrayContaining([...(await names(all))]));
  });

  it("explainLead() refuses a lead without a valid country, and users without an account number or with one that an earlier user has", async () => {
    const refused = { code: "invalid_input" };
    await expect(explainLead({ country: "fr" }, [])).rejects.toThrow(expect.objectContaining(refused));
    await expect(explainLead({ country: "FR", zipCode: 29200 as never }, [])).rejects.toThrow(
      expect.objectContaining(refused),
    );
    await expect(explainLead(lead, [{ user: {} }])).rejects.toThrow(expect.objectContaining(refused));
    await expect(explainLead(lead, [dealer("A", {}), dealer("A", {})])).rejects.toThrow(
      expect.objectContaining(refused),
    );
  });
});

describe("explanationText", () => {
  it("explanationText says which users are eligible and why, then which users nearly are and what would have to change", async () => {
    const users = [
      dealer("NEAR", { maxDistance: 30 }),
      dealer("IN", { geographical: geographical().county("FR", "29") }),
    ];
    expect(explanationText(await explainLead(lead, users, options))).toBe(
      [
        "Lead: FR 29200 RNG_A RTY_X pro",
        "1 user is eligible, 0 uncertain, 1 not eligible.",
        "",
        "Eligible",
        "  IN",
        "    ✓ geographical: 29200 is in 29, which this user covers",
        "",
        "Not eligible, nearest first",
        "  NEAR",
        "    ✗ maxDistance: 52 km, the radius is 30",
        "    To be eligible: a radius of 58 km instead of 30",
        "",
        "Assumptions: enabledRules, absentRule, combination, distanceFrom, detourFactor, partsLeftOut",
      ].join("\n"),
    );
  });

  it("if the lead has no request type, explanationText names the request types of the user, and says that the user needs at least the listed change to be eligible", async () => {
    const handled = { range: { code: "RNG_A" }, requestType: { code: "RTY_X" } } as const;
    const users = [dealer("NEAR", { maxDistance: 30, competences: [handled] })];
    const { requestType: _, ...open } = lead;
    const text = explanationText(await explainLead(open, users, options));
    expect(text).toContain(
      "    ? competences: the request type of the lead is not known; this user handles RNG_A with RTY_X\n" +
        "    To be eligible, at least: a radius of 58 km instead of 30\n",
    );
  });

  it("explanationText in French has French typography and no English sentence, whatever the rules are", async () => {
    const any = fc.record(
      {
        geographical: fc.constantFrom(
          geographical().county("FR", "29"),
          geographical().zips("FR", "29", ["29000"]).county("FR", "01"),
          geographical().county("BE", "1"),
        ),
        maxDistance: fc.integer({ min: 1, max: 80 }),
        competences: fc.constantFrom([], [{ range: { code: "RNG_B" } }], [
          { range: { code: "RNG_A" }, requestType: { code: "RTY_Y" } },
        ] as const),
        contactProfiles: fc.constantFrom([], [{ code: "CPR_A" }] as const),
        profileTypes: fc.constantFrom([], ["single"] as const),
      },
      { requiredKeys: [] },
    );
    const leads = fc.record({ country: fc.constantFrom("FR", "BE"), zipCode: fc.constantFrom("29200", "01000") });
    const property = fc.asyncProperty(fc.array(any, { minLength: 1, maxLength: 5 }), leads, async (rules, where) => {
      const users = rules.map((one, at) => dealer(`U-${at}`, one as CoverageUser["rules"]));
      const text = explanationText(await explainLead({ ...lead, ...where }, users, options), {
        language: "fr",
        nearMisses: 2,
      });
      expect(englishLines(text)).toEqual([]);
      expect(text).not.toMatch(/\S [:;!?%]|\d\.\d/);
    });
    await fc.assert(property, { numRuns: sized(20, 200) });
    const users = [dealer("NEAR", { maxDistance: 50 })];
    const said = explanationText(await explainLead(lead, users, options), { language: "fr" });
    expect(said).toContain("maxDistance\u202f: 52 km à 5,3 près, le rayon est de 50 km");
  });
});
