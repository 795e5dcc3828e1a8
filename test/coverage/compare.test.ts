import fc from "fast-check";
import { expect, it } from "vitest";
import { type CoverageUser, compareCoverage, coverage, type Lead } from "../../src/coverage/index.ts";
import { geographical } from "../../src/rules/geographical.ts";
import { sized } from "../support/long-form.ts";
import { counted, type PlainUser } from "./oracle.ts";
import * as w from "./worlds.ts";

const universe = { countries: w.countries.slice(0, 1), ranges: w.ranges, requestTypes: [], contactProfiles: [] };
const run = (users: readonly CoverageUser[], more = {}) => coverage(users, { universe, locate: w.locate, ...more });
const dealer = (accountNumber: string, rules: CoverageUser["rules"]) => ({
  user: { accountNumber },
  rules,
});
const everywhere = dealer("ALL", { geographical: geographical().country("FR") });

it("compareCoverage refuses a result that coverage() did not return", async () => {
  const copy = { ...(await run([everywhere])) };
  await expect(compareCoverage(copy, copy)).rejects.toThrow(expect.objectContaining({ code: "invalid_input" }));
});

it("compareCoverage reports an opened gap exactly where only the second result has one", {
  timeout: 600_000,
}, async () => {
  await fc.assert(
    fc.asyncProperty(w.users, w.users, async (some, others) => {
      const network = (users: readonly PlainUser[]) =>
        run(users.map(w.toCoverageUser), { receives: w.receivesOf(users) });
      const [before, after] = [await network(some), await network(others)];
      const names = (users: readonly PlainUser[]) =>
        counted(users, [...some, ...others]).map(({ accountNumber }) => accountNumber);
      const [countedBefore, countedAfter] = [names(some), names(others)];
      const { changes } = await compareCoverage(before, after);
      for (const zipCode of ["01000", "01200", "01300", "29000", "29200", "74000"]) {
        for (const range of w.ranges) {
          for (const profileType of ["pro", "single"]) {
            const lead: Lead = { country: "FR", zipCode, range, profileType };
            const was = before.eligible(lead).filter((name) => countedBefore.includes(name)).length;
            const is = after.eligible(lead).filter((name) => countedAfter.includes(name)).length;
            const has = (kind: string) =>
              changes.some(
                (change) =>
                  change.kind === kind &&
                  change.zipCodes.includes(zipCode) &&
                  (change.dimensions.ranges ?? [range]).includes(range) &&
                  (change.dimensions.profileTypes ?? [profileType]).includes(profileType),
              );
            expect(has("gap_opened")).toBe(was > 0 && is === 0);
            expect(has("gap_closed")).toBe(was === 0 && is > 0);
            expect(has("thinned")).toBe(was > 1 && is === 1);
            expect(has("thickened")).toBe(was === 1 && is > 1);
          }
        }
      }
    }),
    { numRuns: sized(70, 250) },
  );
});
