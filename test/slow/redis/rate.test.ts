import { spawn } from "node:child_process";
import { once } from "node:events";
import type { ServerResponse } from "node:http";
import { Redis } from "ioredis";
import { describe, expect, it, onTestFinished } from "vitest";
import { redisRate } from "../../../src/redis/index.ts";
import { builtProgram } from "../../support/built.ts";
import { type LimitedServer, serveLimited } from "../../support/limited-server.ts";
import { mostWithin } from "../../support/most-within.ts";
import { whileQuiet } from "../../support/quiet-machine.ts";
import { hasRedis, startRedis } from "../../support/redis-server.ts";
import { sleep } from "../../support/servers.ts";

const source = new URL("rate-child.ts", import.meta.url);

interface Seen {
  readonly perSecond: number;
  readonly refused: number;
}

/**
 * Four processes send for so long as fast as they may, from when all are ready. Returns what the server saw after the first
 * second, in which a bucket is emptied.
 */
async function fourProcesses(server: LimitedServer, perSecond: number, ms: number): Promise<Seen> {
  const redis = await startRedis();
  onTestFinished(() => redis.close());
  const program = await builtProgram(source);
  const children = Array.from({ length: 4 }, () =>
    spawn(process.execPath, [program, server.url, redis.url, String(perSecond)], {
      stdio: ["pipe", "pipe", "inherit"],
    }),
  );
  onTestFinished(() => {
    for (const child of children) child.kill();
  });
  await Promise.all(children.map((child) => once(child.stdout, "data")));
  const from = performance.now() + 1_000;
  const until = performance.now() + ms;
  const exits = children.map((child) => once(child, "exit"));
  for (const child of children) child.stdin.end(`${Date.now() + ms}\n`);
  await Promise.all(exits);
  const counted = server.accepted.filter((at) => at >= from && at < until).length;
  return { perSecond: (counted * 1000) / (until - from), refused: server.refused.length };
}

/*
 * Where other programs use the processors too, four processes miss their turns. Then only this holds: they go on, and hardly
 * exceed the limit. test/redis/rate.behaviour.test.ts has the same in virtual time, which no other program changes.
 */
describe.skipIf(!hasRedis)("redisRate in four processes", () => {
  it("redisRate in four processes reaches 98 % of a server's 50 requests per second with at most two 429s", async () => {
    const measure = async () => fourProcesses(await serveLimited(50, 5), 50, 8_000);
    const isWanted = ({ perSecond, refused }: Seen) => perSecond > 49 && refused <= 2;
    const { result, isQuiet } = await whileQuiet("redisRate, four processes, 50/s, burst 5", measure, isWanted);
    expect(result.perSecond).toBeGreaterThan(isQuiet ? 49 : 5);
    expect(result.refused).toBeLessThanOrEqual(isQuiet ? 2 : 20);
  });

  it("redisRate in four processes finds the limit of a server that allows less than the rate", async () => {
    const measure = async () => fourProcesses(await serveLimited(30, 5), 100, 12_000);
    const isWanted = ({ perSecond }: Seen) => perSecond > 0.85 * 30;
    const { result, isQuiet } = await whileQuiet("redisRate, four processes, 100/s against 30/s", measure, isWanted);
    expect(result.perSecond).toBeGreaterThan(isQuiet ? 0.85 * 30 : 3);
    expect(result.refused).toBeLessThanOrEqual(40);
  });

  it("redisRate hardly exceeds the limit if Redis restarts and four clients notice it at different times", async () => {
    const isWanted = ({ most, inAll }: { most: number; inAll: number }) => most <= 118 && inAll > 400;
    const { result, isQuiet } = await whileQuiet("redisRate, 100/s, Redis restarts", whileRedisRestarts, isWanted);
    // What a client has taken from its share starts, although Redis has answered again meanwhile and shares the whole rate. Without
    // care for those that return later there are 140; as measured, there are 107 to 112.
    expect(result.most).toBeLessThanOrEqual(isQuiet ? 118 : 135);
    expect(result.inAll).toBeGreaterThan(isQuiet ? 400 : 200);
  });

  it("random 429s do not slow redisRate in four processes for long", async () => {
    let count = 0;
    const also = (response: ServerResponse) => {
      count += 1;
      if (count % 20 !== 7) return false;
      response.writeHead(429, { "content-type": "application/json" }).end("{}");
      return true;
    };
    const measure = async () => fourProcesses(await serveLimited(1000, 1000, { also }), 50, 12_000);
    const least = 0.85 * 0.95 * 50;
    const isWanted = ({ perSecond }: Seen) => perSecond > least;
    const { result, isQuiet } = await whileQuiet("redisRate, four processes, 5 % random 429s", measure, isWanted);
    expect(result.perSecond).toBeGreaterThan(isQuiet ? least : 5);
  });
});

/** Eight callers of each client ask for turns; Redis is away for some time. Returns how many had turns: within a second, and in all. */
async function whileRedisRestarts(): Promise<{ most: number; inAll: number }> {
  const redis = await startRedis();
  onTestFinished(() => redis.close());
  const times: number[] = [];
  const until = performance.now() + 8_000;
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
  await sleep(1_500);
  await redis.kill();
  await sleep(1_500);
  await redis.start();
  await Promise.all(sending);
  return { most: mostWithin(1_000, times), inAll: times.length };
}
