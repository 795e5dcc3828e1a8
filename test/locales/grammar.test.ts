import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { grammarOf } from "../../src/locales/grammar.ts";

describe.each(["en-GB", "fr"] as const)("in %s", (locale) => {
  const grammar = grammarOf(locale);

  test("numbers are written as Intl writes them", () => {
    const format = new Intl.NumberFormat(locale);
    const rounded = fc.tuple(fc.integer({ min: -1e12, max: 1e12 }), fc.constantFrom(1, 10, 1000));
    fc.assert(
      fc.property(rounded, ([value, parts]) => {
        expect(grammar.radius(value / parts)).toBe(format.format(value / parts));
      }),
    );
    for (const value of [0, 999, 1000, 1234, 999_999, 1_000_000]) {
      expect(grammar.number(value)).toBe(format.format(value));
    }
  });

  test("words take the form that Intl chooses for the amount", () => {
    const rules = new Intl.PluralRules(locale);
    for (const amount of [0, 0.5, 1, 1.5, 2, 3, 21, 101, 1000]) {
      expect(grammar.plural(amount, "one", "many"), `for ${amount}`).toBe(
        rules.select(amount) === "one" ? "one" : "many",
      );
    }
  });

  test.each([
    ["and", "conjunction"],
    ["or", "disjunction"],
  ] as const)("lists with %s are written as Intl writes them", (word, type) => {
    const format = new Intl.ListFormat(locale, { type });
    for (const items of [[], ["a"], ["a", "b"], ["a", "b", "c"], ["a", "b", "c", "d"]]) {
      expect(grammar.list(items, word, String, items.length)).toBe(format.format(items));
    }
  });
});
