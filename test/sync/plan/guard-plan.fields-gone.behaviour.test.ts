import { expect, it } from "vitest";
import type { UserInput } from "../../../src/index.ts";
import type { SyncGuardError } from "../../../src/sync/index.ts";
import { eachTestItsWorld, user, users } from "../../support/sync-world.ts";

const on = eachTestItsWorld();
const COUNT = 12;
const without = (all: readonly UserInput[], field: "phone", value: string | undefined) =>
  all.map((one) => ({ ...one, [field]: value }));
const withoutParent = (one: UserInput) => ({ ...one, parentUserIdentifier: undefined });

it.each([undefined, "", " "])(
  "the guard refuses the plan until it is approved if the field is now %j for every user",
  async (value) => {
    await on.sync(users(COUNT));
    const emptied = without(users(COUNT), "phone", value);
    const error: SyncGuardError = await on.sync(emptied).catch((thrown) => thrown);
    expect(error.findings).toMatchObject([{ code: "field_gone", parameters: { field: "phone", users: COUNT } }]);
    expect(await (await on.plan(emptied)).render("text")).toContain(
      "12 users of the source that Oplead has had the field phone",
    );
    const report = await on.sync(emptied, { approve: error.hash });
    expect(report.counts.updated).toBe(COUNT);
    expect((await on.plan(emptied)).refusals).toEqual([]);
  },
);

it("a field is not gone if one user still has it, a new user has it, or a user never had it", async () => {
  const before = users(COUNT);
  await on.sync(before);
  const emptied = without(before, "phone", undefined);
  expect((await on.plan([...emptied.slice(1), user(0, { phone: "2" })])).refusals).toEqual([]);
  expect((await on.plan([...emptied, user(COUNT, { phone: "2" })])).refusals).toEqual([]);
  expect((await on.plan([user(COUNT, { phone: "2" }), ...emptied].map(withoutParent))).refusals).toEqual([]);
  expect((await on.plan([...emptied, user(COUNT, { phone: undefined })])).refusals).toMatchObject([
    { code: "field_gone" },
  ]);
  await on.sync([...before, user(COUNT, { phone: undefined })]);
  expect((await on.plan([...emptied, user(COUNT, { phone: undefined })])).refusals).toEqual([]);
});
