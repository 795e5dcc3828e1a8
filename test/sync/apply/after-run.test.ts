import { beforeEach, expect, it, vi } from "vitest";
import type { UserInput } from "../../../src/index.ts";
import { messagesOf } from "../../support/messages.ts";
import { user, users } from "../../support/sync-users.ts";
import { eachTestItsWorld } from "../../support/sync-world.ts";

const on = eachTestItsWorld();
const COUNT = 20;

beforeEach(async () => {
  await on.sync(users(COUNT));
  on.world.newRequests();
});

it("users that left the source are reported to onMissing once, and never removed", async () => {
  const onMissing = vi.fn();
  const rest = users(COUNT).slice(0, 15);
  expect((await on.sync(rest, { onMissing })).missing).toHaveLength(5);
  expect(onMissing.mock.calls.map(([{ accountNumber }]) => accountNumber)).toEqual(
    [15, 16, 17, 18, 19].map((number) => `ACC-${number}`),
  );
  const report = await on.sync(rest, { onMissing });
  expect(report.missing[0]).toMatchObject({
    accountNumber: "ACC-15",
    id: expect.any(String),
    missingSince: expect.any(String),
    state: "grace",
  });
  expect(onMissing).toHaveBeenCalledTimes(5);
  expect(on.world.newRequests()).toBe(0);
  expect(on.world.fake.users).toHaveLength(COUNT);
});

it("users that came back and left again are reported to onMissing again", async () => {
  const onMissing = vi.fn();
  await on.sync(users(COUNT - 1), { onMissing });
  await on.sync(users(COUNT), { onMissing });
  await on.sync(users(COUNT - 1), { onMissing });
  expect(onMissing).toHaveBeenCalledTimes(2);
  expect(on.world.newRequests()).toBe(0);
});

it("missing users are reported once, also if a plan is applied twice or another plan was faster", async () => {
  const onMissing = vi.fn();
  const rest = users(COUNT - 2);
  const plan = await on.plan(rest, { onMissing });
  const other = await on.plan(rest, { onMissing });
  await plan.apply();
  await plan.apply();
  await other.apply();
  expect(onMissing).toHaveBeenCalledTimes(2);
});

it("users that another run has sent since the plan was made are not reported as missing", async () => {
  const onMissing = vi.fn();
  const plan = await on.plan(users(COUNT - 2), { onMissing });
  await new Promise((resolve) => setTimeout(resolve, 5));
  await on.sync([user(COUNT - 1, { phone: "1" })], { incremental: true });
  await plan.apply();
  expect(onMissing.mock.calls.map(([{ accountNumber }]) => accountNumber)).toEqual([`ACC-${COUNT - 2}`]);
});

it("a missing user is back also if its record cannot be sent", async () => {
  const onMissing = vi.fn();
  await on.sync(users(COUNT - 1), { onMissing });
  const withBrokenRule = (user: UserInput) => ({
    user,
    ...(user.accountNumber === `ACC-${COUNT - 1}` && { rules: { maxDistance: -1 } }),
  });
  await on.sync(users(COUNT), { onMissing, map: withBrokenRule });
  await on.sync(users(COUNT - 1), { onMissing });
  expect(onMissing).toHaveBeenCalledTimes(2);
});

it("missing users for which onMissing threw are reported again by the next run", async () => {
  const onMissing = vi.fn().mockRejectedValueOnce(new RangeError("no mail for zoe@dealers.example"));
  const report = await on.sync(users(COUNT - 2), { onMissing });
  expect(messagesOf(report.warnings)).toEqual([
    expect.stringMatching(
      /^onMissing threw for 1 user \(ACC-18\): RangeError at after-run\.test\.ts:\d+:\d+\. The next run calls it again\.$/,
    ),
  ]);
  expect(report).toMatchObject({ status: "partial", exitCode: 4 });
  const next = await on.sync(users(COUNT - 2), { onMissing });
  expect(next).toMatchObject({ status: "complete", exitCode: 0 });
  expect(next.missing.map(({ accountNumber }) => accountNumber)).toEqual(["ACC-18", "ACC-19"]);
  expect(onMissing).toHaveBeenCalledTimes(3);
});
