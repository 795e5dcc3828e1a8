import { beforeEach, describe, expect, it, onTestFinished, vi } from "vitest";
import { profileTypes } from "../../src/index.ts";
import { createLedger } from "../../src/ledger/create-ledger.ts";
import type { Ledger, LedgerEntry } from "../../src/ledger/ledger.ts";
import { memoryLedger } from "../../src/ledger/memory.ts";
import { reconcileUser } from "../../src/reconcile/reconcile.ts";
import { syncUsers } from "../../src/sync/index.ts";
import type { FakeRequest } from "../../src/testing/index.ts";
import { openWorld, user, users, type World } from "../support/sync-users.ts";

const COUNT = 20;
/** The next night, when no request of today is under way any more. */
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
  const isFirst = (request: FakeRequest) => {
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

describe("an update that Oplead carries out after its repetition and after the user's next event", () => {
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

  it("a rule overwritten by a late request leaves the ledger with the source, and is sent if it returns", async () => {
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
    expect((await ledger.get("ACC-0"))?.intent).toBeUndefined();
  });

  it("an update that failed without a known outcome leaves a doubt, even if the next event succeeds", async () => {
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

  it("a run leaves a user in doubt while the old update may arrive, and the first after lateMs sends it", async () => {
    const oplead = world.connect({ platform: { lateMs: 60_000 } });
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

describe("a process that is killed while one of its requests is under way", () => {
  /** A caller's own store, which counts its writes. */
  function ownStore(hasLeases = false) {
    const entries = new Map<string, LedgerEntry>();
    const kept = { writes: 0, isDead: false };
    const open = () => {
      let isOpen = true;
      return createLedger({
        get: async (accountNumber) => entries.get(accountNumber),
        async replace(accountNumber, expected, entry) {
          if (kept.isDead) isOpen = false;
          if (!isOpen) throw new Error("killed");
          if ((entries.get(accountNumber)?.revision ?? 0) !== expected) return false;
          if (!accountNumber.startsWith(" ")) kept.writes += 1;
          entries.set(accountNumber, entry);
          return true;
        },
        async *entries() {
          yield* entries;
        },
        ...(hasLeases && { lease: async () => ({ left: () => 60_000, release: async () => {} }) }),
      });
    };
    return { open, kept };
  }

  const STORES = [
    ["without leases", false],
    ["with leases", true],
  ] as const;

  const KNOWN = [true, false];
  it.each(STORES.flatMap(([which, hasLeases]) => KNOWN.map((isKnown) => [which, isKnown, hasLeases] as const)))(
    "a killed process leaves an intent in a ledger %s (user known: %s), and the next run sends the user",
    async (_which, isKnown, hasLeases) => {
      const { open, kept } = ownStore(hasLeases);
      if (isKnown) await reconcileUser(world.connect(), open(), state(0, "0"));
      const lost = loseFirst();
      // This process is killed at its first request: after that it writes nothing.
      const dying = world.connect({
        retry: false,
        fetch: (url, init) => {
          kept.isDead = true;
          return fetch(url, init);
        },
      });
      await expect(reconcileUser(dying, open(), state(0, "1"))).rejects.toMatchObject({ code: "ledger_unavailable" });
      kept.isDead = false;
      lost.end();
      const next = open();
      const outcome = isKnown ? "updated" : "created";
      expect(await reconcileUser(world.connect(), next, state(0, "2"))).toMatchObject({ outcome });
      await lost.arrive();
      expect(world.fake.user("ACC-0")).toMatchObject({ phone: "1" });
      const source = [state(0, "2").user];
      const night = () => syncUsers(world.connect(), { source, map: (user) => ({ user }), ledger: next, ...nextNight });
      expect([(await night()).requests, (await night()).requests]).toEqual([1, 0]);
      expect(world.fake.user("ACC-0")).toMatchObject({ phone: "2" });
      expect((await next.get("ACC-0"))?.intent).toBeUndefined();
    },
  );

  it("each sent user takes two writes: the intent before its first request, and all outcomes together", async () => {
    const { open, kept } = ownStore(true);
    const rules = (maxDistance: number) => ({ maxDistance, profileTypes: profileTypes("pro") });
    const writes: number[] = [];
    const source = [
      state(0, "0"),
      state(0, "1"),
      state(0, "1"),
      { ...state(0, "2"), rules: rules(1) },
      { ...state(0, "2"), rules: rules(2) },
    ];
    for (const each of source) {
      await syncUsers(world.connect(), { source: [each], map: (user) => user, ledger: open(), guard: false });
      writes.push(kept.writes);
    }
    expect(writes).toEqual([2, 4, 4, 6, 8]);
  });

  it("a run writes the segment of a user together with its outcome", async () => {
    const { open, kept } = ownStore(true);
    const guard = { segments: () => "North" };
    const source = [state(0, "0")];
    await syncUsers(world.connect(), { source, map: (user) => user, ledger: open(), guard, approve: undefined });
    expect([kept.writes, (await open().get("ACC-0"))?.segment]).toEqual([2, "North"]);
  });

  it("no intent is open while a call waits for its first turn, and the wait is no request's time", async () => {
    const { open, kept } = ownStore();
    const oplead = world.connect({ rateLimit: { requests: 1, perMs: 3_600_000 } });
    const ledger = open();
    await reconcileUser(oplead, ledger, state(0, "0"), { deadlineMs: 300 });
    const { writes } = kept;
    expect(await reconcileUser(oplead, ledger, state(1, "0"), { deadlineMs: 300 })).toMatchObject({
      failed: [{ error: { code: "deadline" } }],
    });
    expect([kept.writes, await ledger.get("ACC-1")]).toEqual([writes, undefined]);
  });

  it.each([
    ["the machine slept, so that only the wall clock went on", "date"],
    ["the wall clock was set back, and the monotonic clock went on", "now"],
  ] as const)(
    "a reconciliation sends nothing more 30 minutes after its first request, and can be tried again: %s",
    async (_, which) => {
      const ledger = ownStore().open();
      await reconcileUser(world.connect(), ledger, state(0, "0"));
      let passedMs = 0;
      const [date, now] = [Date.now.bind(Date), performance.now.bind(performance)];
      if (which === "date") vi.spyOn(Date, "now").mockImplementation(() => date() + passedMs);
      else vi.spyOn(performance, "now").mockImplementation(() => now() + passedMs);
      onTestFinished(() => void vi.restoreAllMocks());
      const oplead = world.connect({
        deadlineMs: 7_200_000,
        fetch: async (url, init) => {
          const answer = await fetch(url, init);
          passedMs = 31 * 60_000;
          return answer;
        },
      });
      world.newRequests();
      const result = await reconcileUser(oplead, ledger, { ...state(0, "1"), rules: { maxDistance: 3 } });
      expect(result).toMatchObject({
        outcome: "incomplete",
        applied: ["user"],
        failed: [{ step: "maxDistance", error: { code: "aborted", retryable: true } }],
      });
      expect(world.newRequests()).toBe(1);
      expect((await ledger.get("ACC-0"))?.intent).toBeUndefined();
    },
  );

  it("an entry with only an intent does not count, and loses it when settled without a creation", async () => {
    const { open } = ownStore();
    const oplead = world.connect({ retry: false });
    world.fake.fail({ on: "updateUser", as: "reset", times: 9 });
    const source = [state(0, "0")];
    const night = (given: typeof source, more: object = {}) =>
      syncUsers(oplead, { source: given, map: (user) => user, ledger: open(), guard: false, ...more });
    expect(await night(source)).toMatchObject({ status: "partial" });
    const [any, at] = [expect.any(Number), expect.any(Number)];
    expect(await open().get("ACC-0")).toEqual({ rules: {}, at: any, revision: any, intent: { at } });
    expect((await open().getInfo())?.entries).toBe(0);
    await night([], nextNight);
    expect((await open().get("ACC-0"))?.intent).toBeUndefined();
  });

  it("the entry of a new user with an intent does not note that the user gave up a login", async () => {
    const ledger = ownStore().open();
    await reconcileUser(world.connect(), ledger, state(0, "0"));
    expect((await ledger.get("ACC-0"))?.valuesFreedAt).toBeUndefined();
  });

  it("an attempt that succeeds does not end an intent that is not settled", async () => {
    const { open } = ownStore();
    const ledger = open();
    await reconcileUser(world.connect(), ledger, state(0, "0"));
    const entry = (await ledger.get("ACC-0")) as LedgerEntry;
    const intent = { at: Date.now() - 1_000 };
    await ledger.replace("ACC-0", entry.revision ?? 0, { ...entry, revision: 9, intent });
    await reconcileUser(world.connect(), ledger, state(0, "1"));
    expect((await ledger.get("ACC-0"))?.intent).toEqual(intent);
    await reconcileUser(world.connect(), ledger, state(0, "2"), nextNight);
    expect((await ledger.get("ACC-0"))?.intent).toBeUndefined();
  });

  it("sending a user while the user's parent is created does not delay the creation of the parent", async () => {
    const ledger = ownStore().open();
    const oplead = world.connect({ platform: { settleMs: 5_000 } });
    let child: Promise<unknown> | undefined;
    const on = ({ path }: FakeRequest) => {
      if (!path.endsWith("ACC-0")) return false;
      child ??= reconcileUser(oplead, ledger, state(1, "0"));
      return true;
    };
    world.fake.delay({ on, ms: 100 });
    expect(await reconcileUser(oplead, ledger, state(0, "0"))).toMatchObject({ isNew: true, requests: 2 });
    await child;
  });
});

it.each([
  ["a broken connection", "reset" as const],
  ["a 500 of Oplead's own", { status: 500, body: { error: "no" } }],
])("a creation that ended with %s is reported as created exactly once, by who finds the user", async (_what, as) => {
  let isLost = false;
  const isCreation = ({ method }: FakeRequest) => {
    isLost ||= method === "POST";
    return method === "POST";
  };
  world.fake.fail({ on: isCreation, as, when: "after", times: 9 });
  const cutOff = world.fake.fail({
    on: ({ method }) => isLost && method === "PUT",
    as: { status: 503 },
    times: 99,
  });
  const first = await reconcileUser(world.connect(), ledger, state(0, "1"));
  expect(first).toMatchObject({
    outcome: "failed",
    failed: [{ step: "user", error: { code: "ambiguous_creation" } }],
  });
  cutOff.remove();
  const second = await reconcileUser(world.connect(), ledger, state(0, "1"), nextNight);
  expect(second).toMatchObject({ outcome: "created", isNew: true, recovered: true, inDoubt: false, failed: [] });
  expect(await reconcileUser(world.connect(), ledger, state(0, "2"), nextNight)).toMatchObject({
    ...{ outcome: "updated", isNew: false, recovered: false },
  });
  expect(world.fake.users).toHaveLength(1);
});
