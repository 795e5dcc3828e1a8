import { expect, it } from "vitest";
import { fieldIssues, flatUser } from "../../src/user/user.ts";
import { user } from "../support/users.ts";

const pathsOf = (more: object, customFields?: readonly string[]) =>
  fieldIssues({ ...user(1), ...more }, { customFields }).map(({ path, code }) => `${path} ${code}`);

it("fieldIssues reports neither known fields nor unknown fields that resemble no known one", () => {
  expect(pathsOf({ mobile: "1", company: "x", firstname: "Zoé", phone: "1", parentUserIdentifier: "1" })).toEqual([]);
  expect(pathsOf({ costCentre: "7", login2: "x", region: { code: "R" }, custom: { colour: "red" } })).toEqual([]);
});

it("fieldIssues reports a field that resembles a known one, in every part of a user", () => {
  const { address } = user(1);
  const parts = { address: { ...address, streat: "x", country: { code: "FR", Code: "FR" } }, profile: { CODE: "P" } };
  expect(pathsOf({ ...parts, parentUserIdentifer: "A", firtsname: "Zoé", custom: { emial: "x" } })).toEqual([
    "parentUserIdentifer similar_field",
    "firtsname similar_field",
    "address.streat similar_field",
    "address.country.Code similar_field",
    "profile.CODE similar_field",
    "custom.emial similar_field",
  ]);
});

it("an unknown field is refused unless customFields lists it, and a listed one may be similar", () => {
  const { address } = user(1);
  const more = {
    emails: [],
    region: "R",
    address: { ...address, building: "B", floor: 2 },
    custom: { colour: "red" },
  };
  expect(pathsOf(more, ["emails", "region", "address.building", "colour"])).toEqual(["address.floor unknown_field"]);
  expect(pathsOf(more, [])).toEqual([
    "emails similar_field",
    "region unknown_field",
    "address.building unknown_field",
    "address.floor unknown_field",
    "custom.colour unknown_field",
  ]);
});

it("custom is an object without known fields, and without fields that the user also has beside it", () => {
  expect(pathsOf({ custom: "red" })).toEqual(["custom not_object"]);
  const custom = { email: "x", region: "R", custom: {} };
  expect(pathsOf({ region: "R", custom })).toEqual([
    "custom.email not_custom",
    "custom.region not_custom",
    "custom.custom not_custom",
  ]);
});

it("a user is sent with the fields of custom beside the others, unless one is taken", () => {
  const custom = { region: "R", nested: { a: [1] } };
  expect(flatUser(user(1, { custom }))).toEqual({ ...user(1), ...custom });
  for (const plain of [user(1), user(1, { custom: { email: "x" } })]) expect(flatUser(plain)).toBe(plain);
});
