import { expect, it } from "vitest";
import {
  counted,
  date,
  duration,
  kilometres,
  listed,
  number,
  percent,
  radius,
  typeset,
} from "../../../src/locales/fr/words.ts";

const NARROW = "\u202f";

it("a number has narrow spaces that do not break, and a decimal comma", () => {
  expect([999, 1_234, 1_234_567.8].map(number)).toEqual(["999", `1${NARROW}234`, `1${NARROW}234${NARROW}568`]);
  expect([7.44, 47.4].map(kilometres)).toEqual(["7,4", "47"]);
  expect([30, 47.5].map(radius)).toEqual(["30", "47,5"]);
  expect([0.125, 1].map(percent)).toEqual(["12,5 %", "100 %"]);
  expect([440, 125_000].map(duration)).toEqual(["0,4 s", "2 min 5 s"]);
});

it("in French an amount of less than two is singular", () => {
  expect([0, 1, 2, 1_000_000].map((amount) => counted(amount, "départ"))).toEqual([
    "0 départ",
    "1 départ",
    "2 départs",
    `1${NARROW}000${NARROW}000 départs`,
  ]);
});

it("a list names five items and counts the others", () => {
  expect(listed([])).toBe("aucun");
  expect(listed(["a"])).toBe("a");
  expect(listed(["a", "b", "c"])).toBe("a, b et c");
  expect(listed(["a", "b"], "or")).toBe("a ou b");
  expect(listed(["a", "b", "c", "d", "e", "f"])).toBe("a, b, c, d, e et 1 autre");
  expect(listed(["a", "b"], "and", 4)).toBe("a, b et 2 autres");
});

it("a day is written with its parts in French order", () => {
  expect(date("2026-01-31T02:00:00Z")).toBe("31/01/2026");
});

it("French punctuation gets narrow no-break spaces, so that no line ends before it, but times and addresses are unchanged", () => {
  expect(typeset("Attention : « a » ; 5 % !")).toBe(
    `Attention${NARROW}: «${NARROW}a${NARROW}»${NARROW}; 5${NARROW}%${NARROW}!`,
  );
  expect(typeset("https://a.example à 12:30")).toBe("https://a.example à 12:30");
});
