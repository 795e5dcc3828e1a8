import { describe, expect, it, vi } from "vitest";
import type { UserInput } from "../../../src/index.ts";
import { among } from "../../../src/sync/findings.ts";
import type { SyncProgress } from "../../../src/sync/index.ts";
import { head, user, users } from "../../support/sync-users.ts";
import { creationOf, eachTestItsWorld } from "../../support/sync-world.ts";

const on = eachTestItsWorld();

describe("a run", () => {
  it("a run skips the children of a new user that failed, and no other users", async () => {
    on.world.fake.fail({ on: creationOf("ACC-1"), as: { status: 422 }, times: 9 });
    const first = user(1, head);
    const region = user(2, { parentUserIdentifier: "ACC-1" });
    const dealer = user(3, { profile: { code: "PRF_DEALER" }, parentUserIdentifier: "ACC-2" });
    const source = [dealer, region, user(5), first, user(0)];
    const report = await on.sync(source);
    expect(report).toMatchObject({ status: "partial", counts: { created: 2, failed: 1, skipped: 2 } });
    expect(among(report.findings, "failed")).toMatchObject([
      { accountNumber: "ACC-1", step: "user", code: "refused", held: true },
    ]);
    const root = { record: 3, row: undefined, accountNumber: "ACC-1", because: "held" };
    expect(among(report.findings, "waiting")).toMatchObject([
      { record: 1, accountNumber: "ACC-2", parent: "ACC-1", root, isNew: true },
      { record: 0, accountNumber: "ACC-3", parent: "ACC-2", root, isNew: true },
    ]);
    on.world.newRequests();
    expect((await on.sync(source)).counts).toMatchObject({ held: 1, skipped: 2 });
    expect(on.world.newRequests()).toBe(0);
    expect((await on.sync(source, { retryHeld: true })).counts).toMatchObject({ failed: 1, skipped: 2 });
    expect(on.world.newRequests()).toBe(3);
  });
});

describe("a plan whose users have changed since it was made", () => {
  it("a user held after the plan was made is in the report, whose status is not complete", async () => {
    const plan = await on.plan([user(0)]);
    on.world.fake.fail({ on: creationOf("ACC-0"), as: { status: 422 }, times: 9 });
    await on.sync([user(0)]);
    const report = await plan.apply();
    expect(report).toMatchObject({ status: "partial", counts: { held: 1 }, requests: 0 });
    expect(among(report.findings, "held")).toMatchObject([
      { accountNumber: "ACC-0", step: "user", code: "refused", status: 422 },
    ]);
    expect(await report.explain()).toMatchObject([
      { accountNumber: "ACC-0", problem: "held", step: "user", status: 422 },
    ]);
  });

  it("children of a user that another process has sent are sent, although a rule of it is held", async () => {
    const child = user(1);
    const withRule = (one: UserInput) => ({
      user: one,
      ...(one.accountNumber === "ACC-0" && { rules: { maxDistance: 9 } }),
    });
    const plan = await on.plan([user(0), child], { map: withRule });
    on.world.fake.fail({ on: "setMaxDistanceRule", as: { status: 422 } });
    await on.sync([user(0)], { map: withRule });
    expect(await plan.apply()).toMatchObject({ counts: { created: 1, held: 1, skipped: 0 } });
    expect(on.world.fake.user("ACC-1")).toBeDefined();
  });

  it("a plan does not change if the source overwrites its objects", async () => {
    const one: Record<string, unknown> = {};
    function* source() {
      for (const next of users(3)) yield Object.assign(one, { parentUserIdentifier: undefined }, next) as UserInput;
    }
    const plan = await on.plan(source);
    one.lastname = "Another";
    expect(await plan.apply()).toMatchObject({ status: "complete", counts: { created: 3 } });
    expect(on.world.fake.users.map(({ lastname }) => lastname)).toEqual(users(3).map(({ lastname }) => lastname));
  });
});

describe("observers of a run", () => {
  it("a clock that is set back during a run changes neither the duration nor the rate of the run", async () => {
    let time = Date.UTC(2026, 0, 31);
    const seen: SyncProgress[] = [];
    const report = await on.sync(users(4), {
      now: () => (time -= 3_600_000),
      onUser: (_user, progress) => seen.push(progress),
    });
    expect(report.status).toBe("complete");
    expect(report.durationMs).toBeGreaterThanOrEqual(0);
    expect(report.durationMs).toBeLessThan(60_000);
    expect(seen.every(({ rate, etaMs = -1 }) => rate > 0 && etaMs >= 0 && etaMs < 60_000)).toBe(true);
  });

  it("an asynchronous observer that rejects does not end a run", async () => {
    const unhandled = vi.fn();
    process.on("unhandledRejection", unhandled);
    const error = vi.fn();
    const logger = { debug() {}, info() {}, warn() {}, error };
    const onUser = async () => {
      throw new Error("observer");
    };
    expect(await on.sync(users(1), { onUser }, { logger })).toMatchObject({ status: "complete" });
    await new Promise((resolve) => setTimeout(resolve, 5));
    process.off("unhandledRejection", unhandled);
    expect(unhandled).not.toHaveBeenCalled();
    expect(error.mock.calls).toEqual([
      ["oplead-sdk: onUser threw; the run goes on", { event: "callback_failed", callback: "onUser" }],
    ]);
  });
});

describe("a run in test mode", () => {
  it("a run in test mode lists what Oplead would accept, would refuse, and cannot check yet", async () => {
    await on.sync(users(3));
    on.world.newRequests();
    const before = structuredClone(on.world.fake.users);
    on.world.fake.fail({
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
    const plan = (testMode: boolean) => {
      return on.plan(source, { map: withRule }, { testMode });
    };
    const report = await (await plan(true)).apply();
    expect(report).toMatchObject({ testMode: true, counts: { created: 1, updated: 1, failed: 1, unverifiable: 1 } });
    expect(among(report.findings, "failed")).toMatchObject([{ accountNumber: "ACC-2", code: "refused" }]);
    expect(among(report.findings, "unverifiable")).toMatchObject([
      { record: 3, accountNumber: "ACC-7", step: "maxDistance", dependsOn: "ACC-7" },
      { record: 4, accountNumber: "ACC-8", step: "user", dependsOn: "ACC-7" },
    ]);
    expect(on.world.fake.requests.filter(({ acted, testMode }) => acted && testMode)).toEqual([]);
    expect(on.world.fake.users).toEqual(before);
    expect((await (await plan(false)).apply()).counts).toMatchObject({ created: 2, updated: 1, failed: 1 });
  });
});
