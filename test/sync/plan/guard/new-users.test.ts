import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Oplead, UserInput } from "../../../../src/index.ts";
import {
  type Ledger,
  type LedgerEntry,
  memoryLedger,
  planSync,
  SyncGuardError,
  type SyncOptions,
  syncUsers,
} from "../../../../src/sync/index.ts";
import type { FakeUser } from "../../../../src/testing/index.ts";
import { entriesOf } from "../../../support/ledger-contract.ts";
import { openWorld, user, users, type World } from "../../../support/sync-users.ts";

const POPULATION = 100;
let world: World;
let ledger: Ledger;
let oplead: Oplead;

/** What a first run has left behind, made once: on both sides. */
let knownUsers: readonly FakeUser[];
let knownEntries: (readonly [string, LedgerEntry])[];

beforeAll(async () => {
  const first = await openWorld();
  const memory = memoryLedger();
  expect(await syncUsers(first.connect(), { source: users(POPULATION), map, ledger: memory })).toMatchObject({
    status: "complete",
    counts: { created: POPULATION },
  });
  knownUsers = first.fake.users;
  knownEntries = await entriesOf(memory);
  await first.close();
});

beforeEach(async () => {
  world = await openWorld({ users: knownUsers });
  ledger = memoryLedger();
  for (const [accountNumber, entry] of knownEntries) await ledger.set(accountNumber, entry);
  oplead = world.connect();
});
afterEach(() => world.close());

const map = (user: UserInput) => ({ user });
const sync = (source: Iterable<UserInput>, more: Partial<SyncOptions<UserInput>> = {}) =>
  syncUsers(oplead, { source, map, ledger, ...more });
const changed = (count: number, more: Partial<UserInput> = { phone: "1" }) =>
  users(POPULATION).map((same, number) => (number > 0 && number <= count ? user(number, more) : same));

async function refusalOf(task: Promise<unknown>): Promise<SyncGuardError> {
  const error = await task.catch((error: unknown) => error);
  expect(error).toBeInstanceOf(SyncGuardError);
  expect(world.newRequests()).toBe(0);
  return error as SyncGuardError;
}

const codesOf = (error: SyncGuardError) => error.findings.map(({ code }) => code);

describe("new users", () => {
  const newcomers = (count: number) => users(POPULATION + count).slice(POPULATION);

  it("more new users than minUsers and the share maxNew allow are refused", async () => {
    const error = await refusalOf(sync([...users(POPULATION), ...newcomers(101)]));
    expect(codesOf(error)).toEqual(["mass_new"]);
    expect(error.message).toContain(
      "101 users would be created, and the ledger has 100; the limit is 20 % (guard.maxNew), but at least 100 (guard.minUsers)",
    );
    expect(
      codesOf(await refusalOf(sync([...users(POPULATION), ...newcomers(30)], { guard: { minUsers: 20 } }))),
    ).toEqual(["mass_new"]);
  });

  it("as many new users as maxNew allows are created", async () => {
    const report = await sync([...users(POPULATION), ...newcomers(110)], { guard: { maxNew: 1.1 } });
    expect(report.counts).toMatchObject({ created: 110 });
  });

  it("many new users are refused also beside a population that is too small for shares", async () => {
    const small = memoryLedger();
    for (const [accountNumber, entry] of knownEntries.slice(0, 20)) await small.set(accountNumber, entry);
    const error = await refusalOf(sync([...users(20), ...newcomers(200)], { ledger: small }));
    expect(codesOf(error)).toEqual(["mass_new"]);
  });

  it("a first run into an empty ledger passes with a warning that the guard has nothing to compare with", async () => {
    const plan = await planSync(oplead, { source: users(POPULATION + 50), map, ledger: memoryLedger() });
    expect(plan.refusals).toEqual([]);
    expect(plan.warnings).toContainEqual(
      expect.stringContaining("The guard has nothing to compare with, because the ledger is empty"),
    );
  });
});

describe("a first run that was interrupted", () => {
  const source = users(POPULATION + 150);

  it("is continued without an approval, with a warning, and the guard judges new users again once a run has ended", async () => {
    const empty = await openWorld();
    const fresh = memoryLedger();
    const drain = new AbortController();
    const options = { source, map, ledger: fresh };
    const first = await (await planSync(empty.connect(), options)).apply({
      drain: drain.signal,
      onProgress: ({ done }) => done === 20 && drain.abort(),
    });
    expect(first.status).toBe("aborted");
    const plan = await planSync(empty.connect(), options);
    expect(plan.counts.new).toBeGreaterThan(200);
    expect(plan.refusals).toEqual([]);
    expect(plan.warnings).toContainEqual(expect.stringContaining("The first run with this ledger has not ended yet"));
    expect((await plan.apply()).status).toBe("complete");
    const more = await planSync(empty.connect(), { ...options, source: users(POPULATION + 400) });
    expect(more.refusals).toMatchObject([{ code: "mass_new" }]);
    await empty.close();
  });
});

describe("a ledger with imported ids", () => {
  it("users whose ids were imported are all sent once without a refusal, and compared from then on", async () => {
    const seeded = memoryLedger();
    for (const { accountNumber, id } of knownUsers) await seeded.set(accountNumber ?? "", { id, rules: {}, at: 0 });
    const plan = await planSync(oplead, { source: changed(90), map, ledger: seeded });
    expect(plan).toMatchObject({ counts: { new: 0, changed: POPULATION }, refusals: [] });
    expect(plan.warnings).toContainEqual(expect.stringContaining("because the ledger has ids only"));
    // One request each: the ids are known.
    expect(plan.estimate.requests).toBe(POPULATION);
    expect((await plan.apply()).counts).toMatchObject({ updated: POPULATION });
    world.newRequests();
    const error = await refusalOf(sync(users(POPULATION), { ledger: seeded }));
    expect(codesOf(error)).toEqual(["mass_change"]);
  });
});
