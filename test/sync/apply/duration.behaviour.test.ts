import { expect, it } from "vitest";
import { users } from "../../support/sync-users.ts";
import { eachTestItsWorld } from "../../support/sync-world.ts";

const on = eachTestItsWorld();

it("the duration in a report includes the time for planning, in which the run may have waited for Oplead", async () => {
  const handle = on.world.fake.delay({ ms: 50 });
  const plan = await on.plan(users(1));
  handle.remove();
  const report = await plan.apply();
  expect(report.durationMs).toBeGreaterThanOrEqual(50);
});
