import { beforeEach, expect, it } from "vitest";
import type { Oplead, OpleadOptions } from "../../src/index.ts";
import { createFakeOplead, type FakeLag, type FakeOplead, type FakeOpleadOptions } from "../../src/testing/index.ts";
import { failureOf } from "../support/failure.ts";
import { connect, timed } from "../support/servers.ts";
import { user } from "../support/users.ts";
import { useVirtualTime } from "../support/virtual-time.ts";

interface Platform {
  readonly fake: FakeOplead;
  readonly client: (options?: OpleadOptions) => Oplead;
}

/** A platform whose reads lag behind its writes, and clients that wait for writes to become visible. */
function lagging(lag: number | FakeLag, options: FakeOpleadOptions = {}): Platform {
  const fake = createFakeOplead(options);
  fake.lag(lag);
  return {
    fake,
    client: (more = {}) => connect("http://oplead.test", { fetch: fake.fetch, settleMs: 10_000, ...more }),
  };
}

beforeEach(useVirtualTime);

const dealer = (number: number) => user(number, { profile: { code: "PRF_REGION" }, parentUserIdentifier: "ACC-0" });

it("a rule of a user that was just created is set as soon as Oplead knows the user", async () => {
  const { fake, client } = lagging(300);
  const result = await client().upsertUser(user(1), { rules: { maxDistance: 30, profileTypes: ["pro"] } });
  expect(result).toMatchObject({ outcome: "created", applied: ["user", "maxDistance", "profileTypes"] });
  expect(fake.rules("ACC-1")).toMatchObject({ maxDistance: { maxDistance: 30 } });
});

it("setRules waits until Oplead knows a user that was just created, and then sets the rule of the user", async () => {
  const { client } = lagging(200);
  const oplead = client();
  await oplead.createUser(user(1));
  expect(await oplead.setRules("ACC-1", { maxDistance: 30 })).toMatchObject({ applied: ["maxDistance"] });
});

it("a child is created as soon as Oplead knows its parent", async () => {
  const { fake, client } = lagging(300);
  const oplead = client();
  await oplead.upsertUser(user(0));
  expect(await oplead.upsertUser(dealer(1))).toMatchObject({ outcome: "created" });
  expect(fake.users).toHaveLength(2);
});

it("a user that was created moments ago is updated, and not created a second time", async () => {
  const { fake, client } = lagging(300, { uniqueAccountNumbers: false });
  const oplead = client();
  await oplead.upsertUser(user(1));
  expect(await oplead.upsertUser(user(1, { lastname: "Newer" }))).toMatchObject({ outcome: "updated" });
  expect(fake.users).toMatchObject([{ lastname: "Newer" }]);
});

it("if another client has just created the user, a client updates the user as soon as Oplead finds it", async () => {
  const { fake, client } = lagging({ ms: 300, reads: ["user"] });
  const [winner, loser] = [client(), client()];
  await winner.upsertUser(user(1));
  expect(await loser.upsertUser(user(1, { lastname: "Newer" }))).toMatchObject({ outcome: "updated" });
  expect(fake.users).toMatchObject([{ lastname: "Newer" }]);
});

it("if Oplead keeps answering 404 for a rule of a new user, the call fails with a retryable error, and the client waits less long for the next new user", async () => {
  const { fake, client } = lagging(0);
  fake.fail({ on: "setMaxDistanceRule", as: { status: 404 }, times: 99 });
  const oplead = client({ settleMs: 800 });
  const wait = (number: number) =>
    timed(
      failureOf(oplead.upsertUser(user(number), { rules: { maxDistance: 30 } })).then((error) => {
        expect(error).toMatchObject({ code: "not_found", retryable: true });
      }),
    );
  expect(await wait(1)).toBeGreaterThan(600);
  expect(await wait(2)).toBeLessThan(600);
});

it("if Oplead answers 404 for a rule of a user that was not created lately, the call fails at once with a final error", async () => {
  const { fake, client } = lagging(0, { users: [{ ...user(1), id: "7" } as never] });
  fake.fail({ on: "setMaxDistanceRule", as: { status: 404 }, times: 99 });
  const oplead = client();
  const error = await failureOf(oplead.upsertUser(user(1), { rules: { maxDistance: 30 } }));
  expect(error).toMatchObject({ code: "incomplete", cause: { code: "not_found" }, retryable: false, attempts: 2 });
});

it("a child fails with a retryable error if Oplead keeps answering that it does not know the parent, which was just created", async () => {
  const { client } = lagging({ ms: 60_000, reads: ["parent"] });
  const oplead = client({ settleMs: 300 });
  await oplead.upsertUser(user(0));
  expect(await failureOf(oplead.upsertUser(dealer(1)))).toMatchObject({ retryable: true });
});

it("a child fails at once and for good if its parent was never written", async () => {
  const { client } = lagging(0);
  const error = await failureOf(client().upsertUser(dealer(1)));
  expect(error).toMatchObject({ retryable: false, attempts: 3 });
});

it("a user without a parent is refused at once, though a user with the account number “undefined” was just written", async () => {
  const { fake, client } = lagging(0);
  const oplead = client();
  await oplead.upsertUser(user(1, { accountNumber: "undefined" }));
  fake.fail({ on: "updateUser", as: { status: 422, body: {} }, times: 99 });
  const error = await failureOf(oplead.updateUser("ACC-7", user(7)));
  expect(error).toMatchObject({ status: 422, attempts: 1, retryable: false });
});

it("a conflict about a login ends in a final error within three seconds, and the next conflict about a login within one second", async () => {
  const { client } = lagging(0);
  const oplead = client();
  await oplead.upsertUser(user(1));
  const conflict = async (number: number) =>
    expect(await failureOf(oplead.upsertUser(user(number, { login: "login-1" })))).toMatchObject({
      code: "conflict",
      retryable: false,
    });
  expect(await timed(conflict(2))).toBeLessThan(3_000);
  expect(await timed(conflict(3))).toBeLessThan(1_000);
});

it("a refusal that names only the last name is final at once, because it is not about a parent or another user", async () => {
  const { fake, client } = lagging(0);
  fake.fail({ on: "createUser", as: { status: 422, body: { errors: { lastname: ["too long"] } } }, times: 99 });
  expect(await failureOf(client().upsertUser(user(1)))).toMatchObject({ retryable: false, attempts: 3 });
});

it("an upsert fails with a retryable error if Oplead refuses a creation because the account number is taken, but does not find the user with this number", async () => {
  const { client, fake } = lagging(0);
  fake.fail({ on: "createUser", as: { status: 409, body: { errors: { accountNumber: ["taken"] } } }, times: 99 });
  expect(await failureOf(client({ settleMs: 300 }).upsertUser(user(1)))).toMatchObject({
    code: "conflict",
    retryable: true,
  });
});

it("a user that Oplead has lost is created again once so much time has passed that its creation would be visible", async () => {
  const { client, fake } = lagging(0);
  const oplead = client({ settleMs: 300 });
  await oplead.upsertUser(user(1));
  fake.reset();
  expect(await oplead.upsertUser(user(1))).toMatchObject({ outcome: "created" });
  expect(fake.users).toHaveLength(1);
});

it("the wait for a write to become visible ends at the call's deadline with a retryable error", async () => {
  const { client } = lagging(60_000);
  const oplead = client();
  await oplead.upsertUser(user(1));
  const began = performance.now();
  const error = await failureOf(oplead.upsertUser(user(1), { deadlineMs: 500 }));
  expect(error).toMatchObject({ retryable: true });
  expect(performance.now() - began).toBeLessThan(1_000);
});

it("in test mode a call waits for no write to become visible, because it writes nothing", async () => {
  const { client } = lagging(0);
  const oplead = client({ testMode: true });
  const began = performance.now();
  await oplead.upsertUser(user(0));
  await failureOf(oplead.upsertUser(dealer(1)));
  expect(performance.now() - began).toBeLessThan(1_000);
});
