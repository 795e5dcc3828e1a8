// The oracle looks at every place, kind of lead and user, and shares no code with coverage.
import fc from "fast-check";
import { expect, it } from "vitest";
import {
  areaChanges,
  exclusive,
  type Lead,
  maxLost,
  type PolicyContext,
  type PolicyUser,
  requireCoverage,
} from "../../../src/coverage/index.ts";
import { sized } from "../../support/long-form.ts";
import { admitted, counted, type PlainUser } from "../oracle.ts";
import * as w from "../worlds.ts";

const PROFILE_TYPES = ["pro", "single"];
const universe = {
  countries: w.countries,
  ranges: w.ranges,
  requestTypes: w.requestTypes,
  contactProfiles: ["CPR_1"],
  profileTypes: PROFILE_TYPES,
};

type Place = Lead & { readonly county?: string };
const PLACES: readonly Place[] = [
  ...["01000", "01200", "01300", "29000", "29200", "74000"].map((zipCode) => ({ country: "FR", zipCode })),
  ...["ES", "LU"].map((county) => ({ country: "LU", county })),
  { country: "MC" },
];
const KINDS = w.ranges.flatMap((range) =>
  w.requestTypes.flatMap((requestType) =>
    PROFILE_TYPES.map((profileType) => ({ range, requestType, contactProfile: "CPR_1", profileType })),
  ),
);

const AREAS = [
  { where: { country: "FR" } },
  { where: { country: "FR", counties: ["29"] }, zipCodes: ["29000", "29200"] },
  { where: { country: "FR", counties: ["74"], zipCodes: ["29200"] }, zipCodes: ["74000", "01200", "29200"] },
  { where: { country: "LU" } },
  { where: { country: "MC" } },
];

const CHOSEN = fc.record({
  area: fc.constantFrom(...AREAS),
  ranges: fc.constantFrom<readonly string[] | undefined>(undefined, ["RNG_A"], ["RNG_B", "RNG_C"]),
  atLeast: fc.constantFrom(1, 1, 2, 3),
  always: fc.boolean(),
  inhabitants: fc.constantFrom(undefined, 50_000),
  limits: fc.constantFrom<{ postcodes?: number; inhabitants?: number }>(
    { postcodes: 0 },
    { postcodes: 2 },
    { inhabitants: 63_000 },
    { postcodes: 3, inhabitants: 100_000 },
  ),
  // Users that the plan does not change, by index.
  same: fc.array(fc.boolean(), { minLength: 6, maxLength: 6 }),
});

const plain = w.users.map((users) => users.map(({ coordinates: _, ...user }) => user as PlainUser));
const groupOf = (name: string) => (name === "U3" ? undefined : String(Number(name.slice(1)) % 2));
const peopleIn = ({ zipCode = "" }: Place) => w.world.places[zipCode]?.inhabitants;

function stateOf({ accountNumber, zipCode, receives, rules }: PlainUser): PolicyUser {
  const user = { accountNumber, address: { zipCode, country: { code: "FR" } } };
  return { user, rules, receives, segment: undefined, unknown: [], isPlaceUnknown: false, counts: true } as PolicyUser;
}

it("policies refuse as the oracle does, and areas gain and lose the users that the oracle says", async () => {
  const seen = { refused: 0, kept: 0 };
  await fc.assert(
    fc.asyncProperty(plain, plain, w.assumptions, CHOSEN, async (before, drawn, assumptions, chosen) => {
      const after = drawn.map((user, at) => (chosen.same[at] && before[at]) || user);
      const left = before.slice(after.length);
      const context: PolicyContext = {
        universe,
        locate: w.locate,
        assumptions,
        unchanged: after.filter((user, at) => user === before[at]).map(stateOf),
        changes: [
          ...after.flatMap((user, at) => {
            const was = before[at];
            if (user === was) return [];
            return { accountNumber: user.accountNumber, before: was && stateOf(was), after: stateOf(user) };
          }),
          ...left.map((user) => {
            return {
              accountNumber: user.accountNumber,
              before: stateOf(user),
              after: { ...stateOf(user), counts: false },
            };
          }),
        ],
        isState: false,
        signal: undefined,
      };

      const eligible = (users: readonly PlainUser[], lead: Place) =>
        counted(users, [...before, ...after])
          .filter((user) => admitted(user, lead, w.world, assumptions))
          .map(({ accountNumber }) => accountNumber);
      const cells = PLACES.flatMap((place) =>
        KINDS.map((kind) => {
          const lead = { ...place, ...kind };
          return { place, kind, was: eligible(before, lead), is: eligible(after, lead) };
        }),
      );
      type Cell = (typeof cells)[number];

      const { area, ranges, atLeast, always, inhabitants, limits } = chosen;
      const inArea = ({ place }: Cell) =>
        place.country === area.where.country && (area.zipCodes?.includes(place.zipCode ?? "") ?? true);
      const isJudged = ({ place, kind }: Cell) =>
        (ranges?.includes(kind.range) ?? true) && (peopleIn(place) ?? 1e9) >= (inhabitants ?? 0);
      const isUncovered = ({ was, is }: Cell) => is.length < (always ? atLeast : Math.min(was.length, atLeast));
      const groups = (names: readonly string[]) => new Set(names.flatMap((name) => groupOf(name) ?? [])).size;
      const isShared = ({ was, is }: Cell) => groups(is) > 1 && (always || groups(was) <= 1);
      const isLost = ({ was, is }: Cell) => was.length > 0 && is.length === 0;
      const isGained = ({ was, is }: Cell) => was.length === 0 && is.length > 0;
      const placesWith = (found: (cell: Cell) => boolean) => [
        ...new Set(cells.filter(found).map(({ place }) => place)),
      ];
      const lost = placesWith(isLost);
      const lostPeople = lost.reduce((sum, place) => sum + (peopleIn(place) ?? 0), 0);

      const expected = {
        cover: cells.some((cell) => inArea(cell) && isJudged(cell) && isUncovered(cell)),
        alone: cells.some((cell) => inArea(cell) && isShared(cell)),
        lost: lost.length > (limits.postcodes ?? 99) || lostPeople > (limits.inhabitants ?? 1e9),
      };
      const { where } = area;
      const policies = [
        requireCoverage({ name: "cover", where, for: ranges && { ranges }, atLeast, always, inhabitants }),
        exclusive({ name: "alone", where, always, group: ({ user }) => groupOf(user.accountNumber) }),
        maxLost({ name: "lost", ...limits }),
      ];
      for (const policy of policies) {
        const isRefused = (await policy.judge(context)).length > 0;
        expect([policy.name, isRefused]).toEqual([policy.name, expected[policy.name as keyof typeof expected]]);
        seen[isRefused ? "refused" : "kept"] += 1;
      }
      const areas = await areaChanges(context);
      const zipCodes = (kind: string) => areas.filter((one) => one.kind === kind).flatMap((one) => one.zipCodes);
      const zipsOf = (places: readonly Place[]) => places.flatMap(({ zipCode }) => zipCode ?? []);
      expect([zipCodes("lost").sort(), zipCodes("gained").sort()]).toEqual([
        zipsOf(lost),
        zipsOf(placesWith(isGained)),
      ]);
    }),
    { numRuns: sized(100, 2_000) },
  );
  expect(Math.min(seen.refused, seen.kept)).toBeGreaterThan(50);
});
