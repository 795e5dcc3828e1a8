import { expect, it } from "vitest";
import { franceCountry } from "../../../src/coverage/france.ts";
import { geographical, type UserInput } from "../../../src/index.ts";
import { among } from "../../../src/sync/findings.ts";
import { messagesOf } from "../../support/messages.ts";
import { eachTestItsWorld, user, users } from "../../support/sync-world.ts";

const france = {
  code: "FR",
  label: "France",
  counties: [{ number: "01", label: "Ain", postCodeZips: ["01000", "01100"] }],
};
const on = eachTestItsWorld({ countries: [france] });
const issuesOf = async (one: UserInput) => {
  const suspicious = among((await on.plan([one])).findings, "suspicious");
  return suspicious.flatMap(({ issues }) => issues.map(({ path, message }) => `${path} ${message}`));
};
const at = (zipCode: string, country = "FR") => ({
  address: { street: "1", zipCode, city: "Bourg", country: { code: country } },
});

it("a postcode that the country does not have is suspicious, and a lost leading zero is named", async () => {
  expect(await issuesOf(user(0, at("1100")))).toEqual([
    "address.zipCode is not a postcode of FR: a leading zero was probably lost",
  ]);
  expect(await issuesOf(user(0, at("99999")))).toEqual(["address.zipCode is not a postcode of FR"]);
});

it("postcodes of a country that cannot be read are not checked, and a warning says so", async () => {
  const plan = await on.plan([user(0, at("1234", "XX"))]);
  expect(among(plan.findings, "suspicious")).toEqual([]);
  expect(messagesOf(plan.warnings)).toContainEqual(expect.stringContaining("The postcodes of XX were not checked"));
});

it("suspicious records are sent with a warning, and are invalid with checks: error", async () => {
  const source = [user(0), user(1, { ...at("1100"), parentUserIdentifier: "ACC-0" })];
  const plan = await on.plan(source);
  expect(messagesOf(plan.warnings)).toContain(
    "1 record to send looks wrong (address.zipCode 1): see the list of suspicious data.",
  );
  expect(plan.counts).toMatchObject({ new: 2, invalid: 0 });
  const strict = await on.plan(source, { checks: "error" });
  expect(strict.counts).toMatchObject({ new: 1, invalid: 1 });
  expect(among(strict.findings, "suspicious")).toEqual([]);
  expect(among(strict.findings, "invalid")).toMatchObject([
    { accountNumber: "ACC-1", issues: [{ path: "address.zipCode" }] },
  ]);
});

it("with checks: false nothing is checked, and no country is read", async () => {
  const plan = await on.plan([user(0, { ...at("1100"), lastname: " x" })], { checks: false });
  expect(among(plan.findings, "suspicious")).toEqual([]);
  expect(on.world.fake.requests.map(({ path }) => path)).toEqual(["/v1/settings/user-profiles"]);
});

const silent = eachTestItsWorld({
  countries: [{ code: "FR", label: "France", counties: [{ number: "01", label: "Ain" }] }],
});
const found = async (one: UserInput, more: object = {}) => {
  const suspicious = among((await silent.plan([one], more)).findings, "suspicious");
  return suspicious.flatMap(({ issues }) => issues.map(({ path, code }) => `${path} ${code}`));
};
it("a French postcode must be one of coverage.universe, unless the town says CEDEX", async () => {
  const more = { coverage: { universe: { countries: [franceCountry()] } } };
  const cedex = { address: { street: "1", zipCode: "75908", city: "Paris Cedex 15", country: { code: "FR" } } };
  expect(await found(user(0, at("01000")), more)).toEqual([]);
  expect(await found(user(0, at("99999")), more)).toEqual(["address.zipCode unknown_zip_code"]);
  expect(await found(user(0, cedex), more)).toEqual([]);
});

it("the postcodes of geographical rules are checked for their form", async () => {
  const map = (record: UserInput) => ({
    user: record,
    rules: { geographical: geographical().zips("FR", "01", ["01000", "1100"]) },
  });
  expect(await found(user(0), { map })).toEqual([
    "rules.geographical.handledCountries[0].handledCounties[0].handledPostCodeZips[1] no_such_zip_code",
  ]);
});

const map = (record: UserInput) => ({
  user: record,
  rules: { geographical: geographical().zips("FR", "01", ["01000", "1100", "99999"]) },
});

it("geographical rules to send are compared with the platform by one request, even of unchanged users", async () => {
  await on.sync(users(2));
  const before = on.world.fake.requests.length;
  const plan = await on.plan(users(2), { map });
  expect(among(plan.findings, "suspicious").map(({ issues }) => issues.map(({ code }) => code))).toEqual([
    ["zip_code_without_zero", "no_such_zip_code"],
    ["zip_code_without_zero", "no_such_zip_code"],
  ]);
  expect(among(plan.findings, "suspicious")[0]?.issues[0]?.path).toBe(
    "rules.geographical.handledCountries[0].handledCounties[0].handledPostCodeZips[1]",
  );
  const asked = on.world.fake.requests.slice(before).filter(({ path }) => path.includes("/country/"));
  expect(asked).toHaveLength(1);
});

it("a user whose parent is unknown is suspicious, and not invalid even with checks: error", async () => {
  const source = [user(0, { parentUserIdentifier: "ACC-9" })];
  for (const checks of ["warn", "error"] as const) {
    const plan = await on.plan(source, { checks });
    expect(among(plan.findings, "suspicious")).toMatchObject([
      { accountNumber: "ACC-0", issues: [{ path: "parentUserIdentifier", code: "unknown_parent" }] },
    ]);
    expect(messagesOf(plan.warnings).join()).not.toContain("looks wrong");
  }
  expect(await (await on.sync(source)).render("csv")).toContain("names ACC-9");
});

it("records that the source suspects are in the list of suspicious data, even if only a rule is sent", async () => {
  const records = users(3);
  const cut = { path: "", code: "may_be_cut", parameters: { row: 4 }, message: "cut" } as const;
  const source = Object.assign(() => records, { suspected: () => [{ record: 2, issue: cut }] });
  await on.sync(records);
  const since = expect.stringMatching(/^20..-/);
  const known = { kind: "suspicious", record: 2, row: undefined, accountNumber: "ACC-2", issues: [cut], since };
  expect(among((await on.plan(source)).findings, "suspicious")).toEqual([known]);
  const map = (record: UserInput) => ({ user: record, rules: { maxDistance: 3 } });
  const plan = await on.plan(source, { map, rowOf: (record) => Number(record.accountNumber?.slice(4)) + 2 });
  expect(among(plan.findings, "suspicious")).toMatchObject([
    { record: 2, row: 4, accountNumber: "ACC-2", issues: [cut] },
  ]);
  expect(await plan.render("text")).toContain("ACC-2 (row 4)");
});
