import { expect, it, vi } from "vitest";
import type { UserInput } from "../../../src/index.ts";
import type { UserOutcome } from "../../../src/sync/index.ts";
import { fiveRules, head, user, users } from "../../support/sync-users.ts";
import { creationOf, eachTestItsWorld } from "../../support/sync-world.ts";

const on = eachTestItsWorld();
// Without a parent: a user refused shortly after its parent was written is not held yet.

it("onUser is told the outcome of every user", async () => {
  await on.sync(users(2));
  on.world.fake.fail({ on: creationOf("ACC-2"), as: { status: 422 }, times: 9 });
  const seen: UserOutcome[] = [];
  const dealer = user(3, { profile: { code: "PRF_DEALER" }, parentUserIdentifier: "ACC-2" });
  const map = (one: UserInput) => ({ user: one, ...(one.accountNumber === "ACC-1" && { rules: fiveRules }) });
  await on.sync([user(0), user(1, { phone: "1" }), user(2, head), dealer, user(4)], {
    map,
    rowOf: ({ accountNumber }) => `row of ${accountNumber}`,
    onUser: (outcome) => seen.push(outcome),
    concurrency: 1,
  });
  const byName = Object.fromEntries(seen.map((outcome) => [outcome.accountNumber, outcome]));
  expect(Object.keys(byName).sort()).toEqual(["ACC-1", "ACC-2", "ACC-3", "ACC-4"]);
  expect(seen.map(({ final }) => final)).toEqual([true, true, true, true]);
  expect(byName["ACC-1"]).toMatchObject({
    record: 1,
    row: "row of ACC-1",
    outcome: "updated",
    id: expect.any(String),
    fields: ["phone"],
    rules: Object.keys(fiveRules),
    failed: [],
    testMode: false,
  });
  expect(byName["ACC-2"]).toMatchObject({
    outcome: "failed",
    failed: [{ step: "user", held: true, error: { code: "refused", status: 422, requestId: expect.any(String) } }],
    requestIds: expect.arrayContaining([expect.any(String)]),
  });
  expect(byName["ACC-3"]).toMatchObject({ outcome: "skipped" });
  expect(byName["ACC-4"]).toMatchObject({ outcome: "created" });
});

it("a run logs one info line at its end and one warning for each refusal, without personal data", async () => {
  const info = vi.fn();
  const warn = vi.fn();
  const logger = { debug() {}, info, warn, error() {} };
  on.world.fake.fail({ on: creationOf("ACC-1"), as: { status: 422 }, times: 9 });
  const named = user(2, { accountNumber: "person-2@dealers.example", email: "person-2@dealers.example", ...head });
  on.world.fake.fail({
    on: creationOf("person-2@dealers.example"),
    as: { status: 409, body: { errors: { email: ["taken"] } } },
    times: 9,
  });
  const report = await on.sync([user(0), user(1, head), named], { concurrency: 1 }, { logger });
  const lines = info.mock.calls.map(([line]) => line as string).filter((line) => line.includes("sync "));
  expect(lines).toEqual([
    expect.stringMatching(
      /^oplead-sdk: sync partial: 1 created, 2 failed, \d+ requests, .* m?s; run [\w-]{36}, plan \w{12}$/,
    ),
  ]);
  expect(lines[0]).toContain(report.runId);
  const { runId: run, hash: plan, requests, durationMs, counts } = report;
  const ended = { event: "run_ended", run, plan, status: "partial", code: undefined, testMode: false };
  expect(info).toHaveBeenCalledWith(lines[0], { ...ended, requests, durationMs, ...counts });
  const warnings = warn.mock.calls.map(([line]) => line as string);
  expect(warnings).toEqual([
    "oplead-sdk: ACC-1 user: refused 422, held until its content changes",
    "oplead-sdk: [not shown] user: conflict 409, held until its content changes",
  ]);
});

it("the duration in a report includes the time for planning, in which the run may have waited for Oplead", async () => {
  const handle = on.world.fake.delay({ ms: 50 });
  const plan = await on.plan(users(1));
  handle.remove();
  const report = await plan.apply();
  expect(report.durationMs).toBeGreaterThanOrEqual(50);
});
