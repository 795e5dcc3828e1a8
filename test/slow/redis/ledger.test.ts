import { Redis } from "ioredis";
import { describe, expect, it, onTestFinished } from "vitest";
import { redisLedger } from "../../../src/redis/index.ts";
import { setEntry } from "../../support/entries.ts";
import { entry } from "../../support/ledger-contract.ts";
import { hasRedis, startRedis } from "../../support/redis-server.ts";

const COUNT = 200_000;
const COPY = `
  local entry = redis.call("GET", KEYS[1])
  for at = 0, tonumber(ARGV[1]) - 1 do
    local number = string.format("%d", at)
    redis.call("SET", (string.gsub(KEYS[1], "NUMBER", number)), (string.gsub(entry, "NUMBER", number)))
  end
  redis.call("DEL", KEYS[1])`;

describe.skipIf(!hasRedis)("redisLedger", () => {
  async function connect(count: number) {
    const server = await startRedis();
    const clients = Array.from({ length: count }, () => new Redis(server.url));
    onTestFinished(async () => {
      for (const client of clients) client.disconnect();
      await server.close();
    });
    return clients;
  }

  it("redisLedger lists 200,000 entries without holding all of them in memory", async () => {
    const [redis] = await connect(1);
    if (!redis) throw new Error("no client");
    const ledger = redisLedger(redis);
    await setEntry(ledger, "ACC-NUMBER", entry("NUMBER"));
    // Takes a second; through the ledger half a minute.
    await redis.eval(COPY, 1, "oplead:user:ACC-NUMBER", COUNT);
    globalThis.gc?.();
    const before = process.memoryUsage().heapUsed;
    let highest = 0;
    const seen = new Uint8Array(COUNT);
    for await (const [, { id }] of ledger.entries()) {
      seen[Number(id)] = 1;
      highest = Math.max(highest, process.memoryUsage().heapUsed - before);
    }
    expect(seen.every((one) => one === 1)).toBe(true);
    console.log(`redisLedger, 200,000 entries listed: heap rose by at most ${Math.round(highest / 1e6)} MB`);
    expect(highest).toBeLessThan(150e6);
  });
});
