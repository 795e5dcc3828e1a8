import { expect, it } from "vitest";
import { among } from "../../../src/sync/findings.ts";
import { eachTestItsWorld, head, user } from "../../support/sync-world.ts";

const on = eachTestItsWorld();

it("children of a user with several different records wait until the source has one", async () => {
  const child = user(2, { profile: { code: "PRF_DEALER" }, parentUserIdentifier: "ACC-1" });
  const source = [user(1, head), user(1, { ...head, phone: "1" }), child];
  expect(among((await on.plan(source)).findings, "waiting")).toMatchObject([
    { accountNumber: "ACC-2", root: { because: "duplicate" } },
  ]);
});
