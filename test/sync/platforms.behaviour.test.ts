import { afterEach, beforeEach, expect, it } from "vitest";
import { hashOf } from "../../src/core/hash.ts";
import { memoryLedger, planSync, readSavedPlan, type SavedPlan, SyncGuardError } from "../../src/sync/index.ts";
import { openWorld, users, type World } from "../support/sync-users.ts";

let staging: World;
let production: World;
beforeEach(async () => {
  staging = await openWorld();
  production = await openWorld();
});
afterEach(() => Promise.all([staging.close(), production.close()]));

const planOn = (world: World, testMode = false) =>
  planSync(world.connect({ testMode }), { source: users(30), map: (user) => ({ user }), ledger: memoryLedger() });
const savedOn = async (world: World, testMode?: boolean) => JSON.parse(JSON.stringify(await planOn(world, testMode)));

it("the approval of a plan for another platform is refused, and nothing is sent", async () => {
  const { hash } = await planOn(staging);
  const error: unknown = await (await planOn(production)).apply({ approve: hash }).catch((error: unknown) => error);
  expect(error).toBeInstanceOf(SyncGuardError);
  expect(error).toMatchObject({ findings: [{ code: "other_plan" }] });
  expect(production.fake.users).toEqual([]);
});

it("a real run refuses the approval of a plan in test mode, and sends nothing", async () => {
  const { hash } = await planOn(production, true);
  const error: unknown = await (await planOn(production)).apply({ approve: hash }).catch((error: unknown) => error);
  expect(error).toMatchObject({ code: "sync_refused", findings: [{ code: "other_plan" }] });
  expect(production.fake.users).toEqual([]);
});

it("apply has one code for a plan of another platform and another for one of the other mode", async () => {
  const refused = async (approve: SavedPlan) => {
    return (await planOn(production)).apply({ approve }).catch((error: SyncGuardError) => error.findings[0]);
  };
  expect(await refused(await savedOn(staging))).toMatchObject({ code: "other_platform" });
  const other = { code: "other_test_mode", parameters: { saved: true } };
  expect(await refused(await savedOn(production, true))).toMatchObject(other);
  expect(production.fake.users).toEqual([]);
});

it("a change that is missing in a saved plan is noticed by its checksum, or else by its hash", async () => {
  const { checksum: _, ...saved } = await savedOn(production);
  const fewer = { ...saved, changes: saved.changes.slice(1) };
  for (const checksum of [_, undefined, hashOf(fewer)]) {
    expect(() => readSavedPlan({ ...fewer, checksum })).toThrow(
      expect.objectContaining({ code: "invalid_input", issues: [expect.objectContaining({ code: "altered_plan" })] }),
    );
  }
});
