import { spawn } from "node:child_process";
import { once } from "node:events";
import { Redis } from "ioredis";
import { describe, expect, it, onTestFinished } from "vitest";
import { redisRate } from "../../../src/redis/index.ts";
import { builtProgram } from "../../support/built.ts";
import { type LimitedServer, serveLimited } from "../../support/limited-server.ts";
import { mostWithin } from "../../support/most-within.ts";
import { hasRedis, startRedis } from "../../support/redis-server.ts";
import { sleep } from "../../support/servers.ts";

const source = new URL("rate-child.ts", import.meta.url);

/** Four processes send for so long as fast as they may. Returns what the server saw once all of them had started. */
async function fourProcesses(server: LimitedServer, perSecond: number, ms: number) {
  const redis = await startRedis();
  onTestFinished(() => redis.close());
  const program = await builtProgram(source);
  const until = Date.now() + 5_000 + ms;
  const children = Array.from({ length: 4 }, () => {
    const args = [program, server.url, redis.url, String(perSecond), String(until)];
    return spawn(process.execPath, args, { stdio: "inherit" });
  });
  await Promise.all(children.map((child) => once(child, "exit")));
  const from = server.accepted[20] as number; // after the burst at the start
  const seconds = ((server.accepted.at(-1) as number) - from) / 1000;
  return { perSecond: (server.accepted.length - 20) / seconds, refused: server.refused.length, seconds };
}

describe.skipIf(!hasRedis)("redisRate in four processes", () => {
  it("redisRate in four processes reaches 98 % of a server's 50 requests per second with at most two 429s", async () => {
    const server = await serveLimited(50, 5);
    const measured = await fourProcesses(server, 50, 20_000);
    console.log(`redisRate, four processes, 50/s, burst 5: ${JSON.stringify(measured)}`);
    expect(measured.perSecond).toBeGreaterThan(49);
    expect(measured.refused).toBeLessThanOrEqual(2);
  });

  it("redisRate in four processes finds the limit of a server that allows less than the rate", async () => {
    const server = await serveLimited(30, 5);
    const measured = await fourProcesses(server, 100, 20_000);
    console.log(`redisRate, four processes, 100/s against 30/s: ${JSON.stringify(measured)}`);
    expect(measured.perSecond).toBeGreaterThan(0.85 * 30);
  });

  it("redisRate hardly exceeds the limit if Redis restarts and four clients notice it at different times", async () => {
    const redis = await startRedis();
    onTestFinished(() => redis.close());
    const times: number[] = [];
    const until = performance.now() + 9_000;
    const clients = [50, 300, 900, 1_500].map((retryMs) => {
      const client = new Redis(redis.url, { maxRetriesPerRequest: null, retryStrategy: () => retryMs });
      client.on("error", () => {});
      onTestFinished(() => client.disconnect());
      return redisRate(client, { key: "rate", requests: 100, perMs: 1000 });
    });
    const sending = clients.flatMap((rate) =>
      Array.from({ length: 8 }, async () => {
        while (performance.now() < until) {
          const turn = await rate.acquire({ withinMs: 10_000, signal: undefined, warn: () => {} });
          if (!("reason" in turn)) times.push(performance.now());
        }
      }),
    );
    await sleep(2_000);
    await redis.kill();
    await sleep(1_500);
    await redis.start();
    await Promise.all(sending);
    const most = mostWithin(1_000, times);
    console.log(`redisRate, 100/s, Redis restarts: ${most} within a second at most, ${times.length} in 9 s`);
    // What a client has taken from its share starts, although Redis has answered again meanwhile and shares the whole rate. Without
    // care for those that return later there are 140; as measured, there are 107 to 112.
    expect(most).toBeLessThanOrEqual(118);
    expect(times.length).toBeGreaterThan(450);
  });

  it("random 429s do not slow redisRate in four processes for long", async () => {
    let count = 0;
    const server = await serveLimited(1000, 1000, {
      also(response) {
        count += 1;
        if (count % 20 !== 7) return false;
        response.writeHead(429, { "content-type": "application/json" }).end("{}");
        return true;
      },
    });
    const measured = await fourProcesses(server, 50, 20_000);
    console.log(`redisRate, four processes, 5 % random 429s: ${JSON.stringify(measured)}`);
    expect(measured.perSecond).toBeGreaterThan(0.85 * 0.95 * 50);
  });
});
