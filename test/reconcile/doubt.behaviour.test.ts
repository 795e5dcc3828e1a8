import { beforeEach, describe, expect, it, onTestFinished, vi } from "vitest";
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

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const state = (number: number, phone: string) => ({ user: user(number, { phone }) });

/** The first request of each path times out. Oplead carries it out later than its retry. */
function loseFirst(operation: "updateUser" | "setMaxDistanceRule" = "updateUser", ms = 400) {
  const lost = new Set<string>();
  const isFirst = (request: FakeRequest): boolean =>
    request.operation === operation && lost.size < lost.add(request.path).size;
  return world.fake.fail({ on: isFirst, as: "hang", when: { lateMs: ms }, times: COUNT });
}

describe("an update that Oplead carries out after its own retry and after the next event", () => {
  it("20 users that a late update set back are sent once more by the next run, and by no run after that", async () => {
    const oplead = world.connect({ timeoutMs: 200, maxConcurrency: 50 });
    const source = users(COUNT).map((_, number) => state(number, "2").user);
    const run = (more: object) => syncUsers(world.connect(), { source, map: (user) => ({ user }), ledger, ...more });
    for (const each of users(COUNT)) await reconcileUser(oplead, ledger, { user: each });
    const fault = loseFirst("updateUser", 3_000);
    const first = await Promise.all(source.map((_, number) => reconcileUser(oplead, ledger, state(number, "1"))));
    expect(first.filter(({ outcome }) => outcome === "updated")).toHaveLength(COUNT);
    fault.remove();
    await Promise.all(source.map((_, number) => reconcileUser(oplead, ledger, state(number, "2"))));
    await vi.waitFor(() => expect(world.fake.users.map(({ phone }) => phone)).toEqual(source.map(() => "1")), 10_000);
    world.newRequests();
    const report = await run(nextNight);
    expect([report.status, world.newRequests()]).toEqual(["complete", COUNT]);
    expect(world.fake.users.filter(({ phone }) => phone === "2")).toHaveLength(COUNT);
    await run(nextNight);
    expect(world.newRequests()).toBe(0);
  });

  it("the guard does not count users that are only sent once more", async () => {
    const oplead = world.connect({ timeoutMs: 200, maxConcurrency: 50 });
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

  it("a rule that a late request set back is sent once more, and the doubt stays while its rule is not sent", async () => {
    const oplead = world.connect({ timeoutMs: 200, maxConcurrency: 50 });
    await reconcileUser(oplead, ledger, { user: user(0), rules: { maxDistance: 1 } });
    const fault = loseFirst("setMaxDistanceRule");
    await reconcileUser(oplead, ledger, { user: user(0), rules: { maxDistance: 2 } });
    fault.remove();
    await reconcileUser(oplead, ledger, { user: user(0), rules: { maxDistance: 3 } });
    await pause(500);
    expect(world.fake.rules("ACC-0")).toMatchObject({ maxDistance: { maxDistance: 2 } });
    await reconcileUser(oplead, ledger, { user: user(0) }, nextNight);
    expect((await ledger.get("ACC-0"))?.doubtedAt).toBeGreaterThan(0);
    await reconcileUser(oplead, ledger, { user: user(0), rules: { maxDistance: 3 } }, nextNight);
    expect(world.fake.rules("ACC-0")).toMatchObject({ maxDistance: { maxDistance: 3 } });
    expect((await ledger.get("ACC-0"))?.doubtedAt).toBeUndefined();
  });

  it("an update that failed without a known outcome leaves a doubt also if the next event arrives", async () => {
    const oplead = world.connect({ timeoutMs: 200, retry: false });
    await reconcileUser(oplead, ledger, state(0, "0"));
    const fault = loseFirst();
    expect(await reconcileUser(oplead, ledger, state(0, "1"))).toMatchObject({ outcome: "failed" });
    fault.remove();
    await reconcileUser(oplead, ledger, state(0, "2"));
    await pause(500);
    expect(world.fake.user("ACC-0")).toMatchObject({ phone: "1" });
    expect(await reconcileUser(oplead, ledger, state(0, "2"), nextNight)).toMatchObject({ outcome: "updated" });
    expect(world.fake.user("ACC-0")).toMatchObject({ phone: "2" });
  });

  it("an event leaves the doubt while Oplead may still carry out the old update, and clears it up later", async () => {
    const oplead = world.connect({ timeoutMs: 200 });
    await reconcileUser(oplead, ledger, state(0, "0"));
    const fault = loseFirst();
    await reconcileUser(oplead, ledger, state(0, "1"));
    fault.remove();
    expect(await reconcileUser(oplead, ledger, state(0, "1"))).toMatchObject({ outcome: "unchanged" });
    expect(await reconcileUser(oplead, ledger, state(0, "1"), nextNight)).toMatchObject({ requests: 1 });
    expect(await reconcileUser(oplead, ledger, state(0, "1"), nextNight)).toMatchObject({ outcome: "unchanged" });
  });

  it("a run sends a user in doubt once more although it comes at once", async () => {
    const oplead = world.connect({ timeoutMs: 200 });
    const run = () => syncUsers(oplead, { source: [user(0)], map: (user) => ({ user }), ledger });
    await reconcileUser(oplead, ledger, state(0, "0"));
    const fault = loseFirst();
    await run();
    fault.remove();
    expect([(await run()).requests, (await run()).requests]).toEqual([1, 0]);
  });
});
