import { expect, test } from "vitest";
import { countryInFrench } from "../../src/locales/countries.ts";
import { grammarOf } from "../../src/locales/grammar.ts";

const [english, french] = [grammarOf("en-GB"), grammarOf("fr")];

test.each([
  [0, "0", "0"],
  [-0.2, "0", "0"],
  [999, "999", "999"],
  [1234, "1,234", "1\u202f234"],
  [-1_234_567.5, "-1,234,567", "-1\u202f234\u202f567"],
])("%d is written as %s in English, and in French with a narrow space that does not break", (value, en, fr) => {
  expect([english.number(value), french.number(value)]).toEqual([en, fr]);
});

test.each([
  [47.5, "47.5", "47,5"],
  [1234.5678, "1,234.568", "1\u202f234,568"],
  [50, "50", "50"],
])("a radius of %d has at most three decimals, and no zeros at its end", (km, en, fr) => {
  expect([english.radius(km), french.radius(km)]).toEqual([en, fr]);
});

test("the amounts 0, 0.5 and 1.5 are singular in French and plural in English", () => {
  const forms = [0, 0.5, 1, 1.5, 2, 21, 1000].map((amount) => [
    english.plural(amount, "one", "many"),
    french.plural(amount, "one", "many"),
  ]);
  expect(forms).toEqual([
    ["many", "one"],
    ["many", "one"],
    ["one", "one"],
    ["many", "one"],
    ["many", "many"],
    ["many", "many"],
    ["many", "many"],
  ]);
});

test.each([
  [[], "", ""],
  [["a"], "a", "a"],
  [["a", "b"], "a and b", "a et b"],
  [["a", "b", "c", "d"], "a, b, c and d", "a, b, c et d"],
])("the list %j is %j in English, without a comma before the last item, and %j in French", (items, en, fr) => {
  expect([english.all(items), french.all(items)]).toEqual([en, fr]);
  const or = (text: string) => text.replace(" and ", " or ").replace(" et ", " ou ");
  expect([english.list(items, "or", String, items.length), french.list(items, "or", String, items.length)]).toEqual([
    or(en),
    or(fr),
  ]);
});

test.each([
  ["FR", "France"],
  ["NL", "Pays-Bas"],
  ["UN", "UN"],
  ["ZZ", "ZZ"],
  ["QQ", "QQ"],
  ["fr", "fr"],
  ["no country", "no country"],
])("the country %s is named %s in French: what is no code of a country stays", (code, name) => {
  expect(countryInFrench(code)).toBe(name);
});
