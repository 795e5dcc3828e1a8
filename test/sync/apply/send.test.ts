import { expect, it } from "vitest";
import type { UserInput } from "../../../src/index.ts";
import { memoryLedger } from "../../../src/sync/index.ts";
import { fiveRules, heads, user, users } from "../../support/sync-users.ts";
import { creationOf, eachTestItsWorld } from "../../support/sync-world.ts";

const on = eachTestItsWorld();
const withRules = (one: UserInput) => ({ user: one, rules: fiveRules });
// Failures of one attempt: the client sends each request three times.
const ONE_ATTEMPT = 3;

it("a step that failed and may succeed later is tried again at the end of the run", async () => {
  on.world.fake.fail({ on: "setMaxDistanceRule", as: { status: 503 }, times: ONE_ATTEMPT });
  const report = await on.sync([user(0)], { map: withRules });
  expect(report).toMatchObject({ status: "complete", counts: { created: 1, updated: 0, incomplete: 0 }, findings: [] });
  // Two for the user, five for the rules, three that were repeated.
  expect(report).toMatchObject({ requests: 2 + 5 + 3, retries: 3 });
  expect(on.world.newRequests()).toBe(report.requests);
});

it("a user whose lease ended before its request is tried again at the end of the run", async () => {
  const ledger = memoryLedger();
  let leases = 0;
  const lease = async () => {
    leases += 1;
    const left = leases === 2 ? 0 : Number.POSITIVE_INFINITY;
    return { left: () => left, release: async () => {} };
  };
  const report = await on.sync(users(3), { ledger: { ...ledger, lease } });
  expect(report).toMatchObject({ status: "complete", counts: { created: 3 }, findings: [] });
  expect(leases).toBe(4);
});

it("lost leases do not count as failures of Oplead, so several in a row do not stop a run", async () => {
  let leases = 0;
  const lease = async () => {
    leases += 1;
    const left = leases <= 25 ? 0 : Number.POSITIVE_INFINITY;
    return { left: () => left, release: async () => {} };
  };
  const report = await on.sync(heads(26), { ledger: { ...memoryLedger(), lease }, concurrency: 1 });
  expect(report).toMatchObject({ status: "complete", counts: { created: 26 }, findings: [] });
});

it("the children of a parent that is tried again wait for it and are sent after it", async () => {
  const fault = on.world.fake.fail({ on: creationOf("ACC-0"), as: { status: 500 }, times: 1 });
  const report = await on.sync(users(4), {}, { retry: false });
  expect(fault.hits).toBe(1);
  expect(report).toMatchObject({ status: "complete", counts: { created: 4, skipped: 0 } });
  expect(on.world.fake.users[0]?.accountNumber).toBe("ACC-0");
});

it("users whose entries another process wrote after the plan are not sent, and count as stale", async () => {
  await on.sync(users(3));
  const changed = [user(0), user(1, { phone: "1" }), user(2, { phone: "1" })];
  const plan = await on.plan(changed);
  await on.sync([user(1, { phone: "2" })], { incremental: true });
  on.world.newRequests();
  const report = await plan.apply();
  expect(report).toMatchObject({ counts: { updated: 1, stale: 1, unchanged: 1 }, requests: 1 });
  expect(report.findings).toMatchObject([{ kind: "stale", accountNumber: "ACC-1" }]);
  expect(on.world.fake.user("ACC-1")).toMatchObject({ phone: "2" });
  expect(on.world.fake.user("ACC-2")).toMatchObject({ phone: "1" });
});
