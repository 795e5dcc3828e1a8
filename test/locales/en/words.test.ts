import { expect, it } from "vitest";
import { counted, day, duration, kilometres, listed, number, percent, radius } from "../../../src/locales/en/words.ts";

it.each([
  [0, "0"],
  [999, "999"],
  [1_234, "1,234"],
  [1_234_567.8, "1,234,568"],
  [-4_321, "-4,321"],
])("the number %d is written %j", (value, text) => {
  expect(number(value)).toBe(text);
});

it('an amount of 0 is written "no", and only an amount of 1 is singular', () => {
  expect([0, 1, 2, 1_000].map((amount) => counted(amount, "user"))).toEqual([
    "no users",
    "1 user",
    "2 users",
    "1,000 users",
  ]);
  expect([1, 2].map((amount) => counted(amount, "user is", "users are"))).toEqual(["1 user is", "2 users are"]);
});

it.each([
  [0, "0 ms"],
  [440, "440 ms"],
  [9_999, "10 s"],
  [10_400, "10 s"],
  [59_400, "59 s"],
  [59_600, "1 min"],
  [125_000, "2 min 5 s"],
  [3_599_999, "1 h"],
  [12_000_000, "3 h 20 min"],
])("a duration of %d ms is written %j", (ms, text) => {
  expect(duration(ms)).toBe(text);
});

it("a day is written in UTC", () => {
  expect(day(Date.UTC(2026, 0, 31, 23, 59))).toBe("2026-01-31");
});

it("a list names five items and counts the others", () => {
  expect(listed([])).toBe("none");
  expect(listed(["a"])).toBe("a");
  expect(listed(["a", "b", "c"])).toBe("a, b and c");
  expect(listed(["a", "b", "c"], "or")).toBe("a, b or c");
  expect(listed(["a", "b", "c", "d", "e", "f", "g"])).toBe("a, b, c, d, e and 2 more");
  expect(listed(["a", "b"], "and", 1_002)).toBe("a, b and 1,000 more");
});

it("shares and kilometres below ten have one decimal, and a radius keeps the decimals that were set", () => {
  expect([0, 0.125, 1, 12.3456].map(percent)).toEqual(["0%", "12.5%", "100%", "1,234.6%"]);
  expect([7.44, 9.96, 47.4].map(kilometres)).toEqual(["7.4", "10", "47"]);
  expect([30, 47.5, 1_500].map(radius)).toEqual(["30", "47.5", "1,500"]);
});
