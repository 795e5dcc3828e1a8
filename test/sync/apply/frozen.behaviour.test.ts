import { Redis } from "ioredis";
import { expect, it, onTestFinished } from "vitest";
import type { UserInput } from "../../../src/index.ts";
import { redisLedger } from "../../../src/redis/index.ts";
import { fileLedger, reconcileUser, syncUsers } from "../../../src/sync/index.ts";
import { folderWith } from "../../support/folder.ts";
import { spawnNight } from "../../support/killed.ts";
import { sized } from "../../support/long-form.ts";
import { hasRedis, startRedis } from "../../support/redis-server.ts";
import { openWorld, users } from "../../support/sync-users.ts";

it("the night after a killed one whose changes are undone sends users whose requests may have arrived", async () => {
  const world = await openWorld();
  onTestFinished(() => world.close());
  const path = `${await folderWith()}/ledger`;
  const count = 300;
  let ledger = fileLedger(path);
  const night = async () => {
    const now = () => Date.now() + 12 * 3_600_000;
    const options = { source: users(count), map: (user: UserInput) => ({ user }), ledger, guard: false, now } as const;
    const { status, requests } = await syncUsers(world.connect(), options);
    return [status, requests];
  };
  await night();
  await ledger.close();
  // The last requests are carried out after its death.
  world.fake.delay({ on: "updateUser", ms: 50, when: "before" });
  const child = await spawnNight({ baseUrl: world.url, place: path, count, phone: "1" });
  let sent = 0;
  world.fake.fail({
    on: ({ method }) => {
      if (method === "PUT") sent += 1;
      if (sent === count / 2) child.kill("SIGKILL");
      return false;
    },
    as: "reset",
    times: Number.POSITIVE_INFINITY,
  });
  await child.ended;
  await new Promise((resolve) => setTimeout(resolve, 500));
  ledger = fileLedger(path);
  onTestFinished(() => ledger.close());
  const touched = new Set<string>();
  let open = 0;
  for await (const [accountNumber, { intent, revision = 0 }] of ledger.entries()) {
    if (intent) open += 1;
    if (intent || revision > 2) touched.add(accountNumber);
  }
  // At most as many as the client has in flight.
  expect([open > 0, open <= 8]).toEqual([true, true]);
  expect(await night()).toEqual(["complete", touched.size]);
  for (const { accountNumber = "", phone } of users(count)) expect(world.fake.user(accountNumber)?.phone).toBe(phone);
  expect(await night()).toEqual(["complete", 0]);
});

it.skipIf(!hasRedis)(
  "what a process sends after it was frozen for longer than its lease is healed by the run after lateMs",
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
