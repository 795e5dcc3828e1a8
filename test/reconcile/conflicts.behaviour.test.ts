import { beforeEach, expect, it, onTestFinished } from "vitest";
import type { OpleadOptions } from "../../src/index.ts";
import type { Ledger } from "../../src/ledger/ledger.ts";
import { importIds } from "../../src/reconcile/import-ids.ts";
import { reconcileUser } from "../../src/reconcile/reconcile.ts";
import { planSync } from "../../src/sync/index.ts";
import { createUserWebhook } from "../../src/webhook/index.ts";
import { gate } from "../support/gate.ts";
import { type SharedLedger, sharedLedger } from "../support/shared-ledger.ts";
import { openWorld, user, users, type World } from "../support/sync-users.ts";
import { outcomes, post, told } from "../support/webhook.ts";

const COUNT = 20;
const SILENT = { debug() {}, info() {}, warn() {}, error() {} };

let world: World;
let shared: SharedLedger;
beforeEach(async () => {
  world = await openWorld();
  shared = sharedLedger();
  onTestFinished(() => world.close());
});

const numbers = Array.from({ length: COUNT }, (_, number) => number);
const changed = (number: number) => ({ user: user(number, { phone: "new" }) });
const rules = { maxDistance: 3 };

/**
 * Every user is in Oplead and in the ledger. Then all are updated, and these requests wait until `send` is called, so
 * that other things can happen meanwhile.
 */
async function startUpdates(ledger: Ledger, more: object = {}) {
  for (const each of users(COUNT)) await reconcileUser(world.connect(), ledger, { user: each });
  world.newRequests();
  const other = shared.open();
  const [allWait, sending] = [gate(), gate()];
  let waiting = 0;
  const options: OpleadOptions = {
    // A request that waits here takes as long as the other things take.
    timeoutMs: 60_000,
    fetch: async (...request) => {
      waiting += 1;
      if (waiting === COUNT) allWait.open();
      await sending.opened;
      return fetch(...request);
    },
  };
  const outcomes = numbers.map(async (number) => {
    const { outcome } = await reconcileUser(world.connect(options), other, { ...changed(number), ...more });
    return outcome;
  });
  const ended = Promise.all(outcomes);
  await Promise.race([allWait.opened, ended]);
  return { ended, send: sending.open };
}

const phones = () => world.fake.users.map(({ phone }) => phone);
const all = <T>(value: T) => numbers.map(() => value);

it("events without a version arrive at Oplead while a run notes that their users have left the source", async () => {
  const ledger = shared.open();
  for (const each of users(COUNT)) await reconcileUser(world.connect(), ledger, { user: each });
  const plan = await planSync(world.connect(), {
    source: [user(99)],
    map: (user) => ({ user }),
    ledger,
    guard: false,
  });
  world.fake.delay({ on: "updateUser", ms: 200, when: "before" });
  const webhook = createUserWebhook(world.connect({ logger: SILENT }), {
    verify: "none",
    map: ({ number }: { number: number }) => changed(number),
    ledger: shared.open(),
  });
  const answers = numbers.map((number) => told(webhook(post({}, JSON.stringify({ number })))));
  await plan.apply();
  const results = (await Promise.all(answers)).map((answer) => `${answer.status} ${outcomes(answer)}`);
  expect(results).toEqual(all("200 updated"));
  expect(phones().filter((phone) => phone === "new")).toHaveLength(COUNT);
});

it("users whose entries vanish while they are sent get their rules, even without a version", async () => {
  const updates = await startUpdates(shared.open(), { rules });
  for (const number of numbers) shared.evict(`ACC-${number}`);
  updates.send();
  expect(await updates.ended).toEqual(all("updated"));
  expect(numbers.map((number) => world.fake.rules(`ACC-${number}`))).toMatchObject(all({ maxDistance: rules }));
  expect(world.fake.users).toHaveLength(COUNT);
});

it("a user whose entry vanishes gets an entry with the id that Oplead answers, and no second user", async () => {
  const ledger = shared.open();
  const known = await world.connect().createUser(user(0, { accountNumber: "OTHER" }));
  await importIds(ledger, [["ACC-0", known.id]]);
  let isThere = true;
  const vanishing: Ledger = {
    ...ledger,
    async replace(accountNumber, expected, entry) {
      if (isThere) shared.evict(accountNumber);
      isThere = false;
      return ledger.replace(accountNumber, expected, entry);
    },
  };
  const result = await reconcileUser(world.connect(), vanishing, { user: user(0), rules });
  expect(result).toMatchObject({ outcome: "updated", id: known.id, applied: ["user", "maxDistance"] });
  expect(world.fake.users).toHaveLength(1);
});

it("a rule refused first and accepted next is not reported as failed, even if its entry is lost", async () => {
  const ledger = shared.open();
  await reconcileUser(world.connect(), ledger, { user: user(0) });
  world.fake.fail({ on: "setMaxDistanceRule", as: { status: 422 }, times: 1 });
  let isThere = true;
  const vanishing: Ledger = {
    ...ledger,
    async replace(accountNumber, expected, entry) {
      if (isThere && entry.rules.contactProfiles !== undefined) {
        isThere = false;
        shared.evict(accountNumber);
      }
      return ledger.replace(accountNumber, expected, entry);
    },
  };
  const both = { maxDistance: 3, contactProfiles: ["CPR_A"] as const };
  const result = await reconcileUser(world.connect(), vanishing, { user: user(0), rules: both });
  expect(result).toMatchObject({ outcome: "updated", failed: [], notSent: [] });
});
