// A platform whose fields have other names and places, and whose rules have other paths.
import { expect, it } from "vitest";
import {
  competences,
  createOplead,
  geographical,
  isOpleadError,
  type OpleadIssue,
  type Platform,
  profileTypes,
} from "../../src/index.ts";
import { createFakeOplead } from "../../src/testing/index.ts";

const platform: Platform = {
  fields: {
    id: "user_id",
    firstname: "first_name",
    accountNumber: "account_number",
    parentUserIdentifier: "manager.ref",
    "address.zipCode": "address.postal_code",
    "address.country.code": "address.country",
    "profile.code": "profile",
    "geographical.handledCountries[].handledCountry.code": "areas[].country",
    "geographical.handledCountries[].handledCounties[].handledCounty.number": "areas[].counties[].number",
    "maxDistance.maxDistance": "radius_km",
    "competences[].range.code": "competences[].range",
    "profileTypes[]": "types[]",
    "profiles[].code": "[].ref",
    "profiles[].parent.code": "[].parent",
    "country.counties[].postCodeZips[]": "counties[].zips[]",
  },
  rulePaths: { maxDistance: "/v1/users/{id}/rules/radius" },
  envelope: { item: "data", list: "items" },
};

const PARENT = {
  civility: "MRS",
  lastname: "Martin",
  firstname: "Anne",
  login: "amartin",
  email: "a.martin@example.com",
  address: { zipCode: "01000", city: "Bourg-en-Bresse", country: { code: "FR" } },
  profile: { code: "PRF_NETWORK" },
  accountNumber: "AC-1",
};
const USER = {
  ...PARENT,
  login: "bdurand",
  email: "b.durand@example.com",
  accountNumber: "AC-2",
  profile: { code: "PRF_REGION" },
  parentUserIdentifier: "AC-1",
};

function open() {
  const fake = createFakeOplead({ platform });
  return { fake, oplead: createOplead({ token: "fake-token", fetch: fake.fetch, retry: false, platform }) };
}

it("a user is written with the fields of the platform, and the answer is read with the package's", async () => {
  const { fake, oplead } = open();
  await oplead.upsertUser(PARENT);
  const { id, user } = await oplead.upsertUser(USER);
  expect(fake.requests.at(-1)?.body).toEqual({
    civility: "MRS",
    lastname: "Martin",
    first_name: "Anne",
    login: "bdurand",
    email: "b.durand@example.com",
    address: { postal_code: "01000", city: "Bourg-en-Bresse", country: "FR" },
    profile: "PRF_REGION",
    account_number: "AC-2",
    manager: { ref: "AC-1" },
  });
  expect(fake.user(id)).toMatchObject(USER);
  expect(user).toEqual({ ...USER, id });
});

it("rules are written to the paths and with the fields of the platform", async () => {
  const { fake, oplead } = open();
  const county = { handledCounty: { number: "01" }, handledPostCodeZips: ["01000"] };
  const rules = {
    geographical: {
      handledCountries: [
        { handledCountry: { code: "BE" } },
        { handledCountry: { code: "FR" }, handledCounties: [county] },
      ],
    },
    maxDistance: { maxDistance: 30 },
    competences: [{ range: { code: "RNG_A" } }, { range: { code: "RNG_B" } }],
    contactProfiles: [{ code: "CPR_A" }],
    profileTypes: ["pro" as const],
  };
  const { id } = await oplead.upsertUser(PARENT, { rules });
  expect(fake.rules(id)).toEqual(rules);
  const sent = Object.fromEntries(fake.requests.slice(2).map(({ path, body }) => [path.split(id)[1], body]));
  expect(sent).toEqual({
    "/rule/geographical": {
      areas: [{ country: "BE" }, { country: "FR", counties: [{ number: "01", handledPostCodeZips: ["01000"] }] }],
    },
    "/rules/radius": { radius_km: 30 },
    "/rule/competences": { competences: [{ range: "RNG_A" }, { range: "RNG_B" }] },
    "/rule/contact-profiles": [{ code: "CPR_A" }],
    "/rule/profile-types": { types: ["pro"] },
  });
  const none = {
    geographical: geographical.none(),
    competences: competences.none(),
    profileTypes: profileTypes.none(),
  };
  await oplead.setRules(id, none);
  expect(fake.requests.slice(-3).map(({ body }) => body)).toEqual([{ areas: [] }, { competences: [] }, { types: [] }]);
});

it("reference data is read from the fields and lists of the platform", async () => {
  const { oplead } = open();
  expect(await oplead.listUserProfiles()).toContainEqual({
    code: "PRF_REGION",
    label: "Responsable régional",
    parent: { code: "PRF_NETWORK" },
  });
  expect(await oplead.listCountries()).toContainEqual({ code: "FR", label: "France" });
  const { counties } = await oplead.getCountry("FR");
  expect(counties[0]).toEqual({ number: "01", label: "Ain", postCodeZips: ["01000", "01100", "01400", "01410"] });
});

it("a refusal names the package's fields", async () => {
  const { oplead } = open();
  const error = await oplead
    .upsertUser({ ...PARENT, profile: { code: "PRF_NONE" } })
    .catch((thrown: unknown) => thrown);
  expect(isOpleadError(error) && error.message).toMatch(/It names: profile\.code\./);
});

it.each<[string, object, RegExp]>([
  [
    "a map of fields",
    { errors: { first_name: ["no"], address: { postal_code: ["no"] } } },
    /address\.zipCode, firstname/,
  ],
  ["JSON pointers", { errors: [{ pointer: "#/data/address/postal_code", detail: "no" }] }, /address\.zipCode/],
])("a refusal with %s names the package's fields", async (_form, body, words) => {
  const fetch = async () => Response.json(body, { status: 422 });
  const oplead = createOplead({ token: "t", fetch, retry: false, platform });
  await expect(oplead.updateUser("AC-1", PARENT)).rejects.toThrow(words);
});

const refused = (given: object): readonly Pick<OpleadIssue, "path" | "code">[] => {
  try {
    createOplead({ token: "t", platform: given as Platform });
    return [];
  } catch (error) {
    return isOpleadError(error) ? (error.issues ?? []).map(({ path, code }) => ({ path, code })) : [];
  }
};

it.each<[string, object, string, string]>([
  ["has an unknown name", { fields: { first_name: "prenom" } }, "fields.first_name", "not_api_field"],
  ["gives no path", { fields: { firstname: "first name" } }, "fields.firstname", "not_wire_place"],
  [
    "gives another number of lists",
    { fields: { "profileTypes[]": "types" } },
    "fields.profileTypes[]",
    "not_wire_place",
  ],
  ["gives two fields one name", { fields: { firstname: "name", lastname: "name" } }, "fields.firstname", "place_taken"],
  ["gives a field the name of another", { fields: { firstname: "lastname" } }, "fields.firstname", "place_taken"],
  [
    "puts a field inside another",
    { fields: { "profile.code": "email.profile" } },
    "fields.profile.code",
    "place_taken",
  ],
  [
    "gives a field the name of a custom one",
    { customFields: ["prenom"], fields: { firstname: "prenom" } },
    "fields.firstname",
    "place_taken",
  ],
  [
    "puts one list at two places",
    { fields: { "countries[].code": "a[].code", "countries[].label": "b[].label" } },
    "fields.countries[].label",
    "place_contradicts",
  ],
  [
    "gives a rule a path without the user",
    { rulePaths: { maxDistance: "/v1/radius" } },
    "rulePaths.maxDistance",
    "not_rule_path",
  ],
  ["names an unknown rule", { rulePaths: { radius: "/v1/users/{id}/r" } }, "rulePaths.radius", "unknown_option"],
  ["gives no place of a list", { envelope: { list: "a b" } }, "envelope.list", "not_id_field"],
])("createOplead refuses a platform that %s, with its path", (_what, given, path, code) => {
  expect(refused(given)).toEqual([{ path: `platform.${path}`, code }]);
});

it("two fields may exchange their names", () => {
  expect(refused({ fields: { firstname: "lastname", lastname: "firstname" } })).toEqual([]);
});
