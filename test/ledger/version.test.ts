import { expect, it } from "vitest";
import { areIncomparable, compareVersions, isOlder, type Version } from "../../src/ledger/version.ts";

const sign = (value: number | undefined) => (value === undefined ? undefined : Math.sign(value));

it.each<[Version, Version, -1 | 0 | 1]>([
  [1, 2, -1],
  [2, 2, 0],
  [1.5, 1.25, 1],
  ["9", "10", -1],
  ["9007199254740993", "9007199254740992", 1],
  [7, "8", -1],
  ["007", "7", 0],
  ["2026-01-09", "2026-01-10", -1],
  ["01ARZ3NDEKTSV4RRFFQ69G5FAV", "01ARZ3NDEKTSV4RRFFQ69G5FAW", -1],
  ["2026-01-09T08:00:00Z", "2026-01-09T08:00:00.500Z", -1],
  ["2026-01-09T08:00:00.5Z", "2026-01-09T08:00:00.500000Z", 0],
  ["2026-01-09T08:00:00.123456789Z", "2026-01-09T08:00:00.12345679Z", -1],
  ["2026-01-09T10:00:00+02:00", "2026-01-09T08:00:00Z", 0],
  ["2026-01-09T10:00:00+02:00", "2026-01-09T08:30:00Z", -1],
  ["2026-01-08T23:30:00-01:00", "2026-01-09T00:00:00Z", 1],
  ["2026-01-09t08:00:00z", "2026-01-09T08:00:00+00:00", 0],
  ["2026-01-09 08:00:00", "2026-01-09T08:00:00.001", -1],
  ["2026-01-09T08:00Z", "2026-01-09T08:00:01Z", -1],
  ["2026-01-09T10:00:00+0200", "2026-01-09T10:00:00+02", 0],
  ["2026-01-09T10:00:00+05:30", "2026-01-09T04:30:00Z", 0],
  ["2026-02-28T23:30:00-01:00", "2026-03-01T00:30:00Z", 0],
  ["2026-01-09T08:00:00.05Z", "2026-01-09T08:00:00.5Z", -1],
  [-1, "8", -1],
])(
  "compareVersions of %s and %s has the sign %i, and with the two versions swapped the opposite sign",
  (a, b, expected) => {
    expect(sign(compareVersions(a, b))).toBe(expected);
    expect(sign(compareVersions(b, a))).toBe(expected === 0 ? 0 : -expected);
    expect(isOlder(a, b)).toBe(expected === -1);
  },
);

it.each<[Version, Version]>([
  ["a", "9"],
  [1, "v1"],
  [1.5, "2"],
  ["v9", "v10"],
  ["2026-01-09T08:00:00Z", "2026-01-09"],
  ["2026-01-09T08:00:00Z", "2026-01-09T08:00:00"],
  ["2026-01-09T08:00:00Z", "1767945600"],
  ["2026-01-09T08:00:00Z", "01ARZ3NDEKTSV4RRFFQ6"],
  [2 ** 53, "9007199254740993"],
])("compareVersions cannot compare %s and %s", (a, b) => {
  expect(compareVersions(a, b)).toBeUndefined();
  expect(isOlder(a, b) || isOlder(b, a)).toBe(false);
  expect(areIncomparable(a, b)).toBe(true);
});
