import { inspect } from "node:util";
import { expect, it } from "vitest";
import { importIds } from "../../../src/sync/index.ts";
import { user } from "../../support/sync-users.ts";
import { eachTestItsWorld } from "../../support/sync-world.ts";

const on = eachTestItsWorld();
const head = { profile: { code: "PRF_NETWORK" }, parentUserIdentifier: undefined };

it("a diff tells a field or a rule that Oplead has not had before from one that changed and one that is gone", async () => {
  const before = user(1, head);
  await on.sync([before], { map: (one) => ({ user: one, rules: { maxDistance: 10 } }) });
  const address = { ...before.address, building: "B", city: "Lyon" };
  const plan = await on.plan([user(1, { ...head, address, mobile: "+33600000001", phone: undefined })], {
    map: (one) => ({ user: one, rules: { maxDistance: 20, profileTypes: ["pro"] } }),
  });
  expect(String(plan.diff("ACC-1"))).toBe(
    [
      "ACC-1 (changed)",
      "  + address.building",
      "  ~ address.city",

      "  + mobile",
      "  - phone",
      "  ~ rules.maxDistance",
      "  + rules.profileTypes",
    ].join("\n"),
  );
});

it("a diff of a user whose id alone was imported claims nothing about what is new", async () => {
  const { id } = await on.world.connect().upsertUser(user(1, head));
  await importIds(on.ledger, [["ACC-1", id]]);
  const plan = await on.plan([user(1, head)]);
  expect(plan.diff("ACC-1")?.lines.every(({ change }) => change === "changed")).toBe(true);
});

it("a diff that is printed or saved shows no account number that is an e-mail address, unless values are to be revealed", async () => {
  const accountNumber = "eve@dealers.example";
  const plan = await on.plan([user(1, { ...head, accountNumber, login: accountNumber, email: accountNumber })]);
  const diff = plan.diff(accountNumber);
  expect(`${diff} ${inspect(diff)} ${JSON.stringify(diff)}`).not.toContain("@");
  expect(diff?.accountNumber).toBe(accountNumber);
  expect(JSON.stringify(plan.diff(accountNumber, { reveal: true }))).toContain(accountNumber);
});
