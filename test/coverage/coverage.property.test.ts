import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { distanceKm } from "../../src/coverage/geography.ts";
import {
  type Assumptions,
  type CoverageFinding,
  coverage,
  defaultAssumptions,
  explainLead,
  type Lead,
  type UserVerdict,
} from "../../src/coverage/index.ts";
import { sized } from "../support/long-form.ts";
import { admitted, counted, type PlainUser } from "./oracle.ts";
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

function byCell(users: readonly PlainUser[], assumed: Assumptions) {
  return spots.map((spot) =>
    kinds.map((kind) =>
      counted(users)
        .filter((user) => admitted(user, { ...spot, ...kind }, w.world, assumed))
        .map(({ accountNumber }) => accountNumber),
    ),
  );
}

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

const run = (users: readonly PlainUser[], assumptions: Assumptions) =>
  coverage(users.map(w.toCoverageUser), {
    ...{ universe, assumptions, locate: w.locate },
    receives: w.receivesOf(users),
  });

function expand(findings: readonly CoverageFinding[], kind: string): string[] {
  const has = (list: readonly string[] | undefined, item: string) => !list || list.includes(item);
  return findings
    .filter((finding) => finding.kind === kind)
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

describe("coverage() and explainLead() compared with a naive oracle", { timeout: 600_000 }, () => {
  const options = { numRuns: sized(20, 60) };

  it("coverage() finds for every lead the same users as the oracle, which checks every rule of every user", async () => {
    await fc.assert(
      fc.asyncProperty(w.users, w.assumptions, fc.constantFrom(...kinds, {}), async (users, assumed, kind) => {
        const result = await run(users, assumed);
        for (const spot of zipSpots) {
          const lead: Lead = { country: "FR", zipCode: spot.zipCode, ...kind };
          const eligible = result.eligible(lead);
          const expected = counted(users).filter((user) => admitted(user, lead, w.world, assumed));
          expect(eligible).toEqual(expected.map(({ accountNumber }) => accountNumber));
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
          const verdicts = Object.fromEntries(
            explained.users.map(({ accountNumber, verdict }) => [accountNumber, verdict]),
          );
          expect(verdicts).toEqual(
            Object.fromEntries(
              users.map((user) => {
                const isEligible = counted(users).includes(user) && admitted(user, lead, w.world, assumptions);
                return [user.accountNumber, isEligible ? "eligible" : "not_eligible"];
              }),
            ),
          );
        },
      ),
      options,
    );
  });

  it("explainLead() names for each user exactly the assumptions that can change the oracle's verdict", async () => {
    const others = (assumed: Assumptions): [name: string, other: Partial<Assumptions>][] => [
      ...defaultAssumptions.enabledRules.map((rule): [string, Partial<Assumptions>] => [
        "enabledRules",
        {
          enabledRules: assumed.enabledRules.includes(rule)
            ? assumed.enabledRules.filter((one) => one !== rule)
            : [...assumed.enabledRules, rule],
        },
      ]),
      ["absentRule", { absentRule: assumed.absentRule === "admits_all" ? "admits_none" : "admits_all" }],
      ["emptyRule", { emptyRule: assumed.emptyRule === "admits_all" ? "admits_none" : "admits_all" }],
      ["combination", { combination: assumed.combination === "all" ? "area_or_radius" : "all" }],
      ["distanceFrom", {}],
      ["detourFactor", { detourFactor: assumed.detourFactor === 1 ? 1.3 : 1 }],
      ["partsLeftOut", { partsLeftOut: assumed.partsLeftOut === "whole" ? "nothing" : "whole" }],
      ["zipInTwoCounties", { zipInTwoCounties: assumed.zipInTwoCounties === "any" ? "all" : "any" }],
      [
        "rangeAlone",
        { rangeAlone: assumed.rangeAlone === "all_request_types" ? "no_request_type" : "all_request_types" },
      ],
    ];
    await fc.assert(
      fc.asyncProperty(
        w.users,
        w.assumptions,
        fc.constantFrom(...kinds, {}),
        fc.constantFrom(...zipSpots),
        async (users, assumptions, kind, spot) => {
          const lead: Lead = { country: "FR", zipCode: spot.zipCode, ...kind };
          const given = { assumptions, locate: w.locate, countries: w.countries, receives: w.receivesOf(users) };
          const explained = await explainLead(lead, users.map(w.toCoverageUser), given);
          const all = new Set<string>();
          for (const user of users) {
            const isAdmitted = admitted(user, lead, w.world, assumptions);
            const names = others(assumptions).filter(
              ([name, other]) =>
                counted(users).includes(user) &&
                admitted(user, lead, w.world, { ...assumptions, ...other }, name === "distanceFrom") !== isAdmitted,
            );
            const expected = [...new Set(names.map(([name]) => name))];
            for (const name of expected) all.add(name);
            const own = explained.users.find(({ accountNumber }) => accountNumber === user.accountNumber);
            expect(own?.assumptions).toEqual(expected);
          }
          expect(explained.assumptions.toSorted()).toEqual([...all].sort());
        },
      ),
      options,
    );
  });

  it("coverage() finds exactly the oracle's gaps and thin places", async () => {
    await fc.assert(
      fc.asyncProperty(w.users, w.assumptions, async (users, assumed) => {
        const { findings } = await run(users, assumed);
        const cells = byCell(users, assumed);
        const where = (test: (users: number) => boolean): string[] =>
          zipSpots
            .flatMap(({ zipCode }, spot) =>
              (cells[spot] ?? []).flatMap(({ length }, kind) => (test(length) ? [`${zipCode} ${kind}`] : [])),
            )
            .sort();
        expect(expand(findings, "gap")).toEqual(where((users) => users === 0));
        expect(expand(findings, "thin")).toEqual(where((users) => users === 1));
      }),
      options,
    );
  });

  it("the function explain of a result answers as explainLead does, and its answers survive JSON", async () => {
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
          expect(await explained.render("text")).toBe(await expected.render("text"));
        }
      }),
      options,
    );
  });

  it("explainLead() sorts users who are not eligible by changes needed, then by distance", async () => {
    await fc.assert(
      fc.asyncProperty(w.users, w.assumptions, fc.constantFrom(...zipSpots), async (users, assumptions, where) => {
        const lead: Lead = { country: "FR", zipCode: where.zipCode, ...kinds[0] };
        const given = { assumptions, locate: w.locate, countries: w.countries };
        const { users: all } = await explainLead(lead, users.map(w.toCoverageUser), given);
        const misses = all.filter(({ verdict }) => verdict === "not_eligible");
        const sorted = misses
          .map((miss) => {
            const isLast = miss.changes[0]?.code === "to_have_rules";
            return isLast
              ? { miss, changes: Number.POSITIVE_INFINITY, km: 0 }
              : { miss, changes: miss.changes.length, km: kmOutside(miss, lead, users) };
          })
          .sort(
            (a, b) => a.changes - b.changes || a.km - b.km || (a.miss.accountNumber < b.miss.accountNumber ? -1 : 1),
          );
        expect(misses.map(({ accountNumber }) => accountNumber)).toEqual(sorted.map(({ miss }) => miss.accountNumber));
      }),
      options,
    );
  });
});
