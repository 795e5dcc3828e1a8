import { Redis } from "ioredis";
import { expect, it, onTestFinished } from "vitest";
import { redisLedger } from "../../../src/redis/index.ts";
import { reconcileUser, syncUsers } from "../../../src/sync/index.ts";
import { spawnNight } from "../../support/killed.ts";
import { sized } from "../../support/long-form.ts";
import { hasRedis, startRedis } from "../../support/redis-server.ts";
import { openWorld, users } from "../../support/sync-users.ts";

it.skipIf(!hasRedis)(
  "what a process still sends that is frozen at its first write, for longer than its lease, is healed by the run after lateMs, without a person",
  async () => {
    const server = await startRedis();
    const redis = new Redis(server.url);
    onTestFinished(async () => {
      redis.disconnect();
      await server.close();
    });
    for (let round = 0; round < sized(2, 6); round += 1) {
      const world = await openWorld();
      onTestFinished(() => world.close());
      const prefix = `frozen-${round}:`;
      const ledger = redisLedger(redis, { prefix, leaseMs: 1_000 });
      const source = (phone: string) => users(3).map((user) => ({ ...user, phone }));
      for (const user of source("0")) await reconcileUser(world.connect(), ledger, { user });
      const monitor = await new Redis(server.url).monitor();
      onTestFinished(() => monitor.disconnect());
      const child = await spawnNight({ baseUrl: world.url, place: prefix, count: 3, phone: "1", redisUrl: server.url });
      // Its first write opens an intent.
      await new Promise<void>((resolve) => {
        monitor.on("monitor", (_time: string, args: string[]) => {
          if (args.some((arg) => arg.includes('"open":true'))) resolve();
        });
      });
      child.kill("SIGSTOP");
      await new Promise((resolve) => setTimeout(resolve, 2_000));
      for (const user of source("2")) await reconcileUser(world.connect(), ledger, { user });
      child.kill("SIGCONT");
      await child.ended;
      const now = () => Date.now() + 12 * 3_600_000;
      const night = () =>
        syncUsers(world.connect(), { source: source("2"), map: (user) => ({ user }), ledger, guard: false, now });
      await night();
      expect(world.fake.users.map(({ phone }) => phone)).toEqual(["2", "2", "2"]);
      expect(await night()).toMatchObject({ status: "complete", requests: 0 });
    }
  },
);
