import { describe, expect, it } from "vitest";
import { type CoverageUser, coverage } from "../../src/coverage/index.ts";
import { geographical } from "../../src/rules/geographical.ts";
import { countries, locate, ranges } from "./worlds.ts";

const france = countries.slice(0, 1);
const universe = { countries: france, ranges, requestTypes: [], contactProfiles: [] };

function dealer(accountNumber: string, rules: CoverageUser["rules"], zipCode = "29000"): CoverageUser {
  return { user: { accountNumber, address: { zipCode, country: { code: "FR" } } }, rules };
}

const findings = async (users: readonly CoverageUser[], more = {}) =>
  (await coverage(users, { universe, locate, ...more })).findings;
const messages = async (users: readonly CoverageUser[], kind: string, more = {}) =>
  (await findings(users, more)).filter((finding) => finding.kind === kind).map(({ message }) => message);

describe("coverage()", () => {
  it("the finding for a gap names its places, its inhabitants and the kinds of leads", async () => {
    const users = [dealer("A", { competences: [{ range: { code: "RNG_A" } }, { range: { code: "RNG_B" } }] })];
    const [gap] = await findings(users);
    expect(gap).toMatchObject({
      kind: "gap",
      code: "no_user",
      parameters: { zipCodeCount: 6, codes: [["RNG_C"]], isWholeCountry: true },
      certain: true,
      country: "FR",
      county: undefined,
      zipCodes: ["01000", "01200", "01300", "29000", "29200", "74000"],
      inhabitants: 266_000,
      accountNumbers: [],
      dimensions: { ranges: ["RNG_C"] },
      message: "6 postcodes with 266,000 inhabitants have no eligible user for RNG_C (the whole of FR)",
    });
  });

  it("the findings about places with only one user, about overlaps, and about users all of whose leads reach another user too, name the users", async () => {
    const users = [
      dealer("A", { geographical: geographical().county("FR", "29") }),
      dealer("B", { geographical: geographical().zips("FR", "29", ["29200"]) }),
    ];
    expect(await messages(users, "thin")).toEqual([
      "1 postcode with 63,000 inhabitants has only one eligible user: A (Finistère (29): 29000)",
    ]);
    expect(await messages(users, "overlap", { overlapAbove: 1 })).toEqual([
      "1 postcode with 140,000 inhabitants has more than 1 eligible user: A and B (Finistère (29): 29200)",
    ]);
    expect(await messages(users, "subsumed")).toEqual(["all leads of B also reach A"]);
  });

  it("coverage() finds rules that can never match, and one finding names all users with the same mistake", async () => {
    const outside = { geographical: geographical().zips("FR", "29", ["29200", "99999"]) };
    const old = { competences: [{ range: { code: "RNG_OLD" } }, { range: { code: "RNG_A" } }] } as const;
    const users = [dealer("A", outside), dealer("B", old), dealer("C", old), dealer("D", { maxDistance: Number.NaN })];
    expect(await messages(users, "dead")).toEqual([
      'geographical of A: "99999" is not a postcode of FR',
      'competences of B and C: "RNG_OLD" is not a range of the platform',
      "maxDistance of D: is not valid, so it is not sent: must be finite kilometres, more than 0",
    ]);
  });

  it("coverage() finds a radius that contradicts the area, and the user that no lead can reach", async () => {
    const users = [dealer("A", { maxDistance: 30, geographical: geographical().county("FR", "01") })];
    expect(await messages(users, "dead")).toEqual([
      "maxDistance of A: the radius of 30 km reaches nothing in the area; the nearest postcode is 733 km away",
    ]);
    expect(await messages(users, "unreachable")).toEqual([
      "A can get no lead: nothing in its area is within its radius",
    ]);
  });

  it("findings about a user's places name their postcodes and inhabitants", async () => {
    const users = [
      dealer("ALL", { geographical: geographical().country("FR") }),
      dealer("PART", { geographical: geographical().county("FR", "29") }),
      dealer("WRONG", { geographical: geographical().zips("FR", "29", ["29200", "01000"]) }),
      dealer("FAR", { geographical: geographical().county("FR", "01"), maxDistance: 5 }),
      dealer("NONE", {
        geographical: geographical().county("FR", "29"),
        competences: [{ range: { code: "RNG_OLD" } }],
      }),
    ];
    const all = await findings(users);
    const of = (kind: string, name: string) => all.find((one) => one.kind === kind && one.accountNumbers[0] === name);
    expect(of("subsumed", "PART")).toMatchObject({ zipCodes: ["29000", "29200"], inhabitants: 203_000 });
    expect(of("dead", "WRONG")).toMatchObject({ zipCodes: ["01000"], inhabitants: 42_000 });
    expect(of("dead", "FAR")).toMatchObject({ zipCodes: ["01000", "01200", "01300"], inhabitants: 63_000 });
    expect(of("unreachable", "NONE")).toMatchObject({ zipCodes: ["29000", "29200"], inhabitants: 203_000 });
  });

  it("coverage() takes the codes from the rules if the universe leaves them out, and lists that as an assumption", async () => {
    const users = [dealer("A", { competences: [{ range: { code: "RNG_A" } }] })];
    const result = await coverage(users, { universe: { countries: france } });
    expect(result.findings.filter(({ kind }) => kind === "gap")).toEqual([]);
    expect(result.assumptions).toEqual(["enabledRules", "absentRule", "combination", "codesLeftOut"]);
  });

  it("the function eligible of a result of coverage() names the users who are eligible for a lead, and the JSON of the result leaves this function out", async () => {
    const result = await coverage([dealer("A", {})], { universe, locate });
    const { eligible, ...data } = result;
    expect(JSON.parse(JSON.stringify(result))).toEqual(JSON.parse(JSON.stringify(data)));
    expect(eligible({ country: "FR", zipCode: "29200" })).toEqual({ eligible: ["A"], uncertain: [] });
  });

  it("coverage() refuses a universe that has no countries or whose countries do not have the form that getCountry gives, and refuses overlapAbove: 0", async () => {
    const refused = expect.objectContaining({ code: "invalid_options" });
    await expect(coverage([], { universe: { countries: [] } })).rejects.toThrow(refused);
    await expect(coverage([], { universe: { countries: [{ code: "FR", label: "France" } as never] } })).rejects.toThrow(
      refused,
    );
    await expect(coverage([], { universe, overlapAbove: 0 })).rejects.toThrow(refused);
  });
});
