import { BullMQAdapter } from "@bull-board/api/bullMQAdapter";
import { Queue } from "bullmq";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { hasRedis } from "../../support/redis-server.ts";
import { user } from "../../support/users.ts";
import { QueueWorld } from "./queue-world.ts";

describe.skipIf(!hasRedis)("bull-board on a queue of users", () => {
  const world = new QueueWorld();

  it("bull-board shows the jobs without data of the users, and retries a failed one", async () => {
    const queue = world.open({ attempts: 1 });
    const shown = new Queue(world.name, { connection: { port: world.port } });
    onTestFinished(() => shown.close());
    const board = new BullMQAdapter(shown);

    const id = await queue.enqueue({ user: user(1) });
    expect(await board.getJobCounts()).toMatchObject({ waiting: 1 });
    const [waiting] = await board.getJobs(["waiting"], 0, 9);
    expect(waiting?.toJSON()).toMatchObject({ id });
    const { email, lastname } = user(1);
    for (const value of [email, lastname]) expect(JSON.stringify(waiting?.toJSON())).not.toContain(value);

    world.fake.fail({ as: { status: 503 }, times: 1 });
    world.work(queue);
    await vi.waitFor(async () => expect(await board.getJobCounts()).toMatchObject({ failed: 1 }), 15_000);
    const [failed] = await board.getJobs(["failed"], 0, 9);
    await failed?.retry("failed");
    await vi.waitFor(async () => expect(await board.getJobCounts()).toMatchObject({ failed: 0, completed: 1 }), 15_000);
    expect(world.fake.users).toHaveLength(1);
  });
});
