import { beforeEach, describe, expect, it, onTestFinished } from "vitest";
import type { Ledger } from "../../src/ledger/ledger.ts";
import { memoryLedger } from "../../src/ledger/memory.ts";
import { reconcileUser } from "../../src/reconcile/reconcile.ts";
import { syncUsers } from "../../src/sync/index.ts";
import type { FakeRequest } from "../../src/testing/index.ts";
import { openWorld, user, users, type World } from "../support/sync-users.ts";

const COUNT = 20;
/** The next night, when nothing of today is on its way any more. */
const nextNight = { now: () => Date.now() + 12 * 3_600_000 };

let world: World;
let ledger: Ledger;
beforeEach(async () => {
  world = await openWorld();
  ledger = memoryLedger();
  onTestFinished(() => world.close());
});

const state = (number: number, phone: string) => ({ user: user(number, { phone }) });

/** The connection of the first request of each path breaks. Oplead carries it out when the test says so. */
function loseFirst(operation: "updateUser" | "setMaxDistanceRule" = "updateUser") {
  const lost = new Map<string, FakeRequest>();
  const isFirst = (request: FakeRequest): boolean => {
    if (request.operation !== operation || lost.has(request.path)) return false;
    lost.set(request.path, request);
    return true;
  };
  const fault = world.fake.fail({ on: isFirst, as: "reset", times: COUNT });
  const carryOut = async ({ method, path, body }: FakeRequest) => {
    const headers = { authorization: "Bearer fake-token", "content-type": "application/json" };
    const answer = await fetch(world.url + path, { method, headers, body: JSON.stringify(body) });
    expect({ ok: answer.ok, says: await answer.text() }).toMatchObject({ ok: true });
  };
  return { end: () => fault.remove(), arrive: () => Promise.all([...lost.values()].map(carryOut)) };
}

describe("an update that Oplead carries out after its own retry and after the next event", () => {
  it("20 users that a late update set back are sent once more by the next run, and by no run after that", async () => {
    const oplead = world.connect({ maxConcurrency: 50 });
    const source = users(COUNT).map((_, number) => state(number, "2").user);
    const run = (more: object) => syncUsers(world.connect(), { source, map: (user) => ({ user }), ledger, ...more });
    for (const each of users(COUNT)) await reconcileUser(oplead, ledger, { user: each });
    const lost = loseFirst();
    const first = await Promise.all(source.map((_, number) => reconcileUser(oplead, ledger, state(number, "1"))));
    expect(first.filter(({ outcome }) => outcome === "updated")).toHaveLength(COUNT);
    lost.end();
    await Promise.all(source.map((_, number) => reconcileUser(oplead, ledger, state(number, "2"))));
    await lost.arrive();
    expect(world.fake.users.map(({ phone }) => phone)).toEqual(source.map(() => "1"));
    world.newRequests();
    const report = await run(nextNight);
    expect([report.status, world.newRequests()]).toEqual(["complete", COUNT]);
    expect(world.fake.users.filter(({ phone }) => phone === "2")).toHaveLength(COUNT);
    await run(nextNight);
    expect(world.newRequests()).toBe(0);
  });

  it("the guard does not count users that are only sent once more", async () => {
    const oplead = world.connect({ maxConcurrency: 50 });
    for (const each of users(COUNT)) await reconcileUser(oplead, ledger, { user: each });
    loseFirst();
    await Promise.all(users(COUNT).map((_, number) => reconcileUser(oplead, ledger, state(number, "1"))));
    const source = users(COUNT).map((_, number) => state(number, "1").user);
    const report = await syncUsers(world.connect(), {
      source,
      map: (user) => ({ user }),
      ledger,
      guard: { maxChanged: 0.01, minUsers: 1 },
      ...nextNight,
    });
    expect(report).toMatchObject({ status: "complete", requests: COUNT });
  });

  it("a rule that a late request set back is forgotten with the doubt, and sent once more when the source gives it", async () => {
    const oplead = world.connect({ maxConcurrency: 50 });
    await reconcileUser(oplead, ledger, { user: user(0), rules: { maxDistance: 1 } });
    const lost = loseFirst("setMaxDistanceRule");
    await reconcileUser(oplead, ledger, { user: user(0), rules: { maxDistance: 2 } });
    lost.end();
    await reconcileUser(oplead, ledger, { user: user(0), rules: { maxDistance: 3 } });
    await lost.arrive();
    expect(world.fake.rules("ACC-0")).toMatchObject({ maxDistance: { maxDistance: 2 } });
    await reconcileUser(oplead, ledger, { user: user(0) }, nextNight);
    expect(await ledger.get("ACC-0")).toMatchObject({ rules: {} });
    await reconcileUser(oplead, ledger, { user: user(0), rules: { maxDistance: 3 } }, nextNight);
    expect(world.fake.rules("ACC-0")).toMatchObject({ maxDistance: { maxDistance: 3 } });
    expect((await ledger.get("ACC-0"))?.doubtedAt).toBeUndefined();
  });

  it("an update that failed without a known outcome leaves a doubt also if the next event arrives", async () => {
    const oplead = world.connect({ retry: false });
    await reconcileUser(oplead, ledger, state(0, "0"));
    const lost = loseFirst();
    expect(await reconcileUser(oplead, ledger, state(0, "1"))).toMatchObject({ outcome: "failed" });
    lost.end();
    await reconcileUser(oplead, ledger, state(0, "2"));
    await lost.arrive();
    expect(world.fake.user("ACC-0")).toMatchObject({ phone: "1" });
    expect(await reconcileUser(oplead, ledger, state(0, "2"), nextNight)).toMatchObject({ outcome: "updated" });
    expect(world.fake.user("ACC-0")).toMatchObject({ phone: "2" });
  });

  it("an event leaves the doubt while Oplead may still carry out the old update, and clears it up later", async () => {
    const oplead = world.connect();
    await reconcileUser(oplead, ledger, state(0, "0"));
    const lost = loseFirst();
    await reconcileUser(oplead, ledger, state(0, "1"));
    lost.end();
    expect(await reconcileUser(oplead, ledger, state(0, "1"))).toMatchObject({ outcome: "unchanged" });
    expect(await reconcileUser(oplead, ledger, state(0, "1"), nextNight)).toMatchObject({ requests: 1 });
    expect(await reconcileUser(oplead, ledger, state(0, "1"), nextNight)).toMatchObject({ outcome: "unchanged" });
  });

  it("a run leaves a user in doubt while Oplead may still carry out the old update, and the first one after lateMs sends it once more", async () => {
    const oplead = world.connect({ lateMs: 60_000 });
    let laterMs = 0;
    const now = () => Date.now() + laterMs;
    const run = () => syncUsers(oplead, { source: [user(0)], map: (user) => ({ user }), ledger, now });
    await reconcileUser(oplead, ledger, state(0, "0"));
    const lost = loseFirst();
    await run();
    lost.end();
    expect((await run()).requests).toBe(0);
    laterMs = 61_000;
    expect([(await run()).requests, (await run()).requests]).toEqual([1, 0]);
  });
});
