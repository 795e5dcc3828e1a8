import { describe, expect, it, onTestFinished } from "vitest";
import { Processes } from "../../../examples/cluster/processes.ts";
import { userQueue } from "../../../src/bullmq/index.ts";
import { createOplead } from "../../../src/index.ts";
import { createFakeOplead } from "../../../src/testing/index.ts";
import { builtProgram } from "../../support/built.ts";
import { whileQuiet } from "../../support/quiet-machine.ts";
import { hasRedis, startRedis } from "../../support/redis-server.ts";
import { user } from "../../support/users.ts";

const program = new URL("throughput-worker-child.ts", import.meta.url);
const USERS = 90;
// Few, so that latency and not the processors limit the speed.
const CONCURRENCY = 2;

describe.skipIf(!hasRedis)("workers against a server that answers after 50 ms, without a limit", () => {
  it("three workers send at least 2.5 times as many users per second as one", async () => {
    const redis = await startRedis();
    onTestFinished(() => redis.close());
    const port = Number(new URL(redis.url).port);
    const measure = async (workers: number, name: string): Promise<number> => {
      const fake = createFakeOplead({ now: () => performance.now() });
      fake.delay({ ms: 50 });
      const server = await fake.listen();
      const processes = new Processes();
      const oplead = createOplead({ baseUrl: server.url, token: "fake-token" });
      const queue = userQueue(oplead, { redis: { url: `redis://127.0.0.1:${port}` }, name, encryptionKey: false });
      try {
        const args = [await builtProgram(program), server.url, String(port), name, String(CONCURRENCY)];
        const started = Array.from({ length: workers }, () => processes.start(args, {}));
        await Promise.all(started.map(({ line }) => line(/^ready/)));
        await Promise.all(Array.from({ length: USERS }, (_, number) => queue.enqueue({ user: user(number) })));
        while (fake.users.length < USERS) await new Promise((resolve) => setTimeout(resolve, 10));
        const times = fake.requests.map(({ time }) => time);
        return (USERS / ((times.at(-1) as number) - (times[0] as number))) * 1000;
      } finally {
        await processes.endAll();
        await queue.close();
        await server.close();
      }
    };
    let rounds = 0;
    // Other programs can only make a result worse.
    const best = { one: 0, three: 0 };
    const measureBoth = async () => {
      rounds += 1;
      best.one = Math.max(best.one, await measure(1, `one-${rounds}`));
      best.three = Math.max(best.three, await measure(3, `three-${rounds}`));
      return best;
    };
    const { isQuiet } = await whileQuiet("users per second of workers", measureBoth, (r) => r.three / r.one >= 2.5);
    expect(best.three / best.one).toBeGreaterThanOrEqual(isQuiet ? 2.5 : 1.2);
  });
});
