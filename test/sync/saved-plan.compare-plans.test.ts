import { expect, it } from "vitest";
import { comparePlans, type SavedPlan, type SyncPlan } from "../../src/sync/index.ts";
import { user, users } from "../support/sync-users.ts";
import { eachTestItsWorld } from "../support/sync-world.ts";

const on = eachTestItsWorld();
const save = (plan: SyncPlan): SavedPlan => JSON.parse(JSON.stringify(plan));

it("a saved plan is the same as a fresh one while source and ledger have not changed", async () => {
  await on.sync(users(4));
  const source = [user(0), user(1, { phone: "1" }), user(2)];
  const saved = save(await on.plan(source));
  expect(comparePlans(saved, await on.plan([...source].reverse()))).toEqual({
    same: true,
    findings: [],
    differences: [],
  });
});

it("comparePlans names the users about which a saved plan and a fresh one differ", async () => {
  await on.sync(users(6));
  const saved = save(await on.plan([user(0), user(1, { phone: "1" }), user(2, { phone: "1" }), user(4), user(9)]));
  const fresh = await on.plan([user(0), user(1, { phone: "2" }), user(2), user(3), user(9), user(10)]);
  expect(comparePlans(saved, fresh)).toEqual({
    same: false,
    findings: [expect.objectContaining({ code: "other_plan" })],
    differences: [
      { accountNumber: "ACC-1", difference: "changed" },
      { accountNumber: "ACC-10", difference: "added" },
      { accountNumber: "ACC-2", difference: "removed" },
      { accountNumber: "ACC-3", difference: "back" },
      { accountNumber: "ACC-4", difference: "missing" },
    ],
  });
});

it("comparePlans compares plans with account numbers that are e-mail addresses, and does not show them", async () => {
  const named = (phone: string) =>
    user(7, { accountNumber: "person-7@dealers.example", parentUserIdentifier: undefined, phone });
  const saved = save(await on.plan([named("1")]));
  expect(comparePlans(saved, await on.plan([named("1")])).same).toBe(true);
  const { same, differences } = comparePlans(saved, await on.plan([named("2")]));
  expect(same).toBe(false);
  expect(new Set(differences.map(({ accountNumber }) => accountNumber))).toEqual(new Set(["[not shown]"]));
});

it("comparePlans refuses a value that is not the JSON of a plan", async () => {
  const fresh = await on.plan([user(0)]);
  for (const wrong of [{}, null, [], { version: 2 }, { version: 1, hash: "x", changes: [1], missing: [] }]) {
    expect(() => comparePlans(wrong as never, fresh)).toThrow(expect.objectContaining({ code: "invalid_input" }));
  }
});
