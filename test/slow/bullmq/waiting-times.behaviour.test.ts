import { Queue } from "bullmq";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { memoryLedger, reconcileUser } from "../../../src/sync/index.ts";
import { gate } from "../../support/gate.ts";
import { hasRedis } from "../../support/redis-server.ts";
import { user } from "../../support/users.ts";
import { isEmpty, QueueWorld, recorder, until } from "./queue-world.ts";

describe.skipIf(!hasRedis)("the times that jobs wait", () => {
  const world = new QueueWorld();

  function shown(): Queue {
    const queue = new Queue(world.name, { connection: { port: world.port } });
    onTestFinished(() => queue.close());
    return queue;
  }

  function laterBy() {
    const { now } = performance;
    let ms = 0;
    const spied = vi.spyOn(performance, "now").mockImplementation(() => now.call(performance) + ms);
    onTestFinished(() => spied.mockRestore());
    return (more: number): void => {
      ms += more;
    };
  }

  it("the wait before an attempt doubles from backoffMs up to 5 minutes, and is at least half of that", async () => {
    const queue = world.open({ attempts: 9, backoffMs: 60_000 });
    world.fake.fail({ as: { status: 500 }, share: 1 });
    await queue.enqueue({ user: user(1) });
    world.work(queue);
    const all = shown();
    for (const longest of [60_000, 120_000, 240_000, 300_000, 300_000]) {
      await until(async () => (await queue.status()).delayed === 1);
      const [job] = await all.getDelayed();
      expect(job?.delay).toBeGreaterThanOrEqual(longest / 2);
      expect(job?.delay).toBeLessThanOrEqual(longest);
      await job?.promote();
      await until(async () => (await all.getJob(job?.id ?? ""))?.attemptsMade === (job?.attemptsMade ?? 0) + 1);
    }
  });

  it("jobs that meet a pause are delayed until its end, others stay, and all are done afterwards", async () => {
    const later = laterBy();
    const { logger, lines } = recorder();
    // Otherwise the pause begins earlier, and fewer requests meet it.
    const allUnderWay = gate();
    let calls = 0;
    const oplead = world.client({
      fetch: async (url, init) => {
        calls += 1;
        if (calls === 6) allUnderWay.open();
        await allUnderWay.opened;
        return fetch(url, init);
      },
    });
    const queue = world.open({ logger, backoffMs: 60_000 }, oplead);
    const fault = world.fake.fail({ as: { status: 401 }, share: 1 });
    for (let number = 0; number < 8; number += 1) await queue.enqueue({ user: user(number) });
    world.work(queue, { concurrency: 6 });
    await until(async () => (await queue.status()).delayed === 6);
    for (const { delay } of await shown().getDelayed()) {
      expect(delay).toBeGreaterThan(50_000);
      expect(delay).toBeLessThanOrEqual(120_000);
    }
    expect(await queue.status()).toMatchObject({ waiting: 2, failed: 0 });
    fault.remove();
    later(200_000);
    await until(() => isEmpty(queue));
    expect(world.fake.users).toHaveLength(8);
    expect(lines.map(({ fields }) => fields?.event)).toEqual(["worker_paused", "worker_resumed"]);
  });

  it("a worker that pauses after a 401 stays paused after a user that needs no request", async () => {
    const later = laterBy();
    const { logger, lines } = recorder();
    const ledger = memoryLedger();
    await reconcileUser(world.client(), ledger, { user: user(1) });
    const queue = world.open({ logger, backoffMs: 60_000 });
    const fault = world.fake.fail({ as: { status: 401 }, share: 1 });
    await queue.enqueue({ user: user(2) });
    world.work(queue, { ledger, concurrency: 1 });
    await until(async () => (await queue.status()).delayed === 1);
    await queue.enqueue({ user: user(1) });
    later(100_000);
    await until(async () => (await queue.status()).completed === 1);
    await queue.enqueue({ user: user(3) });
    await until(async () => (await queue.status()).delayed === 2);
    const events = () => lines.map(({ fields }) => fields?.event);
    expect(events()).toEqual(["worker_paused"]);
    fault.remove();
    await queue.enqueue({ user: user(4) });
    later(300_000);
    await until(() => isEmpty(queue));
    expect(world.fake.users).toHaveLength(4);
    expect(events()).toEqual(["worker_paused", "worker_resumed"]);
  });
});
