import { expect, it } from "vitest";
import { among } from "../../../src/sync/findings.ts";
import { messagesOf } from "../../support/messages.ts";
import { eachTestItsWorld, heads, user, users, withPhone } from "../../support/sync-world.ts";

const on = eachTestItsWorld();

it("with the option `only`, apply sends the users that it names, and the next run sends the others", async () => {
  await on.sync(users(5));
  const changed = withPhone("1", 5);
  const plan = await on.plan(changed);
  const report = await plan.apply({ only: ["ACC-1", "ACC-3"] });
  expect(report).toMatchObject({ status: "complete", counts: { updated: 2, notSelected: 3 } });
  expect(on.world.fake.users.map(({ phone }) => phone === "1")).toEqual([false, true, false, true, false]);
  expect((await on.sync(changed)).counts).toMatchObject({ updated: 3, unchanged: 2, notSelected: 0 });
});

it("with the option `limit`, apply sends the first users of the plan, parents first", async () => {
  const plan = await on.plan(users(5).reverse());
  const report = await plan.apply({ limit: 2 });
  expect(report).toMatchObject({ counts: { created: 2, notSelected: 3, skipped: 0 } });
  expect(on.world.fake.users[0]?.accountNumber).toBe("ACC-0");
  expect((await on.sync(users(5))).counts).toMatchObject({ created: 3, unchanged: 2 });
});

it("a run in test mode with a limit of N asks about N users that test mode can check", async () => {
  const children = Array.from({ length: 30 }, (_, number) => user(100 + number));
  const plan = await on.plan([...heads(30), ...children], {}, { testMode: true });
  on.world.newRequests();
  const report = await plan.apply({ limit: 10 });
  expect(report).toMatchObject({ status: "complete", testMode: true, counts: { created: 10, notSelected: 50 } });
  expect(among(report.findings, "unverifiable")).toEqual([]);
  expect(on.world.newRequests()).toBe(20);
});

it.each([
  [{ lmit: 3 }, "lmit"],
  [{ limit: -1 }, "limit"],
  [{ only: "ACC-1" }, "only"],
  [{ stop: { failurShare: 1 } }, "stop.failurShare"],
] as const)("apply refuses an option that is wrong or unknown before anything is sent: %j", async (options, path) => {
  const plan = await on.plan(users(2));
  const call = plan.apply(options as never);
  await expect(call).rejects.toMatchObject({ code: "invalid_options", issues: [{ path }] });
  expect(on.world.newRequests()).toBe(0);
});

it("the report lists account numbers of `only` for which nothing is to be sent", async () => {
  const report = await (await on.plan(users(2))).apply({ only: ["ACC-0", "ACC-O", "eve@dealers.example"] });
  expect(report.counts).toMatchObject({ created: 1 });
  expect(messagesOf(report.warnings)).toContainEqual(
    expect.stringMatching(/^Nothing is to be sent for 2 of the account numbers in `only`: ACC-O, \[not shown\]\./),
  );
});
