import { expect, it } from "vitest";
import { similarTo } from "../../src/core/values.ts";

const known = ["login", "email", "city", "zipCode"];

it.each([
  ["EMAIL", "in another case"],
  ["e_mail", "with a separator"],
  ["e-mail", "with another separator"],
  ["emaxil", "with a letter too many"],
  ["emaill", "with a letter too many at the end"],
  ["emil", "with a letter missing"],
  ["emai", "with the last letter missing"],
  ["emoil", "with a wrong letter"],
  ["emaix", "with a wrong letter at the end"],
  ["emial", "with two letters swapped"],
])('the name %s counts as a misspelling of "email": it is "email" %s', (name) => {
  expect(similarTo(name, known)).toBe("email");
});

it.each([
  ["emoul", "two wrong letters"],
  ["emibl", "the first of two swapped letters only"],
  ["emxal", "the second of two swapped letters only"],
  ["emiax", "another end after two swapped letters"],
  ["emailaddress", "many letters more"],
  ["em", "many letters less"],
  ["email2", "a number"],
])("the name %s does not count as a misspelt email, because it has %s", (name) => {
  expect(similarTo(name, known)).toBeUndefined();
});

it("a short name resembles a known one only if they differ in nothing but case and separators", () => {
  expect(["CITY", "Zip_Code", "cita", "cit"].map((name) => similarTo(name, known))).toEqual([
    ...["city", "zipCode", undefined, undefined],
  ]);
});
