import { afterEach, beforeEach, expect, it } from "vitest";
import { maxDistance } from "../../src/index.ts";
import type { Ledger } from "../../src/ledger/ledger.ts";
import { memoryLedger } from "../../src/ledger/memory.ts";
import type { SourceUser } from "../../src/reconcile/content.ts";
import { reconcileUser } from "../../src/reconcile/reconcile.ts";
import { fiveRules, openWorld, user, type World } from "../support/sync-users.ts";

let world: World;
let ledger: Ledger;

beforeEach(async () => {
  world = await openWorld();
  ledger = memoryLedger();
});
afterEach(() => world.close());

const head = (more: Partial<SourceUser> = {}) => ({ user: user(0), ...more });

it("reconcileUser sends two requests for a new user, one for a changed one and none for an unchanged one", async () => {
  const oplead = world.connect();
  expect(await reconcileUser(oplead, ledger, head())).toMatchObject({
    outcome: "created",
    applied: ["user"],
    requests: 2,
  });
  expect(world.newRequests()).toBe(2);
  expect(await reconcileUser(oplead, ledger, head())).toMatchObject({ outcome: "unchanged", requests: 0 });
  expect(world.newRequests()).toBe(0);
  const changed = { user: user(0, { phone: "1" }) };
  expect(await reconcileUser(oplead, ledger, changed)).toMatchObject({ outcome: "updated", requests: 1, retries: 0 });
  expect(world.newRequests()).toBe(1);
  expect(world.fake.requests.at(-1)?.path).toBe(`/v1/users/${world.fake.users[0]?.id}`);
});

it("reconcileUser sends each rule once, and only if the rule differs from the one in the ledger", async () => {
  const oplead = world.connect();
  await reconcileUser(oplead, ledger, head({ rules: fiveRules }));
  expect(world.newRequests()).toBe(7);
  await reconcileUser(oplead, ledger, head({ rules: { ...fiveRules, maxDistance: maxDistance(30) } }));
  expect(world.newRequests()).toBe(0);
  const result = await reconcileUser(oplead, ledger, head({ rules: { ...fiveRules, maxDistance: 31 } }));
  expect(result).toMatchObject({ outcome: "updated", applied: ["maxDistance"], requests: 1 });
  expect(world.newRequests()).toBe(1);
  await reconcileUser(oplead, ledger, head());
  expect(world.newRequests()).toBe(0);
});

it("reconcileUser sends nothing for an older version, even if the newer version changed nothing", async () => {
  const oplead = world.connect();
  await reconcileUser(oplead, ledger, head({ version: 5 }));
  await reconcileUser(oplead, ledger, head({ version: 7 }));
  const old = { user: user(0, { phone: "1" }), version: 6 };
  expect(await reconcileUser(oplead, ledger, old)).toMatchObject({ outcome: "stale", requests: 0 });
  expect(await reconcileUser(oplead, ledger, { ...old, version: 7 })).toMatchObject({ outcome: "updated" });
});

it("reconcileUser sends a user once when two calls reconcile it at the same time", async () => {
  const oplead = world.connect();
  const both = await Promise.all([reconcileUser(oplead, ledger, head()), reconcileUser(oplead, ledger, head())]);
  expect(both.map(({ outcome }) => outcome)).toEqual(["created", "unchanged"]);
  expect(world.newRequests()).toBe(2);
});

it("reconcileUser sends nothing if the user or a rule is not valid", async () => {
  await expect(reconcileUser(world.connect(), ledger, head({ rules: { maxDistance: -1 } }))).rejects.toMatchObject({
    code: "invalid_input",
    issues: [{ path: "maxDistance" }],
  });
  await expect(reconcileUser(world.connect(), ledger, { user: user(0, { email: "x" }) })).rejects.toMatchObject({
    code: "invalid_input",
  });
  const unwritable = { user: { ...user(0), big: 1n } };
  await expect(reconcileUser(world.connect(), ledger, unwritable)).rejects.toMatchObject({
    code: "invalid_input",
    issues: [{ message: "cannot be written as JSON" }],
  });
  expect(world.newRequests()).toBe(0);
  expect(await ledger.get("ACC-0")).toBeUndefined();
});

it("reconcileUser sends nothing if the ledger cannot be read, and throws an OpleadError", async () => {
  const get = async () => {
    throw new Error("gone");
  };
  await expect(reconcileUser(world.connect(), { ...ledger, get }, head())).rejects.toMatchObject({
    code: "ledger_unavailable",
    cause: { message: "gone" },
  });
  expect(world.newRequests()).toBe(0);
});

it("the ledger has every step that was acknowledged, even if another step failed", async () => {
  const oplead = world.connect();
  world.fake.fail({ on: "setMaxDistanceRule", as: { status: 500 }, times: 99 });
  const first = await reconcileUser(oplead, ledger, head({ rules: fiveRules }));
  expect(first).toMatchObject({
    outcome: "incomplete",
    isNew: true,
    failed: [{ step: "maxDistance", held: false }],
    retries: 2,
  });
  expect(first.applied).toHaveLength(5);
  world.fake.reset();
  await oplead.upsertUser(user(0));
  world.newRequests();
  const again = await reconcileUser(oplead, ledger, head({ rules: fiveRules }));
  expect(again.applied).toContain("maxDistance");
});

it("the ledger forgets an id that belongs to another user, so that the next run finds the user's own id", async () => {
  await reconcileUser(world.connect(), ledger, head({ rules: fiveRules }));
  // The platform is set up again and gives the same id to another user.
  world.fake.reset();
  const other = user(0, { accountNumber: "OTHER", login: "other", email: "o@x.fr" });
  const foreign = await world.connect().createUser(other);
  expect(foreign.id).toBe((await ledger.get("ACC-0"))?.id);
  world.newRequests();
  // This platform ignores a new account number in an update.
  const oplead = world.connect({
    fetch: (url, init) => {
      const { accountNumber: _, ...body } = JSON.parse(String(init?.body));
      const keeps = init?.method === "PUT" && String(url).endsWith(`/${foreign.id}`);
      return fetch(url, keeps ? { ...init, body: JSON.stringify(body) } : init);
    },
  });
  const changed = head({ user: user(0, { phone: "1" }), rules: fiveRules });
  expect(await reconcileUser(oplead, ledger, changed)).toMatchObject({
    outcome: "failed",
    failed: [{ step: "user", held: false, error: { code: "unexpected_response" } }],
  });
  expect(world.newRequests()).toBe(1);
  expect(await ledger.get("ACC-0")).toMatchObject({ id: undefined, user: undefined, rules: {} });

  // The other user is corrected by hand, as the error asks, and no later call changes it.
  await world.connect().updateUser("OTHER", other);
  world.newRequests();
  const again = await reconcileUser(world.connect(), ledger, changed);
  expect(again).toMatchObject({ outcome: "created", failed: [] });
  expect(again.id).not.toBe(foreign.id);
  expect(world.newRequests()).toBe(7);
  expect(world.fake.users.find(({ id }) => id === foreign.id)).toMatchObject(other);
});

it("a refused step is held in the ledger until its content changes or retryHeld is set", async () => {
  const oplead = world.connect();
  const refusal = world.fake.fail({ on: "setMaxDistanceRule", as: { status: 422 }, times: 99 });
  const rules = { maxDistance: 30 };
  expect(await reconcileUser(oplead, ledger, head({ rules }))).toMatchObject({
    failed: [{ step: "maxDistance", held: true }],
  });
  expect((await ledger.get("ACC-0"))?.held?.maxDistance).toMatchObject({ code: "refused", status: 422 });
  world.newRequests();
  expect(await reconcileUser(oplead, ledger, head({ rules }))).toMatchObject({
    outcome: "held",
    held: [{ step: "maxDistance" }],
  });
  expect(await reconcileUser(oplead, ledger, { user: user(0, { phone: "1" }), rules })).toMatchObject({
    applied: ["user"],
  });
  expect(world.newRequests()).toBe(1);
  refusal.remove();
  expect(await reconcileUser(oplead, ledger, head({ rules }), { retryHeld: true })).toMatchObject({
    applied: ["user", "maxDistance"],
  });
  expect((await ledger.get("ACC-0"))?.held).toBeUndefined();
});

it("a refused user is held in the ledger, and its rules are not sent", async () => {
  world.fake.fail({ on: "createUser", as: { status: 422 }, times: 1 });
  const oplead = world.connect();
  expect(await reconcileUser(oplead, ledger, head({ rules: fiveRules }))).toMatchObject({
    outcome: "failed",
    retries: 0,
  });
  world.newRequests();
  expect(await reconcileUser(oplead, ledger, head({ rules: fiveRules }))).toMatchObject({
    outcome: "held",
    failed: [],
    held: [
      { step: "user", held: true, since: expect.any(String), error: { code: "refused", status: 422, requests: 0 } },
    ],
  });
  expect(world.newRequests()).toBe(0);
  expect(await reconcileUser(oplead, ledger, { user: user(0, { phone: "1" }), rules: fiveRules })).toMatchObject({
    outcome: "created",
  });
});

it.each([
  ["a token without the right", { status: 403 }],
  ["a wrong token", { status: 401 }],
  ["a server error", { status: 500 }],
])("the ledger stores nothing of %s, because such an answer says nothing about the user", async (_what, as) => {
  world.fake.fail({ on: "updateUser", as, times: 99 });
  const result = await reconcileUser(world.connect(), ledger, head());
  expect(result).toMatchObject({ outcome: "failed", failed: [{ held: false }] });
  expect(await ledger.get("ACC-0")).toBeUndefined();
});

it("reconcileUser does not change the ledger in test mode", async () => {
  const result = await reconcileUser(world.connect({ testMode: true }), ledger, head({ rules: fiveRules }));
  expect(result).toMatchObject({ outcome: "created", testMode: true, unverifiable: { length: 5 } });
  expect(await ledger.get("ACC-0")).toBeUndefined();
  expect(world.fake.users).toEqual([]);
  const known = await reconcileUser(world.connect(), ledger, head());
  await reconcileUser(world.connect(), ledger, { user: user(0, { phone: "1" }) }, { testMode: true });
  expect(await ledger.get("ACC-0")).toMatchObject({ id: known.id });
  expect(await reconcileUser(world.connect(), ledger, head())).toMatchObject({ outcome: "unchanged" });
});

it("a user that Oplead has lost is created again with all its rules, even for one changed rule", async () => {
  const oplead = world.connect();
  await reconcileUser(oplead, ledger, head({ rules: fiveRules }));
  world.fake.reset();
  const changed = head({ rules: { ...fiveRules, maxDistance: 99 } });
  world.fake.fail({ on: "createUser", as: { status: 422 }, times: 1 });
  expect(await reconcileUser(oplead, ledger, changed)).toMatchObject({ applied: [], failed: [{ step: "user" }] });
  const result = await reconcileUser(oplead, ledger, changed, { retryHeld: true });
  expect(result).toMatchObject({ outcome: "created", applied: { length: 6 }, failed: [] });
  expect(Object.keys(world.fake.rules("ACC-0") ?? {})).toHaveLength(5);
});

it("a user that Oplead has under another id is found by its account number, and gets all its rules", async () => {
  await reconcileUser(world.connect(), ledger, head({ rules: fiveRules }));
  const restored = await openWorld({ users: [{ ...user(0), id: "777" }] });
  const changed = { user: user(0, { phone: "1" }), rules: fiveRules };
  const result = await reconcileUser(restored.connect(), ledger, changed, { adoptPlatform: true });
  await restored.close();
  expect(result).toMatchObject({ id: "777", applied: { length: 6 } });
  expect((await ledger.get("ACC-0"))?.id).toBe("777");
});

it("reconcileUser stops at a failure that all requests would meet, and lists the steps not sent", async () => {
  world.fake.fail({ on: "setGeographicalRule", as: { status: 401 }, times: 99 });
  const result = await reconcileUser(world.connect(), ledger, head({ rules: fiveRules }));
  expect(result.failed).toMatchObject([{ step: "geographical", held: false }]);
  expect(result.notSent).toEqual(["maxDistance", "competences", "contactProfiles", "profileTypes"]);
});
