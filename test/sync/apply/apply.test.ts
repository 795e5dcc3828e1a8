import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { UserInput } from "../../../src/index.ts";
import {
  type Ledger,
  memoryLedger,
  planSync,
  type SyncOptions,
  type SyncProgress,
  syncUsers,
} from "../../../src/sync/index.ts";
import { fiveRules, openWorld, user, users, type World } from "../../support/sync-users.ts";

let world: World;
let ledger: Ledger;

beforeEach(async () => {
  world = await openWorld();
  ledger = memoryLedger();
});
afterEach(() => world.close());

const map = (user: UserInput) => ({ user });
const sync = (source: Iterable<UserInput>, more: Partial<SyncOptions<UserInput>> = {}, options = {}) =>
  syncUsers(world.connect(options), { source, map, ledger, ...more });
const about = (accountNumber: string) => (request: { method: string; body: unknown }) =>
  request.method === "POST" && (request.body as UserInput).accountNumber === accountNumber;

describe("a run", () => {
  it("a run sends parents before children, whatever the order of the source", async () => {
    const dealer = user(5, { profile: { code: "PRF_DEALER" }, parentUserIdentifier: "ACC-3" });
    const report = await sync([dealer, ...users(5).reverse()]);
    expect(report).toMatchObject({ status: "complete", counts: { created: 6 }, requests: 12, retries: 0 });
    const posts = world.fake.requests.filter(({ method }) => method === "POST").map(({ body }) => body as UserInput);
    const place = (name: string) => posts.findIndex(({ accountNumber }) => accountNumber === name);
    expect(place("ACC-0")).toBe(0);
    expect(place("ACC-5")).toBeGreaterThan(place("ACC-3"));
  });

  it("a run skips the children of a new user that failed, and no other users", async () => {
    world.fake.fail({ on: about("ACC-1"), as: { status: 422 }, times: 9 });
    const head = user(1, { profile: { code: "PRF_NETWORK" }, parentUserIdentifier: undefined });
    const region = user(2, { parentUserIdentifier: "ACC-1" });
    const dealer = user(3, { profile: { code: "PRF_DEALER" }, parentUserIdentifier: "ACC-2" });
    const source = [dealer, region, user(5), head, user(0)];
    const report = await sync(source);
    expect(report).toMatchObject({ status: "partial", counts: { created: 2, failed: 1, skipped: 2 } });
    expect(report.failures).toMatchObject([{ accountNumber: "ACC-1", step: "user", code: "rejected", held: true }]);
    expect(report.skipped).toEqual([
      { record: 1, row: undefined, accountNumber: "ACC-2", reason: "parent", parent: "ACC-1" },
      { record: 0, row: undefined, accountNumber: "ACC-3", reason: "parent", parent: "ACC-2" },
    ]);
    world.newRequests();
    expect((await sync(source)).counts).toMatchObject({ held: 1, skipped: 2 });
    expect(world.newRequests()).toBe(0);
    expect((await sync(source, { retryHeld: true })).counts).toMatchObject({ failed: 1, skipped: 2 });
    expect(world.newRequests()).toBe(3);
  });

  it("a child that was refused is sent again once its parent is in the source", async () => {
    const child = user(2, { profile: { code: "PRF_DEALER" }, parentUserIdentifier: "ACC-1" });
    expect((await sync([child])).failures).toMatchObject([{ accountNumber: "ACC-2", held: true }]);
    expect((await sync([child])).counts).toMatchObject({ held: 1 });
    expect(await sync([child, user(1), user(0)])).toMatchObject({ status: "complete", counts: { created: 3 } });
  });

  it("the next run sends the rule that failed, and nothing else", async () => {
    const fault = world.fake.fail({ on: "setCompetencesRule", as: { status: 503 }, times: 99 });
    const withRules = (user: UserInput) => ({ user, rules: fiveRules });
    const first = await sync([user(0)], { map: withRules });
    expect(first).toMatchObject({ status: "partial", counts: { incomplete: 1, created: 0 } });
    expect(first.failures).toMatchObject([{ step: "competences", code: "server_error", held: false }]);
    fault.remove();
    world.newRequests();
    expect((await sync([user(0)], { map: withRules })).counts).toMatchObject({ updated: 1 });
    expect(world.newRequests()).toBe(1);
  });

  it("a report counts the requests of its run, not those of the client", async () => {
    world.fake.fail({ on: "updateUser", as: { status: 503 }, times: 2 });
    const oplead = world.connect({ rateLimit: { requests: 200, perMs: 1000 } });
    const report = await syncUsers(oplead, { source: users(8), map, ledger });
    expect(report).toMatchObject({ requests: 18, retries: 2 });
    expect(report.throttledMs).toBeGreaterThan(0);
    expect((await syncUsers(oplead, { source: users(8), map, ledger })).requests).toBe(0);
  });

  it("two runs at the same time over one ledger send nothing twice", async () => {
    const oplead = world.connect();
    const both = [1, 2].map(() => syncUsers(oplead, { source: users(30), map, ledger }));
    const reports = await Promise.all(both);
    expect(reports.map(({ status }) => status)).toEqual(["complete", "complete"]);
    expect(world.newRequests()).toBe(60);
  });
});

describe("a plan that others have overtaken", () => {
  it("a plan with a user that is held by now names that user and is not complete", async () => {
    const plan = await planSync(world.connect(), { source: [user(0)], map, ledger });
    world.fake.fail({ on: about("ACC-0"), as: { status: 422 }, times: 9 });
    await sync([user(0)]);
    const report = await plan.apply();
    expect(report).toMatchObject({ status: "partial", counts: { held: 1 }, requests: 0 });
    expect(report.held).toMatchObject([{ accountNumber: "ACC-0", step: "user", code: "rejected", status: 422 }]);
    expect(report.rejectedRows()).toMatchObject([
      { accountNumber: "ACC-0", problem: "held", step: "user", status: 422 },
    ]);
  });

  it("the children of a user that has arrived meanwhile are sent although one of its rules is held", async () => {
    const child = user(1);
    const withRule = (one: UserInput) => ({
      user: one,
      ...(one.accountNumber === "ACC-0" && { rules: { maxDistance: 9 } }),
    });
    const plan = await planSync(world.connect(), { source: [user(0), child], map: withRule, ledger });
    world.fake.fail({ on: "setMaxDistanceRule", as: { status: 422 } });
    await sync([user(0)], { map: withRule });
    expect(await plan.apply()).toMatchObject({ counts: { created: 1, held: 1, skipped: 0 } });
    expect(world.fake.user("ACC-1")).toBeDefined();
  });

  it("a plan stays the same if the source writes over its objects", async () => {
    const one: Record<string, unknown> = {};
    function* source() {
      for (const next of users(3)) yield Object.assign(one, { parentUserIdentifier: undefined }, next) as UserInput;
    }
    const plan = await planSync(world.connect(), { source, map, ledger });
    one.lastname = "Somebody else";
    expect(await plan.apply()).toMatchObject({ status: "complete", counts: { created: 3 } });
    expect(world.fake.users.map(({ lastname }) => lastname)).toEqual(users(3).map(({ lastname }) => lastname));
  });

  it("options that are undefined fall back to those of planSync", async () => {
    const onProgress = vi.fn();
    const plan = await planSync(world.connect(), { source: [user(0)], map, ledger, onProgress });
    await plan.apply({ onProgress: undefined, approve: undefined });
    expect(onProgress).toHaveBeenCalledTimes(1);
  });
});

describe("when a run ends early", () => {
  it("a run stops at once if the token is not accepted", async () => {
    await sync(users(30));
    world.newRequests();
    world.fake.fail({ on: "updateUser", as: { status: 401 }, times: 999 });
    const changed = users(30).map((same) => ({ ...same, phone: "1" }));
    const report = await sync(changed, { concurrency: 1 });
    expect(report).toMatchObject({ status: "stopped", stopReason: { code: "unauthorized" }, counts: { skipped: 29 } });
    expect(report.skipped[0]).toMatchObject({ reason: "stopped" });
    world.fake.reset();
  });

  it("a run stops after a few calls in a row without an answer", async () => {
    world.fake.fail({ as: "reset", on: "updateUser", times: 9999 });
    const report = await sync(users(50), { concurrency: 2 }, { retry: false });
    // The head has failed, so its regions are skipped: nothing of them was sent.
    expect(report.counts).toMatchObject({ failed: 1, skipped: 49 });
    world.fake.reset();
    await sync(users(50));
    world.fake.fail({ as: "reset", on: "updateUser", times: 9999 });
    const changed = users(50).map((same) => ({ ...same, phone: "1" }));
    const stopped = await sync(changed, { concurrency: 1 }, { retry: false });
    expect(stopped).toMatchObject({ status: "stopped", stopReason: { code: "connection" } });
    // The head is tried first and once more after that; its children wait for it. Five calls in all.
    expect(stopped.counts).toMatchObject({ failed: 4, skipped: 46 });
  });

  it("a run stops if most of the recent calls fail, and goes on if some do", async () => {
    await sync(users(100));
    const failing = (share: number) => {
      world.fake.fail({ on: "updateUser", as: { status: 422, body: { field: "email" } }, share });
      return sync(
        users(100).map((same) => ({ ...same, phone: String(share) })),
        { guard: false },
      );
    };
    expect((await failing(0.2)).status).toBe("partial");
    world.fake.reset();
    ledger = memoryLedger();
    await sync(users(100));
    const report = await failing(0.8);
    expect(report).toMatchObject({ status: "stopped", stopReason: { code: "too_many_failures" } });
    expect(report.counts.failed).toBeLessThan(40);
    expect(report.counts.failed + report.counts.updated + report.counts.skipped).toBe(100);
  });

  it("a run stops if the ledger fails, because nothing would be remembered", async () => {
    const broken: Ledger = {
      ...ledger,
      replace: async () => {
        throw new Error("disk full");
      },
    };
    const report = await sync(users(20), { ledger: broken, concurrency: 1 });
    expect(report).toMatchObject({ status: "stopped", stopReason: { code: "ledger_failed" } });
    expect(report.counts.skipped).toBe(19);
    expect(await sync(users(20))).toMatchObject({ status: "complete" });
    expect(world.fake.duplicates()).toEqual([]);
  });

  it("a report says what was sent also if the ledger fails at the very end", async () => {
    const missing = user(2);
    const map = (user: UserInput) => ({ user, version: user.phone === "2" ? 2 : 1 });
    await sync([user(0), user(1), missing], { map });
    const newerVersionOfTheSame = () => ({ user: user(0), version: 2 });
    const full = async () => {
      throw new Error("disk full");
    };
    const setsNoVersion: Ledger = {
      ...ledger,
      replace: async (name, revision, entry) =>
        entry.version === 2 && name === "ACC-0" ? full() : (ledger.replace?.(name, revision, entry) ?? false),
    };
    const report = await sync([user(1, { phone: "1" })], {
      ledger: setsNoVersion,
      map: (user) => ({ user }),
      incremental: true,
    });
    expect(report.status).toBe("complete");
    const other = await sync([user(0), user(1, { phone: "2" })], {
      ledger: setsNoVersion,
      map: (user) => (user.accountNumber === "ACC-0" ? newerVersionOfTheSame() : { user }),
    });
    expect(other).toMatchObject({
      status: "stopped",
      stopReason: { code: "ledger_failed", message: expect.stringMatching(/^The ledger failed\. Without it/) },
      counts: { updated: 1, unchanged: 1 },
      requests: 1,
    });
  });

  it("the requests of a user whose entry could not be written are counted", async () => {
    const full = async () => {
      throw new Error("disk full");
    };
    const report = await sync([user(0)], { ledger: { ...ledger, replace: full } });
    expect(world.newRequests()).toBe(2);
    expect(report).toMatchObject({ requests: 2, failures: [{ code: "ledger_unavailable" }] });
    expect(report.failures[0]?.advice).not.toContain("Nothing to correct");
  });

  it("an aborted run does not write what is left to remember", async () => {
    const map = (version: number) => (user: UserInput) => ({ user, version });
    await sync(users(50), { map: map(1) });
    const controller = new AbortController();
    let written = 0;
    const counting: Ledger = {
      ...ledger,
      set: async (...entry) => {
        written += 1;
        if (written === 5) controller.abort();
        await ledger.set(...entry);
      },
    };
    await sync(users(50), { map: map(2), ledger: counting, signal: controller.signal, concurrency: 2 });
    expect(written).toBeLessThan(10);
  });

  it("creations with an unknown outcome count as calls without an answer", async () => {
    let created = false;
    world.fake.fail({
      on: ({ method }) => {
        if (method === "POST") created = true;
        return created;
      },
      as: "reset",
      times: 9999,
    });
    const onProgress = () => {
      created = false;
    };
    const heads = users(20).map((one) => ({
      ...one,
      profile: { code: "PRF_NETWORK" },
      parentUserIdentifier: undefined,
    }));
    const report = await sync(heads, { concurrency: 1, onProgress });
    expect(report.failures[0]).toMatchObject({ code: "ambiguous_creation" });
    expect(report).toMatchObject({ status: "stopped", stopReason: { code: "connection" }, counts: { failed: 5 } });
  });

  it("wrong stop options are refused before anything is sent", async () => {
    const stop = { connectionFailures: 0, failureShare: 50, recentCalls: 0.5 };
    const issues = Object.keys(stop).map((name) => ({ path: `stop.${name}` }));
    await expect(sync([user(0)], { stop })).rejects.toMatchObject({ code: "invalid_options", issues });
    const plan = await planSync(world.connect(), { source: [user(0)], map, ledger });
    await expect(plan.apply({ stop })).rejects.toMatchObject({ code: "invalid_options", issues });
    await expect(plan.verify({ stop })).rejects.toMatchObject({ code: "invalid_options", issues });
    expect(world.newRequests()).toBe(0);
  });

  it("an aborted run ends at once, and the next run goes on from there", async () => {
    const controller = new AbortController();
    world.fake.delay({ ms: 20, when: "after" });
    const onProgress = ({ done }: SyncProgress) => done === 10 && controller.abort();
    const report = await sync(users(60), { signal: controller.signal, onProgress, concurrency: 4 });
    expect(report.status).toBe("aborted");
    expect(report.counts.created).toBeLessThan(20);
    expect(report.counts.created + report.counts.skipped).toBe(60);
    expect(new Set(report.skipped.map(({ reason }) => reason))).toEqual(new Set(["aborted"]));
    expect(await sync(users(60))).toMatchObject({ status: "complete" });
    expect(world.fake.duplicates()).toEqual([]);
    expect(world.fake.users).toHaveLength(60);
  });
});

describe("what one hears of a run", () => {
  it("onProgress is told the rate and the time that is left", async () => {
    let time = 0;
    const seen: SyncProgress[] = [];
    await sync(users(4), { now: () => (time += 100), onProgress: (progress) => seen.push(progress), concurrency: 1 });
    expect(seen.map(({ done, total }) => [done, total])).toEqual([1, 2, 3, 4].map((done) => [done, 4]));
    expect(seen.every(({ rate, etaMs }) => rate > 0 && etaMs !== undefined && etaMs >= 0)).toBe(true);
    expect(seen.at(-1)?.etaMs).toBe(0);
  });

  it("an observer that throws does not break a run", async () => {
    const throws = () => {
      throw new Error("observer");
    };
    expect((await sync(users(3), { onProgress: throws, onUser: throws })).status).toBe("complete");
  });

  it("an asynchronous observer that rejects does not break a run", async () => {
    const unhandled = vi.fn();
    process.on("unhandledRejection", unhandled);
    const error = vi.fn();
    const logger = { debug() {}, info() {}, warn() {}, error };
    const onProgress = async () => {
      throw new Error("observer");
    };
    expect(await sync(users(1), { onProgress }, { logger })).toMatchObject({ status: "complete" });
    await new Promise((resolve) => setTimeout(resolve, 5));
    process.off("unhandledRejection", unhandled);
    expect(unhandled).not.toHaveBeenCalled();
    expect(error.mock.calls).toEqual([["oplead-sdk: onProgress threw; the run goes on"]]);
  });
});

describe("verify", () => {
  it("verify tells what would be accepted, what refused, and what depends on the run itself", async () => {
    await sync(users(3));
    world.newRequests();
    const before = structuredClone(world.fake.users);
    world.fake.fail({
      on: (request) => (request.body as UserInput)?.phone === "refused",
      as: { status: 422, body: { field: "email" } },
      times: 9,
    });
    const dealer = user(8, { profile: { code: "PRF_DEALER" }, parentUserIdentifier: "ACC-7" });
    const source = [...users(1), user(1, { phone: "1" }), user(2, { phone: "refused" }), user(7), dealer];
    const withRule = (user: UserInput) => ({
      user,
      ...(user.accountNumber === "ACC-7" && { rules: { maxDistance: 9 } }),
    });
    const plan = await planSync(world.connect(), { source, map: withRule, ledger });
    const report = await plan.verify();
    expect(report).toMatchObject({ testMode: true, counts: { created: 1, updated: 1, failed: 1, unverifiable: 1 } });
    expect(report.failures).toMatchObject([{ accountNumber: "ACC-2", code: "rejected" }]);
    expect(report.unverifiable).toEqual([
      { record: 3, row: undefined, accountNumber: "ACC-7", step: "maxDistance", dependsOn: "ACC-7" },
      { record: 4, row: undefined, accountNumber: "ACC-8", step: "user", dependsOn: "ACC-7" },
    ]);
    expect(world.fake.requests.filter(({ acted, testMode }) => acted && testMode)).toEqual([]);
    expect(world.fake.users).toEqual(before);
    expect((await plan.apply()).counts).toMatchObject({ created: 2, updated: 1, failed: 1 });
  });
});

describe("verify on an empty ledger", () => {
  it("verify reports a refused child as failed if its parent is in Oplead, although the ledger is empty", async () => {
    await sync([user(0)]);
    ledger = memoryLedger();
    world.fake.fail({
      on: (request) => (request.body as UserInput)?.phone === "refused",
      as: { status: 422 },
      times: 9,
    });
    const plan = await planSync(world.connect(), { source: [user(0), user(1, { phone: "refused" })], map, ledger });
    const report = await plan.verify();
    expect(report.unverifiable).toEqual([]);
    expect(report.failures).toMatchObject([{ accountNumber: "ACC-1", code: "rejected" }]);
  });
});
