import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { requireCoverage } from "../../../../src/coverage/index.ts";
import type { Oplead, UserRules } from "../../../../src/index.ts";
import { judgePolicies, memoryLedger, type SourceUser, syncUsers } from "../../../../src/sync/index.ts";
import { countries, locate } from "../../../coverage/worlds.ts";
import { openWorld, type World } from "../../../support/sync-users.ts";
import { user as anyUser } from "../../../support/users.ts";

let world: World;
let oplead: Oplead;
beforeAll(async () => {
  world = await openWorld();
  oplead = world.connect();
});
afterAll(() => world.close());

const dealer = (accountNumber: string, zipCode: string, rules: UserRules): SourceUser => ({
  user: anyUser(0, {
    ...{ accountNumber, login: accountNumber, email: `${accountNumber}@x.example`, parentUserIdentifier: undefined },
    ...{ profile: { code: "PRF_NETWORK" }, address: { zipCode, city: "Somewhere", country: { code: "FR" } } },
  }),
  rules,
});
const coverage = { universe: { countries, ranges: ["RNG_A"], requestTypes: [], contactProfiles: [] }, locate };
const policies = [requireCoverage({ where: { country: "FR", counties: ["29"] }, atLeast: 1 })];
const BREST = dealer("BREST", "29200", { maxDistance: 40 });

async function filled(users: readonly SourceUser[], isKept = true) {
  const ledger = memoryLedger();
  await syncUsers(oplead, { source: users, map: (user) => user, ledger, ...(isKept && { coverage }) });
  return ledger;
}

describe("judgePolicies()", () => {
  it("judgePolicies names what the users of the ledger leave uncovered, and sends nothing", async () => {
    const ledger = await filled([BREST]);
    world.newRequests();
    const judged = await judgePolicies({ ledger, coverage, policies });
    expect(judged.refusals.map(({ message }) => message)).toEqual([
      "1 postcode of Finistère (63,000 inhabitants) is without a user (policy requireCoverage FR 29).",
    ]);
    expect(judged).toMatchObject({ users: 1, unknown: 0, warnings: [] });
    expect(world.newRequests()).toBe(0);
  });

  it("judgePolicies finds nothing where every postcode has its user", async () => {
    const ledger = await filled([dealer("BREST", "29200", { maxDistance: 100 })]);
    expect(await judgePolicies({ ledger, coverage, policies })).toEqual({
      users: 1,
      unknown: 0,
      refusals: [],
      warnings: [],
    });
  });

  it("judgePolicies refuses nothing for users of which the ledger keeps no rules, and counts them", async () => {
    const ledger = await filled([BREST], false);
    const judged = await judgePolicies({ ledger, coverage, policies });
    expect(judged).toMatchObject({ users: 1, unknown: 1 });
  });

  it("judgePolicies says what is wrong with its options, all at once", async () => {
    const given = { ledger: {}, coverage: {}, policies: [1], other: 1 };
    await expect(judgePolicies(given as never)).rejects.toMatchObject({
      code: "invalid_options",
      issues: expect.arrayContaining(
        ["ledger.get", "coverage.universe", "policies[0]", "other"].map((path) => expect.objectContaining({ path })),
      ),
    });
  });
});
