import fc from "fast-check";
import { expect, it } from "vitest";
import { guardFindings, guardLimits } from "../../../src/sync/plan/guard.ts";

const facts = {
  ...{ population: 1_000, comparable: 1_000, inSource: 1_000, new: 5, changed: 250, moved: 3, missing: 10 },
  ...{ invalid: 0, accepted: 1_000, approved: undefined, runs: 3 },
  ...{ segments: [], twins: [], invalidFields: [], goneFields: [], moves: [], movesInSource: [], incremental: false },
  ...{ entries: 1_000, entriesBefore: 1_000, runsBefore: 3, olderCopy: undefined },
};

it("guardLimits tells for each limit how many users count and how many it allows", () => {
  expect(guardLimits({ maxMoved: 0.1 }, facts)).toEqual([
    { option: "maxNew", users: 5, most: 200, among: 1_000 },
    { option: "maxChanged", users: 260, most: 200, among: 1_000 },
    { option: "maxMoved", users: 3, most: 100, among: 1_000 },
  ]);
  const invalid = { option: "maxInvalid", users: 1, most: 200, among: 1_000 };
  expect(guardLimits({}, { ...facts, invalid: 1 })[1]).toEqual(invalid);
  expect(guardLimits({ maxInvalid: 0.2 }, facts)[1]).toEqual({ ...invalid, users: 0 });
  expect(guardLimits(false, facts)).toEqual([]);
  expect(guardLimits({}, { ...facts, population: 0 })).toEqual([]);
});

it("guardLimits lists for each option the five judged segments that come closest to the limit", () => {
  const users = { population: 40, comparable: 40, inSource: 40, new: 0, moved: 0, missing: 0, invalid: 0 };
  const segments = [
    ...Array.from({ length: 7 }, (_, index) => ({ ...users, segment: `S${index}`, changed: index + 1 })),
    { ...users, segment: "small", population: 19, comparable: 19, changed: 19 },
    { ...users, segment: "gone", inSource: 0, missing: 40, changed: 0 },
    { ...users, segment: "new", changed: 0, new: 21 },
  ];
  const limits = guardLimits({}, { ...facts, segments }).filter(({ segment }) => segment !== undefined);
  expect(limits.map(({ segment, option, users, most, among }) => [segment, option, users, most, among])).toEqual([
    ["new", "maxNew", 21, 20, 40],
    ...[7, 6, 5, 4, 3].map((changed) => [`S${changed - 1}`, "maxChanged", changed, 8, 40]),
  ]);
});

it("a plan is over a limit exactly when the guard refuses it for that limit", () => {
  const codes = {
    maxNew: "mass_new",
    maxInvalid: "mass_invalid",
    maxChanged: "mass_change",
    maxMoved: "mass_move",
    maxMissing: "mass_missing",
  } as const;
  const share = fc.integer({ min: 0, max: 100 }).map((percent) => percent / 100);
  const users = fc.integer({ min: 1, max: 400 });
  fc.assert(
    fc.property(share, share, users, users, users, (maxChanged, maxMoved, all, changed, moved) => {
      const options = { maxChanged, maxMoved, minUsers: 50 };
      const figures = { population: all, comparable: all, new: changed, changed, moved, missing: 0, invalid: moved };
      const segments = [{ ...figures, segment: "Nord", inSource: all }];
      const given = { ...facts, ...figures, segments };
      const over = guardLimits(options, given).flatMap(({ option, users, most, segment }) =>
        users > most ? [[codes[option], segment]] : [],
      );
      const refused = guardFindings(options, given).flatMap(({ code, parameters }) =>
        Object.values(codes).includes(code as never) ? [[code, (parameters as { segment?: string }).segment]] : [],
      );
      expect(over.sort()).toEqual(refused.sort());
    }),
  );
});
