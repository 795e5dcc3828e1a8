import { expect, it } from "vitest";
import type { UserInput } from "../../../src/index.ts";
import { creationOf, eachTestItsWorld, head, user } from "../../support/sync-world.ts";

const on = eachTestItsWorld();
const DAY_MS = 24 * 60 * 60 * 1000;

it("a held user is sent again after a week, and the guard does not count the 150 users below it", async () => {
  const source = [
    user(1, head),
    ...Array.from({ length: 150 }, (_, at) => user(100 + at, { parentUserIdentifier: "ACC-1" })),
    user(2, head),
  ];
  const fault = on.world.fake.fail({ on: creationOf("ACC-1"), as: { status: 422 }, times: 99 });
  let time = Date.now();
  const now = () => time;
  const first = await on.sync([user(2, head)], { now });
  expect(first).toMatchObject({ status: "complete" });
  expect(await on.sync([user(1, head), user(2, head)], { now })).toMatchObject({ counts: { failed: 1 } });
  time += 8 * DAY_MS;
  on.world.newRequests();
  const plan = await on.plan(source, { now });
  expect(plan).toMatchObject({ refusals: [], counts: { new: 0, changed: 0, retried: 1, waiting: 150 } });
  expect(plan.changes).toMatchObject([{ accountNumber: "ACC-1", kind: "retried" }]);
  expect(await plan.render("text")).toContain("1  refused before, and tried once more");
  expect(await plan.apply()).toMatchObject({ exitCode: 4, counts: { failed: 1, skipped: 150 } });
  // At most a PUT, a POST, and a second PUT if the new user is refused.
  expect(on.world.newRequests()).toBeLessThan(4);
  on.world.newRequests();
  time += 6 * DAY_MS;
  expect(await on.sync(source, { now })).toMatchObject({ exitCode: 5, counts: { held: 1, skipped: 150 } });
  expect(on.world.newRequests()).toBe(0);
  fault.remove();
  time += 2 * DAY_MS;
  expect((await on.sync(source, { now })).counts).toMatchObject({ created: 1, skipped: 150 });
  expect((await on.plan(source, { now })).counts).toMatchObject({ new: 150, waiting: 0 });
});

it("the guard allows many held rules that are due, and refuses as many changed rules", async () => {
  const source = Array.from({ length: 30 }, (_, number) => user(number));
  const map = (one: UserInput) => ({ user: one, rules: { maxDistance: 30 } });
  let time = Date.now();
  const now = () => time;
  const guard = { minUsers: 20 };
  await on.sync(source, { now });
  const fault = on.world.fake.fail({ on: "setMaxDistanceRule", as: { status: 422 }, share: 1 });
  const refused = await on.sync(source, { now, map, guard: { minUsers: 100 }, stop: { failureShare: 1 } });
  expect(refused.counts).toMatchObject({ failed: 30 });
  fault.remove();
  expect((await on.plan(source, { now, map, guard })).counts).toMatchObject({ changed: 0, held: 30 });
  time += 8 * DAY_MS;
  const wider = (one: UserInput) => ({ user: one, rules: { maxDistance: 300 } });
  expect((await on.plan(source, { now, map: wider, guard })).refusals).toMatchObject([{ code: "mass_change" }]);
  const plan = await on.plan(source, { now, map, guard });
  expect(plan).toMatchObject({ refusals: [], counts: { changed: 0, retried: 30, held: 0 } });
  expect(await plan.apply()).toMatchObject({ status: "complete", counts: { updated: 30 } });
});

it("a held rule is sent again without its user", async () => {
  const withRules = (one: UserInput) => ({ user: one, rules: { maxDistance: 30, profileTypes: ["pro"] as const } });
  on.world.fake.fail({ on: "setMaxDistanceRule", as: { status: 422 }, times: 1 });
  await on.sync([user(0)], { map: withRules });
  // Written moments ago: the refusal may pass, and only the next run makes it final.
  on.world.newRequests();
  await on.sync([user(0)], { map: withRules, retryHeld: true });
  expect(on.world.newRequests()).toBe(1);
  expect(Object.keys(on.world.fake.rules("ACC-0") ?? {})).toHaveLength(2);
});
