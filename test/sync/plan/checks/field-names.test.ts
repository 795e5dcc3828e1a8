import { expect, it } from "vitest";
import { fieldNameIssues } from "../../../../src/sync/plan/checks/field-names.ts";
import { user } from "../../../support/sync-users.ts";

const similar = (name: string): string[] => fieldNameIssues({ [name]: 1 }).map(({ message }) => message);

it("The fields of a user have their own names", () => {
  expect(fieldNameIssues(user(1, { mobile: "1", company: "x" }))).toEqual([]);
  expect(fieldNameIssues({ address: "text" })).toEqual([]);
});

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
])("The field %s is suspicious, because it is email %s", (name) => {
  expect(similar(name)).toEqual(['is not a field that Oplead is known to have; "email" is one']);
});

it.each([
  ["emoul", "two wrong letters"],
  ["emibl", "the first of two swapped letters only"],
  ["emxal", "the second of two swapped letters only"],
  ["emiax", "another end after two swapped letters"],
  ["emailaddress", "many letters more"],
  ["em", "many letters less"],
  ["email2", "a number"],
])("The field %s is a field of its own, because it has %s", (name) => {
  expect(similar(name)).toEqual([]);
});

it("A short field name is suspicious only if it equals a known one but for case and separators", () => {
  expect(fieldNameIssues({ address: { CITY: "x", Zip_Code: "1", streat: "y", cita: "z", cit: "z" } })).toMatchObject([
    { path: "address.CITY", message: 'is not a field that Oplead is known to have; "city" is one' },
    { path: "address.Zip_Code", message: 'is not a field that Oplead is known to have; "zipCode" is one' },
    { path: "address.streat", message: 'is not a field that Oplead is known to have; "street" is one' },
  ]);
});
