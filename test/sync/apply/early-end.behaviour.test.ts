import { describe, expect, it, vi } from "vitest";
import { OpleadError, type UserInput } from "../../../src/index.ts";
import { among } from "../../../src/sync/findings.ts";
import { type Ledger, memoryLedger, type PlannedOutcome, type SyncProgress } from "../../../src/sync/index.ts";
import { heads, user, users, withPhone } from "../../support/sync-users.ts";
import { eachTestItsWorld } from "../../support/sync-world.ts";

const on = eachTestItsWorld();

describe("when a run ends early", () => {
  it("a run stops at once if the token is not accepted", async () => {
    await on.sync(users(30));
    on.world.newRequests();
    on.world.fake.fail({ on: "updateUser", as: { status: 401 }, times: 999 });
    const changed = withPhone("1", 30);
    const report = await on.sync(changed, { concurrency: 1 });
    expect(report).toMatchObject({ status: "stopped", stopReason: { code: "unauthorized" }, counts: { skipped: 29 } });
    expect(among(report.findings, "skipped", "waiting")[0]).toMatchObject({ reason: "stopped" });
    on.world.fake.reset();
  });

  it("a run stops if most of the recent calls fail, and goes on if only some of them fail", async () => {
    await on.sync(users(100));
    const failing = (share: number) => {
      on.world.fake.fail({ on: "updateUser", as: { status: 500 }, share });
      return on.sync(withPhone(String(share), 100), { guard: false });
    };
    expect((await failing(0.2)).stopReason).toBeUndefined();
    on.world.fake.reset();
    on.ledger = memoryLedger();
    await on.sync(users(100));
    const report = await failing(0.8);
    expect(report).toMatchObject({ status: "stopped", exitCode: 1, stopReason: { code: "too_many_failures" } });
    expect(report.counts.updated).toBeGreaterThan(0);
    expect(report.counts.failed).toBeLessThan(40);
    expect(report.counts.failed + report.counts.updated + report.counts.skipped).toBe(100);
  });

  it("a run stops if the ledger fails, because nothing would be remembered", async () => {
    const broken: Ledger = {
      ...on.ledger,
      replace: async () => {
        throw new Error("disk full");
      },
    };
    const told: PlannedOutcome[] = [];
    const onUser = (outcome: PlannedOutcome) => void told.push(outcome);
    const report = await on.sync(users(20), { ledger: broken, concurrency: 1, runId: "night-1", onUser });
    expect(report).toMatchObject({ status: "stopped", counts: { failed: 1, skipped: 19 } });
    const [failure] = among(report.findings, "failed");
    const reason = { code: "ledger_failed", parameters: { problem: failure?.message } };
    expect(report.stopReason).toMatchObject(reason);
    const common = {
      row: undefined,
      id: undefined,
      runId: "night-1",
      testMode: false,
      applied: [],
      held: [],
      requestIds: [],
    };
    const step = { step: "user", error: expect.objectContaining({ code: "ledger_unavailable" }), held: false };
    const fields = expect.arrayContaining(["login", "phone"]);
    const of = (record: number) => ({ record, accountNumber: `ACC-${record}`, fields, rules: [], final: true });
    expect(told.slice(0, 2)).toEqual([
      { ...common, ...of(0), outcome: "failed", failed: [step], requests: 2 },
      { ...common, ...of(1), outcome: "skipped", failed: [], requests: 0 },
    ]);
    expect(await on.sync(users(20))).toMatchObject({ status: "complete" });
    expect(on.world.fake.duplicates()).toEqual([]);
  });

  it("the report says what was sent, although the ledger fails at the end of the run", async () => {
    const missing = user(2);
    const map = (user: UserInput) => ({ user, version: user.phone === "2" ? 2 : 1 });
    await on.sync([user(0), user(1), missing], { map });
    const newerVersionOfTheSame = () => ({ user: user(0), version: 2 });
    const full = async () => {
      throw new Error("disk full");
    };
    const setsNoVersion: Ledger = {
      ...on.ledger,
      replace: async (name, revision, entry) =>
        entry.version === 2 && name === "ACC-0" ? full() : on.ledger.replace(name, revision, entry),
    };
    const report = await on.sync([user(1, { phone: "1" })], {
      ledger: setsNoVersion,
      map: (user) => ({ user }),
      incremental: true,
    });
    expect(report.status).toBe("complete");
    const other = await on.sync([user(0), user(1, { phone: "2" })], {
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

  it("a run stops if its queue fails, and still returns its report", async () => {
    const down = async () => {
      throw new OpleadError("queue_unavailable", "The queue's Redis failed (ECONNREFUSED).", { retryable: true });
    };
    const report = await on.sync(users(20), { queue: { enqueue: down, reconcileUser: down } });
    expect(report).toMatchObject({
      status: "stopped",
      stopReason: { code: "queue_unavailable", message: expect.stringContaining("ECONNREFUSED") },
    });
    expect(among(report.findings, "failed")[0]?.advice).toMatchObject({ code: "queue_unavailable" });
    expect(on.world.newRequests()).toBe(0);
  });

  it("the report counts the requests of a user whose entry could not be written", async () => {
    const full = async () => {
      throw new Error("disk full");
    };
    const report = await on.sync([user(0)], { ledger: { ...on.ledger, replace: full } });
    expect(on.world.newRequests()).toBe(2);
    expect(report.requests).toBe(2);
    expect(among(report.findings, "failed")).toMatchObject([{ code: "ledger_unavailable" }]);
    expect(among(report.findings, "failed")[0]?.advice).not.toContain("Nothing to correct");
  });

  it("an aborted run writes no further notes into the ledger", async () => {
    const map = (version: number) => (user: UserInput) => ({ user, version });
    await on.sync(users(50), { map: map(1) });
    const controller = new AbortController();
    let written = 0;
    const counting: Ledger = {
      ...on.ledger,
      replace: async (...entry) => {
        written += 1;
        if (written === 5) controller.abort();
        return on.ledger.replace(...entry);
      },
    };
    await on.sync(users(50), { map: map(2), ledger: counting, signal: controller.signal, concurrency: 2 });
    expect(written).toBeGreaterThanOrEqual(5);
    expect(written).toBeLessThan(10);
  });

  it("creations with an unknown outcome count as calls without an answer", async () => {
    let created = false;
    on.world.fake.fail({
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
    const report = await on.sync(heads(20), { concurrency: 1, onProgress });
    expect(among(report.findings, "failed")[0]).toMatchObject({ code: "ambiguous_creation" });
    expect(report).toMatchObject({ status: "stopped", stopReason: { code: "connection" }, counts: { failed: 5 } });
  });
});

it("a run ends at once if Oplead's pause is longer than the calls' deadlines, and logs it once", async () => {
  await on.sync(users(100));
  const warn = vi.fn();
  const logger = { debug() {}, info() {}, warn, error() {} };
  on.world.fake.fail({ on: "updateUser", as: { status: 429, retryAfter: 3_600 }, times: 99 });
  const changed = withPhone("1", 100);
  const report = await on.sync(changed, { guard: false }, { logger, rateLimit: { requests: 100, perMs: 1000 } });
  expect(report).toMatchObject({
    status: "stopped",
    stopReason: { code: "told_to_wait", parameters: { ms: expect.any(Number) } },
  });
  expect(report.stopReason?.message).toContain("Oplead asked for a pause of 1 h");
  const lines = warn.mock.calls.map(([line]) => String(line));
  expect(lines.filter((line) => line.includes("asked for a pause of"))).toHaveLength(1);
  expect(lines.length).toBeLessThanOrEqual(9);
});

it("a drained run starts no further user, finishes those under way, and the next run continues", async () => {
  const controller = new AbortController();
  on.world.fake.delay({ ms: 20 });

  const plan = await on.plan(users(20), { concurrency: 4 });
  let last: SyncProgress | undefined;
  const report = await plan.apply({
    drain: controller.signal,
    onProgress: (progress) => {
      last = progress;
      if (progress.done === 3) controller.abort();
    },
  });
  expect(report.status).toBe("aborted");
  expect(among(report.findings, "failed")).toEqual([]);
  expect(among(report.findings, "skipped").every(({ reason }) => reason === "aborted")).toBe(true);
  expect(report.counts.created).toBe(on.world.fake.users.length);
  expect(report.counts.created + among(report.findings, "skipped", "waiting").length).toBe(20);
  expect(report.counts.created).toBeLessThan(12);
  expect(last).toMatchObject({
    done: 20,
    total: 20,
    failed: 0,
    skipped: among(report.findings, "skipped", "waiting").length,
  });

  const rest = await on.sync(users(20));
  expect(rest).toMatchObject({
    status: "complete",
    counts: { created: among(report.findings, "skipped", "waiting").length },
  });
  expect(on.world.fake.duplicates()).toEqual([]);
});
