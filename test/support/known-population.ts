import { afterEach, beforeAll, beforeEach, expect } from "vitest";
import type { Oplead, UserInput } from "../../src/index.ts";
import {
  type Ledger,
  type LedgerEntry,
  memoryLedger,
  SyncGuardError,
  type SyncOptions,
  type SyncReport,
  syncUsers,
} from "../../src/sync/index.ts";
import type { FakeUser } from "../../src/testing/index.ts";
import { setEntry } from "./entries.ts";
import { TEST_KEY } from "./fingerprints.ts";
import { entriesOf } from "./ledger-contract.ts";
import { openWorld, user, users, type World } from "./sync-users.ts";

export const POPULATION = 100;

export const map = (user: UserInput) => ({ user });

export interface PopulatedWorld {
  readonly world: World;
  readonly ledger: Ledger;
  oplead: Oplead;
  readonly knownUsers: readonly FakeUser[];
  readonly knownEntries: readonly (readonly [string, LedgerEntry])[];
  sync(source: Iterable<UserInput>, more?: Partial<SyncOptions<UserInput>>): Promise<SyncReport>;
  refusalOf(task: Promise<unknown>): Promise<SyncGuardError>;
}

export function eachTestItsPopulation(): PopulatedWorld {
  let world: World;
  let ledger: Ledger;
  let oplead: Oplead;
  let knownUsers: readonly FakeUser[];
  let knownEntries: readonly (readonly [string, LedgerEntry])[];

  beforeAll(async () => {
    const first = await openWorld();
    const memory = memoryLedger({ ledgerKey: TEST_KEY });
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
    ledger = memoryLedger({ ledgerKey: TEST_KEY });
    for (const [accountNumber, entry] of knownEntries) await setEntry(ledger, accountNumber, entry);
    oplead = world.connect();
  });
  afterEach(() => world.close());

  return {
    get world() {
      return world;
    },
    get ledger() {
      return ledger;
    },
    get oplead() {
      return oplead;
    },
    set oplead(other) {
      oplead = other;
    },
    get knownUsers() {
      return knownUsers;
    },
    get knownEntries() {
      return knownEntries;
    },
    sync: (source, more) => syncUsers(oplead, { source, map, ledger, ...more }),
    async refusalOf(task) {
      const error = await task.catch((error: unknown) => error);
      expect(error).toBeInstanceOf(SyncGuardError);
      expect(world.newRequests()).toBe(0);
      return error as SyncGuardError;
    },
  };
}

export const changed = (count: number, more: Partial<UserInput> = { phone: "1" }): UserInput[] =>
  users(POPULATION).map((same, number) => (number > 0 && number <= count ? user(number, more) : same));

export const codesOf = (error: SyncGuardError): string[] => error.findings.map(({ code }) => code);
