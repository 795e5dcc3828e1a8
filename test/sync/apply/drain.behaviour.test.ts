import { expect, it } from "vitest";
import { memoryLedger, planSync, type SyncProgress } from "../../../src/sync/index.ts";
import { openWorld, users } from "../../support/sync-users.ts";

it("a drained run starts no further user, finishes those under way, and the next run continues", async () => {
  const world = await openWorld();
  const ledger = memoryLedger();
  const options = { source: users(20), map: (user: ReturnType<typeof users>[number]) => ({ user }), ledger };
  const controller = new AbortController();
  world.fake.delay({ ms: 20 });

  const plan = await planSync(world.connect(), { ...options, concurrency: 4 });
  let last: SyncProgress | undefined;
  const report = await plan.apply({
    drain: controller.signal,
    onProgress: (progress) => {
      last = progress;
      if (progress.done === 3) controller.abort();
    },
  });
  expect(report.status).toBe("aborted");
  expect(report.failed).toEqual([]);
  expect(report.skipped.every(({ reason }) => reason === "aborted")).toBe(true);
  expect(report.counts.created).toBe(world.fake.users.length);
  expect(report.counts.created + report.skipped.length).toBe(20);
  expect(report.counts.created).toBeLessThan(12);
  expect(last).toMatchObject({ done: 20, total: 20, failed: 0, skipped: report.skipped.length });

  const rest = await (await planSync(world.connect(), options)).apply();
  expect(rest).toMatchObject({ status: "complete", counts: { created: report.skipped.length } });
  expect(world.fake.duplicates()).toEqual([]);
  await world.close();
});
