import { expect, it } from "vitest";
import { type CoverageUser, explainLead } from "../../src/coverage/index.ts";
import { geographical } from "../../src/rules/geographical.ts";
import { countries, locate } from "./worlds.ts";

const lead = { country: "FR", zipCode: "29200", range: "RNG_A", requestType: "RTY_X", profileType: "pro" } as const;
const options = { countries, locate };

function dealer(accountNumber: string, rules: CoverageUser["rules"], zipCode = "29000") {
  return { user: { accountNumber, address: { zipCode, country: { code: "FR" } } }, rules };
}

const explain = async (rules: CoverageUser["rules"], more: Parameters<typeof explainLead>[2] = {}) =>
  (await explainLead(lead, [dealer("A", rules)], { ...options, ...more })).users[0];

it("a user covers nothing by county or distance without reference data, and explainLead() says so", async () => {
  const rules = { maxDistance: 30, geographical: geographical().county("FR", "29") };
  const [user] = (await explainLead(lead, [dealer("A", rules)])).users;
  expect(user).toMatchObject({
    verdict: "not_eligible",
    rules: {
      geographical: { result: "fail", message: "the county of 29200 is not known" },
      maxDistance: {
        result: "fail",
        message: "the place of this user is not known, so it covers nothing by distance",
      },
    },
  });
});

it("if setRules would refuse a user's rule, the rule admits no lead, because it cannot be sent", async () => {
  const user = await explain({ maxDistance: -3 });
  expect(user?.verdict).toBe("not_eligible");
  expect(user?.rules.maxDistance.message).toBe("not valid, so it is not sent (must be finite kilometres, more than 0)");
});

it("explainLead() refuses a lead without a country, and users without or with a repeated number", async () => {
  const refused = { code: "invalid_input" };
  await expect(explainLead({ country: "fr" }, [])).rejects.toThrow(expect.objectContaining(refused));
  await expect(explainLead({ country: "FR", zipCode: 29200 as never }, [])).rejects.toThrow(
    expect.objectContaining(refused),
  );
  await expect(explainLead(lead, [{ user: {} }])).rejects.toThrow(expect.objectContaining(refused));
  await expect(explainLead(lead, [dealer("A", {}), dealer("A", {})])).rejects.toThrow(expect.objectContaining(refused));
});

it("the text of an explanation says who is eligible and why, then who nearly is and what that takes", async () => {
  const users = [
    dealer("NEAR", { maxDistance: 30 }),
    dealer("IN", { geographical: geographical().county("FR", "29") }),
  ];
  expect(await (await explainLead(lead, users, options)).render("text")).toBe(
    [
      "Lead: FR 29200 RNG_A RTY_X pro",
      "1 user is eligible, 1 not eligible.",
      "",
      "Eligible",
      "  IN",
      "    ✓ geographical: 29200 is in 29, which this user covers",
      "    Another value would change this: absentRule, partsLeftOut",
      "",
      "Not eligible, nearest first",
      "  NEAR",
      "    ✗ maxDistance: 52 km, the radius is 30",
      "    To be eligible: a radius of 58 km instead of 30",
      "    Another value would change this: enabledRules, distanceFrom",
      "",
      "Assumptions: enabledRules, absentRule, distanceFrom, partsLeftOut",
    ].join("\n"),
  );
});

it("a request type that the lead leaves out restricts nothing, and the text names the user's", async () => {
  const handled = { range: { code: "RNG_A" }, requestType: { code: "RTY_X" } } as const;
  const users = [dealer("NEAR", { maxDistance: 30, competences: [handled] })];
  const { requestType: _, ...open } = lead;
  const text = await (await explainLead(open, users, options)).render("text");
  expect(text).toContain(
    "    ✓ competences: the request type of the lead is not known; this user handles RNG_A with RTY_X\n" +
      "    To be eligible: a radius of 58 km instead of 30\n",
  );
});
