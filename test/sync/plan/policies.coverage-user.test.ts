import { expect, it } from "vitest";
import { explainLead } from "../../../src/coverage/index.ts";
import { coverageUserOf } from "../../../src/sync/index.ts";
import { setEntry } from "../../support/entries.ts";
import { eachTestItsWorld, user } from "../../support/sync-world.ts";

const on = eachTestItsWorld();

it("an entry of the ledger gives a user whose leads can be explained, what is not known and who left", async () => {
  const map = (one: ReturnType<typeof user>) => ({
    user: one,
    rules: { maxDistance: 30, profileTypes: ["pro" as const] },
  });
  await on.sync([user(0), user(1)], { map, guard: false });
  await on.sync([user(0)], { map, guard: false });
  const { accepted: _, ...unknown } = (await on.ledger.get("ACC-0")) ?? { rules: {}, at: 0 };
  await setEntry(on.ledger, "ACC-2", { ...unknown, id: "7" });
  const users = [];
  for await (const [accountNumber, entry] of on.ledger.entries()) {
    const one = coverageUserOf(accountNumber, entry);
    if (one) users.push(one);
  }
  expect(users.find(({ user: { accountNumber } }) => accountNumber === "ACC-0")).toMatchObject({
    user: { address: { country: { code: "FR" } } },
    rules: { maxDistance: { maxDistance: 30 }, profileTypes: ["pro"] },
    unknown: [],
    notCounted: undefined,
  });
  const { users: explained, notCounted } = await explainLead({ country: "FR" }, users);
  expect(explained.map(({ accountNumber }) => accountNumber).sort()).toEqual(["ACC-0", "ACC-2"]);
  expect(notCounted[0]).toMatchObject({ code: "users_left", accountNumbers: ["ACC-1"] });
  expect(coverageUserOf("ACC-9", { rules: {}, at: 0 })).toBeUndefined();
});
