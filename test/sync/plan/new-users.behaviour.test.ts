import { expect, it } from "vitest";
import { memoryLedger, planSync } from "../../../src/sync/index.ts";
import { setEntry } from "../../support/entries.ts";
import { changed, codesOf, eachTestItsPopulation, map, POPULATION } from "../../support/known-population.ts";
import { messagesOf } from "../../support/messages.ts";
import { users } from "../../support/sync-users.ts";

const on = eachTestItsPopulation();

const shifted = users(POPULATION + 1).map((one) => ({ ...one, lastname: "42" }));

it("the refusal of an empty ledger says how many runs have ended with that ledger, if the ledger mark, which is kept elsewhere, has that number", async () => {
  const ledgerMark = { runs: 12, lastRunId: "run-12" };
  const error = await on.refusalOf(on.sync(shifted, { ledger: memoryLedger(), ledgerMark }));
  expect(error.message).toContain("Its mark says that 12 runs ended here");
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
