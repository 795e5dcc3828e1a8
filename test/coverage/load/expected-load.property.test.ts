import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { coverage, expectedLoad, type Lead } from "../../../src/coverage/index.ts";
import { sized } from "../../support/long-form.ts";
import { admitted } from "../oracle.ts";
import * as w from "../worlds.ts";

const universe = {
  countries: w.countries,
  ranges: w.ranges,
  requestTypes: w.requestTypes,
  contactProfiles: w.contactProfiles,
};
const zips = ["01000", "01200", "01300", "29000", "29200", "74000"];
const orNone = <T>(items: readonly T[]) => fc.option(fc.constantFrom(...items), { nil: undefined });
const lead = fc.record({
  country: fc.constant("FR"),
  zipCode: fc.constantFrom(...zips, "99999"),
  range: orNone(w.ranges),
  requestType: orNone(w.requestTypes),
  contactProfile: orNone(w.contactProfiles),
  profileType: orNone(["pro", "single"]),
  count: fc.integer({ min: 0, max: 20 }),
});
/** Random numbers from 0 to 1, as many as are asked for. */
const chances = fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true }));

const kinds = w.ranges.flatMap((range) =>
  w.requestTypes.flatMap((requestType) =>
    w.contactProfiles.flatMap((contactProfile) =>
      ["pro", "single"].map((profileType) => ({ range, requestType, contactProfile, profileType })),
    ),
  ),
);

describe("expectedLoad() compared with every distribution of leads", { timeout: 180_000 }, () => {
  const numRuns = sized(30, 2_000);

  it("expectedLoad's bounds hold for every distribution that gives each lead to a user who is eligible", async () => {
    await fc.assert(
      fc.asyncProperty(
        w.users,
        w.assumptions,
        fc.array(lead, { maxLength: 12 }),
        chances,
        async (users, assumptions, leads, chance) => {
          const next = () => chance.next().value as number;
          const result = await coverage(users.map(w.toCoverageUser), { universe, assumptions, locate: w.locate });
          const load = await expectedLoad(result, { leads });
          const got = new Map(users.map(({ accountNumber }) => [accountNumber, 0]));
          let lost = 0;
          for (const { count, ...one } of leads) {
            // What is uncertain turns out to be true or not.
            const answers = users.map((user) => admitted(user, one, w.world, assumptions));
            const able = users.filter((_, at) => answers[at] === "yes" || (answers[at] === "maybe" && next() < 0.5));
            if (answers.every((answer) => answer === "no")) lost += count;
            const weights = able.map(() => (next() < 0.3 ? 1 : next() ** 4));
            const total = weights.reduce((sum, weight) => sum + weight, 0);
            for (const [at, { accountNumber }] of able.entries()) {
              const part = total === 0 ? 1 / able.length : (weights[at] ?? 0) / total;
              got.set(accountNumber, (got.get(accountNumber) ?? 0) + count * part);
            }
          }
          expect(load.unreached).toBe(lost);
          expect(load.leads).toBe(leads.reduce((sum, { count }) => sum + count, 0));
          for (const { accountNumber, min, equal, max } of load.users) {
            const truth = got.get(accountNumber) ?? Number.NaN;
            expect(truth).toBeGreaterThanOrEqual(min - 1e-9);
            expect(truth).toBeLessThanOrEqual(max + 1e-9);
            expect(equal).toBeGreaterThanOrEqual(min);
            expect(equal).toBeLessThanOrEqual(max);
          }
        },
      ),
      { numRuns },
    );
  });

  it("expectedLoad's bounds and equal shares are those of a count over every user, place and kind of lead", async () => {
    await fc.assert(
      fc.asyncProperty(w.users, w.assumptions, async (users, assumptions) => {
        const result = await coverage(users.map(w.toCoverageUser), { universe, assumptions, locate: w.locate });
        const load = await expectedLoad(result, { perInhabitant: 0.01 });
        const wanted = new Map(users.map(({ accountNumber }) => [accountNumber, { min: 0, equal: 0, max: 0 }]));
        for (const zipCode of zips) {
          const leads = (0.01 * (w.world.places[zipCode]?.inhabitants ?? 0)) / kinds.length;
          for (const kind of kinds) {
            const one: Lead = { country: "FR", zipCode, ...kind };
            const answers = users.map(
              (user) => [user.accountNumber, admitted(user, one, w.world, assumptions)] as const,
            );
            const sure = answers.filter(([, answer]) => answer === "yes");
            const able = answers.filter(([, answer]) => answer !== "no");
            const sharing = sure.length > 0 ? sure : able;
            for (const [name] of able) (wanted.get(name) as { max: number }).max += leads;
            for (const [name] of sharing) (wanted.get(name) as { equal: number }).equal += leads / sharing.length;
            if (able.length === 1 && sure[0]) (wanted.get(sure[0][0]) as { min: number }).min += leads;
          }
        }
        for (const { accountNumber, min, equal, max } of load.users) {
          const { min: least, equal: shared, max: most } = wanted.get(accountNumber) ?? { min: -1, equal: -1, max: -1 };
          expect(min).toBeCloseTo(least, 6);
          expect(equal).toBeCloseTo(shared, 6);
          expect(max).toBeCloseTo(most, 6);
        }
      }),
      { numRuns },
    );
  });
});
