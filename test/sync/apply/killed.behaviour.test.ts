import { it, onTestFinished } from "vitest";
import { expectNothingLost } from "../../support/killed.ts";
import { hasRedis, startRedis } from "../../support/redis-server.ts";

const KILLS = Number(process.env.RUN_KILLS ?? 2);

it("a run killed again and again loses nothing, creates no user twice, and leaves the newest state", async () => {
  await expectNothingLost({ kills: KILLS, users: 30, seed: 8 });
});

it.skipIf(!hasRedis)(
  "a run over Redis that is killed again and again leaves each user once, in the newest state",
  async () => {
    const server = await startRedis();
    onTestFinished(() => server.close());
    await expectNothingLost({ kills: KILLS, users: 30, seed: 8, redisUrl: server.url });
  },
);
