import { expect, it } from "vitest";
import { among } from "../../../src/sync/findings.ts";
import { eachTestItsWorld, head, user, users } from "../../support/sync-world.ts";

const on = eachTestItsWorld();
const below = (number: number, parent: string) =>
  user(number, { profile: { code: "PRF_DEALER" }, parentUserIdentifier: parent });

it("the children of a parent that Oplead has are sent, although the parent's record is now invalid", async () => {
  await on.sync([user(1, head)]);
  const report = await on.sync([user(1, { ...head, email: "broken" }), user(2, { parentUserIdentifier: "ACC-1" })]);
  expect(report.counts).toMatchObject({ created: 1, invalid: 1, skipped: 0 });
});

it("children of a user with several different records wait until the source has one", async () => {
  const source = [user(1, head), user(1, { ...head, phone: "1" }), below(2, "ACC-1")];
  expect(among((await on.plan(source)).findings, "waiting")).toMatchObject([
    { accountNumber: "ACC-2", root: { because: "duplicate" } },
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
