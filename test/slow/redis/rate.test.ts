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

// Resolves to a function that lets them send for `ms`, and tells what the server saw after the first second, which
// empties the bucket.
async function fourProcesses(server: LimitedServer, perSecond: number): Promise<(ms: number) => Promise<Seen>> {
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
  return async (ms) => {
    const from = performance.now() + 1_000;
    const until = performance.now() + ms;
    const exits = children.map((child) => once(child, "exit"));
    for (const child of children) child.stdin.end(`${Date.now() + ms}\n`);
    await Promise.all(exits);
    const counted = server.accepted.filter((at) => at >= from && at < until).length;
    return { perSecond: (counted * 1000) / (until - from), refused: server.refused.length };
  };
}

interface Case {
  readonly name: string;
  readonly server: (also: (response: ServerResponse) => boolean) => Promise<LimitedServer>;
  readonly ours: number;
  readonly least: number;
  readonly most: number;
  readonly mostWhileBusy: number;
}

const CASES: readonly Case[] = [
  {
    name: "98 % of a server's 50 requests per second, with at most two 429s",
    server: () => serveLimited(50, 5),
    ...{ ours: 50, least: 49, most: 2, mostWhileBusy: 20 },
  },
  {
    name: "a server that allows less than the rate",
    server: () => serveLimited(30, 5),
    ...{ ours: 100, least: 0.85 * 30, most: 40, mostWhileBusy: 80 },
  },
  {
    name: "5 % random 429s",
    server: (also) => serveLimited(1000, 1000, { also }),
    ...{ ours: 50, least: 0.85 * 0.95 * 50, most: Number.POSITIVE_INFINITY, mostWhileBusy: Number.POSITIVE_INFINITY },
  },
];

// On a busy machine they are late, and only must go on and hardly exceed the limit; rate.behaviour has it in virtual
// time.
describe.skipIf(!hasRedis)("redisRate in four processes", () => {
  it("redisRate in four processes reaches its rate, or finds the lower limit of a server with few 429s, and is not slowed down for long by random 429s", async () => {
    let count = 0;
    const also = (response: ServerResponse) => {
      count += 1;
      if (count % 20 !== 7) return false;
      response.writeHead(429, { "content-type": "application/json" }).end("{}");
      return true;
    };
    // Side by side, once the last process is ready: they mostly wait.
    const measure = async () => {
      const ready = await Promise.all(CASES.map(async ({ server, ours }) => fourProcesses(await server(also), ours)));
      return Promise.all(ready.map((send) => send(12_000)));
    };
    const isGood = ({ perSecond, refused }: Seen, { least, most }: Case) => perSecond > least && refused <= most;
    const isWanted = (all: readonly Seen[]) => all.every((one, at) => isGood(one, CASES[at] as Case));
    const { result, isQuiet } = await whileQuiet("redisRate in four processes", measure, isWanted);
    for (const [at, { name, least, most, mostWhileBusy }] of CASES.entries()) {
      expect(result[at]?.perSecond, name).toBeGreaterThan(isQuiet ? least : least / 10);
      expect(result[at]?.refused, name).toBeLessThanOrEqual(isQuiet ? most : mostWhileBusy);
    }
  });

  it("redisRate hardly exceeds the limit if Redis restarts and four clients notice it at different times", async () => {
    const isWanted = ({ most, inAll }: { most: number; inAll: number }) => most <= 118 && inAll > 400;
    const { result, isQuiet } = await whileQuiet("redisRate, 100/s, Redis restarts", whileRedisRestarts, isWanted);
    // Measured: 107 to 112; 140 without care for clients that notice late.
    expect(result.most).toBeLessThanOrEqual(isQuiet ? 118 : 135);
    expect(result.inAll).toBeGreaterThan(isQuiet ? 400 : 200);
  });
});

// Eight callers of each client; `most`: within a second.
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
