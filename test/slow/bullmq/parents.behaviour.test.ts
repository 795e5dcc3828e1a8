import { describe, expect, it } from "vitest";
import { memoryLedger } from "../../../src/sync/index.ts";
import { hasRedis } from "../../support/redis-server.ts";
import { user } from "../../support/sync-users.ts";
import { isEmpty, QueueWorld, until } from "./queue-world.ts";

const COUNT = 20;
const children = Array.from({ length: COUNT }, (_, at) => user(at + 1));

describe.skipIf(!hasRedis)("a child whose event comes before its parent's", () => {
  const world = new QueueWorld();

  it("20 children wait in the queue without a request until the first write of their parent", async () => {
    const queue = world.open();
    const ledger = memoryLedger();
    let held = 0;
    world.work(queue, {
      ledger,
      onUser: ({ outcome }) => {
        if (outcome === "held") held += 1;
      },
    });
    for (const child of children) await queue.enqueue({ user: child }, { retryHeld: true });
    await until(() => held >= COUNT);
    const requests = world.fake.requests.length;
    expect(await queue.status()).toMatchObject({ failed: 0, completed: 0, inbox: COUNT });
    await until(() => held >= 2 * COUNT);
    expect(world.fake.requests).toHaveLength(requests);
    await queue.enqueue({ user: user(0) });
    await until(() => isEmpty(queue));
    expect(world.fake.users).toHaveLength(COUNT + 1);
    expect((await queue.status()).failed).toBe(0);
  });
});
