import { describe, expect, it } from "vitest";
import { OpleadError, type UserInput } from "../../../src/index.ts";
import { among } from "../../../src/sync/findings.ts";
import type { Ledger, PlannedOutcome } from "../../../src/sync/index.ts";
import { heads, user, users } from "../../support/sync-users.ts";
import { eachTestItsWorld } from "../../support/sync-world.ts";

const on = eachTestItsWorld();

describe("when a run ends early", () => {
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
    const onUser = () => {
      created = false;
    };
    const report = await on.sync(heads(20), { concurrency: 1, onUser });
    expect(among(report.findings, "failed")[0]).toMatchObject({ code: "ambiguous_creation" });
    expect(report).toMatchObject({ status: "stopped", stopReason: { code: "connection" }, counts: { failed: 5 } });
  });
});
