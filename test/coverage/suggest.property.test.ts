import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compareCoverage, coverage, defaultAssumptions, suggest } from "../../src/coverage/index.ts";
import { checkRules } from "../../src/index.ts";
import { sized } from "../support/long-form.ts";
import { admitted, counted, type PlainUser, type World } from "./oracle.ts";
import { gridWorld, randomFrom, randomNetwork } from "./simulation.ts";
import * as w from "./worlds.ts";

const grid = gridWorld(randomFrom(1));
const kindsFor = (world: World) =>
  world === grid
    ? ["RNG_A", "RNG_B", "RNG_C"].map((range) => ({ range }))
    : w.ranges.flatMap((range) => w.requestTypes.map((requestType) => ({ range, requestType })));

/** Counts the inhabitants of places where a kind of lead certainly has a user after the change, but not before. */
function gained(
  before: readonly PlainUser[],
  after: readonly PlainUser[],
  world: World,
  assumed: typeof defaultAssumptions,
) {
  const kinds = kindsFor(world).flatMap((kind) =>
    (["pro", "single"] as const).map((profileType) => ({ ...kind, profileType })),
  );
  let inhabitants = 0;
  const zips = new Set(
    world.countries.flatMap(({ counties }) => counties.flatMap(({ postCodeZips = [] }) => postCodeZips)),
  );
  for (const zipCode of zips) {
    const people = world.places[zipCode]?.inhabitants ?? 0;
    const reached = (users: readonly PlainUser[], kind: object) =>
      counted(users).some((user) => admitted(user, { country: "FR", zipCode, ...kind }, world, assumed) === "yes");
    if (kinds.some((kind) => !reached(before, kind) && reached(after, kind))) inhabitants += people;
  }
  return inhabitants;
}

/** Follows every suggestion in turn, and compares its measured effect with the promised one. */
async function check(
  users: readonly PlainUser[],
  world: World,
  assumptions: typeof defaultAssumptions,
  limits: object,
) {
  const codes = kindsFor(world);
  const universe = {
    countries: world.countries,
    ranges: [...new Set(codes.map(({ range }) => range))],
    requestTypes: world === grid ? [] : w.requestTypes,
    contactProfiles: [],
  };
  const measure = (some: readonly PlainUser[]) =>
    coverage(some.map(w.toCoverageUser), {
      universe,
      assumptions,
      locate: (zip) => world.places[zip],
      receives: w.receivesOf(some),
    });
  const suggestions = await suggest(await measure(users), { limits });
  let now = users;
  for (const { accountNumber, rules, inhabitants } of suggestions) {
    expect(checkRules(rules, {})).toEqual([]);
    const next = now.map((user) =>
      user.accountNumber === accountNumber
        ? { ...user, rules: { ...user.rules, ...JSON.parse(JSON.stringify(rules), asNumber) } }
        : user,
    ) as PlainUser[];
    // The change does not remove a code that is in the user's rules but not in the universe.
    const slips = (some: readonly PlainUser[]) =>
      some.flatMap((user) => checkRules(w.toCoverageUser(user).rules ?? {}, universe)).length;
    expect(slips(next)).toBe(slips(now));
    expect(inhabitants).toBe(gained(now, next, world, assumptions));
    const [before, after] = [await measure(now), await measure(next)];
    const { changes } = await compareCoverage(before, after);
    const closed = new Set(changes.filter(({ kind }) => kind === "gap_closed").flatMap(({ zipCodes }) => zipCodes));
    expect([...closed].reduce((sum, zip) => sum + (world.places[zip]?.inhabitants ?? 0), 0)).toBe(inhabitants);
    expect(changes.filter(({ kind }) => kind === "gap_opened" || kind === "thinned")).toEqual([]);
    now = next;
  }
  return suggestions;
}

/** Gives a radius as a number, as the oracle expects it. */
function asNumber(key: string, value: unknown): unknown {
  const { maxDistance } = Object(value);
  return key === "maxDistance" && maxDistance !== undefined ? maxDistance : value;
}

describe("the measured effect of suggest()", { timeout: 600_000 }, () => {
  it("if suggestions are followed one after the other, exactly as many inhabitants get their first eligible user as suggest() said", async () => {
    await fc.assert(
      fc.asyncProperty(w.users, w.assumptions, async (users, assumptions) => {
        await check(users, w.world, assumptions, { maxDistance: 900 });
      }),
      { numRuns: sized(60, 1_000) },
    );
  });

  it("if suggestions for a network over a hundred postcodes are followed, exactly as many inhabitants get their first eligible user as suggest() said", async () => {
    const seen = new Set<string>();
    for (let seed = 1; seed <= sized(4, 60); seed += 1) {
      const random = randomFrom(seed);
      const users = randomNetwork(random, grid, 12);
      const assumptions = { ...defaultAssumptions, combination: seed % 3 === 0 ? "area_or_radius" : "all" } as const;
      for (const { code } of await check(users, grid, assumptions, { changes: 6 })) seen.add(code);
    }
    // These seeds lead to all three kinds of suggestions.
    expect([...seen].sort()).toEqual(["add_code", "add_county", "raise_radius"]);
  });
});
