import { expect, it } from "vitest";
import type { SourceUser } from "../../../src/sync/index.ts";
import { eachTestItsWorld, user } from "../../support/sync-world.ts";

const on = eachTestItsWorld();

const versioned = (phone: string, version: number) => ({ user: user(0, { phone }), version });
const run = (...source: SourceUser[]) => on.sync(source, { map: (one) => one });

it("the ledger keeps the version that was sent if a newer version could not be sent", async () => {
  await run(versioned("1", 1));
  const fault = on.world.fake.fail({ on: "updateUser", as: { status: 500 }, times: 99 });
  expect((await run(versioned("2", 9))).counts).toMatchObject({ failed: 1 });
  fault.remove();
  expect(await on.ledger.get("ACC-0")).toMatchObject({ version: 1 });
  expect((await run({ user: user(0, { email: "none" }), version: 9 })).counts).toMatchObject({ invalid: 1 });
  expect(await on.ledger.get("ACC-0")).toMatchObject({ version: 1 });
});

it("the ledger keeps the version that was sent if the user has several different records", async () => {
  await run(versioned("1", 1));
  expect((await run(versioned("1", 9), versioned("2", 9))).counts).toMatchObject({ duplicate: 1 });
  expect(await on.ledger.get("ACC-0")).toMatchObject({ version: 1 });
});
