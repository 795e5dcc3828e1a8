import { expect, it } from "vitest";
import type { UserInput } from "../../../src/index.ts";
import { among } from "../../../src/sync/findings.ts";
import type { SyncOptions } from "../../../src/sync/index.ts";
import { creationOf, eachTestItsWorld, head, heads, user, users } from "../../support/sync-world.ts";

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

const guard = { minUsers: 20 };
const known = [user(1, head), user(2, head)];
const newcomers = Array.from({ length: 30 }, (_, at) => user(100 + at, { parentUserIdentifier: "ACC-1" }));

async function holdNewcomers() {
  await on.sync(known);
  const isCreation = ({ method }: { readonly method: string }) => method === "POST";
  const fault = on.world.fake.fail({ on: isCreation, as: { status: 422, body: { field: "email" } }, share: 1 });
  const refused = await on.sync([...known, ...newcomers], { guard: { minUsers: 30 }, stop: { failureShare: 1 } });
  expect(among(refused.findings, "failed").filter(({ held }) => held)).toHaveLength(30);
  fault.remove();
}

it.each([
  ["another user gives up its e-mail address", user(2, { ...head, email: "other@dealers.example" })],
  ["their parent changes", user(1, { ...head, phone: "+33612345678" })],
])("held new users are sent again when %s, and do not count as new", async (_what, other) => {
  await holdNewcomers();
  const rest = known.filter(({ accountNumber }) => accountNumber !== other.accountNumber);
  const plan = await on.plan([other, ...rest, ...newcomers], { guard });
  expect(plan).toMatchObject({ refusals: [], counts: { new: 30, changed: 1 } });
  expect(await plan.apply()).toMatchObject({ status: "complete", counts: { created: 30, updated: 1 } });
});

it("many held new users count as new if their content has changed since the refusal", async () => {
  await holdNewcomers();
  const others = newcomers.map((one) => ({ ...one, lastname: "Durand" }));
  const source = [...known, ...others];
  expect((await on.plan(source, { guard })).refusals).toMatchObject([{ code: "mass_new" }]);
});

it("heldRetryAfterMs: 0 sends all held steps again, or those of the users in `only`", async () => {
  const source = heads(4);
  await on.sync(heads(1));
  const isCreation = ({ method }: { readonly method: string }) => method === "POST";
  const fault = on.world.fake.fail({ on: isCreation, as: { status: 422 }, times: 99 });
  await on.sync(source);
  fault.remove();
  expect((await on.plan(source, { heldRetryAfterMs: 0 })).counts).toMatchObject({ new: 3, retried: 0, held: 0 });
  expect((await on.sync(source, { heldRetryAfterMs: 0, only: ["ACC-2"] })).counts).toMatchObject({ created: 1 });
  expect((await on.plan(source)).counts).toMatchObject({ unchanged: 2, held: 2 });
  expect((await on.sync(source, { heldRetryAfterMs: 0 })).counts).toMatchObject({ created: 2, held: 0 });
});

it("a held rule is sent again without its user", async () => {
  const withRules = (one: UserInput) => ({ user: one, rules: { maxDistance: 30, profileTypes: ["pro"] as const } });
  on.world.fake.fail({ on: "setMaxDistanceRule", as: { status: 422 }, times: 1 });
  await on.sync([user(0)], { map: withRules });
  // Written moments ago: the refusal may pass, and only the next run makes it final.
  on.world.newRequests();
  await on.sync([user(0)], { map: withRules, heldRetryAfterMs: 0 });
  expect(on.world.newRequests()).toBe(1);
  expect(Object.keys(on.world.fake.rules("ACC-0") ?? {})).toHaveLength(2);
});

it("the option resend sends users and rules again that the guard does not count as changed", async () => {
  const source = Array.from({ length: 120 }, (_, number) => user(number));
  const map = (one: UserInput) => ({ user: one, rules: { maxDistance: 30 } });
  await on.sync(source, { map, guard: { minUsers: 100_000 } });
  on.world.newRequests();
  const plan = await on.plan(source, { map, resend: true });
  expect(plan).toMatchObject({ counts: { changed: 120, unchanged: 0 }, refusals: [] });
  expect(await plan.apply()).toMatchObject({ status: "complete", counts: { updated: 120 } });
  expect(on.world.newRequests()).toBe(240);
  expect((await on.sync(source, { map })).counts).toMatchObject({ unchanged: 120 });
  const changed = source.map((one) => ({ ...one, company: "Other" }));
  expect((await on.plan(changed, { map, resend: true })).refusals).toMatchObject([{ code: "mass_change" }]);
});

it("the guard does not count refused users again when they are sent with the same content", async () => {
  const before = heads(12);
  // Every refusal is held at once.
  const client = { platform: { settleMs: 0 } };
  await on.sync(before, {}, client);
  const refusing = on.world.fake.fail({ on: ({ method }) => method === "PUT", as: { status: 422 }, times: 99 });
  const changed = before.map((one) => ({ ...one, phone: "2" }));
  expect((await on.sync(changed, {}, client)).counts).toMatchObject({ failed: 12 });
  refusing.remove();
  const plan = await on.plan(changed, { guard: { minUsers: 4 }, heldRetryAfterMs: 0 });
  expect(plan).toMatchObject({ refusals: [], counts: { changed: 12 } });
  const others = before.map((one) => ({ ...one, phone: "3" }));
  expect((await on.plan(others, { guard: { minUsers: 4 }, heldRetryAfterMs: 0 })).refusals).toMatchObject([
    { code: "mass_change" },
  ]);
  expect((await plan.apply()).counts).toMatchObject({ updated: 12 });
});

it("a held child is sent again if its parent's fields change, and not for its rules or segment", async () => {
  const source = users(3);
  const refusal = on.world.fake.fail({
    on: creationOf("ACC-2"),
    as: { status: 422, body: { field: "email" } },
    times: 99,
  });
  expect(await on.sync(source)).toMatchObject({ counts: { created: 2, failed: 1 } });
  refusal.remove();
  on.world.newRequests();
  const settings: Partial<SyncOptions<UserInput>>[] = [
    { guard: { segments: () => "Nord" } },

    { map: (one) => ({ user: one, ...(one.accountNumber === "ACC-0" && { rules: { maxDistance: 30 } }) }) },
  ];
  for (const options of settings)
    expect((await on.sync(source, options)).counts).toMatchObject({ held: 1, created: 0 });
  // The one request is the rule of the parent.
  expect(on.world.newRequests()).toBe(1);
  const [head, ...others] = source;
  expect(await on.sync([{ ...head, phone: "+33612345678" } as UserInput, ...others])).toMatchObject({
    status: "complete",
    counts: { updated: 1, created: 1 },
  });
});
