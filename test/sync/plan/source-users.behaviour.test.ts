import fc from "fast-check";
import { afterEach, beforeEach, expect, it } from "vitest";
import { type Ledger, memoryLedger, planSync, type SourceUser, syncUsers } from "../../../src/sync/index.ts";
import { openWorld, user, type World } from "../../support/sync-users.ts";

let world: World;
let ledger: Ledger;

beforeEach(async () => {
  world = await openWorld();
  ledger = memoryLedger();
});
afterEach(() => world.close());

const versioned = (phone: string, version: number) => ({ user: user(0, { phone }), version });
const run = (...source: SourceUser[]) => syncUsers(world.connect(), { source, map: (one) => one, ledger });

it("the ledger keeps the version that was sent if a newer version could not be sent", async () => {
  await run(versioned("1", 1));
  const fault = world.fake.fail({ on: "updateUser", as: { status: 500 }, times: 99 });
  expect((await run(versioned("2", 9))).counts).toMatchObject({ failed: 1 });
  fault.remove();
  expect(await ledger.get("ACC-0")).toMatchObject({ version: 1 });
  expect((await run({ user: user(0, { email: "none" }), version: 9 })).counts).toMatchObject({ invalid: 1 });
  expect(await ledger.get("ACC-0")).toMatchObject({ version: 1 });
});

it("if a user has several records, the newest one counts, whatever their order", async () => {
  const records = [versioned("1", 1), versioned("3", 3), versioned("2", 2), versioned("3", 3)];
  await fc.assert(
    fc.asyncProperty(fc.shuffledSubarray(records, { minLength: records.length }), async (source) => {
      const result = await planSync(world.connect(), { source, map: async (one) => one, ledger: memoryLedger() });
      expect(result.counts).toMatchObject({ records: 4, new: 1, ignored: 3, duplicate: 0 });
      await result.apply();
      expect(world.fake.user("ACC-0")).toMatchObject({ phone: "3" });
    }),
    { numRuns: 20 },
  );
  const invalidBefore = { user: user(0, { email: "none" }), version: 4 };
  const counts = (...source: SourceUser[]) =>
    planSync(world.connect(), { source, map: (one) => one, ledger }).then(({ counts }) => counts);
  expect(await counts(invalidBefore, versioned("5", 5))).toMatchObject({ new: 1, invalid: 0, ignored: 1 });
  expect(await counts(versioned("5", 5), versioned("6", 5))).toMatchObject({ new: 0, duplicate: 1 });
  const newest = await counts(versioned("5", 5), versioned("6", 5), versioned("7", 7), versioned("4", 4));
  expect(newest).toMatchObject({ records: 4, new: 1, duplicate: 0, ignored: 3 });
});

it("the ledger keeps the version that was sent if the user has several different records", async () => {
  await run(versioned("1", 1));
  expect((await run(versioned("1", 9), versioned("2", 9))).counts).toMatchObject({ duplicate: 1 });
  expect(await ledger.get("ACC-0")).toMatchObject({ version: 1 });
});
