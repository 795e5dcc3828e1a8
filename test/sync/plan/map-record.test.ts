import { inspect } from "node:util";
import { expect, it, vi } from "vitest";
import { competences, contactProfiles, maxDistance, type UserInput, type UserRules } from "../../../src/index.ts";
import { among } from "../../../src/sync/findings.ts";
import { eachTestItsWorld, user, users } from "../../support/sync-world.ts";

const on = eachTestItsWorld();

it("a record whose map throws is invalid: the plan gives position and error, and does not print it", async () => {
  const thrown = new TypeError("cannot read Zoé Martin's city");
  const map = () => {
    throw thrown;
  };
  const invalid = among((await on.plan([user(1)], { map })).findings, "invalid");
  expect(invalid[0]?.error).toBe(thrown);
  expect(invalid[0]?.issues[0]?.message).toMatch(/^map threw TypeError at map-record\.test\.ts:\d+:\d+$/);
  expect(`${inspect(invalid, { depth: 9 })}${JSON.stringify(invalid)}`).not.toContain("Martin");
});

it("the logged position of a rule builder's error is the position of the call in map", async () => {
  const warn = vi.fn();
  const logger = { debug() {}, info() {}, warn, error() {} };
  await on.plan(
    [user(1)],
    { map: (record) => ({ user: record, rules: { maxDistance: maxDistance(-1) } }) },
    { logger },
  );
  expect(warn.mock.calls[0]?.[0]).toMatch(/\(at map-record\.test\.ts:\d+:\d+\)$/);
});

it("issues of a rule builder in `map` become issues of the record, with the rule in their paths", async () => {
  const map = async (record: UserInput, rules: () => UserRules) => ({ user: record, rules: rules() });
  const pathIn = async (rules: () => UserRules) => {
    const invalid = among(
      (await on.plan([user(1)], { map: (record: UserInput) => map(record, rules) })).findings,
      "invalid",
    );
    return invalid[0]?.issues.map(({ path, code }) => `${path} ${code}`);
  };
  expect(await pathIn(() => ({ maxDistance: maxDistance(-1) }))).toEqual(["maxDistance not_distance"]);
  expect(await pathIn(() => ({ competences: competences.ranges("RNG_A", "RTY_B") }))).toEqual([
    "competences[1] other_code",
  ]);
  expect(await pathIn(() => ({ contactProfiles: contactProfiles() }))).toEqual(["contactProfiles empty_rule"]);
});

it("the option key gives the account number of a record whose map throws, which is not missing then", async () => {
  await on.sync(users(3));
  const onMissing = vi.fn();
  const map = (record: UserInput) => {
    if (record.accountNumber === "ACC-1") throw new Error("broken");
    return { user: record };
  };
  const plan = await on.plan([user(0), user(1)], { map, key: ({ accountNumber }) => accountNumber, onMissing });
  expect(among(plan.findings, "invalid")).toMatchObject([{ record: 1, accountNumber: "ACC-1" }]);
  expect(among(plan.findings, "leaver")).toMatchObject([{ accountNumber: "ACC-2" }]);
  await plan.apply();
  expect(onMissing.mock.calls.map(([{ accountNumber }]) => accountNumber)).toEqual(["ACC-2"]);
});

it("a record is invalid if map and the option key give different account numbers for it", async () => {
  const plan = await on.plan([user(1)], { key: () => "ACC-2" });
  expect(among(plan.findings, "invalid")).toMatchObject([
    { accountNumber: "ACC-2", issues: [{ path: "accountNumber" }] },
  ]);
});

it("planning goes on if one of the options `key` and `rowOf` throws", async () => {
  const throws = () => {
    throw new Error("broken");
  };
  const plan = await on.plan([user(0)], { key: throws, rowOf: throws });
  expect(plan.changes).toMatchObject([{ accountNumber: "ACC-0", row: undefined }]);
});
