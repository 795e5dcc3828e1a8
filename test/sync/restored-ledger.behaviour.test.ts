import { expect, it } from "vitest";
import { type Ledger, memoryLedger, SyncGuardError } from "../../src/sync/index.ts";
import { setEntry } from "../support/entries.ts";
import { entriesOf } from "../support/ledger-contract.ts";
import { eachTestItsWorld, users } from "../support/sync-world.ts";

const on = eachTestItsWorld();

async function copyOf(ledger: Ledger) {
  const copy = memoryLedger();
  for (const [accountNumber, entry] of await entriesOf(ledger)) await setEntry(copy, accountNumber, entry);
  await copy.setInfo((await ledger.getInfo()) ?? {});
  return copy;
}

const renamed = users(20).map((user) => ({ ...user, lastname: "Durand" }));

it("a restored ledger is refused until everything is sent again, which heals all users", async () => {
  await on.sync(users(20));
  const backup = await copyOf(on.ledger);
  const { ledgerMark } = await on.sync(renamed, { guard: false });
  expect(ledgerMark).toMatchObject({ runs: 2 });

  on.ledger = backup;
  on.world.newRequests();
  const night = users(20);
  const error: unknown = await on.sync(night, { advanced: { ledgerMark } }).catch((error: unknown) => error);
  expect(error).toBeInstanceOf(SyncGuardError);
  expect(error).toMatchObject({ findings: [{ code: "ledger_restored", parameters: { known: 1, ended: 2 } }] });
  expect(on.world.newRequests()).toBe(0);

  const report = await on.sync(night, { advanced: { ledgerMark }, resend: true });
  expect(report).toMatchObject({ status: "complete", counts: { updated: 20 } });
  expect(new Set(on.world.fake.users.map(({ lastname }) => lastname))).not.toContain("Durand");
  const next = await on.sync(night, { advanced: { ledgerMark: report.ledgerMark } });
  expect(next).toMatchObject({ status: "complete", counts: { unchanged: 20 }, requests: 0 });
});

it("a ledger without the run of another host that its mark names is refused as one of two copies", async () => {
  await on.sync(users(20));
  const copy = await copyOf(on.ledger);
  const here = on.ledger;
  const { ledgerMark } = await on.sync(renamed, { guard: false });
  if (!ledgerMark) throw new Error("the run has left no mark");
  const ofThere = { ...ledgerMark, host: "there" };
  on.ledger = copy;
  for (const runs of [1, 2, 9]) {
    const plan = await on.plan(users(20), { advanced: { ledgerMark: { ...ofThere, runs } } });
    expect(plan.refusals).toMatchObject([{ code: "ledger_copied", parameters: { host: "there" } }]);
  }
  const again = await on.plan(users(20), { advanced: { ledgerMark: ofThere }, resend: true });
  expect(again.refusals.map(({ code }) => code)).not.toContain("ledger_copied");
  // Two hosts may use one ledger by turns.
  on.ledger = here;
  expect((await on.plan(renamed, { advanced: { ledgerMark: ofThere } })).refusals).toEqual([]);
});
