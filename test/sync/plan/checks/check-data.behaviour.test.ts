import { expect, it } from "vitest";
import type { UserInput } from "../../../../src/index.ts";
import { messagesOf } from "../../../support/messages.ts";
import { user } from "../../../support/sync-users.ts";
import { eachTestItsWorld } from "../../../support/sync-world.ts";

const france = {
  code: "FR",
  label: "France",
  counties: [{ number: "01", label: "Ain", postCodeZips: ["01000", "01100"] }],
};
const on = eachTestItsWorld({ countries: [france] });
const issuesOf = async (one: UserInput) => {
  const { suspicious } = await on.plan([one]);
  return suspicious.flatMap(({ issues }) => issues.map(({ path, message }) => `${path} ${message}`));
};
const at = (zipCode: string, country = "FR") => ({
  address: { street: "1", zipCode, city: "Bourg", country: { code: country } },
});

it("a normal user is not suspicious", async () => {
  expect(await issuesOf(user(0))).toEqual([]);
});

it("a postcode that the country does not have is suspicious, and a lost leading zero is named", async () => {
  expect(await issuesOf(user(0, at("1100")))).toEqual([
    "address.zipCode is not a postcode of FR: a leading zero was probably lost",
  ]);
  expect(await issuesOf(user(0, at("99999")))).toEqual(["address.zipCode is not a postcode of FR"]);
});

it("postcodes of a country that cannot be read are not checked, and a warning says so", async () => {
  const plan = await on.plan([user(0, at("1234", "XX"))]);
  expect(plan.suspicious).toEqual([]);
  expect(messagesOf(plan.warnings)).toContainEqual(expect.stringContaining("The postcodes of XX were not checked"));
});

it("users of the source that share a login or an e-mail address are suspicious, also with an unchanged one", async () => {
  await on.sync([user(0), user(1)]);
  const plan = await on.plan([
    user(0),
    user(1),
    user(2, { login: "LOGIN-1" }),
    user(3, { email: "PERSON-2@dealers.example" }),
  ]);
  expect(
    plan.suspicious.map(({ accountNumber, issues }) => [accountNumber, issues.map(({ message }) => message)]),
  ).toEqual([
    ["ACC-2", ["is also the login of ACC-1", "is also the email of ACC-3"]],
    ["ACC-3", ["is also the email of ACC-2"]],
  ]);
});

it("white space around a value is suspicious, also inside the address", async () => {
  const address = { ...user(0).address, city: "Bourg " };
  expect(await issuesOf(user(0, { lastname: " Martin", address }))).toEqual([
    "lastname has white space around it",
    "address.city has white space around it",
  ]);
});

it("suspicious records are sent with a warning, and are invalid with checks: error", async () => {
  const source = [user(0), user(1, { ...at("1100"), parentUserIdentifier: "ACC-0" })];
  const plan = await on.plan(source);
  expect(messagesOf(plan.warnings)).toContain(
    "1 record to send looks wrong (address.zipCode 1): see the list of suspicious data.",
  );
  expect(plan.counts).toMatchObject({ new: 2, invalid: 0 });
  const strict = await on.plan(source, { checks: "error" });
  expect(strict).toMatchObject({ counts: { new: 1, invalid: 1 }, suspicious: [] });
  expect(strict.invalid).toMatchObject([{ accountNumber: "ACC-1", issues: [{ path: "address.zipCode" }] }]);
});

it("checks: false checks nothing and reads no country", async () => {
  const plan = await on.plan([user(0, { ...at("1100"), lastname: " x" })], { checks: false });
  expect(plan.suspicious).toEqual([]);
  expect(on.world.fake.requests.map(({ path }) => path)).toEqual(["/v1/settings/user-profiles"]);
});

it("unchanged users are not checked, so that an accepted oddity is reported once", async () => {
  await on.sync([user(0, at("1100"))]);
  const before = on.world.fake.requests.length;
  expect((await on.plan([user(0, at("1100"))])).suspicious).toEqual([]);
  expect(on.world.fake.requests.length).toBe(before);
});
