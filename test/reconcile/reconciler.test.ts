import { afterEach, beforeEach, expect, it } from "vitest";
import { damagedEntry } from "../../src/ledger/entry.ts";
import type { Ledger, LedgerEntry } from "../../src/ledger/ledger.ts";
import { memoryLedger } from "../../src/ledger/memory.ts";
import type { SourceUser } from "../../src/reconcile/content.ts";
import { reconcileContent, reconcileUser } from "../../src/reconcile/reconcile.ts";
import { contentOf, overtaken, setEntry } from "../support/entries.ts";
import { failureOf } from "../support/failure.ts";
import { openWorld, user, type World } from "../support/sync-users.ts";

let world: World;
let ledger: Ledger;

beforeEach(async () => {
  world = await openWorld();
  ledger = memoryLedger();
});
afterEach(() => world.close());

const ALWAYS = Number.POSITIVE_INFINITY;
const head = (more: Partial<SourceUser> = {}) => ({ user: user(0), ...more });
const withPhone = (phone: string, more: Partial<SourceUser> = {}) => head({ user: user(0, { phone }), ...more });
const stored = async (accountNumber = "ACC-0") => (await ledger.get(accountNumber)) as LedgerEntry;
/** An hour after the writes, so that no write is recent any more. */
const later = { now: () => Date.now() + 3_600_000 };

it("the result for a created user has its steps, id, requests and revision", async () => {
  expect(await reconcileUser(world.connect(), ledger, head({ rules: { maxDistance: 3 } }))).toStrictEqual({
    accountNumber: "ACC-0",
    fields: "accountNumber address civility email firstname lastname login phone profile".split(" "),
    requestIds: world.fake.requests.map((_, index) => `fake-${index + 1}`),
    id: world.fake.users[0]?.id,
    outcome: "created",
    isNew: true,
    recovered: false,
    inDoubt: false,
    testMode: false,
    applied: ["user", "maxDistance"],
    unverifiable: [],
    failed: [],
    notSent: [],
    held: [],
    revision: 1,
    requests: 3,
    retries: 0,
  });
});

it("retries in the result are the requests that would not have been sent without failures", async () => {
  const oplead = world.connect();
  await reconcileUser(oplead, ledger, head());
  world.fake.fail({ on: "updateUser", as: { status: 503 }, times: 1 });
  world.fake.fail({ on: "setMaxDistanceRule", as: { status: 503 }, times: 1 });
  const result = await reconcileUser(oplead, ledger, withPhone("1", { rules: { maxDistance: 3 } }));
  expect(result).toMatchObject({ applied: ["user", "maxDistance"], requests: 4, retries: 2 });
  world.fake.fail({ on: "updateUser", as: { status: 503 }, times: ALWAYS });
  expect(await reconcileUser(oplead, ledger, withPhone("2"))).toMatchObject({ requests: 3, retries: 2 });
});

it("rules that are not enabled for the platform are held, and do not cause another request for the user", async () => {
  await reconcileUser(world.connect(), ledger, head());
  world.newRequests();
  world.fake.fail({ on: "setMaxDistanceRule", as: { status: 404 }, times: ALWAYS });
  const changed = withPhone("1", { rules: { maxDistance: 3 } });
  const result = await reconcileUser(world.connect(), ledger, changed, later);
  expect(result).toMatchObject({
    outcome: "incomplete",
    applied: ["user"],
    failed: [{ step: "maxDistance", held: true, error: { status: 404 } }],
  });
  expect(world.newRequests()).toBe(2);
});

it("the entry of a refused user has the time of the last acceptance, or of the refusal if there was none", async () => {
  await reconcileUser(world.connect(), ledger, head(), { now: () => 1_000 });
  world.fake.fail({ as: { status: 422 }, times: ALWAYS });
  await reconcileUser(world.connect(), ledger, withPhone("1"), { now: () => 2_000 });
  expect(await stored()).toMatchObject({ at: 1_000, held: { user: { at: 2_000 } } });
  await reconcileUser(world.connect(), ledger, { user: user(1) }, { now: () => 3_000_000 });
  expect(await stored("ACC-1")).toMatchObject({ at: 3_000_000, held: { user: { at: 3_000_000 } } });
});

it("a refusal is stored although another process writes the entry at the same moment", async () => {
  world.fake.fail({ on: "createUser", as: { status: 422 }, times: ALWAYS });
  const shared = overtaken(ledger, (entry) => ({ ...entry, version: 7 }));
  const result = await reconcileUser(world.connect(), shared, head());
  expect(result).toMatchObject({ outcome: "failed", failed: [{ step: "user", held: true }] });
  expect(await stored()).toMatchObject({ version: 7, held: { user: { status: 422 } } });
});

it("a call whose user is refused fails if the ledger fails while the refusal is stored", async () => {
  world.fake.fail({ on: "createUser", as: { status: 422 }, times: ALWAYS });
  const full: Ledger = { ...ledger, replace: () => Promise.reject(new Error("no space left")) };
  const error = await failureOf(reconcileUser(world.connect(), full, head()));
  expect(error).toMatchObject({ code: "ledger_unavailable", requests: 3 });
});

it("a client without a logger reconciles a user with a damaged entry or an incomparable version", async () => {
  await setEntry(ledger, "ACC-0", damagedEntry);
  expect(await reconcileUser(world.connect(), ledger, head({ version: 1 }))).toMatchObject({ outcome: "created" });
  const other = withPhone("1", { version: "2026-01-09T08:00:00Z" });
  expect(await reconcileUser(world.connect(), ledger, other)).toMatchObject({ outcome: "updated" });
});

it("a ledger is not bound to a platform in test mode", async () => {
  await reconcileUser(world.connect({ testMode: true }), ledger, head());
  expect(await ledger.getInfo()).toBeUndefined();
  await reconcileUser(world.connect(), ledger, head(), { testMode: true });
  expect(await ledger.getInfo()).toBeUndefined();
  await reconcileUser(world.connect(), ledger, head(), { testMode: false });
  expect(await ledger.getInfo()).toMatchObject({ platform: { baseUrl: world.url } });
});

it("a user whose entry others keep writing is sent at most three times", async () => {
  const oplead = world.connect();
  await reconcileUser(oplead, ledger, head({ version: 1 }));
  const before = await stored();
  const shared: Ledger = {
    ...ledger,
    replace: async (accountNumber, revision, entry) => {
      // The closing write meets a conflict. The write that notes the conflict does not.
      if (entry.version === 2) await setEntry(ledger, accountNumber, { ...before, revision: revision + 1 });
      return ledger.replace(accountNumber, revision, entry);
    },
  };
  expect(await failureOf(reconcileUser(oplead, shared, withPhone("1", { version: 2 })))).toMatchObject({
    code: "ledger_conflict",
    requests: 3,
  });
});

it("a user is sent again at once if another process has written the same version", async () => {
  const oplead = world.connect();
  await reconcileUser(oplead, ledger, head({ version: 1 }));
  const shared = overtaken(ledger, (entry) => ({ ...entry, user: "other", version: 2 }));
  expect(await reconcileUser(oplead, shared, withPhone("1", { version: 2 }))).toMatchObject({
    outcome: "updated",
    requests: 2,
  });
});

it("an entry that another process writes without a version is a conflict", async () => {
  const oplead = world.connect();
  await reconcileUser(oplead, ledger, head());
  const shared = overtaken(ledger, (entry) => ({ ...entry, user: "later" }));
  expect(await failureOf(reconcileUser(oplead, shared, withPhone("1", { version: 2 })))).toMatchObject({
    code: "ledger_conflict",
    requests: 1,
  });
});

it("a run does not change an entry with another revision than its plan's, even with a newer state", async () => {
  const oplead = world.connect();
  await reconcileUser(oplead, ledger, head({ version: 1 }));
  const shared = overtaken(ledger, (entry) => ({ ...entry, user: "older", version: 1 }));
  const planned = contentOf(withPhone("1", { version: 2 }));
  expect(await reconcileContent(oplead, shared, planned, {}, { expectedRevision: 1 })).toMatchObject({
    outcome: "stale",
    requests: 1,
  });
});
