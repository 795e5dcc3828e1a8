import { expect, it } from "vitest";
import { messagesOf } from "../../support/messages.ts";
import { user, users } from "../../support/sync-users.ts";
import { eachTestItsWorld } from "../../support/sync-world.ts";

const on = eachTestItsWorld();

it("if most users of a small network change or are missing, the plan says that the guard does not judge so small a network", async () => {
  await on.sync(users(20));
  const changed = users(15).map((same) => ({ ...same, company: "Shifted column" }));
  const { refusals, warnings } = await on.plan(changed);
  expect(refusals).toEqual([]);
  expect(messagesOf(warnings)).toContainEqual(
    expect.stringMatching(/^20 of 20 users .* fewer than 100 users \(guard\.minUsers\)/),
  );
});

it("a plan does not warn of a small network if few of its users change, nor of a network of a handful of users", async () => {
  await on.sync(users(20));
  const some = users(20).map((same, index) => (index < 10 ? { ...same, company: "New" } : same));
  expect(messagesOf((await on.plan(some)).warnings).join()).not.toContain("minUsers");
  const few = users(9);
  on.ledger = (await import("../../../src/sync/index.ts")).memoryLedger();
  await on.sync(few);
  expect(messagesOf((await on.plan([user(0)])).warnings).join()).not.toContain("minUsers");
});
