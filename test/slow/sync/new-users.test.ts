import { expect, it } from "vitest";
import { memoryLedger, planSync } from "../../../src/sync/index.ts";
import { openWorld, user } from "../../support/sync-users.ts";

const USERS = 100_000;

it("Planning 100,000 new users with parents does not block the event loop", async () => {
  const world = await openWorld();
  // Processor time: other processes take their share of the clock.
  let blockMs = 0;
  let before = process.cpuUsage();
  const timer = setInterval(() => {
    blockMs = Math.max(blockMs, process.cpuUsage(before).user / 1000);
    before = process.cpuUsage();
  }, 1);
  const plan = await planSync(world.connect(), {
    source: Array.from({ length: USERS }, (_, number) => number),
    map: (number) => ({ user: user(number) }),
    ledger: memoryLedger(),
  });
  clearInterval(timer);
  expect(plan.counts.new).toBe(USERS);
  console.log(`${USERS} new users: the longest block took ${Math.round(blockMs)} ms`);
  // The promise is 50 ms. Threads that collect garbage beside the program count here as well.
  expect(blockMs).toBeLessThan(100);
  await world.close();
});
