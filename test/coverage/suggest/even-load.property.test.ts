import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  compareCoverage,
  coverage,
  defaultAssumptions,
  type ExpectedLoadOptions,
  expectedLoad,
  type Suggestion,
  type SuggestOptions,
  suggest,
} from "../../../src/coverage/index.ts";
import { checkRules } from "../../../src/index.ts";
import { failureOf } from "../../support/failure.ts";
import { sized } from "../../support/long-form.ts";
import { gridWorld, randomFrom, randomNetwork } from "../observed/simulation.ts";
import type { PlainUser, World } from "../oracle.ts";
import * as w from "../worlds.ts";

type Goals = { readonly maxLoad?: number; readonly minLoad?: number };
type Demand = Pick<ExpectedLoadOptions, "leads" | "perInhabitant" | "share">;

/** How far users are above the ceiling and below the floor, all together. */
function excessOf(loads: ReadonlyMap<string, number>, { maxLoad = Number.POSITIVE_INFINITY, minLoad = 0 }: Goals) {
  return [...loads.values()].reduce((sum, load) => sum + Math.max(0, load - maxLoad) + Math.max(0, minLoad - load), 0);
}

interface Case {
  readonly users: readonly PlainUser[];
  readonly world: World;
  readonly assumptions: typeof defaultAssumptions;
  readonly requestTypes: readonly string[];
  readonly demand: Demand;
  readonly goals: NonNullable<SuggestOptions["goals"]> & Goals;
  readonly limits?: SuggestOptions["limits"];
}

/** Follows every suggestion in turn, with a coverage of its own, and measures again what it promised. */
async function check({ users, world, assumptions, requestTypes, demand, goals, limits }: Case): Promise<Suggestion[]> {
  const universe = { countries: world.countries, ranges: w.ranges, requestTypes, contactProfiles: [] };
  const measure = (some: readonly PlainUser[]) =>
    coverage(some.map(w.toCoverageUser), {
      ...{ universe, assumptions, overlapAbove: 4 },
      locate: (zip) => world.places[zip],
    });
  const loadsOf = async (some: readonly PlainUser[]) => {
    const load = await expectedLoad(await measure(some), demand);
    return new Map(load.users.map(({ accountNumber, equal }) => [accountNumber, equal]));
  };
  const suggestions = await suggest(await measure(users), { goals, limits, ...demand });
  let now = users;
  for (const one of suggestions) {
    expect(checkRules(one.rules, {})).toEqual([]);
    const next = now.map((user) =>
      user.accountNumber === one.accountNumber
        ? { ...user, rules: { ...user.rules, ...JSON.parse(JSON.stringify(one.rules)) } }
        : user,
    ) as PlainUser[];
    const { changes } = await compareCoverage(await measure(now), await measure(next));
    expect(changes.filter(({ kind }) => kind === "gap_opened" || kind === "overlap_opened")).toEqual([]);
    const [before, after] = [await loadsOf(now), await loadsOf(next)];
    if (one.load) {
      expect(one.load.before).toBeCloseTo(before.get(one.accountNumber) ?? Number.NaN, 8);
      expect(one.load.after).toBeCloseTo(after.get(one.accountNumber) ?? Number.NaN, 8);
      expect(excessOf(after, goals)).toBeLessThan(excessOf(before, goals));
      const { other } = one.parameters.load ?? {};
      if (other) {
        expect(other.before).toBeCloseTo(before.get(other.user) ?? Number.NaN, 8);
        expect(other.after).toBeCloseTo(after.get(other.user) ?? Number.NaN, 8);
      }
      const falls = [...before].map(([user, load]) => load - (after.get(user) ?? 0));
      expect(Math.max(0, ...falls)).toBeCloseTo(other ? other.before - other.after : 0, 8);
    }
    now = next;
  }
  return suggestions;
}

const grid = gridWorld(randomFrom(1));

describe("suggest() with load goals, measured again", { timeout: 120_000 }, () => {
  it("suggestions that even out load bring exactly the loads that they promised, under all assumptions, and open no gap", async () => {
    let told = 0;
    await fc.assert(
      fc.asyncProperty(w.users, w.assumptions, fc.boolean(), async (drawn, assumptions, isCounted) => {
        // With fewer rules, one change more often makes a user eligible.
        const users = drawn.map(({ rules: { geographical, ...rules }, ...user }, at) => ({
          ...{ zipCode: "29000", ...user },
          rules: at % 2 > 0 && geographical ? { ...rules, geographical } : rules,
        })) as PlainUser[];
        const leads = ["01000", "01200", "29000", "29200", "74000", "99999"].flatMap((zipCode, at) => [
          { country: "FR", zipCode, range: "RNG_A", requestType: "RTY_X", profileType: "pro" as const, count: 10 * at },
          { country: "FR", zipCode, count: 7 },
        ]);
        const demand = isCounted ? { leads } : { perInhabitant: 0.001 };
        const goals = { minLoad: 100, maxLoad: 120 };
        const limits = { maxDistance: 900 };
        const { requestTypes } = w;
        told += (await check({ users, world: w.world, assumptions, requestTypes, demand, goals, limits })).length;
      }),
      { numRuns: sized(80, 1_000) },
    );
    expect(told).toBeGreaterThan(0);
  });

  it("suggestions for a network over a hundred postcodes even out load, with every kind of change", async () => {
    const seen = new Set<string>();
    const goals = { minLoad: 20, maxLoad: 40 };
    for (let seed = 1; seed <= sized(4, 60); seed += 1) {
      const users = randomNetwork(randomFrom(seed), grid, 12);
      const demand = { perInhabitant: 0.002, share: { U1: 3, U2: 0.5 } };
      const some = { users, world: grid, assumptions: defaultAssumptions, requestTypes: [], demand, goals };
      const suggestions = await check(some);
      for (const { code } of suggestions) seen.add(code);
    }
    // Which these seeds decide.
    expect([...seen].sort()).toEqual(["add_county", "add_range", "add_zip_codes", "raise_radius"]);
  });

  it("suggestions for both goals close gaps first, and then even out load given those", async () => {
    const users = randomNetwork(randomFrom(10), grid, 10);
    const limits = { changes: 8, rules: ["competences", "maxDistance"] as const, maxDistance: 40 };
    const suggestions = await check({
      ...{ users, world: grid, assumptions: defaultAssumptions, requestTypes: [], demand: { perInhabitant: 0.002 } },
      ...{ goals: { gaps: true, maxLoad: 25, minLoad: 20 }, limits },
    });
    const isForLoad = suggestions.map(({ load }) => load !== undefined);
    expect(isForLoad).toContain(true);
    expect(isForLoad).toContain(false);
    expect(isForLoad).toEqual([...isForLoad].sort());
  });
});

describe("suggest() with load goals", () => {
  it("suggest refuses a load goal without leads, one with both kinds of them, and a share of a user who is not there", async () => {
    const result = await coverage([], { universe: { countries: grid.countries }, locate: () => undefined });
    for (const options of [
      { goals: { maxLoad: 1 } },
      { goals: { minLoad: 1 } },
      { goals: { maxLoad: 1 }, leads: [], perInhabitant: 1 },
    ])
      expect(await failureOf(suggest(result, options))).toMatchObject({
        code: "invalid_options",
        issues: [{ code: "goal_needs_leads_or_rate" }],
      });
    expect(await failureOf(suggest(result, { share: { NONE: 2 } }))).toMatchObject({
      issues: [{ path: "share", code: "names_no_user" }],
    });
    const slip = suggest(result, { goals: { maxLoad: 1 }, leads: [{ country: "FR", count: -1 }] });
    expect(await failureOf(slip)).toMatchObject({
      code: "invalid_input",
      issues: [{ path: "leads[0].count", code: "not_count_of_leads" }],
    });
  });
});
