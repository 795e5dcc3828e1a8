import { expect, it } from "vitest";
import type { UserInput } from "../../../src/index.ts";
import { syncUsers } from "../../../src/sync/index.ts";
import { eachTestItsWorld, fiveRules, user, users } from "../../support/sync-world.ts";

const on = eachTestItsWorld();

it("a run sends the requests that users and changes make necessary, and no others", async () => {
  const oplead = on.world.connect();
  let before = 0;
  const run = async (...sources: UserInput[][]) => {
    const map = (user: UserInput) => ({ user, rules: { ...fiveRules, ...(user.phone === "2" && otherRules) } });
    const reports = await Promise.all(
      sources.map((source) => syncUsers(oplead, { source, map, ledger: on.ledger, guard: { minUsers: 100_000 } })),
    );
    expect(reports.every(({ status }) => status === "complete")).toBe(true);
    const since = on.world.fake.requests.length - before;
    before += since;
    return since;
  };
  // Children before their parents.
  const source = (phone?: string) =>
    users(60)
      .map((one, number) => (phone !== undefined && number % 50 === 1 ? user(number, { phone }) : one))
      .reverse();
  const [asked, rules, profiles, countries] = [2, 5, 1, 2];
  expect(await run(source(), source())).toBe(60 * (asked + rules) + profiles + countries);
  // The client still has the profiles and countries of the first run.
  expect([await run(source("1")), await run(source("1")), await run(source("2"))]).toEqual([2, 0, 2 * (1 + rules)]);
});

const otherRules = {
  geographical: { handledCountries: [{ handledCountry: { code: "FR" } }] },
  maxDistance: 31,
  competences: [{ range: { code: "RNG_B" } }],
  contactProfiles: ["CPR_B"],
  profileTypes: ["single" as const],
};
