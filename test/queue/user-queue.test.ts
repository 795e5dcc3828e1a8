import { expect, it, onTestFinished } from "vitest";
import { createOplead } from "../../src/index.ts";
import { userQueue } from "../../src/queue/index.ts";

it.each([null, undefined, "ACC-1", [], { user: null }, { user: {} }])(
  "a queue refuses to enqueue %j before it asks Redis",
  async (user) => {
    const queue = userQueue(createOplead({ token: "t" }), { redis: { port: 1 }, timeoutMs: 1_000 });
    onTestFinished(() => queue.close());
    await expect(queue.enqueue(user as never)).rejects.toMatchObject({ code: "invalid_input" });
  },
);
