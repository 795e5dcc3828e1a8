import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { distanceKm } from "../../src/coverage/geography.ts";
import {
  type Assumptions,
  type CoverageFinding,
  coverage,
  explainLead,
  explanationText,
  type Lead,
  type UserVerdict,
} from "../../src/coverage/index.ts";
import { sized } from "../support/long-form.ts";
import { type Answer, admitted, counted, type PlainUser } from "./oracle.ts";
import * as w from "./worlds.ts";

const universe = {
  countries: w.countries,
  ranges: w.ranges,
  requestTypes: w.requestTypes,
  contactProfiles: w.contactProfiles,
};
const kinds = w.ranges.flatMap((range) =>
  w.requestTypes.flatMap((requestType) =>
    w.contactProfiles.flatMap((contactProfile) =>
      ["pro", "single"].map((profileType) => ({ range, requestType, contactProfile, profileType })),
    ),
  ),
);
type Spot = { country: string; zipCode?: string; county?: string };
const zipSpots: Spot[] = ["01000", "01200", "01300", "29000", "29200", "74000"].map((zipCode) => ({
  country: "FR",
  zipCode,
}));
const spots: Spot[] = [
  ...zipSpots,
  { country: "LU", county: "ES" },
  { country: "LU", county: "LU" },
  { country: "MC" },
];

/**
 * For every spot and kind of lead: the account numbers of the counted users who get the lead, and of those who may get
 * it.
 */
function byCell(users: readonly PlainUser[], assumed: Assumptions) {
  return spots.map((spot) =>
    kinds.map((kind) => {
      const answers = counted(users).map(
        (user) => [user.accountNumber, admitted(user, { ...spot, ...kind }, w.world, assumed)] as const,
      );
      const of = (wanted: Answer) => answers.filter(([, answer]) => answer === wanted).map(([name]) => name);
      return { yes: of("yes"), maybe: of("maybe") };
    }),
  );
}

/** The distance in km of a lead from the nearest postcode or from the circle that a user covers. */
function kmOutside({ accountNumber, rules: answers }: UserVerdict, lead: Lead, users: readonly PlainUser[]): number {
  const { rules } = users.find((user) => user.accountNumber === accountNumber) as PlainUser;
  const found = [Number.POSITIVE_INFINITY];
  const { geographical, maxDistance } = answers;
  if (maxDistance.code === "distance" && maxDistance.result === "fail")
    found.push(maxDistance.parameters.km - maxDistance.parameters.radiusKm);
  const centre = w.locate(lead.zipCode ?? "", "FR")?.coordinates;
  const countries = geographical.result === "fail" ? (rules.geographical?.handledCountries ?? []) : [];
  for (const { handledCountry, handledCounties = [] } of countries) {
    if (handledCountry.code !== lead.country || !centre) continue;
    for (const { handledCounty, handledPostCodeZips } of handledCounties) {
      const known = w.countries[0]?.counties.find(({ number }) => number === handledCounty.number)?.postCodeZips;
      for (const zip of handledPostCodeZips ?? known ?? []) {
        const place = w.locate(zip, "FR")?.coordinates;
        if (place) found.push(distanceKm(centre, place));
      }
    }
  }
  return Math.min(...found);
}

const run = (users: readonly PlainUser[], assumptions: Assumptions, overlapAbove = 2) =>
  coverage(users.map(w.toCoverageUser), {
    ...{ universe, assumptions, locate: w.locate, overlapAbove },
    receives: w.receivesOf(users),
  });

/** Every postcode with every kind of lead that the findings of the given kind are about. */
function expand(findings: readonly CoverageFinding[], kind: string, certain: boolean): string[] {
  const has = (list: readonly string[] | undefined, item: string) => !list || list.includes(item);
  return findings
    .filter((finding) => finding.kind === kind && finding.certain === certain)
    .flatMap(({ zipCodes, dimensions: d }) =>
      zipCodes.flatMap((zip) =>
        kinds.flatMap((k, index) =>
          has(d.ranges, k.range) &&
          has(d.requestTypes, k.requestType) &&
          has(d.contactProfiles, k.contactProfile) &&
          has(d.profileTypes, k.profileType)
            ? [`${zip} ${index}`]
            : [],
        ),
      ),
    )
    .sort();
}

// The oracle looks at every cell, which takes a long time on a busy machine.
describe("coverage() and explainLead() compared with a naive oracle", { timeout: 600_000 }, () => {
  const options = { numRuns: sized(20, 60) };

  it("coverage() finds for every lead the same users as the oracle, which checks every rule of every user", async () => {
    await fc.assert(
      fc.asyncProperty(w.users, w.assumptions, fc.constantFrom(...kinds, {}), async (users, assumed, kind) => {
        const result = await run(users, assumed);
        for (const spot of zipSpots) {
          const lead: Lead = { country: "FR", zipCode: spot.zipCode, ...kind };
          const answers = users.map((user) => [user.accountNumber, admitted(user, lead, w.world, assumed)] as const);
          const { eligible, uncertain } = result.eligible(lead);
          const of = (wanted: Answer) => answers.filter(([, answer]) => answer === wanted).map(([name]) => name);
          expect([eligible.toSorted(), uncertain.toSorted()]).toEqual([of("yes"), of("maybe")]);
          const counting = counted(users).map(({ accountNumber }) => accountNumber);
          const isCounted = (name: string) => counting.includes(name);
          for (const names of [eligible, uncertain])
            expect(names.filter(isCounted)).toEqual(names.filter(isCounted).toSorted());
        }
      }),
      options,
    );
  });

  it("explainLead() gives the verdicts of the oracle for every lead", async () => {
    await fc.assert(
      fc.asyncProperty(
        w.users,
        w.assumptions,
        fc.constantFrom(...kinds, {}),
        fc.constantFrom(...zipSpots),
        async (users, assumptions, kind, spot) => {
          const lead: Lead = { country: "FR", zipCode: spot.zipCode, ...kind };
          const explained = await explainLead(lead, users.map(w.toCoverageUser), {
            assumptions,
            locate: w.locate,
            countries: w.countries,
            receives: w.receivesOf(users),
          });
          const expected = { yes: "eligible", no: "not_eligible", maybe: "uncertain" };
          const verdicts = Object.fromEntries(
            explained.users.map(({ accountNumber, verdict }) => [accountNumber, verdict]),
          );
          expect(verdicts).toEqual(
            Object.fromEntries(
              users.map((user) => [user.accountNumber, expected[admitted(user, lead, w.world, assumptions)]]),
            ),
          );
        },
      ),
      options,
    );
  });

  it("coverage() finds exactly the oracle's gaps, thin places and overlaps", async () => {
    await fc.assert(
      fc.asyncProperty(w.users, w.assumptions, async (users, assumed) => {
        const { findings } = await run(users, assumed);
        const cells = byCell(users, assumed);
        const where = (test: (yes: number, maybe: number) => boolean): string[] =>
          zipSpots
            .flatMap(({ zipCode }, spot) =>
              (cells[spot] ?? []).flatMap(({ yes, maybe }, kind) =>
                test(yes.length, maybe.length) ? [`${zipCode} ${kind}`] : [],
              ),
            )
            .sort();
        expect(expand(findings, "gap", true)).toEqual(where((yes, maybe) => yes + maybe === 0));
        expect(expand(findings, "gap", false)).toEqual(where((yes, maybe) => yes === 0 && maybe > 0));
        expect(expand(findings, "thin", true)).toEqual(where((yes, maybe) => yes === 1 && maybe === 0));
        expect(expand(findings, "thin", false)).toEqual(where((yes, maybe) => yes === 1 && maybe > 0));
        expect(expand(findings, "overlap", true)).toEqual(where((yes) => yes > 2));
      }),
      options,
    );
  });

  it("coverage() names the eligible users of each thin place and each overlap", async () => {
    await fc.assert(
      fc.asyncProperty(w.users, w.assumptions, async (users, assumed) => {
        const { findings } = await run(users, assumed);
        const cells = byCell(users, assumed);
        for (const finding of findings) {
          if (finding.country !== "FR" || (finding.kind !== "thin" && finding.kind !== "overlap")) continue;
          const inside = new Set(expand([finding], finding.kind, finding.certain));
          const expected = new Set(
            zipSpots.flatMap(({ zipCode }, spot) =>
              (cells[spot] ?? []).flatMap(({ yes }, kind) => (inside.has(`${zipCode} ${kind}`) ? yes : [])),
            ),
          );
          expect([...finding.accountNumbers].sort()).toEqual([...expected].sort());
        }
      }),
      options,
    );
  });

  it("the function explain of a coverage result answers several leads as explainLead does, and JSON keeps its answers unchanged", async () => {
    const leads = fc.array(fc.record({ where: fc.constantFrom(...zipSpots), kind: fc.constantFrom(...kinds, {}) }), {
      minLength: 1,
      maxLength: 3,
    });
    await fc.assert(
      fc.asyncProperty(w.users, w.assumptions, leads, async (users, assumptions, asked) => {
        const given = users.map(w.toCoverageUser);
        const options = { assumptions, locate: w.locate, countries: w.countries, receives: w.receivesOf(users) };
        const network = await run(users, assumptions);
        for (const { where, kind } of asked) {
          const lead: Lead = { country: "FR", zipCode: where.zipCode, ...kind };
          const expected = await explainLead(lead, given, options);
          const explained = await network.explain(lead);
          expect(JSON.parse(JSON.stringify(explained))).toEqual(JSON.parse(JSON.stringify(expected)));
          expect(explanationText(explained)).toBe(explanationText(structuredClone(expected)));
        }
      }),
      options,
    );
  });

  it("explainLead() sorts users who are not eligible by the number of changes that they would need, and then by the distance from the lead to their area", async () => {
    await fc.assert(
      fc.asyncProperty(w.users, w.assumptions, fc.constantFrom(...zipSpots), async (users, assumptions, where) => {
        const lead: Lead = { country: "FR", zipCode: where.zipCode, ...kinds[0] };
        const given = { assumptions, locate: w.locate, countries: w.countries };
        const { users: all } = await explainLead(lead, users.map(w.toCoverageUser), given);
        const misses = all.filter(({ verdict }) => verdict === "not_eligible");
        const sorted = misses
          .map((miss) => ({ miss, changes: miss.changes.length, km: kmOutside(miss, lead, users) }))
          .sort(
            (a, b) => a.changes - b.changes || a.km - b.km || (a.miss.accountNumber < b.miss.accountNumber ? -1 : 1),
          );
        expect(misses.map(({ accountNumber }) => accountNumber)).toEqual(sorted.map(({ miss }) => miss.accountNumber));
      }),
      options,
    );
  });

  it("coverage() puts two postcodes into the same class exactly if they have the same users", async () => {
    await fc.assert(
      fc.asyncProperty(w.users, w.assumptions, async (users, assumed) => {
        const { classes } = await run(users, assumed);
        expect(classes.flatMap(({ country, zipCodes }) => (country === "FR" ? zipCodes : [])).sort()).toEqual([
          "01000",
          "01200",
          "01300",
          "29000",
          "29200",
          "74000",
        ]);
        const keys = classes
          .filter(({ country }) => country === "FR")
          .map(({ eligible, uncertain }) => `${eligible}/${uncertain}`);
        expect(new Set(keys).size).toBe(keys.length);
      }),
      options,
    );
  });
});
