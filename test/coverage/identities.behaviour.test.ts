import { inspect } from "node:util";
import { expect, it } from "vitest";
import { type CoverageUser, compareCoverage, coverage, explainLead } from "../../src/coverage/index.ts";
import { geographical } from "../../src/rules/geographical.ts";
import { countries, locate } from "./worlds.ts";

const PERSON = "eve.martin@dealers.example";
const universe = { countries: countries.slice(0, 1), ranges: ["RNG_A"], requestTypes: [], contactProfiles: [] };
const dealer = (accountNumber: string, rules: CoverageUser["rules"]) => ({
  user: { accountNumber, address: { zipCode: "29000", country: { code: "FR" } } },
  rules,
});
const users = [
  dealer("A", { geographical: geographical().county("FR", "29") }),
  dealer(PERSON, { geographical: geographical().zips("FR", "29", ["29200", "01000"]), maxDistance: 90 }),
  dealer("zoe@dealers.example", { geographical: geographical().county("FR", "74"), profileTypes: [] }),
  dealer("max@dealers.example", { geographical: geographical().county("FR", "01") }),
];

it("no sentence about coverage shows an account number that is an e-mail address", async () => {
  const before = await coverage(users, { universe, locate });
  const after = await coverage(users.slice(0, 1), { universe, locate });
  const kinds = new Set(before.findings.map(({ kind }) => kind));
  expect([...kinds]).toEqual(expect.arrayContaining(["gap", "thin"]));
  const lead = { country: "FR", zipCode: "29200" };
  const compared = await compareCoverage(before, after);
  const texts = [
    ...before.findings.map(({ message }) => message),
    ...compared.changes.map(({ message }) => message),
    ...compared.summary,
    await (await explainLead(lead, users, { locate, countries })).render("text"),
  ];
  expect(texts.join("\n")).toContain("[not shown]");
  expect(inspect(texts, { maxArrayLength: null })).not.toContain("@");
});

it("a report shows an e-mail used as account number only if `names` is true, and else a number", async () => {
  const result = await coverage(users, { universe, locate });
  const page = await result.render("html");
  expect(page).not.toContain("@dealers.example");
  expect(page).toContain("hidden-2");
  expect(page).toContain("hidden-3");
  expect(await result.render("html", { names: true })).toContain(PERSON);
});

it("a report that shows numbers for account numbers measures distances from the right places", async () => {
  const distanceFrom = ({ user }: CoverageUser) =>
    user.accountNumber === PERSON ? ([48.39, -4.49] as const) : undefined;
  const options = { universe, locate, assumptions: { distanceFrom } };
  const own = users.map((user) => ({ ...user, user: { ...user.user, accountNumber: user.user.accountNumber } }));
  expect(await (await coverage(own, options)).render("html")).toContain("48.39");
});
