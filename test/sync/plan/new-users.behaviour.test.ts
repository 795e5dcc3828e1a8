import { describe, expect, it } from "vitest";
import { memoryLedger, planSync, syncUsers } from "../../../src/sync/index.ts";
import { setEntry } from "../../support/entries.ts";
import { changed, codesOf, eachTestItsPopulation, map, POPULATION } from "../../support/known-population.ts";
import { messagesOf } from "../../support/messages.ts";
import { users } from "../../support/sync-users.ts";

const on = eachTestItsPopulation();

describe("new users", () => {
  const newcomers = (count: number) => users(POPULATION + count).slice(POPULATION);

  it("the guard refuses more new users than minUsers and maxNew allow", async () => {
    const error = await on.refusalOf(on.sync([...users(POPULATION), ...newcomers(101)]));
    expect(codesOf(error)).toEqual(["mass_new"]);
    expect(error.message).toContain(
      "101 users would be created, and the ledger has 100; the limit is 20 % (guard.maxNew), but at least 100 (guard.minUsers)",
    );
    expect(
      codesOf(await on.refusalOf(on.sync([...users(POPULATION), ...newcomers(30)], { guard: { minUsers: 20 } }))),
    ).toEqual(["mass_new"]);
  });

  it("a run creates as many new users as maxNew allows", async () => {
    const report = await on.sync([...users(POPULATION), ...newcomers(110)], { guard: { maxNew: 1.1 } });
    expect(report.counts).toMatchObject({ created: 110 });
  });

  it("the guard refuses many new users even if there are too few known users for it to judge shares", async () => {
    const small = memoryLedger();
    for (const [accountNumber, entry] of on.knownEntries.slice(0, 20)) await setEntry(small, accountNumber, entry);
    const error = await on.refusalOf(on.sync([...users(20), ...newcomers(200)], { ledger: small }));
    expect(codesOf(error)).toEqual(["mass_new"]);
  });

  it("a small first run into an empty ledger passes with a warning that the guard has nothing to compare with", async () => {
    const plan = await planSync(on.oplead, { source: users(POPULATION), map, ledger: memoryLedger() });
    expect(plan.refusals).toEqual([]);
    expect(messagesOf(plan.warnings)).toContainEqual(
      expect.stringContaining("The guard has nothing to compare with, because the ledger is empty"),
    );
  });
});

describe("a ledger that is empty", () => {
  const shifted = users(POPULATION + 1).map((one) => ({ ...one, lastname: "42" }));

  it("a run without its ledger is refused before it changes more than minUsers users", async () => {
    const error = await on.refusalOf(on.sync(shifted, { ledger: memoryLedger() }));
    expect(codesOf(error)).toEqual(["first_run"]);
    expect(error.message).toContain("The ledger knows no user that Oplead has, and 101 users would be sent");
    expect(error.message).not.toContain("Its mark");
    expect(error.message).toContain("If this is the first night, approve the plan.");
  });

  it("the refusal of an empty ledger says how many runs have ended with that ledger, if the ledger mark, which is kept elsewhere, has that number", async () => {
    const ledgerMark = { runs: 12, lastRunId: "run-12" };
    const error = await on.refusalOf(on.sync(shifted, { ledger: memoryLedger(), ledgerMark }));
    expect(error.message).toContain("Its mark says that 12 runs ended here");
  });

  it("in test mode a first run needs no approval, and its report says that the same run would be refused outside of test mode", async () => {
    const report = await syncUsers(on.world.connect({ testMode: true }), {
      source: shifted,
      map,
      ledger: memoryLedger(),
    });
    expect(report).toMatchObject({ testMode: true, refusals: [{ code: "first_run" }] });
  });
});

it("all users with imported ids are sent once without a refusal, and compared from then on", async () => {
  const seeded = memoryLedger();
  for (const { accountNumber, id } of on.knownUsers)
    await setEntry(seeded, accountNumber ?? "", { id, rules: {}, at: 0 });
  const plan = await planSync(on.oplead, { source: changed(90), map, ledger: seeded });
  expect(plan).toMatchObject({ counts: { new: 0, changed: POPULATION }, refusals: [] });
  expect(messagesOf(plan.warnings)).toContainEqual(expect.stringContaining("because the ledger has ids only"));
  expect(plan.estimate.requests).toBe(POPULATION);
  expect((await plan.apply()).counts).toMatchObject({ updated: POPULATION });
  on.world.newRequests();
  const error = await on.refusalOf(on.sync(users(POPULATION), { ledger: seeded }));
  expect(codesOf(error)).toEqual(["mass_change"]);
});
