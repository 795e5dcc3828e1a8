import { expect, it } from "vitest";
import { memoryLedger, planSync } from "../../../src/sync/index.ts";
import { longestBlock } from "../../support/longest-block.ts";
import { openWorld, user } from "../../support/sync-users.ts";

const USERS = 20_000;

it("planning 20,000 new users with parents blocks the event loop for no longer than the docs say", async () => {
  const world = await openWorld();
  const plan = () =>
    planSync(world.connect(), {
      source: Array.from({ length: USERS }, (_, number) => number),
      map: (number) => ({ user: user(number) }),
      ledger: memoryLedger(),
    });
  // Compiling is the test's own cost.
  expect((await plan()).counts.new).toBe(USERS);
  const blockMs = await longestBlock(plan);
  console.log(`${USERS} new users: the longest block took ${Math.round(blockMs)} ms`);
  // 190 ms in docs/explain/event-loop.md. Threads that collect garbage beside the program count here as well.
  expect(blockMs).toBeLessThan(300);
  await world.close();
});
