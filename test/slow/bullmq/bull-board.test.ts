import { BullMQAdapter } from "@bull-board/api/bullMQAdapter";
import { Queue } from "bullmq";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { userQueue } from "../../../src/bullmq/index.ts";
import { createOplead } from "../../../src/index.ts";
import { memoryLedger } from "../../../src/sync/index.ts";
import { createFakeOplead } from "../../../src/testing/index.ts";
import { hasRedis, startRedis } from "../../support/redis-server.ts";
import { user } from "../../support/users.ts";

describe.skipIf(!hasRedis)("bull-board on a queue of users", () => {
  it("bull-board shows the jobs without data of the users, and retries a failed one", async () => {
    const redis = await startRedis();
    onTestFinished(() => redis.close());
    const connection = { url: redis.url };
    const fake = createFakeOplead();
    const client = { rateLimit: false, retry: false, platform: { settleMs: 500 } } as const;
    const oplead = createOplead({ token: "fake-token", fetch: fake.fetch, ...client });
    const queue = userQueue(oplead, { redis: connection, name: "users", encryptionKey: false, attempts: 1 });
    onTestFinished(() => queue.close());
    const shown = new Queue("users", { connection });
    onTestFinished(() => shown.close());
    const board = new BullMQAdapter(shown);

    const id = await queue.enqueue({ user: user(1) });
    expect(await board.getJobCounts()).toMatchObject({ waiting: 1 });
    const [waiting] = await board.getJobs(["waiting"], 0, 9);
    expect(waiting?.toJSON()).toMatchObject({ id });
    const { email, lastname } = user(1);
    for (const value of [email, lastname]) expect(JSON.stringify(waiting?.toJSON())).not.toContain(value);

    fake.fail({ as: { status: 503 }, times: 1 });
    const worker = queue.startWorker({ ledger: memoryLedger() });
    onTestFinished(() => worker.close());
    await vi.waitFor(async () => expect(await board.getJobCounts()).toMatchObject({ failed: 1 }), 15_000);
    const [failed] = await board.getJobs(["failed"], 0, 9);
    await failed?.retry("failed");
    await vi.waitFor(async () => expect(await board.getJobCounts()).toMatchObject({ failed: 0, completed: 1 }), 15_000);
    expect(fake.users).toHaveLength(1);
  });
});
