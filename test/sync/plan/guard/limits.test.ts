import fc from "fast-check";
import { expect, it } from "vitest";
import { guardFindings } from "../../../../src/sync/plan/guard/guard.ts";
import { guardLimits } from "../../../../src/sync/plan/guard/limits.ts";

const facts = {
  ...{ population: 1_000, comparable: 1_000, inSource: 1_000, new: 5, changed: 250, moved: 3, missing: 10 },
  ...{ segments: [], possibleMoves: [], moves: [], movesInSource: [], incremental: false, firstRun: "ended" as const },
  ...{ entries: 1_000, entriesBefore: 1_000, runsBefore: 3, olderCopy: undefined },
};

it("the limits of the guard say how many users count towards each, and how many it lets through", () => {
  expect(guardLimits({ maxMoved: 0.1 }, facts)).toEqual([
    { option: "maxNew", users: 5, most: 200, among: 1_000 },
    { option: "maxChanged", users: 260, most: 200, among: 1_000 },
    { option: "maxMoved", users: 3, most: 100, among: 1_000 },
  ]);
  expect(guardLimits(false, facts)).toEqual([]);
  expect(guardLimits({}, { ...facts, population: 0 })).toEqual([]);
});

it("a plan is over a limit exactly when the guard refuses it for that limit", () => {
  const codes = {
    maxNew: "mass_new",
    maxChanged: "mass_change",
    maxMoved: "mass_move",
    maxMissing: "mass_missing",
  } as const;
  const share = fc.integer({ min: 0, max: 100 }).map((percent) => percent / 100);
  const users = fc.integer({ min: 1, max: 400 });
  fc.assert(
    fc.property(share, share, users, users, users, (maxChanged, maxMoved, all, changed, moved) => {
      const options = { maxChanged, maxMoved, minUsers: 50 };
      const given = { ...facts, population: all, comparable: all, new: changed, changed, moved, missing: 0 };
      const over = guardLimits(options, given).flatMap(({ option, users, most }) =>
        users > most ? [codes[option]] : [],
      );
      const refused = guardFindings(options, given).map(({ code }) => code as string);
      expect(over.sort()).toEqual(
        Object.values(codes)
          .filter((code) => refused.includes(code))
          .sort(),
      );
    }),
  );
});
