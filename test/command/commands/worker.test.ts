import { Redis } from "ioredis";
import { expect, it, onTestFinished, vi } from "vitest";
import { redisRate } from "../../../src/redis/index.ts";
import { oplead } from "../../support/command.ts";
import { folderWith } from "../../support/folder.ts";
import { hasRedis, startRedis } from "../../support/redis-server.ts";

it.skipIf(!hasRedis)(
  "oplead worker reset-rate ends the pause of the config's shared rate for every machine",
  async () => {
    const server = await startRedis();
    const redis = new Redis(server.url);
    onTestFinished(async () => {
      redis.disconnect();
      await server.close();
    });
    const folder = await folderWith({
      "oplead.config.mjs": `import { Redis } from ${JSON.stringify(import.meta.resolve("ioredis"))};
        import { redisRate } from "oplead-sdk/redis";
        const redis = new Redis(${JSON.stringify(server.url)});
        export default { client: { rateLimit: redisRate(redis, { prefix: "rate", requests: 10, perMs: 1000 }) } };`,
    });
    const rate = redisRate(redis, { prefix: "rate", requests: 10, perMs: 1000 });
    const take = () => rate.acquire({ withinMs: 5_000, signal: undefined, warn: () => {} });
    const turn = await take();
    if ("reason" in turn) throw new Error(turn.reason);
    turn.refused(3_600_000);
    await vi.waitFor(async () => expect(await take()).toMatchObject({ reason: "paused" }));

    const { code, stdout } = await oplead(folder, "worker reset-rate --json");
    expect({ code, result: JSON.parse(stdout) }).toEqual({ code: 0, result: { reset: true } });
    expect(await take()).not.toHaveProperty("reason");
  },
);

it("oplead worker reset-rate refuses a config without a shared rate", async () => {
  const folder = await folderWith({ "oplead.config.mjs": "export default { client: { token: 't' } };" });
  const { code, stderr } = await oplead(folder, "worker reset-rate");
  expect(code).toBe(1);
  expect(stderr).toContain("client.rateLimit of the config is not a redisRate");
});
