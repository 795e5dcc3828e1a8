import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";
import { createOplead } from "oplead-sdk";
import { createFakeOplead } from "oplead-sdk/testing";

const fake = createFakeOplead({ strict: true });
let listener;
let oplead;
before(async () => {
  listener = await fake.listen();
  oplead = createOplead({ baseUrl: listener.url, token: "fake-token", retry: { baseMs: 1 } });
});
after(() => listener.close());
afterEach(() => {
  fake.assertConforms();
  fake.reset();
});

const user = {
  accountNumber: "HR-1",
  civility: "M.",
  lastname: "Lovelace",
  login: "ada",
  email: "ada@dealers.example",
  address: { zipCode: "75001", city: "Paris", country: { code: "FR" } },
  profile: { code: "PRF_NETWORK" },
};

test("creates a user, over real HTTP", async () => {
  assert.equal((await oplead.upsertUser(user)).outcome, "created");
  assert.equal(fake.users.length, 1);
});

test("survives a lost answer", async () => {
  fake.fail({ on: "createUser", as: "truncated-json", when: "after" });
  assert.equal((await oplead.upsertUser(user)).recovered, true);
  assert.deepEqual(fake.duplicates(), []);
});

test("takes the fake as fetch, too", async () => {
  const direct = createOplead({ fetch: fake.fetch, token: "fake-token", testMode: true });
  await direct.upsertUser(user);
  assert.equal(fake.users.length, 0);
  assert.ok(fake.requests.every(({ testMode }) => testMode));
});
