import { expect, it } from "vitest";
import { user, users } from "../../support/sync-users.ts";
import { creationOf, eachTestItsWorld } from "../../support/sync-world.ts";

const on = eachTestItsWorld();
const head = { profile: { code: "PRF_NETWORK" }, parentUserIdentifier: undefined };
const below = (number: number, parent: string) =>
  user(number, { profile: { code: "PRF_DEALER" }, parentUserIdentifier: parent });

it("the children of an invalid new parent wait for it and are not counted as new", async () => {
  const broken = user(1, { ...head, email: "broken" });
  const plan = await on.plan([below(3, "ACC-2"), user(2, { parentUserIdentifier: "ACC-1" }), broken, user(4, head)]);
  expect(plan.counts).toMatchObject({ new: 1, invalid: 1, waiting: 2 });
  expect(plan.estimate.requests).toBe(2);
  const root = { record: 2, row: undefined, accountNumber: "ACC-1", because: "invalid" };
  expect(plan.waiting).toEqual([
    { record: 1, row: undefined, accountNumber: "ACC-2", parent: "ACC-1", root },
    { record: 0, row: undefined, accountNumber: "ACC-3", parent: "ACC-2", root },
  ]);
  expect(await plan.toText()).toContain("ACC-1  is invalid: 2 people wait for it (ACC-2, ACC-3)");
  const report = await plan.apply();
  expect(report).toMatchObject({ status: "partial", counts: { created: 1, invalid: 1, skipped: 2 } });
  expect(report.skipped.map(({ accountNumber }) => accountNumber)).toEqual(["ACC-2", "ACC-3"]);
});

it("the children of a held parent are reported once every night, and nothing is sent", async () => {
  on.world.fake.fail({ on: creationOf("ACC-1"), as: { status: 422 }, times: 99 });
  const source = [user(1, head), below(2, "ACC-1"), below(3, "ACC-1")];
  await on.sync(source);
  on.world.newRequests();
  for (let night = 0; night < 2; night += 1) {
    const plan = await on.plan(source);
    expect(plan.counts).toMatchObject({ new: 0, held: 1, waiting: 2 });
    expect(plan.waiting).toMatchObject([{ root: { because: "held" } }, { root: { because: "held" } }]);
    expect((await plan.apply()).skipped).toHaveLength(2);
  }
  expect(on.world.newRequests()).toBe(0);
});

it("the children of a parent that Oplead has are sent, although the parent's record is now invalid", async () => {
  await on.sync([user(1, head)]);
  const report = await on.sync([user(1, { ...head, email: "broken" }), user(2, { parentUserIdentifier: "ACC-1" })]);
  expect(report.counts).toMatchObject({ created: 1, invalid: 1, skipped: 0 });
});

it("the children of a user with several different records wait until the source has one record of the user", async () => {
  const source = [user(1, head), user(1, { ...head, phone: "1" }), below(2, "ACC-1")];
  expect((await on.plan(source)).waiting).toMatchObject([{ accountNumber: "ACC-2", root: { because: "duplicate" } }]);
});

it("the issue of a record in a cycle of 500 parents names only the record and the nine users after it", async () => {
  const cycle = Array.from({ length: 500 }, (_, number) =>
    user(number, { ...head, parentUserIdentifier: `ACC-${(number + 1) % 500}` }),
  );
  const plan = await on.plan(cycle);
  expect(plan.counts.invalid).toBe(500);
  expect(plan.invalid[3]?.issues).toMatchObject([
    {
      path: "parentUserIdentifier",
      message: `is in a cycle of parents: ${[3, 4, 5, 6, 7, 8, 9, 10, 11, 12].map((n) => `ACC-${n}`).join(" → ")} → … → ACC-3`,
    },
  ]);
});

it("every user of the source is in exactly one of the plan's counts", async () => {
  await on.sync(users(3));
  const source = [
    ...users(2),
    user(2, { phone: "1" }),
    user(3),
    user(3),
    user(4, { email: "x" }),
    user(5),
    user(5, { phone: "1" }),
  ];
  const { counts } = await on.plan(source);
  const { new: created, changed, unchanged, held, invalid, duplicate, waiting, stale } = counts;
  expect(created + changed + unchanged + held + invalid + duplicate + waiting + stale).toBe(6);
});
