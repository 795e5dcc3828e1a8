import { expect } from "vitest";
import type { Oplead, UserInput } from "../../src/index.ts";
import { memoryLedger, type SourceUser, syncUsers } from "../../src/sync/index.ts";
import { fiveRules, openWorld, user } from "./sync-users.ts";

export interface Requests {
  readonly naive: { readonly first: number; readonly nightly: number };
  readonly ours: {
    readonly first: number;
    readonly changedUsers: number;
    readonly changedWithRules: number;
    readonly unchanged: number;
    readonly twoSources: number;
  };
}

// Counted on the server: a script without a memory, and this package.
export async function countRequests(count: number): Promise<Requests> {
  const isChanged = (number: number) => number % 50 === 1;
  // Children before their parents.
  const numbers = Array.from({ length: count }, (_, number) => count - 1 - number);
  const today = numbers.map((number) => user(number));
  const tomorrow = numbers.map((number) => user(number, isChanged(number) ? { phone: "1" } : {}));
  const asIs = (user: UserInput): SourceUser => ({ user, rules: fiveRules });
  const withNewRules = (user: UserInput): SourceUser =>
    user.phone === "1" ? { user: { ...user, phone: "2" }, rules: { ...otherRules } } : { user, rules: fiveRules };

  const script = await openWorld();
  const naive = { first: 0, nightly: 0 };
  // The script needs parents before children in its file.
  await naiveSync(script.connect(), [...today].reverse());
  naive.first = script.newRequests();
  await naiveSync(script.connect(), [...tomorrow].reverse());
  naive.nightly = script.newRequests();
  await script.close();

  const world = await openWorld();
  const oplead = world.connect();
  const ledger = memoryLedger();
  let before = 0;
  const requests = () => {
    const since = world.fake.requests.length - before;
    before += since;
    return since;
  };
  const run = async (source: readonly UserInput[], map = asIs) => {
    expect((await syncUsers(oplead, { source, map, ledger, guard: { minUsers: 100_000 } })).status).toBe("complete");
    return requests();
  };
  const first = await run(today);
  const changedUsers = await run(tomorrow);
  const unchanged = await run(tomorrow);
  const changedWithRules = await run(tomorrow, withNewRules);
  expect(world.fake.users).toHaveLength(count);

  const fresh = memoryLedger();
  world.fake.reset();
  before = 0;
  await Promise.all(
    [today, [...today].reverse()].map((source) =>
      syncUsers(oplead, { source, map: asIs, ledger: fresh, guard: { minUsers: 100_000 } }),
    ),
  );
  const twoSources = requests();
  expect(world.fake.users).toHaveLength(count);
  await world.close();
  return { naive, ours: { first, changedUsers, changedWithRules, unchanged, twoSources } };
}

const otherRules = {
  geographical: { handledCountries: [{ handledCountry: { code: "FR" } }] },
  maxDistance: 31,
  competences: [{ range: { code: "RNG_B" } }],
  contactProfiles: ["CPR_B"],
  profileTypes: ["single"],
} as const;

// The guide: "try PUT with accountNumber; if 404, POST", then all rules, every night.
async function naiveSync(oplead: Oplead, users: readonly UserInput[]): Promise<void> {
  const [head, ...rest] = users;
  const queue = rest.values();
  const upsert = async (user: UserInput) => {
    await oplead.upsertUser(user, { rules: fiveRules });
  };
  if (head) await upsert(head);
  await Promise.all(
    Array.from({ length: 8 }, async () => {
      for (const user of queue) await upsert(user);
    }),
  );
}

export function expectFormula({ naive, ours }: Requests, count: number): void {
  const changed = Math.floor((count - 2) / 50) + 1;
  const rules = 5;
  const profiles = 1;
  const countries = 2; // of the users, and of their geographical rule
  expect(naive).toEqual({ first: count * (2 + rules), nightly: count * (1 + rules) });
  expect(ours).toEqual({
    first: count * (2 + rules) + profiles + countries,
    // The client still has the profiles and countries of the first run.
    changedUsers: changed,
    changedWithRules: changed * (1 + rules),
    unchanged: 0,
    twoSources: count * (2 + rules),
  });
}
