// Redis counts commands, also those inside scripts: independent of the machine.
import { Redis } from "ioredis";
import { describe, expect, it, onTestFinished } from "vitest";
import { redisLedger } from "../../../src/redis/index.ts";
import { hasRedis } from "../../support/redis-server.ts";
import { user } from "../../support/users.ts";
import { QueueWorld, until } from "./queue-world.ts";

const USERS = 1_000;
// Of a connection, a worker's start and its checks of the empty queue.
const FEW = 0.5;

describe.skipIf(!hasRedis)("what the queue costs Redis", () => {
  const world = new QueueWorld();

  async function cost(task: () => Promise<unknown>, times = USERS): Promise<{ commands: number; bytes: number }> {
    const used = async () => Number(/used_memory:(\d+)/.exec((await world.command("INFO", "memory")) as string)?.[1]);
    const before = await used();
    await world.command("CONFIG", "RESETSTAT");
    await task();
    const stats = (await world.command("INFO", "commandstats")) as string;
    const calls = [...stats.matchAll(/^cmdstat_([^:]+):calls=(\d+)/gm)].map(([, name, count]) =>
      /^(info|config|client|hello|select)/.test(name ?? "") ? 0 : Number(count),
    );
    return { commands: calls.reduce((sum, count) => sum + count, 0) / times, bytes: (await used()) - before };
  }

  const enqueueAll = async (queue: ReturnType<QueueWorld["open"]>) => {
    for (let number = 0; number < USERS; number += 1) await queue.enqueue({ user: user(number) });
  };

  it("a waiting user costs Redis fifteen commands and less than 1.8 kB", async () => {
    const queue = world.open({ name: undefined });
    // The connection, the scripts and the stream of events take memory, too.
    for (let number = USERS; number < USERS + 50; number += 1) await queue.enqueue({ user: user(number) });
    const { commands, bytes } = await cost(() => enqueueAll(queue));
    expect(commands).toBeGreaterThan(5);
    expect(commands).toBeLessThanOrEqual(15 + FEW);
    // Measured: 1,571. Redis takes memory in steps.
    expect(bytes).toBeLessThan(1_800 * USERS);
    expect(await queue.status()).toMatchObject({ waiting: USERS + 50 });
  });

  it("one of 400 simultaneous events of a user costs Redis at most nineteen commands", async () => {
    const queue = world.open();
    await queue.enqueue({ user: user(2) });
    const all = Array.from({ length: 400 }, (_, at) => ({ user: user(1, { phone: `${at}` }), version: at }));
    const { commands } = await cost(() => Promise.all(all.map((each) => queue.enqueue(each))), 400);
    expect(commands).toBeLessThanOrEqual(19 + FEW);
    expect(await queue.status()).toMatchObject({ waiting: 2, inbox: 2 });
  });

  it("work on a new user with the ledger in Redis takes at most 56 commands", async () => {
    const queue = world.open();
    await enqueueAll(queue);
    const redis = new Redis(world.port);
    onTestFinished(() => redis.disconnect());
    const ledger = redisLedger(redis, { prefix: `${world.name}:` });
    let done = 0;
    const { commands } = await cost(async () => {
      world.work(queue, {
        ledger,
        onUser: () => {
          done += 1;
        },
      });
      await until(async () => done === USERS);
      await until(async () => (await world.command("LLEN", `bull:${world.name}:active`)) === 0);
    });
    expect(commands).toBeGreaterThan(20);
    expect(commands).toBeLessThanOrEqual(56 + FEW);
    expect(world.fake.users).toHaveLength(USERS);
  });
});
