import { expect, it } from "vitest";
import { eachTestItsWorld, user } from "../../support/sync-world.ts";

const on = eachTestItsWorld();

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
