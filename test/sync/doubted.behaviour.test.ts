import { expect, it } from "vitest";
import { setEntry } from "../support/entries.ts";
import { eachTestItsWorld, users } from "../support/sync-world.ts";

const on = eachTestItsWorld();

it("a user whose last attempt had no known outcome is planned and sent once more, and the plan says why", async () => {
  await on.sync(users(3));
  const entry = await on.ledger.get("ACC-1");
  if (entry) await setEntry(on.ledger, "ACC-1", { ...entry, intent: { at: entry.at - 3_600_000 } });
  const plan = await on.plan(users(3));
  expect(plan.changes).toMatchObject([{ accountNumber: "ACC-1", kind: "changed", fields: [], doubted: true }]);
  expect(await plan.toText()).toContain("\n  ~ ACC-1  sent once more, because an attempt had no known outcome");
  on.world.newRequests();
  expect(await plan.apply()).toMatchObject({ status: "complete", counts: { updated: 1 } });
  expect(on.world.newRequests()).toBe(1);
  expect((await on.plan(users(3))).changes).toEqual([]);
});
