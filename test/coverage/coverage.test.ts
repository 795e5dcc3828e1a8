import { expect, it } from "vitest";
import { type CoverageUser, coverage } from "../../src/coverage/index.ts";
import { countries, locate, ranges } from "./worlds.ts";

const france = countries.slice(0, 1);
const universe = { countries: france, ranges, requestTypes: [], contactProfiles: [] };

function dealer(accountNumber: string, rules: CoverageUser["rules"], zipCode = "29000") {
  return { user: { accountNumber, address: { zipCode, country: { code: "FR" } } }, rules };
}

const findings = async (users: readonly CoverageUser[], more = {}) =>
  (await coverage(users, { universe, locate, ...more })).findings;

it("the finding for a gap names its places, its inhabitants and the kinds of leads", async () => {
  const users = [dealer("A", { competences: [{ range: { code: "RNG_A" } }, { range: { code: "RNG_B" } }] })];
  const [gap] = await findings(users);
  expect(gap).toMatchObject({
    kind: "gap",
    code: "no_user",
    parameters: { zipCodeCount: 6, codes: [["RNG_C"]], isWholeCountry: true },
    country: "FR",
    county: undefined,
    zipCodes: ["01000", "01200", "01300", "29000", "29200", "74000"],
    inhabitants: 266_000,
    accountNumbers: [],
    dimensions: { ranges: ["RNG_C"] },
    message: "6 postcodes with 266,000 inhabitants have no eligible user for RNG_C (the whole of FR)",
  });
});

it("coverage() takes codes that the universe leaves out from the rules, as an assumption", async () => {
  const users = [dealer("A", { competences: [{ range: { code: "RNG_A" } }] })];
  const result = await coverage(users, { universe: { countries: france } });
  expect(result.findings.filter(({ kind }) => kind === "gap")).toEqual([]);
  expect(result.assumptions).toEqual(["enabledRules", "absentRule", "combination", "codesLeftOut"]);
});

it("coverage() refuses a universe without countries, or with countries in a form of their own", async () => {
  const refused = expect.objectContaining({ code: "invalid_options" });
  await expect(coverage([], { universe: { countries: [] } })).rejects.toThrow(refused);
  await expect(coverage([], { universe: { countries: [{ code: "FR", label: "France" } as never] } })).rejects.toThrow(
    refused,
  );
});
