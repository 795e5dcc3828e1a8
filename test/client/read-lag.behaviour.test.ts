import { beforeEach, expect, it } from "vitest";
import type { Oplead, OpleadOptions } from "../../src/index.ts";
import { createFakeOplead, type FakeLag, type FakeOplead, type FakeOpleadOptions } from "../../src/testing/index.ts";
import { failureOf } from "../support/failure.ts";
import { connect } from "../support/servers.ts";
import { user } from "../support/users.ts";
import { useVirtualTime } from "../support/virtual-time.ts";

interface Platform {
  readonly fake: FakeOplead;
  readonly client: (options?: OpleadOptions) => Oplead;
}

function lagging(lag: number | FakeLag, options: FakeOpleadOptions = {}): Platform {
  const fake = createFakeOplead(options);
  fake.lag(lag);
  return {
    fake,
    client: (more = {}) =>
      connect("http://oplead.test", { fetch: fake.fetch, platform: { settleMs: 10_000 }, ...more }),
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

it("a user without a parent is refused at once, though a user “undefined” was just written", async () => {
  const { fake, client } = lagging(0);
  const oplead = client();
  await oplead.upsertUser(user(1, { accountNumber: "undefined" }));
  fake.fail({ on: "updateUser", as: { status: 422, body: {} }, times: 99 });
  const error = await failureOf(oplead.updateUser("ACC-7", user(7)));
  expect(error).toMatchObject({ status: 422, requests: 1, retryable: false });
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
