import { expect, it } from "vitest";
import { setEntry } from "../support/entries.ts";
import { eachTestItsWorld, head, user } from "../support/sync-world.ts";

const on = eachTestItsWorld();

it("a report warns of an id in the ledger that belongs to another user", async () => {
  await setEntry(on.ledger, "ACC-1", { id: "100001", rules: {}, at: 0 });
  const body = { id: "100001", accountNumber: "STRANGER" };
  on.world.fake.fail({ on: "updateUser", as: { status: 200, body }, times: 1 });
  const report = await on.sync([user(1, head)]);
  expect(report).toMatchObject({ status: "partial", counts: { updated: 0, failed: 1 } });
  expect(await report.toText()).toContain("Correct that user in Oplead at once");
  expect((await report.problemRows({ language: "fr" }))[0]).toMatchObject({
    problem: "failed",
    reason: expect.stringContaining("appartient à un autre utilisateur"),
  });
  expect(await on.ledger.get("ACC-1")).not.toHaveProperty("id", "100001");
});
