import { expect, it } from "vitest";
import { compareWithSaved } from "../../../src/command/run/approval.ts";
import type { SavedPlan, SyncPlan } from "../../../src/sync/index.ts";
import { eachTestItsWorld, user, users } from "../../support/sync-world.ts";

const on = eachTestItsWorld();
const save = (plan: SyncPlan) => JSON.parse(JSON.stringify(plan));
const differences = (saved: SavedPlan, fresh: SyncPlan) => {
  try {
    return compareWithSaved(saved, fresh, true, {});
  } catch (error) {
    return (error as { failure: { error: { differences: unknown } } }).failure.error.differences;
  }
};

it("a saved plan is the same as a fresh one while source and ledger have not changed", async () => {
  await on.sync(users(4));
  const source = [user(0), user(1, { phone: "1" }), user(2)];
  const saved = save(await on.plan(source));
  expect(differences(saved, await on.plan([...source].reverse()))).toEqual([]);
});

it("apply names the users about which a saved plan and a fresh one differ", async () => {
  await on.sync(users(6));
  const saved = save(await on.plan([user(0), user(1, { phone: "1" }), user(2, { phone: "1" }), user(4), user(9)]));
  const fresh = await on.plan([user(0), user(1, { phone: "2" }), user(2), user(3), user(9), user(10)]);
  expect(differences(saved, fresh)).toEqual([
    { accountNumber: "ACC-1", difference: "changed" },
    { accountNumber: "ACC-10", difference: "added" },
    { accountNumber: "ACC-2", difference: "removed" },
    { accountNumber: "ACC-3", difference: "back" },
    { accountNumber: "ACC-4", difference: "missing" },
  ]);
});

it("two users whose account numbers are e-mail addresses never count as the same user", async () => {
  const named = (phone: string) =>
    user(7, { accountNumber: "person-7@dealers.example", parentUserIdentifier: undefined, phone });
  const saved = save(await on.plan([named("1")]));
  expect(differences(saved, await on.plan([named("1")]))).toEqual([]);
  expect(differences(saved, await on.plan([named("2")]))).toEqual([
    { accountNumber: "[not shown]", difference: "added" },
    { accountNumber: "[not shown]", difference: "removed" },
  ]);
});
