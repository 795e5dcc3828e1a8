import { inspect } from "node:util";
import { expect, it } from "vitest";
import type { UserInput } from "../../src/index.ts";
import { fiveRules, user, users } from "../support/sync-users.ts";
import { creationOf, eachTestItsWorld } from "../support/sync-world.ts";

const on = eachTestItsWorld();
const ADDRESS = "person-7@dealers.example";

it("a plan and a report print no account number that is an e-mail address, and keep it for the program", async () => {
  const child = user(8, { accountNumber: "person-8@dealers.example", parentUserIdentifier: ADDRESS });
  const named = user(7, { accountNumber: ADDRESS, profile: { code: "PRF_NETWORK" }, parentUserIdentifier: undefined });
  on.world.fake.fail({ on: creationOf(ADDRESS), as: { status: 422 }, times: 9 });
  const twice = [
    user(9, { accountNumber: "person-9@dealers.example" }),
    user(9, { accountNumber: "person-9@dealers.example", phone: "1" }),
  ];
  const source = [named, child, ...twice, user(3, { accountNumber: "person-3@dealers.example", email: "x" })];
  const plan = await on.plan(source);
  expect(plan.changes.map(({ accountNumber }) => accountNumber)).toEqual([ADDRESS, "person-8@dealers.example"]);
  const report = await plan.apply();
  expect(report.failures).toMatchObject([{ accountNumber: ADDRESS }]);
  const next = await on.plan(source);
  expect(next).toMatchObject({ held: [{ accountNumber: ADDRESS }], waiting: [{ parent: ADDRESS }] });
  for (const shown of [plan, report, next]) {
    for (const text of [JSON.stringify(shown), inspect(shown, { depth: 9 }), String(shown)]) {
      expect(text).not.toContain("@dealers.example");
    }
  }
  expect(JSON.stringify(plan)).toContain("[not shown]");
});

it("a diff names the changed paths of a user, also inside its address, and shows values only on request", async () => {
  await on.sync(users(2), { map: (one) => ({ user: one, rules: { maxDistance: 30 } }) });
  const moved = user(1, { address: { ...user(1).address, city: "Oyonnax" }, company: "New", phone: undefined });
  const plan = await on.plan([user(0), moved], {
    map: (one) => ({ user: one, rules: { maxDistance: one.company ? 40 : 30 } }),
  });
  const diff = plan.diff("ACC-1");
  expect(diff).toMatchObject({ accountNumber: "ACC-1", kind: "changed", id: expect.any(String) });
  expect(diff?.lines).toEqual([
    { path: "address.city", change: "changed" },
    { path: "company", change: "added" },
    { path: "phone", change: "removed" },
    { path: "rules.maxDistance", change: "changed" },
  ]);
  expect(String(diff)).toBe("ACC-1 (changed)\n  ~ address.city\n  + company\n  - phone\n  ~ rules.maxDistance");
  expect(inspect(diff, { depth: 9 })).not.toContain("Oyonnax");
  const revealed = plan.diff("ACC-1", { reveal: true });
  expect(String(revealed)).toContain('~ address.city: "Oyonnax"');
  expect(revealed?.lines.at(-1)).toEqual({ path: "rules.maxDistance", change: "changed", value: { maxDistance: 40 } });
  expect(plan.diff("ACC-0")).toBeUndefined();
  expect(() => plan.diff("ACC-1", { revael: true } as never)).toThrow(
    expect.objectContaining({ code: "invalid_options" }),
  );
});

it("a plan's hash consists of letters and digits, so that a command line does not take it for an option", async () => {
  const hashes = new Set<string>();
  for (let number = 0; number < 40; number += 1) {
    const { hash, ...plan } = await on.plan([user(number, { parentUserIdentifier: undefined })], { guard: false });
    hashes.add(hash);
    for (const change of plan.changes) expect(change.accountNumber).toBe(`ACC-${number}`);
    expect(hash).toMatch(/^[A-Za-z0-9]{12}$/);
  }
  expect(hashes.size).toBe(40);
});

it("the JSON of a plan holds hashes and no content", async () => {
  const plan = await on.plan(users(2), { map: (one: UserInput) => ({ user: one, rules: fiveRules }) });
  const saved = JSON.parse(JSON.stringify(plan));
  expect(saved).toMatchObject({
    version: 1,
    hash: plan.hash,
    changes: [
      { accountNumber: "ACC-0", kind: "new", hash: expect.stringMatching(/^[A-Za-z0-9]{12}$/) },
      { accountNumber: "ACC-1", kind: "new", after: "ACC-0" },
    ],
  });
  expect(JSON.stringify(plan)).not.toMatch(/Martin|dealers\.example|\+336|rue de/);
});
