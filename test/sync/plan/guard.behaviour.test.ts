import { inspect } from "node:util";
import { expect, it, vi } from "vitest";
import { isOpleadError, type UserInput } from "../../../src/index.ts";
import { planSync, type SyncOptions } from "../../../src/sync/index.ts";
import { changed, eachTestItsPopulation, map, POPULATION } from "../../support/known-population.ts";
import { messagesOf } from "../../support/messages.ts";
import { openWorld, users } from "../../support/sync-users.ts";

const on = eachTestItsPopulation();

it("a waiting plan is not refused for changes that another run has made meanwhile", async () => {
  const plan = await planSync(on.oplead, { source: changed(40), map, ledger: on.ledger });
  expect(plan.refusals).toHaveLength(1);
  await on.sync(changed(15));
  await on.sync(changed(30));
  const report = await plan.apply();
  expect(report.counts).toMatchObject({ updated: 10, unchanged: POPULATION - 10 });
});

it("a ledger of another platform is refused before anything is sent, unless adoptPlatform is set", async () => {
  await on.sync(changed(1));
  on.world.newRequests();
  const elsewhere = await openWorld();
  const options = { source: users(POPULATION), map, ledger: on.ledger };
  await expect(planSync(elsewhere.connect(), options)).rejects.toMatchObject({ code: "ledger_mismatch" });
  expect(elsewhere.fake.requests).toEqual([]);
  const plan = await planSync(elsewhere.connect(), {
    ...options,
    source: changed(2),
    advanced: { adoptPlatform: true },
  });
  expect((await plan.apply()).status).not.toBe("stopped");
  await expect(planSync(on.oplead, options)).rejects.toMatchObject({ code: "ledger_mismatch" });
  await elsewhere.close();
});

const warningsOf = async (count: number, more: Partial<SyncOptions<UserInput>> = {}) => {
  const { warnings } = await planSync(on.oplead, { source: changed(count), map, ledger: on.ledger, ...more });
  return messagesOf(warnings.filter(({ code }) => code === "too_soon"));
};

it("a run without a rate limit gets a warning less than 24 hours after the last run that sent something", async () => {
  let time = Date.now();
  const now = () => time;
  on.oplead = on.world.connect({ rateLimit: false });
  expect(await warningsOf(1, { now })).toEqual([]);
  expect((await on.sync(changed(1), { now })).status).toBe("complete");
  time += 23 * 60 * 60 * 1000;
  expect(await warningsOf(1, { now })).toEqual([]);
  expect(await warningsOf(2, { now })).toEqual([expect.stringContaining("The last run ended 23 h ago")]);
  expect((await on.sync(changed(2), { now })).status).toBe("complete");
  on.oplead = on.world.connect();
  expect(await warningsOf(3, { now })).toEqual([]);
  on.oplead = on.world.connect({ rateLimit: false });
  time += 24 * 60 * 60 * 1000;
  expect(await warningsOf(3, { now })).toEqual([]);
});

it("the guard does not refuse a run in test mode, and warns that the real run would be refused", async () => {
  const before = structuredClone(on.world.fake.users);
  on.oplead = on.world.connect({ testMode: true });
  const onMissing = vi.fn();
  const report = await on.sync(changed(40).slice(0, 90), { onMissing });
  expect(report).toMatchObject({ status: "complete", testMode: true, counts: { updated: 40 } });
  expect(report.refusals).toMatchObject([
    { code: "mass_change", parameters: { comparable: 100, changed: 40, missing: 10 } },
  ]);
  expect(await report.render("text")).toContain("\nA real run would be refused:\n  50% of 100 users");
  expect(await report.render("text")).toContain("Sync complete (test mode: nothing was persisted)");
  expect(on.world.newRequests()).toBe(40);
  expect(on.world.fake.users).toEqual(before);
  expect(onMissing).not.toHaveBeenCalled();
  expect((await planSync(on.world.connect(), { source: changed(40), map, ledger: on.ledger })).counts).toMatchObject({
    changed: 40,
  });
});

it("a SyncGuardError is an OpleadError that prints and serialises without personal data", async () => {
  const error = await on.refusalOf(on.sync(changed(40)));
  expect(isOpleadError(error)).toBe(true);
  expect(error).toMatchObject({ code: "sync_refused", retryable: false, name: "SyncGuardError", testMode: false });
  expect(JSON.parse(JSON.stringify(error))).toMatchObject({ hash: error.hash, findings: [{ code: "mass_change" }] });
  expect(`${inspect(error)}${JSON.stringify(error)}`).not.toMatch(/Martin|dealers\.example/);
});
