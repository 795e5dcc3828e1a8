import { expect, it } from "vitest";
import { franceCountry, locate } from "../../src/coverage/france.ts";
import { type CoverageUser, compareCoverage, coverage } from "../../src/coverage/index.ts";
import { failureOf } from "../support/failure.ts";

const country = franceCountry();
const universe = { countries: [country], ranges: codes("RNG", 20), requestTypes: codes("RTY", 4), contactProfiles: [] };
const lead = { country: "FR", zipCode: "29200", range: "RNG_1" };

function codes(prefix: string, count: number): string[] {
  return Array.from({ length: count }, (_, index) => `${prefix}_${index}`);
}

function dealers(count: number): CoverageUser[] {
  return Array.from({ length: count }, (_, index) => {
    const { number, postCodeZips = [] } = country.counties[index % country.counties.length] ?? { number: "01" };
    const area = {
      handledCountries: [{ handledCountry: { code: "FR" }, handledCounties: [{ handledCounty: { number } }] }],
    };
    const ranges = universe.ranges.filter((_, range) => (index + range) % 3 === 0);
    return {
      user: { accountNumber: `D${index}`, address: { zipCode: postCodeZips[0] ?? "01000", country: { code: "FR" } } },
      rules: {
        ...(index % 2 === 0 ? { geographical: area } : { maxDistance: 20 + (index % 60) }),
        competences: ranges.map((code) => ({ range: { code } })),
      } as CoverageUser["rules"],
    };
  });
}

it("a signal ends coverage() and the functions that use its result", async () => {
  const signal = AbortSignal.abort(new Error("the tab was closed"));
  const users = dealers(20);
  const result = await coverage(users, { universe, locate });
  const after = await coverage(users.slice(1), { universe, locate });
  for (const call of [
    () => coverage(dealers(300), { universe, locate, signal }),
    () => compareCoverage(result, after, { signal }),
    () => result.explain(lead, { signal }),
  ]) {
    const { code, thrown, message } = await failureOf(call);
    expect([code, thrown]).toEqual(["aborted", signal.reason]);
    expect(message).toMatch(/^(?:coverage|compareCoverage|explain): ended by/);
  }
});

it("coverage() refuses more than 20,000 kinds of leads before it computes, and says how to get fewer", async () => {
  const many = { ...universe, ranges: codes("RNG", 101), requestTypes: codes("RTY", 100) };
  const { code, issues } = await failureOf(coverage(dealers(1), { universe: many, locate }));
  expect(code).toBe("invalid_options");
  expect(issues).toMatchObject([
    { path: "universe", code: "too_many_kinds", parameters: { kinds: 20_200, most: 20_000 } },
  ]);
  const fromRules = {
    user: { accountNumber: "A" },
    rules: { competences: codes("RNG", 10_001).map((one) => ({ range: { code: one } })) },
  };
  const all = { universe: { countries: [{ code: "MC", label: "Monaco", counties: [] }] } };
  expect(await failureOf(coverage([fromRules as CoverageUser], all))).toMatchObject({ code: "invalid_options" });
  const { findings } = await coverage([fromRules as CoverageUser], {
    ...all,
    assumptions: { codesLeftOut: "not_distinguished" },
  });
  expect(findings.length).toBeGreaterThan(0);
});
