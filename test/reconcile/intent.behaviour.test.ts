import { beforeEach, describe, expect, it, onTestFinished, vi } from "vitest";
import { profileTypes } from "../../src/index.ts";
import { createLedger } from "../../src/ledger/create-ledger.ts";
import type { Ledger, LedgerEntry } from "../../src/ledger/ledger.ts";
import { memoryLedger } from "../../src/ledger/memory.ts";
import { reconcileUser } from "../../src/reconcile/reconcile.ts";
import { syncUsers } from "../../src/sync/index.ts";
import type { FakeRequest } from "../../src/testing/index.ts";
import { openWorld, user, users, type World } from "../support/sync-users.ts";

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

it("the guard does not count users that are only sent once more", async () => {
  const source = users(20).map((_, number) => state(number, "1").user);
  for (const each of users(20)) await reconcileUser(world.connect(), ledger, { user: each });
  for (const each of source) {
    world.fake.fail({ on: "updateUser", as: "reset", times: 1 });
    expect(await reconcileUser(world.connect(), ledger, { user: each })).toMatchObject({ inDoubt: true });
  }
  const guard = { maxChanged: 0.01, minUsers: 1 };
  const report = await syncUsers(world.connect(), { source, map: (user) => ({ user }), ledger, guard, ...nextNight });
  expect(report).toMatchObject({ status: "complete", requests: 20 });
});

describe("the intent of an entry", () => {
  /** A caller's own store, which counts its writes. */
  function ownStore() {
    const entries = new Map<string, LedgerEntry>();
    const kept = { writes: 0 };
    const open = () =>
      createLedger({
        get: async (accountNumber) => entries.get(accountNumber),
        async replace(accountNumber, expected, entry) {
          if ((entries.get(accountNumber)?.revision ?? 0) !== expected) return false;
          if (!accountNumber.startsWith(" ")) kept.writes += 1;
          entries.set(accountNumber, entry);
          return true;
        },
        async *entries() {
          yield* entries;
        },
      });
    return { open, kept };
  }

  it("each sent user takes two writes: the intent before its first request, and all outcomes together", async () => {
    const { open, kept } = ownStore();
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
