import { beforeEach, expect, it, onTestFinished } from "vitest";
import type { Ledger } from "../../src/ledger/ledger.ts";
import { importIds } from "../../src/reconcile/import-ids.ts";
import { reconcileUser } from "../../src/reconcile/reconcile.ts";
import { type SharedLedger, sharedLedger } from "../support/shared-ledger.ts";
import { openWorld, user, type World } from "../support/sync-users.ts";

let world: World;
let shared: SharedLedger;
beforeEach(async () => {
  world = await openWorld();
  shared = sharedLedger();
  onTestFinished(() => world.close());
});
const rules = { maxDistance: 3 };

it("a user whose entry vanishes gets an entry with the id that Oplead answers, and no second user", async () => {
  const ledger = shared.open();
  const known = await world.connect().createUser(user(0, { accountNumber: "OTHER" }));
  await importIds(ledger, [["ACC-0", known.id]]);
  let isThere = true;
  const vanishing: Ledger = {
    ...ledger,
    async replace(accountNumber, expected, entry) {
      if (isThere) shared.evict(accountNumber);
      isThere = false;
      return ledger.replace(accountNumber, expected, entry);
    },
  };
  const result = await reconcileUser(world.connect(), vanishing, { user: user(0), rules });
  expect(result).toMatchObject({ outcome: "updated", id: known.id, applied: ["user", "maxDistance"] });
  expect(world.fake.users).toHaveLength(1);
});
