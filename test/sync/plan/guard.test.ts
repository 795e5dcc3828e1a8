import { expect, it } from "vitest";
import type { GuardOptions } from "../../../src/sync/index.ts";
import { countChanges, type GuardFigures, guardFindings, guardWarnings } from "../../../src/sync/plan/guard.ts";
import type { Change } from "../../../src/sync/plan/judge.ts";
import type { PlannedUser } from "../../../src/sync/types/records.ts";
import { messagesOf } from "../../support/messages.ts";

const calm: GuardFigures = {
  ...{
    population: 1_000,
    comparable: 1_000,
    inSource: 1_000,
    new: 0,
    changed: 0,
    moved: 0,
    missing: 0,
    invalid: 0,
    segments: [],
  },
  ...{
    accepted: 1_000,
    incremental: false,
    approved: undefined,
    runs: 7,
    olderCopy: undefined,
    twins: [],
    invalidFields: [],
    goneFields: [],
    moves: [],
    movesInSource: [],
  },
  ...{ entries: 1_000, entriesBefore: 1_000, runsBefore: 7 },
};
const codes = (figures: Partial<GuardFigures>, options: Parameters<typeof guardFindings>[0] = {}) =>
  guardFindings(options, { ...calm, ...figures }).map(({ code }) => code);

it.each<[figures: Partial<GuardFigures>, codes: string[]]>([
  [{}, []],
  [{ changed: 200 }, []],
  [{ changed: 201 }, ["mass_change"]],
  [{ changed: 100, missing: 100 }, []],
  [{ changed: 100, missing: 101 }, ["mass_change"]],
  [{ moved: 50, changed: 50 }, []],
  [{ moved: 51, changed: 51 }, ["mass_move"]],
  [{ new: 200 }, []],
  [{ new: 201 }, ["mass_new"]],
  [{ invalid: 200 }, []],
  [{ invalid: 201 }, ["mass_invalid"]],
  // Nobody can be compared, but entries of users missing before are left.
  [{ new: 101, population: 0, comparable: 0 }, ["mass_new"]],
  [{ inSource: 0 }, ["empty_source"]],
  [{ inSource: 0, incremental: true }, []],
  [{ new: 500, moved: 500, changed: 500, inSource: 0 }, ["empty_source", "mass_new", "mass_change", "mass_move"]],
])("with the default limits, the figures %j have the findings %j", (figures, expected) => {
  expect(codes(figures)).toEqual(expected);
});

it("the guard's limits do not apply without users to compare with, or if the guard is off", () => {
  const accident = { new: 900, changed: 900, moved: 900, inSource: 0 };
  expect(codes({ ...accident, population: 0, comparable: 0, new: 100 })).toEqual([]);
  expect(codes(accident, false)).toEqual([]);
});

it("the guard judges shares only if there are at least minUsers users to compare with", () => {
  const accident = { changed: 90, moved: 90, population: 100 };
  expect(codes({ ...accident, comparable: 99 })).toEqual([]);
  expect(codes({ ...accident, comparable: 100 })).toEqual(["mass_change", "mass_move"]);
  expect(codes({ ...accident, comparable: 99 }, { minUsers: 99 })).toEqual(["mass_change", "mass_move"]);
});

it("the guard refuses a plan in which most of at least ten users are invalid, even below minUsers", () => {
  const few = (population: number) => ({ population, comparable: population, accepted: population });
  expect(codes({ ...few(10), invalid: 6 })).toEqual(["mass_invalid"]);
  expect(codes({ ...few(10), invalid: 5 })).toEqual([]);
  expect(codes({ ...few(9), invalid: 9 })).toEqual([]);
  expect(codes({ ...few(9), invalid: 9 }, { minUsers: 9 })).toEqual(["mass_invalid"]);
  expect(codes({ ...few(50), invalid: 50 }, { maxInvalid: 1 })).toEqual([]);
  expect(codes({ invalid: 301 }, { maxInvalid: 0.3 })).toEqual(["mass_invalid"]);
  expect(codes({ invalid: 201, incremental: true })).toEqual(["mass_invalid"]);
});

it("the guard uses the caller's limits, and if the caller gives no maxNew, it is equal to maxChanged", () => {
  expect(codes({ changed: 300, new: 300 }, { maxChanged: 0.3 })).toEqual([]);
  expect(codes({ changed: 301, new: 301 }, { maxChanged: 0.3 })).toEqual(["mass_new", "mass_change"]);
  expect(codes({ new: 301 }, { maxChanged: 0.3, maxNew: 0.4 })).toEqual([]);
  expect(codes({ moved: 51 }, { maxMoved: 0.06 })).toEqual([]);
  expect(codes({ new: 150 }, { maxNew: 0.1 })).toEqual(["mass_new"]);
  // Few enough to read one by one.
  expect(codes({ new: 100 }, { maxNew: 0 })).toEqual([]);
  expect(codes({ new: 101 }, { maxNew: 0 })).toEqual(["mass_new"]);
});

const north = {
  segment: "Nord",
  population: 40,
  comparable: 40,
  inSource: 40,
  new: 0,
  changed: 0,
  moved: 0,
  missing: 0,
  invalid: 0,
};

it.each<[figures: Partial<typeof north>, options: GuardOptions, codes: string[]]>([
  [{ changed: 8 }, {}, []],
  [{ changed: 9 }, {}, ["mass_change"]],
  [{ changed: 4, missing: 5 }, {}, ["mass_change"]],
  [{ changed: 4, moved: 4 }, {}, []],
  [{ changed: 5, moved: 5 }, {}, ["mass_move"]],
  [{ missing: 4 }, { maxMissing: 0.02 }, []],
  [{ missing: 1 }, { maxMissing: 0 }, ["mass_missing"]],
  [{ missing: 8 }, { maxMissing: 0.19 }, ["mass_missing"]],
  [{ missing: 8 }, { maxMissing: 0.2 }, []],
  [{ invalid: 8 }, {}, []],
  [{ invalid: 9 }, {}, ["mass_invalid"]],
  [{ new: 20 }, {}, []],
  [{ new: 21 }, {}, ["mass_new"]],
  [{ new: 21, population: 19, comparable: 19 }, {}, []],
  [{ changed: 19, population: 19, comparable: 19 }, {}, []],
  [{ changed: 19, population: 19, comparable: 19 }, { minSegmentUsers: 19 }, ["mass_change"]],
  [{ inSource: 0 }, {}, ["segment_gone"]],
  [{ inSource: 0, population: 1, comparable: 1, missing: 1 }, {}, ["segment_gone"]],
  [{ inSource: 0, population: 0, comparable: 0 }, {}, []],
])("a segment with the figures %j and the options %j has the findings %j", (figures, options, expected) => {
  expect(codes({ segments: [{ ...north, ...figures }] }, options)).toEqual(expected);
});

const empty = {
  ...{ population: 0, comparable: 0, accepted: 0, entries: 0, new: 101 },
  runsBefore: 0,
  runs: undefined,
};

it.each<[figures: Partial<GuardFigures>, options: GuardOptions, codes: string[]]>([
  [{ entriesBefore: undefined }, {}, ["first_run"]],
  [{ entriesBefore: 0, runs: 1 }, {}, ["first_run"]],
  // Of users that Oplead refused or that a webhook could not send.
  [{ entries: 3, entriesBefore: undefined }, {}, ["first_run"]],
  [{ entries: 3, entriesBefore: 3, runs: 2, runsBefore: 2 }, {}, ["first_run"]],
  [{ entriesBefore: undefined, new: 100 }, {}, []],
  [{ entriesBefore: undefined, new: 21 }, { minUsers: 20 }, ["first_run"]],
  [{ entriesBefore: undefined, runsBefore: 1 }, {}, ["first_run"]],
  [{ entriesBefore: 1_000 }, {}, ["ledger_shrunk"]],
])(
  "a plan on an empty ledger with the figures %j and the options %j has the findings %j",
  (figures, options, expected) => {
    expect(codes({ ...empty, ...figures }, options)).toEqual(expected);
  },
);

it("the guard refuses a ledger that lost more than a twentieth of its entries since the last run", () => {
  expect(codes({ entries: 950 })).toEqual([]);
  expect(codes({ entries: 949 })).toEqual(["ledger_shrunk"]);
  expect(codes({ entries: 949 }, false)).toEqual([]);
  expect(codes({ entries: 949, entriesBefore: undefined })).toEqual([]);
});

const change = (kind: PlannedUser["kind"], fields: string[], differs = true) =>
  ({ planned: { kind, fields }, differs, approved: false }) as unknown as Change;

it("the guard counts new, changed and moved users, unless they were approved before", () => {
  const changes = [
    change("new", ["profile", "parentUserIdentifier", "email"]),
    change("changed", ["phone"]),
    change("changed", ["phone", "profile"]),
    change("changed", ["parentUserIdentifier"]),
    change("changed", ["profile"], false),
    change("changed", []),
    { ...change("new", ["email"]), approved: true },
    { ...change("changed", ["profile"]), approved: true },
  ];
  expect(countChanges(changes)).toEqual({ new: 1, changed: 4, moved: 2 });
  expect(countChanges([])).toEqual({ new: 0, changed: 0, moved: 0 });
});

const warnings = (figures: Partial<GuardFigures>, options: Parameters<typeof guardWarnings>[0] = {}) => {
  const all = { ...calm, ...figures };
  return messagesOf(guardWarnings(options, all, guardFindings(options, all)));
};

it("the guard does not warn of a ledger that has not shrunk and has users to compare with", () => {
  expect(warnings({})).toEqual([]);
  expect(warnings({ entries: 1_001 })).toEqual([]);
  expect(warnings({ entriesBefore: undefined })).toEqual([]);
  expect(warnings({ approved: { at: "2026-03-01T00:00:00.000Z", users: 0 } })).toEqual([]);
  expect(warnings({ comparable: 0, population: 0, inSource: 0 })).toEqual([]);
});

it("the guard warns of a ledger that has shrunk a little, or at all if the guard is off", () => {
  const text = (now: string) => `The ledger has shrunk: ${now} entries, and 1,000 after the last run.`;
  expect(warnings({ entries: 950 })).toEqual([expect.stringContaining(text("950"))]);
  expect(warnings({ entries: 949 })).toEqual([]);
  expect(warnings({ entries: 949 }, false)).toEqual([expect.stringContaining(text("949"))]);
});

it("the guard warns of a small network in which more than half of the users would change", () => {
  const small = { comparable: 10, population: 10, changed: 3, missing: 3 };
  const expected = [expect.stringContaining("6 of 10 users would change or are missing")];
  expect(warnings(small)).toEqual(expected);
  expect(warnings({ ...small, missing: 2 })).toEqual([]);
  expect(warnings({ ...small, comparable: 9 })).toEqual([]);
  expect(warnings(small, { minUsers: 10 })).toEqual([]);
  expect(warnings(small, { minUsers: 11 })).toEqual(expected);
  expect(warnings(small, false)).toEqual([]);
  expect(warnings({ comparable: 100, changed: 99 })).toEqual([]);
});

it("the guard says why there is nothing to compare with", () => {
  const nothing = { comparable: 0, inSource: 1 };
  expect(warnings({ ...nothing, population: 0 })).toEqual([expect.stringContaining("because the ledger is empty")]);
  expect(warnings({ ...nothing, population: 5 })).toEqual([expect.stringContaining("the ledger has ids only")]);
  expect(warnings({ ...nothing, inSource: 0, new: 1 })).toHaveLength(1);
  expect(warnings({ ...nothing, population: 0 }, false)).toEqual([]);
});
